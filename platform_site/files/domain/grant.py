"""Let organisations read a file."""

from collections.abc import Iterable
from uuid import UUID

from platform_site.files.models import FileGrant, StoredFile
from platform_site.kit.command import command


@command
def grant(*, file: StoredFile, organisation_ids: Iterable[int]) -> None:
    """Add readers; those who may read already stay. Called by the floor that owns the object the file belongs to."""
    grant_many(file_ids=[file.pk], organisation_ids=organisation_ids)


def grant_many(*, file_ids: Iterable[UUID], organisation_ids: Iterable[int]) -> None:
    """The same readers for several files, one statement; belongs into the command that makes the object."""
    readers = set(organisation_ids)
    rows = [FileGrant(file_id=pk, organisation_id=organisation_id) for pk in file_ids for organisation_id in readers]
    FileGrant.objects.bulk_create(rows, ignore_conflicts=True)
