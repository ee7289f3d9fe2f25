"""One batch of the allocator: what it knows, what it decides, and writing all of it down at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg2.extras import Json, execute_values

from catalog.models import Period
from catalog.queries import terms_of_period
from catalog.rules.assessment import Assessment, assess, assessment_to_json
from catalog.rules.case import case_from_json, case_to_json
from catalog.rules.terms import EditionTerms
from platform_site.kit.fsm import bulk_perform
from platform_site.kit.locks import Rank, lock
from platform_site.working_calendar.queries import deadline
from suppliers.models import Supplier
from vouchers.enums import AuditEvent, MovementKind, Outcome, VoucherState
from vouchers.models import (
    QuotaBalance,
    QuotaCursor,
    QuotaDecision,
    QuotaEvent,
    QuotaMovement,
    Voucher,
    WaitingClaim,
)
from vouchers.queries.quota import as_claim, caps_used, initial_limit
from vouchers.rules.dimensions import budget_of, parse_dimension, supplier_dimension
from vouchers.rules.queue import Barrier, Claim, barrier_of, may_be_served, serve_in_order

ZERO = Decimal("0.00")


@dataclass
class Batch:
    """The balances, the queue and the enterprises' caps as they stand after the events taken so far.

    Nothing is written before `write`. `held`: net reservation per voucher and dimension. `at`: the allocator's own
    clock."""

    period: Period
    cursor: QuotaCursor
    at: datetime
    terms: EditionTerms = field(init=False)
    balances: dict[str, QuotaBalance] = field(init=False)
    vouchers: dict[int, Voucher] = field(default_factory=dict)
    caps: dict[int, Decimal] = field(default_factory=dict)
    held: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    barrier: Barrier = field(init=False)
    movements: list[QuotaMovement] = field(default_factory=list)
    decisions: list[QuotaDecision] = field(default_factory=list)
    audits: list[tuple[str, Voucher, dict[str, Any]]] = field(default_factory=list)
    verbs: dict[int, str] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    freed_caps: set[int] = field(default_factory=set)
    queue: dict[int, Claim] | None = None
    fresh: dict[int, Claim] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    review_deadline: datetime | None = None

    def __post_init__(self) -> None:
        self.terms = terms_of_period(self.period)
        self.balances = {row.dimension: row for row in QuotaBalance.objects.filter(period=self.period)}
        self.barrier = stored_barrier(self.period)

    # -- reading -------------------------------------------------------------------------------------------------------

    def load(self, voucher_ids: Iterable[int]) -> None:
        """Lock the vouchers a batch is about and read what they hold."""
        wanted = set(voucher_ids) - self.vouchers.keys()
        if not wanted:
            return
        rows = lock(Rank.VOUCHER, Voucher.objects.filter(pk__in=wanted))
        self.vouchers |= {row.pk: row for row in rows}
        missing = {row.enterprise_id for row in rows} - self.caps.keys()
        found = caps_used(missing, self.period) if missing else {}
        self.caps |= {key: found.get(key, ZERO) for key in missing}
        self.held |= reservations(wanted)

    def available(self) -> dict[str, Decimal]:
        return {name: row.available for name, row in self.balances.items()}

    def dimensions_of(self, voucher: Voucher) -> tuple[str, str]:
        budget = budget_of(voucher.city_id, voucher.pilot_id, pilot_uses_city_quota=self.terms.pilot_uses_city_quota)
        return budget, supplier_dimension(voucher.quota_supplier_id)

    def waiting(self) -> dict[int, Claim]:
        """The whole queue by event; read from the table only when somebody may be served from it."""
        if self.queue is None:
            rows = WaitingClaim.objects.filter(period=self.period).exclude(event_id__in=self.gone)
            self.queue = {row.event_id: as_claim(row) for row in rows} | self.fresh
        return self.queue

    # -- movements -----------------------------------------------------------------------------------------------------

    def balance(self, dimension: str) -> QuotaBalance:
        if dimension not in self.balances:
            self.balances[dimension] = QuotaBalance(
                period=self.period, dimension=dimension, total=ZERO, reserved=ZERO, consumed=ZERO
            )
        return self.balances[dimension]

    def move(
        self, event: QuotaEvent, dimension: str, kind: MovementKind, amount: Decimal, voucher: Voucher | None = None
    ) -> None:
        """Change a balance and write the line of the ledger that says so."""
        balance = self.balance(dimension)
        if kind in (MovementKind.GRANT, MovementKind.TRANSFER):
            balance.total += amount
        elif kind == MovementKind.RESERVE:
            balance.reserved += amount
        else:
            balance.reserved -= amount
            balance.consumed += amount if kind == MovementKind.CONSUME else ZERO
        if voucher is not None:
            self._hold(voucher, dimension, kind, amount)
        self.touched.add(dimension)
        self.cursor.movement += 1
        self.movements.append(
            QuotaMovement(
                period=self.period,
                event_id=event.pk,
                dimension=dimension,
                kind=kind,
                amount=amount,
                voucher=voucher,
                sequence=self.cursor.movement,
                decided_at=self.at,
            )
        )

    def _hold(self, voucher: Voucher, dimension: str, kind: MovementKind, amount: Decimal) -> None:
        holds = self.held.setdefault(voucher.pk, {})
        holds[dimension] = holds.get(dimension, ZERO) + (amount if kind == MovementKind.RESERVE else -amount)

    def open_supplier_limit(self, event: QuotaEvent, dimension: str) -> None:
        """The first draw on a supplier nobody has planned for opens its initial limit (N20/3.2)."""
        if dimension in self.balances:
            return
        supplier = Supplier.objects.get(pk=int(parse_dimension(dimension).key))
        limit = initial_limit(supplier, self.terms)
        if limit > ZERO:
            self.move(event, dimension, MovementKind.GRANT, limit)

    # -- vouchers ------------------------------------------------------------------------------------------------------

    def assessed(self, voucher: Voucher, cap_used: Decimal) -> Assessment:
        case = replace(case_from_json(voucher.case), cap_used=cap_used)
        found = assess(case, self.terms)
        voucher.case, voucher.assessment = case_to_json(case), assessment_to_json(found)
        self.changed.add(voucher.pk)
        return found

    def decide(self, event: QuotaEvent, outcome: Outcome, **detail: Any) -> None:
        self.decisions.append(QuotaDecision(event_id=event.pk, decided_at=self.at, outcome=outcome, detail=detail))

    def note(self, event: AuditEvent, voucher: Voucher, **data: Any) -> None:
        self.audits.append((str(event), voucher, data))

    def enqueue_or_serve(self, event: QuotaEvent, claim: Claim) -> bool:
        """A claim has come: serve it or let it wait. True: served."""
        if may_be_served(claim, self.available(), self.barrier):
            self.serve(event, claim)
            return True
        self.fresh[claim.event] = claim
        if self.queue is not None:
            self.queue[claim.event] = claim
        self.barrier.add(claim)
        voucher = self.vouchers[claim.voucher]
        if voucher.state == VoucherState.ARRIVED:
            self.verbs[voucher.pk] = "wait"
        self.note(AuditEvent.WAITS, voucher, amount=claim.amount, rises=claim.rises)
        return False

    def serve(self, event: QuotaEvent, claim: Claim) -> None:
        """Reserve in every dimension; a whole application goes to the city's desk, a difference raises the amount."""
        voucher = self.vouchers[claim.voucher]
        for dimension in claim.dimensions:
            self.move(event, dimension, MovementKind.RESERVE, claim.amount, voucher)
        self.changed.add(voucher.pk)
        if claim.rises:
            voucher.amount = (voucher.amount or ZERO) + claim.amount
            self.note(AuditEvent.AMOUNT_RAISED, voucher, by=claim.amount, amount=voucher.amount)
            return
        self.review_deadline = self.review_deadline or deadline(self.at, self.terms.review_working_days)
        voucher.deadline_at = self.review_deadline
        self.verbs[voucher.pk] = "serve"
        self.note(AuditEvent.ALLOCATED, voucher, amount=claim.amount, sequence=voucher.sequence)

    def drop_claims(self, voucher: Voucher) -> Decimal:
        """Take a voucher out of the queue; gives the yuan it waited for."""
        own = [claim for claim in self.fresh.values() if claim.voucher == voucher.pk]
        rows = WaitingClaim.objects.filter(voucher=voucher).exclude(event_id__in=self.gone)
        own += [as_claim(row) for row in rows if row.event_id not in self.fresh]
        for claim in own:
            self.forget(claim)
        return sum((claim.amount for claim in own), ZERO)

    def forget(self, claim: Claim) -> None:
        """Served or fallen away: no longer in the queue."""
        if self.fresh.pop(claim.event, None) is None:
            self.gone.add(claim.event)
        if self.queue is not None:
            self.queue.pop(claim.event, None)

    def serve_waiting(self, event: QuotaEvent) -> None:
        """Something became free: walk the queue again, in order."""
        if not self.barrier.largest:
            return
        served, waiting = self._walk()
        while stale := [claim for claim in served if not self._still_wanted(claim)]:
            for claim in stale:
                self.forget(claim)
            served, waiting = self._walk()
        for claim in served:
            self.serve(event, claim)
            self.forget(claim)
        self.barrier = barrier_of(waiting)

    def _walk(self) -> tuple[list[Claim], list[Claim]]:
        served, waiting = serve_in_order(self.waiting().values(), self.available())
        self.load(claim.voucher for claim in served)
        return served, waiting

    def _still_wanted(self, claim: Claim) -> bool:
        """A voucher may have been withdrawn, or issued, while its claim waited; its own event follows."""
        state = self.vouchers[claim.voucher].state
        if claim.rises:
            return state in (VoucherState.WAITING, VoucherState.UNDER_REVIEW, VoucherState.RETURNED)
        return state in (VoucherState.ARRIVED, VoucherState.WAITING)

    # -- writing -------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Balances, ledger, queue, vouchers, decisions and cursor, in this order."""
        self._write_balances()
        QuotaMovement.objects.bulk_create(self.movements, batch_size=500)
        WaitingClaim.objects.filter(event_id__in=self.gone).delete()
        WaitingClaim.objects.bulk_create([self._row(claim) for claim in self.fresh.values()], batch_size=500)
        self._write_vouchers()
        QuotaDecision.objects.bulk_create(self.decisions, batch_size=500)
        self.cursor.save()

    def _write_balances(self) -> None:
        rows = [self.balances[name] for name in sorted(self.touched)]
        QuotaBalance.objects.bulk_create([row for row in rows if row.pk is None])
        kept = [row for row in rows if row.pk is not None]
        if kept:
            QuotaBalance.objects.bulk_update(kept, ["total", "reserved", "consumed"])

    def _row(self, claim: Claim) -> WaitingClaim:
        return WaitingClaim(
            period=self.period,
            event_id=claim.event,
            voucher_id=claim.voucher,
            rises=claim.rises,
            priority=claim.priority,
            arrived_at=claim.arrived,
            amount=claim.amount,
            budget_dimension=claim.dimensions[0],
            supplier_dimension=claim.dimensions[1],
        )

    def _write_vouchers(self) -> None:
        """Plain fields in one statement, then the states through the one door."""
        rows = [voucher_row(self.vouchers[pk]) for pk in sorted(self.changed)]
        if rows:
            with connection.cursor() as cursor:
                execute_values(cursor.cursor, _UPDATE, rows, template=_TEMPLATE, page_size=500)
        for verb in ("serve", "wait", "refuse_by_cap"):
            ids = [pk for pk, chosen in self.verbs.items() if chosen == verb]
            if ids:
                bulk_perform(Voucher, ids, verb, at=self.at)


_UPDATE = f"""
UPDATE {Voucher._meta.db_table} v
SET amount = d.amount, sequence = d.sequence, decided_at = d.decided_at, deadline_at = d.deadline_at,
    "case" = d.facts, assessment = d.assessment, findings = d.findings
FROM (VALUES %s) AS d (id, amount, sequence, decided_at, deadline_at, facts, assessment, findings)
WHERE v.id = d.id
"""  # noqa: S608  table names only
_TEMPLATE = "(%s, %s::numeric, %s::integer, %s::timestamptz, %s::timestamptz, %s::jsonb, %s::jsonb, %s::jsonb)"


def voucher_row(voucher: Voucher) -> tuple[Any, ...]:
    return (
        voucher.pk,
        voucher.amount,
        voucher.sequence,
        voucher.decided_at,
        voucher.deadline_at,
        Json(voucher.case),
        Json(voucher.assessment),
        Json(voucher.findings),
    )


def reservations(voucher_ids: Iterable[int]) -> dict[int, dict[str, Decimal]]:
    """Yuan still reserved per voucher and dimension, from the ledger."""
    found: dict[int, dict[str, Decimal]] = {}
    rows = QuotaMovement.objects.filter(voucher_id__in=list(voucher_ids))
    for pk, dimension, kind, amount in rows.values_list("voucher_id", "dimension", "kind", "amount"):
        holds = found.setdefault(pk, {})
        holds[dimension] = holds.get(dimension, ZERO) + (amount if kind == MovementKind.RESERVE else -amount)
    return found


def stored_barrier(period: Period) -> Barrier:
    """The largest waiting amounts, read without loading the queue."""
    barrier = Barrier()
    for column in ("budget_dimension", "supplier_dimension"):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT priority, {column}, max(amount) FROM {WaitingClaim._meta.db_table} "  # noqa: S608  own names
                f"WHERE period_id = %s GROUP BY 1, 2",
                [period.pk],
            )
            barrier.largest |= {(priority, dimension): amount for priority, dimension, amount in cursor.fetchall()}
    return barrier
