"""The enterprise prepares its claim: draft and papers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from platform_site.accounts.queries import bureau_of
from platform_site.audit.domain import record
from platform_site.files.domain import grant, store_upload
from platform_site.files.models import StoredFile
from platform_site.files.queries import content_of
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version
from platform_site.kit.locks import Rank, lock_one
from settlement.domain.read_invoice import read_invoice
from settlement.enums import EDITABLE_STATES, Event, FileKind
from settlement.models import Redemption, RedemptionFile
from settlement.permissions import check_user_can_claim
from settlement.queries.redemptions import redemption_for_work, redemption_of
from vouchers.enums import VoucherState
from vouchers.models import Voucher

ALLOWED = ("pdf", "image", "ofd", "xml")


@command
def save_redemption_draft(
    *, voucher: Voucher, draft: Mapping[str, Any], by: Actor, at: datetime, version: int | None = None
) -> Redemption:
    """Keep the form as typed; makes the claim's draft the first time. Nothing is checked but who and whether it may.

    A returned or rejected claim is edited in the same way: what was handed in stays as it is until it is sent again.
    """
    check_user_can_claim(by, voucher.enterprise.organisation_id)
    redemption = redemption_of(voucher.pk)
    if redemption is None:
        return _begin(voucher, draft, by, at)
    redemption = lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    check_version(redemption, version)
    refuse_if(editable_findings(redemption))
    redemption.draft = dict(draft)
    redemption.save(update_fields=["draft"])
    return redemption


def _begin(voucher: Voucher, draft: Mapping[str, Any], by: Actor, at: datetime) -> Redemption:
    voucher = lock_one(Rank.VOUCHER, Voucher.objects.all(), pk=voucher.pk)
    if voucher.state != VoucherState.ISSUED or voucher.amount is None:
        raise Refusal(
            Finding(
                "claim.voucher_state",
                "S19/5.4.9",
                f"这张券现在是“{voucher.get_state_display()}”，不能兑现。",
                "只有已获券的才能兑现。",
                title="这张券不能兑现",
            )
        )
    redemption = Redemption.objects.create(
        voucher=voucher,
        period_id=voucher.period_id,
        city_id=voucher.city_id,
        voucher_amount=voucher.amount,
        claimed_amount=voucher.amount,
        bonus_claimed=voucher.bonus_claimed,
        draft=dict(draft),
        created_at=at,
    )
    record(by=by, at=at, event=Event.DRAFT_SAVED, subject=redemption, data={"voucher": voucher.number})
    return redemption


@command
def upload_file(*, redemption: Redemption, upload: UploadedFile, kind: str, by: Actor, at: datetime) -> RedemptionFile:
    """Take a paper in; invoices are read by machine."""
    file = store_upload(upload=upload, purpose=f"redemption.{kind}", by=by, at=at, allow=ALLOWED, field="file")
    return attach_file(redemption=redemption, file=file, kind=kind, by=by, at=at)


@command
def attach_file(*, redemption: Redemption, file: StoredFile, kind: str, by: Actor, at: datetime) -> RedemptionFile:
    """Add a stored file to the claim; the city may read it from then on."""
    redemption = _editable(redemption, by)
    read = read_invoice(content_of(file), file.content_type) if kind == FileKind.INVOICE else None
    row, made = RedemptionFile.objects.get_or_create(
        redemption=redemption,
        file=file,
        defaults={
            "kind": FileKind(kind),
            "readout": read.as_json() if read else {},
            "read_key": read.key if read else "",
            "cancels_key": read.cancels if read else "",
            "added_at": at,
        },
    )
    if made:
        grant(file=file, organisation_ids=[bureau_of(redemption.city_id).pk])
        record(by=by, at=at, event=Event.FILE_ADDED, subject=redemption, data={"file": str(file.pk), "kind": kind})
    return row


@command
def remove_file(*, redemption: Redemption, file_id: UUID, by: Actor, at: datetime) -> None:
    """Take a paper out again; the stored file itself is kept for the record."""
    redemption = _editable(redemption, by)
    gone, _ = redemption.files.filter(file_id=file_id).delete()
    if gone:
        record(by=by, at=at, event=Event.FILE_REMOVED, subject=redemption, data={"file": str(file_id)})


def _editable(redemption: Redemption, by: Actor) -> Redemption:
    redemption = lock_one(Rank.REDEMPTION, Redemption.objects.all(), pk=redemption.pk)
    redemption = redemption_for_work(redemption.pk)
    check_user_can_claim(by, redemption.voucher.enterprise.organisation_id)
    refuse_if(editable_findings(redemption))
    return redemption


def editable_findings(redemption: Redemption) -> list[Finding]:
    """The enterprise may type only before it hands in, and after a return or the supplier's rejection."""
    if redemption.state in EDITABLE_STATES:
        return []
    return [
        Finding(
            "claim.not_editable",
            "D/state",
            f"这笔兑现现在是“{redemption.get_state_display()}”，不能修改。",
            "退回或供应商不确认之后才能修改。",
            title="现在不能修改",
        )
    ]
