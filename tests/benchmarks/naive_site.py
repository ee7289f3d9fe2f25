"""What one would write without thinking of queues: lock the balances, check, write, all in the request, by the ORM.

It does the same checks and writes the same rows as the press and the allocator together. It neither oversells nor
loses; what it lacks is the order of arrival, and speed.
"""

import uuid
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path

from catalog.queries import terms_of_period
from platform_site.accounts.queries import bureaus_over
from platform_site.audit.models import Entry, RequestKey
from platform_site.files.models import FileGrant
from platform_site.kit import clock
from platform_site.kit.fsm import perform
from platform_site.outbox.domain import enqueue
from platform_site.working_calendar.queries import deadline
from vouchers import policies
from vouchers.models import (
    ApplicationDraft,
    QuotaBalance,
    QuotaCursor,
    QuotaDecision,
    QuotaEvent,
    QuotaMovement,
    Voucher,
    WaitingClaim,
)
from vouchers.queries.quota import cap_used

ZERO = Decimal("0.00")


def press(request: HttpRequest, pk: int) -> HttpResponse:
    actor, at = request.actor, clock.now()
    with transaction.atomic():
        _hand_in(pk, request.POST["idempotency_key"], actor, at)
    return HttpResponseRedirect(f"/enterprise/vouchers/{pk}/receipt/")


def _hand_in(pk: int, key: str, actor: Any, at: Any) -> None:
    around = ("period__edition", "product__supplier", "supplier", "contract", "enterprise", "city")
    rows = Voucher._default_manager.select_related(*around).select_for_update(of=("self",))
    voucher = rows.get(pk=pk)
    if voucher.enterprise.organisation_id != actor.organisation_id or voucher.state != "draft":
        return
    if policies.at_the_press(voucher, voucher.enterprise, at):
        return
    names = sorted([f"city:{voucher.city_id}", f"supplier:{voucher.quota_supplier_id}"])
    locked = QuotaBalance._default_manager.select_for_update().filter(period=voucher.period, dimension__in=names)
    balances = list(locked.order_by("dimension"))
    RequestKey._default_manager.create(key=key, actor_user_id=actor.user_id, body_hash="", at=at)
    event = QuotaEvent._default_manager.create(
        period=voucher.period, kind="arrive", arrived_at=clock.now(), voucher=voucher
    )
    voucher.number, voucher.receipt_no = f"SQ{event.pk}", f"HZ{event.pk}"
    voucher.arrived_at, voucher.submitted_by_id = event.arrived_at, actor.user_id
    perform(voucher, "arrive", at=at, save=["number", "receipt_no", "arrived_at", "submitted_by"])
    ApplicationDraft._default_manager.filter(prepared=voucher).delete()
    readers = [*bureaus_over(voucher.city_id, voucher.enterprise.county_id), voucher.supplier.organisation_id]
    files = list(voucher.contract.files.all())
    grants = [FileGrant(file_id=row.file_id, organisation_id=reader) for row in files for reader in readers]
    FileGrant._default_manager.bulk_create(grants, ignore_conflicts=True)
    _audit(actor, at, "voucher.arrived", voucher)
    _decide(voucher, event, balances, actor, at)


def _decide(voucher: Voucher, event: QuotaEvent, balances: list[QuotaBalance], actor: Any, at: Any) -> None:
    cursor = QuotaCursor._default_manager.select_for_update().get(period=voucher.period)
    terms = terms_of_period(voucher.period)
    left = (terms.enterprise_cap or voucher.prepared_amount) - cap_used(voucher.enterprise_id, voucher.period)
    amount = min(voucher.prepared_amount, left)
    queue = WaitingClaim._default_manager.filter(period=voucher.period)
    before = [
        queue.filter(**{f"{one.dimension.partition(':')[0].replace('city', 'budget')}_dimension": one.dimension})
        .aggregate(most=Max("amount"))["most"] or ZERO
        for one in balances
    ]  # fmt: skip
    served = all(max(amount, most) <= one.available for one, most in zip(balances, before, strict=True))
    cursor.sequence += 1
    voucher.amount, voucher.sequence, voucher.decided_at = amount, cursor.sequence, at
    if served:
        for one in balances:
            cursor.movement += 1
            one.reserved += amount
            one.save(update_fields=["reserved"])
            QuotaMovement._default_manager.create(
                period=voucher.period, event=event, dimension=one.dimension, kind="reserve", amount=amount,
                voucher=voucher, sequence=cursor.movement, decided_at=at,
            )  # fmt: skip
        voucher.deadline_at = deadline(at, terms.review_working_days)
    else:
        WaitingClaim._default_manager.create(
            period=voucher.period, event=event, voucher=voucher, arrived_at=event.arrived_at, amount=amount,
            budget_dimension=f"city:{voucher.city_id}", supplier_dimension=f"supplier:{voucher.quota_supplier_id}",
        )  # fmt: skip
    perform(voucher, "serve" if served else "wait", at=at, save=["amount", "sequence", "decided_at", "deadline_at"])
    outcome = "served" if served else "waiting"
    QuotaDecision._default_manager.create(event=event, decided_at=at, outcome=outcome, detail={"amount": str(amount)})
    _audit(actor, at, "voucher.allocated" if served else "voucher.waiting", voucher)
    cursor.arrived_at, cursor.event_id = event.arrived_at, event.pk
    cursor.save()
    enqueue(task="vouchers.tell_allocated", kwargs={"voucher_ids": [voucher.pk]}, at=at)


def _audit(actor: Any, at: Any, event: str, voucher: Voucher) -> None:
    Entry._default_manager.create(
        op=uuid.uuid4(), at=at, actor_user_id=actor.user_id, actor_label=actor.label, event=event,
        organisation_id=actor.organisation_id, subject_type="vouchers.voucher", subject_id=str(voucher.pk),
        data={"receipt": voucher.receipt_no, "amount": str(voucher.amount)},
    )  # fmt: skip


urlpatterns = [path("press/<int:pk>/", press)]
