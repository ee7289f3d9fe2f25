"""Drafts: what is typed is kept as it is typed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.models import Period
from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
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
    """Save the form, judging nothing. `voucher`: the returned application it corrects. Not audited: nobody is
    concerned."""
    check_user_can_edit_enterprise(by, enterprise)
    if draft is None:
        draft = ApplicationDraft(enterprise=enterprise, period=period, voucher=voucher)
    draft.data = {name: _kept(value) for name, value in data.items()}
    draft.saved_at, draft.saved_by_id = at, by.user_id
    draft.save()
    return draft


def _kept(value: Any) -> Any:
    return value[:KEPT] if isinstance(value, str) else value


@command
def attach_file(*, draft: ApplicationDraft, file: StoredFile, kind: str, by: Actor, at: datetime) -> ApplicationDraft:
    """Add an uploaded file; the same content twice stays one."""
    check_user_can_edit_enterprise(by, draft.enterprise)
    draft = ApplicationDraft.objects.select_for_update().get(pk=draft.pk)
    if all(one["sha256"] != file.sha256 for one in draft.files):
        entry = {"id": str(file.pk), "name": file.name, "size": file.size, "sha256": file.sha256, "kind": kind}
        draft.files = [*draft.files, entry]
        draft.saved_at = at
        draft.save(update_fields=["files", "saved_at"])
    return draft


@command
def detach_file(*, draft: ApplicationDraft, file_id: str, by: Actor, at: datetime) -> ApplicationDraft:
    check_user_can_edit_enterprise(by, draft.enterprise)
    draft = ApplicationDraft.objects.select_for_update().get(pk=draft.pk)
    draft.files = [one for one in draft.files if one["id"] != file_id]
    draft.saved_at = at
    draft.save(update_fields=["files", "saved_at"])
    return draft


@command
def drop_draft(*, draft: ApplicationDraft, by: Actor, at: datetime) -> None:
    """Throw a form away."""
    check_user_can_edit_enterprise(by, draft.enterprise)
    draft.delete()
