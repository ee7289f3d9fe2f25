"""The words of contract files are read in the background, as soon as a file is attached."""

from datetime import datetime
from uuid import UUID

from platform_site.files.models import StoredFile
from platform_site.files.queries import texts_of
from platform_site.kit.command import command
from platform_site.outbox.domain import enqueue
from vouchers.models import Contract


def read_later(*, file: StoredFile, at: datetime) -> None:
    """Belongs into the command that attaches the file; the same file once."""
    _enqueue(file.pk, at)


@command
def read_contract_later(*, contract: Contract, at: datetime) -> int:
    """Files of a contract that nobody has read yet (attached before, or by another way). Returns how many."""
    files = list(contract.files.values_list("file_id", flat=True))
    unread = [pk for pk in files if pk not in texts_of(files)]
    for pk in unread:
        _enqueue(pk, at)
    return len(unread)


def _enqueue(file_id: UUID, at: datetime) -> None:
    enqueue(task="vouchers.read_contract", kwargs={"file_id": str(file_id)}, at=at, unique=str(file_id))
