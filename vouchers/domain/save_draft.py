"""Drafts: what is typed is kept as it is typed. A change of what was made ready takes the readiness away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.models import Period
from platform_site.audit.domain import record
from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.locks import Rank, lock_one
from vouchers.domain.make_application import unmake_application
from vouchers.domain.read_contract import read_later
from vouchers.enums import AuditEvent
from vouchers.models import ApplicationDraft, Enterprise, Voucher
from vouchers.permissions import check_user_can_edit_enterprise

KEPT = 20_000  # characters of one field; longer ones are cut, a draft is no store


@command
def save_draft(
    *,
    enterprise: Enterprise,
    period: Period,
    data: Mapping[str, Any],
    by: Actor,
    at: datetime,
    draft: ApplicationDraft | None = None,
    voucher: Voucher | None = None,
) -> ApplicationDraft:
    """Save the form, judging nothing. `voucher`: the returned application it corrects. Audited only where it takes back
    what was made ready; otherwise nobody is concerned. Raises Refusal when the draft has been handed in meanwhile."""
    check_user_can_edit_enterprise(by, enterprise)
    new = ApplicationDraft(enterprise=enterprise, period=period, voucher=voucher)
    draft = new if draft is None else locked_draft(draft)
    kept = {name: _kept(value) for name, value in data.items()}
    if kept != draft.data:
        _no_longer_ready(draft, by=by, at=at)
    draft.data = kept
    draft.saved_at, draft.saved_by_id = at, by.user_id
    draft.save()
    return draft


def _kept(value: Any) -> Any:
    return value[:KEPT] if isinstance(value, str) else value


@command
def attach_file(*, draft: ApplicationDraft, file: StoredFile, kind: str, by: Actor, at: datetime) -> ApplicationDraft:
    """Add an uploaded file; the same content twice stays one."""
    check_user_can_edit_enterprise(by, draft.enterprise)
    draft = locked_draft(draft)
    if all(one["sha256"] != file.sha256 for one in draft.files):
        entry = {"id": str(file.pk), "name": file.name, "size": file.size, "sha256": file.sha256, "kind": kind}
        _with_files(draft, [*draft.files, entry], by=by, at=at)
        read_later(file=file, at=at)
    return draft


@command
def detach_file(*, draft: ApplicationDraft, file_id: str, by: Actor, at: datetime) -> ApplicationDraft:
    check_user_can_edit_enterprise(by, draft.enterprise)
    draft = locked_draft(draft)
    _with_files(draft, [one for one in draft.files if one["id"] != file_id], by=by, at=at)
    return draft


def _with_files(draft: ApplicationDraft, files: list[dict[str, Any]], *, by: Actor, at: datetime) -> None:
    if files == draft.files:
        return
    _no_longer_ready(draft, by=by, at=at)
    draft.files, draft.saved_at = files, at
    draft.save(update_fields=["files", "saved_at"])


@command
def drop_draft(*, draft: ApplicationDraft, by: Actor, at: datetime) -> None:
    """Throw a form away, and what was made ready from it."""
    check_user_can_edit_enterprise(by, draft.enterprise)
    draft = locked_draft(draft)
    _no_longer_ready(draft, by=by, at=at)
    draft.delete()


def locked_draft(draft: ApplicationDraft) -> ApplicationDraft:
    """After the enterprise, as the press locks too. Raises Refusal for a draft that is gone."""
    lock_one(Rank.ENTERPRISE, Enterprise.objects.all(), pk=draft.enterprise_id)
    found = ApplicationDraft.objects.select_related("enterprise", "period", "voucher", "prepared")
    found = found.select_for_update(of=("self",)).filter(pk=draft.pk)
    if (row := found.first()) is None:
        raise Refusal(_gone())
    return row


def _no_longer_ready(draft: ApplicationDraft, *, by: Actor, at: datetime) -> None:
    """What was checked is no longer what stands in the form: the prepared application and its contract go."""
    prepared = draft.prepared
    if prepared is None:
        return
    record(by=by, at=at, event=AuditEvent.UNPREPARED, subject=prepared, data={"draft": draft.pk})
    draft.prepared = draft.prepared_at = None
    draft.save(update_fields=["prepared", "prepared_at"])
    unmake_application(prepared)


def _gone() -> Finding:
    return Finding(
        "draft.gone",
        "D/stale",
        "这份草稿已经提交或删除，刚才的改动没有保存。",
        "请在“我的服务券”里查看；要另外申领的，请新建一份。",
        title="草稿已经不在",
    )
