"""The files of a published version, made once: every copy handed out is the same to the byte and can be checked."""

from collections.abc import Callable
from datetime import datetime

from platform_site.audit.domain import seal_all
from platform_site.files.domain import store_bytes
from platform_site.files.queries import content_of
from platform_site.kit.actor import system_actor
from platform_site.kit.command import command
from platform_site.kit.locks import Rank, lock_one
from settlement.models import NoticeFile, NoticeList, NoticeListVersion

PDF, XLSX = "pdf", "xlsx"
_TYPES = {PDF: "application/pdf", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def notice_file(*, version: NoticeListVersion, kind: str, draw: Callable[[], bytes], at: datetime) -> bytes:
    """The stored file, or the one drawn now. `draw` runs outside of any transaction: it may take seconds.

    What has been written so far is sealed before: the root that is printed covers the list itself.
    """
    known = version.files.filter(kind=kind).select_related("file").first()
    if known is not None:
        return content_of(known.file)
    seal_all(at=at)
    return _keep(version=version, kind=kind, content=draw(), at=at)


@command
def _keep(*, version: NoticeListVersion, kind: str, content: bytes, at: datetime) -> bytes:
    """Two drawings at the same moment: the first that is kept is handed out by both."""
    notice_list = lock_one(Rank.LIST, NoticeList.objects.all(), pk=version.notice_list_id)
    known = version.files.filter(kind=kind).select_related("file").first()
    if known is not None:
        return content_of(known.file)
    file = store_bytes(
        name=f"{notice_list.number}-{version.version}.{kind}",
        content=content,
        content_type=_TYPES[kind],
        purpose="notice_list",
        by=system_actor("公示文件"),
        at=at,
    )
    NoticeFile.objects.create(list_version=version, kind=kind, file=file, sha256=file.sha256, made_at=at)
    return content
