"""Reading files."""

import uuid
from collections.abc import Iterable

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet

from platform_site.files.models import FileGrant, FileText, StoredFile
from platform_site.kit.actor import Actor

READS_ALL = ("auditor", "province_officer", "province_approver")


def files_visible_to(actor: Actor) -> QuerySet[StoredFile]:
    """Own organisation's files, granted ones, everything for province and auditor."""
    if actor.has(*READS_ALL):
        return StoredFile.objects.all()
    if actor.organisation_id is None:
        return StoredFile.objects.none()
    granted = FileGrant.objects.filter(file=OuterRef("pk"), organisation_id=actor.organisation_id)
    return StoredFile.objects.filter(Q(owner_organisation_id=actor.organisation_id) | Exists(granted))


def file_visible_to(actor: Actor, file_id: uuid.UUID) -> StoredFile:
    """Raises StoredFile.DoesNotExist, also for foreign files."""
    return files_visible_to(actor).get(pk=file_id)


def texts_of(file_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, FileText]:
    """The words of those files that have been read."""
    return {row.file_id: row for row in FileText.objects.filter(file__in=list(file_ids)).order_by("read_at")}


def content_of(file: StoredFile) -> bytes:
    with default_storage.open(storage_path(file)) as stored:
        return bytes(stored.read())


def opened(file: StoredFile) -> File:
    """To be read piece by piece; the caller closes it."""
    return default_storage.open(storage_path(file))


def storage_path(file: StoredFile) -> str:
    """Two levels of folders by id, so that no folder grows without end."""
    key = file.pk.hex
    return f"{key[:2]}/{key[2:4]}/{key}"
