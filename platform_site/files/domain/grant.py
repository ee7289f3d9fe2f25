"""Let organisations read a file."""

from collections.abc import Iterable

from platform_site.files.models import FileGrant, StoredFile
from platform_site.kit.command import command


@command
def grant(*, file: StoredFile, organisation_ids: Iterable[int]) -> None:
    """Add readers; those who may read already stay. Called by the floor that owns the object the file belongs to."""
    rows = [FileGrant(file=file, organisation_id=organisation_id) for organisation_id in set(organisation_ids)]
    FileGrant.objects.bulk_create(rows, ignore_conflicts=True)
