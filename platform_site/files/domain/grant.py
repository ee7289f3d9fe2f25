"""Let organisations read a file."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from platform_site.files.models import FileGrant, StoredFile
from platform_site.kit.command import command

_GRANT = f"""
INSERT INTO {FileGrant._meta.db_table} (file_id, organisation_id)
SELECT f, o FROM unnest(%s::uuid[]) f CROSS JOIN unnest(%s::bigint[]) o ON CONFLICT DO NOTHING
"""  # noqa: S608  table names only


@command
def grant(*, file: StoredFile, organisation_ids: Iterable[int]) -> None:
    """Add readers; those who may read already stay. Called by the floor that owns the object the file belongs to."""
    grant_many(file_ids=[file.pk], organisation_ids=organisation_ids)


def grant_many(*, file_ids: Iterable[UUID], organisation_ids: Iterable[int]) -> None:
    """The same readers for several files, one statement; belongs into the command that makes the object."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANT, [list(file_ids), sorted(set(organisation_ids))])
