"""The arrival of an application: the event at the database's own time, the numbers, the readers, the receipt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from django.db import IntegrityError

from catalog.models import Period
from platform_site.accounts.queries import bureaus_over
from platform_site.audit.domain import record
from platform_site.files.domain import grant_many
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import perform
from vouchers import policies
from vouchers.domain.events import write_arrival
from vouchers.enums import AuditEvent
from vouchers.models import Voucher
from vouchers.queries.quota import QueuePosition, queue_position

_TWICE = {"voucher_contract_once_per_period", "quota_event_arrives_once"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """number: HZ…; server_time: the database's, to the microsecond. position None: served, or not decided yet
    (`state`)."""

    number: str
    server_time: datetime
    voucher: Voucher
    position: QueuePosition | None
    state: str
    sequence: int | None


def receipt_of(voucher_id: int) -> Receipt:
    """The receipt as it stands now."""
    voucher = Voucher.objects.select_related("period", "city", "enterprise", "product", "supplier").get(pk=voucher_id)
    if voucher.receipt_no is None or voucher.arrived_at is None:
        raise Voucher.DoesNotExist
    return Receipt(
        number=voucher.receipt_no,
        server_time=voucher.arrived_at,
        voucher=voucher,
        position=queue_position(voucher),
        state=voucher.state,
        sequence=voucher.sequence,
    )


def arrive(voucher: Voucher, *, file_ids: Iterable[UUID], by: Actor, at: datetime) -> None:
    """A checked draft takes its place in the order, in six statements. Raises Refusal outside the
    window, as the database's clock sees it.

    Both numbers carry the event's: given once, in no way dense; the dense number is the sequence the allocator gives.
    """
    event = write_arrival(period_id=voucher.period_id, voucher_id=voucher.pk)
    if event is None:
        raise Refusal(policies.outside_window(Period.objects.get(pk=voucher.period_id), at))
    place = f"{event.arrived_at.year}-{event.pk:06d}"
    voucher.number, voucher.receipt_no, voucher.arrived_at = f"SQ{place}", f"HZ{place}", event.arrived_at
    fields = ["number", "receipt_no", "arrived_at", "submitted_by"]
    voucher.submitted_by_id = by.user_id
    perform(voucher, "arrive", at=event.arrived_at, save=fields)
    let_readers_in(voucher, file_ids)
    data = {"receipt": voucher.receipt_no, "event": event.pk, "prepared": voucher.prepared_amount}
    record(by=by, at=event.arrived_at, event=AuditEvent.ARRIVED, subject=voucher, data=data)


def let_readers_in(voucher: Voucher, file_ids: Iterable[UUID]) -> None:
    """The bureaus that review and the supplier that is named may read the contract."""
    bureaus = bureaus_over(voucher.city_id, voucher.enterprise.county_id)
    grant_many(file_ids=file_ids, organisation_ids=[*bureaus, voucher.supplier.organisation_id])


def refuse_clash(error: IntegrityError, contract_number: str) -> NoReturn:
    """Two forms at the same moment: the constraint is what counts. Any other fault is raised as it came."""
    cause = getattr(error.__cause__, "diag", None)
    if cause is None or cause.constraint_name not in _TWICE:
        raise error
    raise Refusal(
        Finding(
            "contract.used_in_period",
            "S19/5.3.7",
            f"合同 {contract_number} 本期已经用过。一份合同一期只能申领一张。",
            "请在“我的服务券”里查看那一件。",
            "contract_number",
            title="合同本期已经用过",
        )
    ) from error
