"""The province grants and moves quota: one person drafts, another signs; signing is one event of the period, or one for
each tranche at its time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.models import Period
from catalog.queries import terms_of_period
from platform_site.audit.domain import once, record, remember
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from suppliers.queries import listed_suppliers
from vouchers import policies
from vouchers.domain.allocate import drain_after
from vouchers.domain.events import write_event
from vouchers.domain.release_tranche import release_due
from vouchers.domain.tell import tell_province_approvers
from vouchers.enums import AuditEvent, EventKind, PlanKind
from vouchers.models import QuotaBalance, QuotaPlan, QuotaPlanLine, QuotaTranche
from vouchers.permissions import check_user_can_draft_quota, check_user_can_sign_quota, person_of
from vouchers.queries.quota import initial_limit
from vouchers.queries.what_if import totals_now
from vouchers.rules.dimensions import supplier_dimension

Lines = Iterable[tuple[str, Decimal]]
Tranches = Sequence[tuple[datetime, Decimal]]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a plan was computed from, kept with it. plan: for the whole; lines: by dimension."""

    plan: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@command
def plan_quota(
    *,
    period: Period,
    title: str,
    reason: str,
    lines: Lines,
    tranches: Tranches = (),
    basis: Basis | None = None,
    key: str = "",
    by: Actor,
    at: datetime,
) -> QuotaPlan:
    """Draft new totals per dimension (S19/5.1.1): what may be issued, over-issue (T18/8.2) included.

    `tranches`: (release time, share as a fraction) in order. With them the plan adds to the totals of now, step by
    step, and never overwrites what another plan or a transfer does in between. `key`: the form's idempotency key; sent
    twice it gives the first plan again (D/once).
    """
    basis, rows = basis or Basis(), list(lines)
    # Without the first tranche: its time is the moment of sending, its share what the others leave.
    body = {"title": title, "reason": reason, "lines": rows, "later": list(tranches[1:])}

    def draft() -> QuotaPlan:
        return _grant(period, title, reason, rows, tranches, basis, by=by, at=at)

    return _drafted_once(period, body, draft, key=key, by=by, at=at)


def _grant(
    period: Period,
    title: str,
    reason: str,
    rows: list[tuple[str, Decimal]],
    tranches: Tranches,
    basis: Basis,
    *,
    by: Actor,
    at: datetime,
) -> QuotaPlan:
    if not tranches:
        return _draft(period, PlanKind.GRANT, title, reason, rows, basis, by=by, at=at)
    now = totals_now(period, [name for name, _ in rows])
    added = [(name, total - now[name]) for name, total in rows if total != now[name]]
    refuse_if(policies.plan_tranches(period, tranches, [amount for _, amount in added]))
    plan = _draft(period, PlanKind.TRANCHED, title, reason, added, basis, by=by, at=at)
    QuotaTranche.objects.bulk_create(
        QuotaTranche(plan=plan, number=number, release_at=release_at, share=share)
        for number, (release_at, share) in enumerate(tranches, start=1)
    )
    return plan


@command
def reallocate_quota(*, period: Period, lines: Lines, reason: str, key: str = "", by: Actor, at: datetime) -> QuotaPlan:
    """Draft a transfer between dimensions of one kind (S19/7.3): signed changes that sum to zero. `key`: as above."""
    changed = [(name, amount) for name, amount in lines if amount]

    def draft() -> QuotaPlan:
        return _draft(period, PlanKind.TRANSFER, "额度调剂", reason, changed, Basis(), by=by, at=at)

    return _drafted_once(period, {"reason": reason, "moved": changed}, draft, key=key, by=by, at=at)


@command
def sign_plan(*, plan: QuotaPlan, by: Actor, at: datetime, version: int | None = None) -> QuotaPlan:
    """The second person. The allocator carries it out in the order of events; tranches follow at their times."""
    plan = lock_one(Rank.LEDGER, QuotaPlan.objects.select_related("period"), pk=plan.pk)
    check_user_can_sign_quota(by, plan)
    check_version(plan, version)
    lines = [(line.dimension, line.amount) for line in plan.lines.all()]
    refuse_if([*policies.plan_two_people(plan, by), *_line_findings(plan.period, plan.kind, lines)])
    payload: dict[str, Any] = {
        "plan": plan.pk,
        "lines": [{"dimension": name, "amount": str(amount)} for name, amount in lines],
    }
    plan.signed_by_id, plan.signed_at = by.user_id, at
    if plan.kind != PlanKind.TRANCHED:
        kind = EventKind.GRANT if plan.kind == PlanKind.GRANT else EventKind.TRANSFER
        plan.event = write_event(period_id=plan.period_id, kind=kind, payload=payload)
    perform(plan, "sign", at=at, save=["event", "signed_by", "signed_at"])
    record(by=by, at=at, event=AuditEvent.PLAN_SIGNED, subject=plan, data=payload)
    if plan.kind == PlanKind.TRANCHED:
        release_due(plan=plan, by=by, at=at)
    drain_after(period_id=plan.period_id)
    return plan


@command
def discard_plan(*, plan: QuotaPlan, by: Actor, at: datetime) -> QuotaPlan:
    plan = lock_one(Rank.LEDGER, QuotaPlan.objects.all(), pk=plan.pk)
    check_user_can_draft_quota(by)
    perform(plan, "discard", at=at)
    record(by=by, at=at, event=AuditEvent.PLAN_DISCARDED, subject=plan)
    return plan


def initial_supplier_lines(period: Period) -> list[tuple[str, Decimal]]:
    """Initial limits of all listed suppliers by their class (N20/3.2), for a new plan's form."""
    terms = terms_of_period(period)
    have = set(QuotaBalance.objects.filter(period=period).values_list("dimension", flat=True))
    lines = [(supplier_dimension(one.pk), initial_limit(one, terms)) for one in listed_suppliers().order_by("pk")]
    return [(name, amount) for name, amount in lines if name not in have]


def _drafted_once(
    period: Period, body: Mapping[str, Any], draft: Callable[[], QuotaPlan], *, key: str, by: Actor, at: datetime
) -> QuotaPlan:
    """By `draft`, or the plan that the same form has drafted before. No key: no form that could be sent twice."""
    check_user_can_draft_quota(by)
    if not key:
        return draft()
    request = once(key=key, by=by, body={"period": period.pk, **body}, at=at)
    if request.outcome:
        return QuotaPlan.objects.get(pk=request.outcome["plan"])
    plan = draft()
    remember(request, {"plan": plan.pk})
    return plan


def _draft(
    period: Period,
    kind: PlanKind,
    title: str,
    reason: str,
    lines: list[tuple[str, Decimal]],
    basis: Basis,
    *,
    by: Actor,
    at: datetime,
) -> QuotaPlan:
    refuse_if([*_reason_findings(reason), *_line_findings(period, kind, lines)])
    plan = QuotaPlan.objects.create(
        period=period,
        kind=kind,
        title=title,
        reason=reason.strip(),
        basis=dict(basis.plan),
        drafted_by_id=person_of(by),
        drafted_at=at,
    )
    QuotaPlanLine.objects.bulk_create(
        QuotaPlanLine(plan=plan, dimension=name, amount=amount, basis=dict(basis.lines.get(name, {})))
        for name, amount in lines
    )
    data = {"kind": str(kind), "reason": plan.reason, "lines": [[name, str(amount)] for name, amount in lines]}
    record(by=by, at=at, event=AuditEvent.PLAN_DRAFTED, subject=plan, data=data)
    link = f"/province/quota/plans/{plan.pk}/"
    tell_province_approvers(title="有额度方案待签发", body=f"{period.title}：{plan.title}", link=link, at=at)
    return plan


def _line_findings(period: Period, kind: str, lines: list[tuple[str, Decimal]]) -> list[Finding]:
    rows = QuotaBalance.objects.filter(period=period, dimension__in=[name for name, _ in lines])
    return policies.plan_lines(kind, lines, period, {row.dimension: row.used for row in rows})


def _reason_findings(reason: str) -> list[Finding]:
    if reason.strip():
        return []
    return [
        Finding("plan.no_reason", "S19/7.3", "没有写理由。", "请写明依据，会留在记录里。", "reason", title="没有理由")
    ]
