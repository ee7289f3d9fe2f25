"""What must hold after a race, counted from the database alone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from catalog.models import Period
from catalog.queries import terms_of_period
from vouchers.models import QuotaBalance, QuotaEvent, QuotaMovement, Voucher, WaitingClaim
from vouchers.queries import allocator_lag, ledger_differences
from vouchers.queries.quota import as_claim, caps_used
from vouchers.rules.queue import Barrier, Claim, barrier_of, may_be_served, serve_in_order

ZERO = Decimal("0.00")
HOLDING = ("under_review", "returned", "issued", "redeeming", "held")
FALLS = ("withdraw", "refuse", "lapse", "release")


def violations(period: Period, acknowledged: Iterable[int]) -> dict[str, int]:
    """Counts by name, all 0 when the platform kept its word. `acknowledged`: vouchers whose submitter has a receipt."""
    return {
        "over_allocated": _over_allocated(period),
        "under_filled": _under_filled(period),
        "lost": _lost(acknowledged),
        "doubled": _doubled(period),
        "inversions": _inversions(period),
        "out_of_rule": Replay(period).faults(),
        "ledger": len(ledger_differences(period)),
        "over_cap": _over_cap(period),
        "undecided": allocator_lag().undecided + allocator_lag().late,
    }


def _over_allocated(period: Period) -> int:
    """Dimensions that gave out more than they had: by the balance, and by what vouchers hold."""
    balances = {row.dimension: row for row in QuotaBalance._default_manager.filter(period=period)}
    held: Counter[str] = Counter()
    for voucher in Voucher._default_manager.filter(period=period, state__in=HOLDING):
        for dimension in (f"city:{voucher.city_id}", f"supplier:{voucher.quota_supplier_id}"):
            held[dimension] += voucher.amount or ZERO
    over = [name for name, row in balances.items() if row.used > row.total]
    return len(over) + sum(amount > balances[name].total for name, amount in held.items() if name in balances)


def _under_filled(period: Period) -> int:
    """Who waits though the rule would serve him."""
    claims = [as_claim(row) for row in WaitingClaim._default_manager.filter(period=period)]
    left = {row.dimension: row.available for row in QuotaBalance._default_manager.filter(period=period)}
    return len(serve_in_order(claims, left)[0])


def _lost(acknowledged: Iterable[int]) -> int:
    arrived = set(
        QuotaEvent._default_manager.filter(kind="arrive", decision__isnull=False).values_list("voucher_id", flat=True)
    )
    return len(set(acknowledged) - arrived)


def _doubled(period: Period) -> int:
    """Reservations of a voucher beyond its amount; receipts without an event, or with two."""
    held: Counter[tuple[int, str]] = Counter()
    rows = QuotaMovement._default_manager.filter(period=period, voucher__isnull=False)
    for voucher, dimension, kind, amount in rows.values_list("voucher_id", "dimension", "kind", "amount"):
        held[voucher, dimension] += amount if kind == "reserve" else -amount
    amounts = dict(Voucher._default_manager.filter(period=period).values_list("pk", "amount"))
    beyond = sum(amount > (amounts[voucher] or ZERO) or amount < ZERO for (voucher, _), amount in held.items())
    receipts = Voucher._default_manager.filter(period=period, receipt_no__isnull=False).count()
    return beyond + abs(receipts - QuotaEvent._default_manager.filter(period=period, kind="arrive").count())


def _inversions(period: Period) -> int:
    """Neighbours in the sequence whose arrivals stand the other way round, and gaps in the sequence."""
    rows = QuotaEvent._default_manager.filter(period=period, kind="arrive", voucher__sequence__isnull=False)
    order = list(rows.order_by("voucher__sequence").values_list("arrived_at", "pk", "voucher__sequence"))
    wrong = sum(later[:2] < earlier[:2] for earlier, later in pairwise(order))
    return wrong + sum(row[2] != place for place, row in enumerate(order, start=1))


def _over_cap(period: Period) -> int:
    cap = terms_of_period(period).enterprise_cap
    people = Voucher._default_manager.filter(period=period).values_list("enterprise_id", flat=True)
    return sum(used > cap for used in caps_used(people, period).values()) if cap is not None else 0


@dataclass
class Replay:
    """The event table once more, in its order: at every event the rule must serve whom the ledger served.

    Somebody who has fallen away while waiting (his own event follows) may be passed over. `barrier`: what stands before
    the next to come, while nobody of those who wait could be served; None: that has to be looked at again. `told`: what
    the ledger says, by event; None: as it stands in the database."""

    period: Period
    left: dict[str, Decimal] = field(default_factory=dict)
    waiting: dict[int, Claim] = field(default_factory=dict)
    barrier: Barrier | None = None
    told: Mapping[int, list[dict[str, Any]]] | None = None

    def faults(self) -> int:
        moved = self.moved() if self.told is None else self.told
        falls = self._falls()
        found = 0
        events = QuotaEvent._default_manager.filter(period=self.period, decision__isnull=False)
        rows = events.select_related("decision", "voucher").order_by("arrived_at", "pk")
        for event in rows:
            lines = moved.get(event.pk, [])
            self._free(event, lines)
            joined = self._join(event)
            served = {line["voucher"] for line in lines if line["kind"] == "reserve"}
            found += self._should(event, joined, falls) != served
            self._serve(lines)
            if self.barrier is None:
                self.barrier = barrier_of(self.waiting.values())
        return found

    def moved(self) -> dict[int, list[dict[str, Any]]]:
        rows = QuotaMovement._default_manager.filter(period=self.period).order_by("sequence")
        found: dict[int, list[dict[str, Any]]] = {}
        for event, dimension, kind, amount, voucher in rows.values_list(
            "event_id", "dimension", "kind", "amount", "voucher_id"
        ):
            line = {"dimension": dimension, "kind": kind, "amount": amount, "voucher": voucher}
            found.setdefault(event, []).append(line)
        return found

    def _falls(self) -> Mapping[int, tuple[Any, int]]:
        """When the voucher's own fall stands in the order."""
        rows = QuotaEvent._default_manager.filter(period=self.period, kind__in=FALLS)
        return {voucher: (at, pk) for voucher, at, pk in rows.values_list("voucher_id", "arrived_at", "pk")}

    def _free(self, event: QuotaEvent, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if line["kind"] in ("grant", "transfer", "release"):
                self.left[line["dimension"]] = self.left.get(line["dimension"], ZERO) + line["amount"]
                self.barrier = None
        if event.kind in FALLS or event.kind == "requeue":
            for pk in [pk for pk, claim in self.waiting.items() if claim.voucher == event.voucher_id]:
                del self.waiting[pk]
                self.barrier = None

    def _join(self, event: QuotaEvent) -> Claim | None:
        if event.decision.outcome not in ("served", "waiting") or event.voucher is None:
            return None
        voucher = event.voucher
        names = (f"city:{voucher.city_id}", f"supplier:{voucher.quota_supplier_id}")
        amount = Decimal(event.decision.detail["amount"])
        claim = self.waiting[event.pk] = Claim(event.pk, voucher.pk, amount, names, event.arrived_at)
        return claim

    def _should(self, event: QuotaEvent, joined: Claim | None, falls: Mapping[int, tuple[Any, int]]) -> set[int]:
        """Whom the rule serves at this event; who has fallen away meanwhile leaves without being served."""
        if self.barrier is not None:  # nobody before could be served and nothing was added: only who has just come
            if joined is None:
                return set()
            if not may_be_served(joined, self.left, self.barrier):
                self.barrier.add(joined)
                return set()
        later = QuotaMovement._default_manager
        while True:
            served, _ = serve_in_order(self.waiting.values(), dict(self.left))
            gone = [
                claim
                for claim in served
                if falls.get(claim.voucher, (event.arrived_at, event.pk)) > (event.arrived_at, event.pk)
                and not later.filter(voucher_id=claim.voucher, kind="reserve").exists()
            ]
            if not gone:
                return {claim.voucher for claim in served}
            for claim in gone:
                del self.waiting[claim.event]

    def _serve(self, lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if line["kind"] == "reserve":
                self.left[line["dimension"]] -= line["amount"]
                for pk in [pk for pk, claim in self.waiting.items() if claim.voucher == line["voucher"]]:
                    del self.waiting[pk]
