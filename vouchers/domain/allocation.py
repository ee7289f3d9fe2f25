"""One batch of the allocator: what it knows, what it decides, and writing all of it down at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from msgspec.structs import replace

from catalog.models import Period
from catalog.queries import terms_of_period
from catalog.rules.assessment import Assessment, assess, assessment_to_json
from catalog.rules.case import case_from_json, case_to_json
from catalog.rules.terms import EditionTerms
from platform_site.working_calendar.queries import deadline
from suppliers.models import Supplier
from vouchers.domain.batch_rows import (
    Event,
    HeldVoucher,
    lock_vouchers,
    move_vouchers,
    read_cases,
    reservations,
    write_amounts,
    write_balances,
    write_claims,
    write_decisions,
    write_movements,
)
from vouchers.enums import AuditEvent, MovementKind, Outcome, VoucherState
from vouchers.models import QuotaBalance, QuotaCursor, WaitingClaim
from vouchers.queries.quota import as_claim, caps_used, initial_limit
from vouchers.rules.dimensions import budget_of, parse_dimension, supplier_dimension
from vouchers.rules.queue import Barrier, Claim, may_be_served
from vouchers.rules.replay import QueueReplay

ZERO = Decimal("0.00")
LOCKED_ALONG = 50  # one look-up for several whose turn is likely to come


@dataclass
class Batch:
    """The balances, the queue and the enterprises' caps as they stand after the events taken so far.

    Nothing is written before `write`. `held`: net reservation per voucher and dimension. `left`: available per
    dimension. `at`: the allocator's own clock."""

    period: Period
    cursor: QuotaCursor
    at: datetime
    terms: EditionTerms = field(init=False)
    balances: dict[str, QuotaBalance] = field(init=False)
    left: dict[str, Decimal] = field(init=False)
    vouchers: dict[int, HeldVoucher] = field(default_factory=dict)
    caps: dict[int, Decimal] = field(default_factory=dict)
    held: dict[int, dict[str, Decimal]] = field(default_factory=dict)
    barrier: Barrier = field(init=False)
    movements: list[tuple[int, str, str, Decimal, int | None, int]] = field(default_factory=list)
    decisions: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    audits: list[tuple[str, tuple[str, str], dict[str, Any]]] = field(default_factory=list)
    verbs: dict[int, str] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    freed_caps: set[int] = field(default_factory=set)
    line: QueueReplay | None = None
    moved: set[str] = field(default_factory=set)
    fresh: dict[int, Claim] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    review_deadline: datetime | None = None

    def __post_init__(self) -> None:
        self.terms = terms_of_period(self.period)
        self.balances = {row.dimension: row for row in QuotaBalance.objects.filter(period=self.period)}
        self.left = {name: row.available for name, row in self.balances.items()}
        self.barrier = stored_barrier(self.period)

    # -- reading -------------------------------------------------------------------------------------------------------

    def load(self, voucher_ids: Iterable[int]) -> None:
        """Lock the vouchers a batch is about and read what they hold. One that waits for its first decision holds
        nothing; its stored assessment stands unless the enterprise has used something of its cap."""
        wanted = set(voucher_ids) - self.vouchers.keys()
        if not wanted:
            return
        rows = lock_vouchers(wanted)
        self.vouchers |= {row.pk: row for row in rows}
        missing = {row.enterprise_id for row in rows} - self.caps.keys()
        found = caps_used(missing, self.period) if missing else {}
        self.caps |= {key: found.get(key, ZERO) for key in missing}
        self.held |= reservations(row.pk for row in rows if row.sequence is not None)
        counts = Counter(row.enterprise_id for row in rows)
        read_cases(row for row in rows if counts[row.enterprise_id] > 1 or not self._stands(row))

    def _stands(self, voucher: HeldVoucher) -> bool:
        """Whether an assessment made now would be the stored one."""
        return self.caps[voucher.enterprise_id] == voucher.frozen_cap_used and voucher.prepared_amount > ZERO

    def dimensions_of(self, voucher: HeldVoucher) -> tuple[str, str]:
        budget = budget_of(voucher.city_id, voucher.pilot_id, pilot_uses_city_quota=self.terms.pilot_uses_city_quota)
        return budget, supplier_dimension(voucher.quota_supplier_id)

    def claims_of(self, voucher: HeldVoucher) -> list[Claim]:
        """What one voucher waits for."""
        own = [claim for claim in self.fresh.values() if claim.voucher == voucher.pk]
        rows = WaitingClaim.objects.filter(voucher_id=voucher.pk).exclude(event_id__in=self.gone)
        return own + [as_claim(row) for row in rows if row.event_id not in self.fresh]

    def in_line(self) -> QueueReplay:
        """The whole queue; read from the table only when somebody may be served from it, and then kept up to date."""
        if self.line is None:
            rows = WaitingClaim.objects.filter(period=self.period).exclude(event_id__in=self.gone)
            claims = {row.event_id: as_claim(row) for row in rows} | self.fresh
            self.line, self.moved = QueueReplay(stale=self._fell_away), set(self.left)
            self._tell_line()
            for claim in sorted(claims.values(), key=Claim.place):
                self.line.join(claim)
        self._tell_line()
        return self.line

    def _tell_line(self) -> None:
        for dimension in self.moved:
            self.line.set_available(dimension, self.left[dimension])  # type: ignore[union-attr]
        self.moved.clear()

    # -- movements -----------------------------------------------------------------------------------------------------

    def balance(self, dimension: str) -> QuotaBalance:
        if dimension not in self.balances:
            self.balances[dimension] = QuotaBalance(
                period=self.period, dimension=dimension, total=ZERO, reserved=ZERO, consumed=ZERO
            )
            self.left[dimension] = ZERO
        return self.balances[dimension]

    def move(
        self, event: Event, dimension: str, kind: MovementKind, amount: Decimal, voucher: HeldVoucher | None = None
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
        self.left[dimension] = balance.available
        if voucher is not None:
            self._hold(voucher, dimension, kind, amount)
        self.touched.add(dimension)
        self.moved.add(dimension)
        self.cursor.movement += 1
        named = voucher.pk if voucher is not None else None
        self.movements.append((event.pk, dimension, kind.value, amount, named, self.cursor.movement))

    def _hold(self, voucher: HeldVoucher, dimension: str, kind: MovementKind, amount: Decimal) -> None:
        holds = self.held.setdefault(voucher.pk, {})
        holds[dimension] = holds.get(dimension, ZERO) + (amount if kind == MovementKind.RESERVE else -amount)

    def open_supplier_limit(self, event: Event, dimension: str) -> None:
        """The first draw on a supplier nobody has planned for opens its initial limit (N20/3.2)."""
        if dimension not in self.balances and (limit := self.total(dimension)) > ZERO:
            self.move(event, dimension, MovementKind.GRANT, limit)

    def total(self, dimension: str) -> Decimal:
        """Of the balance; the initial limit of a supplier nobody has planned for or drawn on."""
        if dimension in self.balances or parse_dimension(dimension).kind != "supplier":
            return self.balances[dimension].total if dimension in self.balances else ZERO
        return initial_limit(Supplier.objects.get(pk=int(parse_dimension(dimension).key)), self.terms)

    # -- vouchers ------------------------------------------------------------------------------------------------------

    def assessed(self, voucher: HeldVoucher, cap_used: Decimal) -> Assessment:
        """Assess the frozen case anew with what is used of the cap; the voucher keeps case and ladder."""
        read_cases([voucher])
        case = replace(case_from_json(voucher.case or {}), cap_used=cap_used)
        found = assess(case, self.terms)
        voucher.case, voucher.assessment = case_to_json(case), assessment_to_json(found)
        self.changed.add(voucher.pk)
        return found

    def fix_amount(self, voucher: HeldVoucher, cap_used: Decimal) -> list[dict[str, str]]:
        """The amount of an application that has its turn; gives the findings where nothing is left for it."""
        if voucher.prepared_amount > ZERO and cap_used == voucher.frozen_cap_used:
            voucher.amount = voucher.prepared_amount
            return []
        found = self.assessed(voucher, cap_used)
        voucher.amount = min(found.amount, voucher.prepared_amount)
        return [finding.as_dict() for finding in found.findings]

    def decide(self, event: Event, outcome: Outcome, **detail: Any) -> None:
        self.decisions.append((event.pk, outcome.value, detail))

    def note(self, event: AuditEvent, voucher: HeldVoucher, **data: Any) -> None:
        self.audits.append((event.value, voucher.subject, data))

    def enqueue_or_serve(self, event: Event, claim: Claim) -> bool:
        """A claim has come: serve it or let it wait. True: served."""
        fits = may_be_served(claim, self.left, self.barrier) if self.line is None else self.in_line().arrive(claim)
        if fits:
            self.serve(event, claim)
            return True
        self.fresh[claim.event] = claim
        self.barrier.add(claim)
        voucher = self.vouchers[claim.voucher]
        if voucher.state == VoucherState.ARRIVED:
            self.verbs[voucher.pk] = "wait"
        self.note(AuditEvent.WAITS, voucher, amount=claim.amount, rises=claim.rises)
        return False

    def serve(self, event: Event, claim: Claim) -> None:
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

    def drop_claims(self, voucher: HeldVoucher) -> Decimal:
        """Take a voucher out of the queue; gives the yuan it waited for."""
        own = self.claims_of(voucher)
        for claim in own:
            self.forget(claim)
        return sum((claim.amount for claim in own), ZERO)

    def forget(self, claim: Claim) -> None:
        """Served or fallen away: no longer in the queue."""
        if self.fresh.pop(claim.event, None) is None:
            self.gone.add(claim.event)
        if self.line is not None and self.line.waits(claim.event):
            self.line.leave(claim.event)

    def serve_waiting(self, event: Event) -> None:
        """Something became free: serve whoever may be, in order."""
        if self.line is None and not self.barrier.largest:
            return
        for claim in self.in_line().settle():
            self.serve(event, claim)
            self.forget(claim)

    def _fell_away(self, claim: Claim) -> bool:
        """Its turn has come: look whether the voucher still wants it. Those behind it are locked along with it."""
        if claim.voucher not in self.vouchers:
            followers = self.line.alike(claim, LOCKED_ALONG) if self.line is not None else []
            self.load([claim.voucher, *(one.voucher for one in followers)])
        gone = not self._still_wanted(claim)
        if gone:
            self.forget(claim)
        return gone

    def _still_wanted(self, claim: Claim) -> bool:
        """A voucher may have been withdrawn, or issued, while its claim waited; its own event follows."""
        state = self.vouchers[claim.voucher].state
        if claim.rises:
            return state in (VoucherState.WAITING, VoucherState.UNDER_REVIEW, VoucherState.RETURNED)
        return state in (VoucherState.ARRIVED, VoucherState.WAITING)

    # -- writing -------------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """Balances, ledger, queue, vouchers, decisions and cursor, in this order."""
        write_balances([self.balances[name] for name in sorted(self.touched)])
        write_movements(self.period.pk, self.movements, self.at)
        write_claims(self.period.pk, self.gone, self.fresh.values())
        self._write_vouchers()
        write_decisions(self.decisions, self.at)
        self.cursor.save()

    def _write_vouchers(self) -> None:
        write_amounts([self.vouchers[pk] for pk in sorted(self.changed - self.verbs.keys())])
        for verb in ("serve", "wait", "refuse_by_cap"):
            ids = sorted(pk for pk, chosen in self.verbs.items() if chosen == verb)
            move_vouchers([self.vouchers[pk] for pk in ids], verb, self.at)


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
