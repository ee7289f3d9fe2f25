"""The province grants and moves quota: one person drafts, another signs; signing is one event of the period."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from catalog.models import Period
from catalog.queries import terms_of_period
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from suppliers.queries import listed_suppliers
from vouchers import policies
from vouchers.domain.allocate import drain_after
from vouchers.domain.events import write_event
from vouchers.domain.tell import tell_province_approvers
from vouchers.enums import AuditEvent, EventKind, PlanKind
from vouchers.models import QuotaBalance, QuotaPlan, QuotaPlanLine
from vouchers.permissions import check_user_can_draft_quota, check_user_can_sign_quota, person_of
from vouchers.queries.quota import initial_limit
from vouchers.rules.dimensions import parse_dimension, supplier_dimension

ZERO = Decimal("0.00")
Lines = Iterable[tuple[str, Decimal]]


@command
def plan_quota(*, period: Period, title: str, reason: str, lines: Lines, by: Actor, at: datetime) -> QuotaPlan:
    """Draft new totals per dimension (S19/5.1.1). An edition may issue more than its targets (T18/8.2): totals given
    here are what may be issued."""
    return _draft(period, PlanKind.GRANT, title, reason, list(lines), by=by, at=at)


@command
def reallocate_quota(
    *, period: Period, source: str, target: str, amount: Decimal, reason: str, by: Actor, at: datetime
) -> QuotaPlan:
    """Draft a transfer from one dimension to another of the same kind (S19/7.3)."""
    if amount <= ZERO:
        raise Refusal(
            Finding("plan.nothing", "S19/7.3", "调剂金额要大于 0。", "请填写金额。", "amount", title="没有金额")
        )
    if parse_dimension(source).kind != parse_dimension(target).kind:
        raise Refusal(
            Finding(
                "plan.other_kind",
                "S19/7.3",
                "地市额度和供应商额度不能互调。",
                "请选同一类的两方。",
                "target",
                title="种类不同",
            )
        )
    lines = [(source, -amount), (target, amount)] if source != target else [(source, ZERO)]
    return _draft(period, PlanKind.TRANSFER, "额度调剂", reason, lines, by=by, at=at)


@command
def sign_plan(*, plan: QuotaPlan, by: Actor, at: datetime, version: int | None = None) -> QuotaPlan:
    """The second person. The allocator carries it out in the order of events."""
    plan = lock_one(Rank.LEDGER, QuotaPlan.objects.select_related("period"), pk=plan.pk)
    check_user_can_sign_quota(by, plan)
    check_version(plan, version)
    lines = [(line.dimension, line.amount) for line in plan.lines.all()]
    refuse_if([*policies.plan_two_people(plan, by), *_line_findings(plan.period, plan.kind, lines)])
    kind = EventKind.GRANT if plan.kind == PlanKind.GRANT else EventKind.TRANSFER
    payload = {"plan": plan.pk, "lines": [{"dimension": name, "amount": str(amount)} for name, amount in lines]}
    plan.event = write_event(period_id=plan.period_id, kind=kind, payload=payload)
    plan.signed_by_id, plan.signed_at = by.user_id, at
    perform(plan, "sign", at=at, save=["event", "signed_by", "signed_at"])
    record(by=by, at=at, event=AuditEvent.PLAN_SIGNED, subject=plan, data=payload)
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


def _draft(
    period: Period,
    kind: PlanKind,
    title: str,
    reason: str,
    lines: list[tuple[str, Decimal]],
    *,
    by: Actor,
    at: datetime,
) -> QuotaPlan:
    check_user_can_draft_quota(by)
    refuse_if([*_reason_findings(reason), *_line_findings(period, kind, lines)])
    plan = QuotaPlan.objects.create(
        period=period, kind=kind, title=title, reason=reason.strip(), drafted_by_id=person_of(by), drafted_at=at
    )
    QuotaPlanLine.objects.bulk_create(QuotaPlanLine(plan=plan, dimension=name, amount=amount) for name, amount in lines)
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
