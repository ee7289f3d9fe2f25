"""The period's own history, read for the replay, played, and held against what really happened."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Sum, Value, When

from catalog.models import Period
from catalog.queries import terms_of_period
from vouchers.enums import EventKind, MovementKind
from vouchers.models import QuotaBalance, QuotaEvent, QuotaMovement, Voucher, WaitingClaim
from vouchers.rules.dimensions import budget_of, supplier_dimension
from vouchers.rules.history import History, PastEvent, Seat

ZERO = Decimal("0.00")
TOLD_EVERY = 2_000  # events between two notes of progress
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """Everything decided so far, in order, and where each voucher queues."""

    period: Period
    events: list[PastEvent]
    seats: dict[int, Seat]


def past_of(period: Period) -> PastPeriod:
    """Four queries; 100,000 events take some seconds and about 150 MB."""
    return PastPeriod(period, list(_events(period)), _seats(period))


def play(past: PastPeriod, changes: Mapping[str, Decimal], progress: Progress = lambda done: None) -> History:
    """`progress` is told the number of events played, now and then."""
    history = History(past.seats, changes)
    history.expect(past.events)
    for number, event in enumerate(past.events, start=1):
        history.play(event)
        if number % TOLD_EVERY == 0:
            progress(number)
    return history


@dataclass(frozen=True, slots=True)
class Check:
    """Does the replay under the unchanged quotas give what really happened? The counts are of what was compared; the
    lists name what differs (ids of vouchers, dimensions) and are empty when it does."""

    vouchers: int
    dimensions: int
    wrong_vouchers: tuple[int, ...]
    wrong_dimensions: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.wrong_vouchers and not self.wrong_dimensions


def check(period: Period, unchanged: History) -> Check:
    """Every voucher: yuan held and yuan waited for. Every dimension: total and what is left."""
    held, waiting = _really_held(period), _really_waiting(period)
    played = {pk: (one.held, one.waiting) for pk, one in unchanged.standings.items()}
    wrong = [pk for pk, pair in played.items() if pair != (held.get(pk, ZERO), waiting.get(pk, ZERO))]
    wrong += [pk for pk in held.keys() | waiting.keys() if pk not in played]
    balances = {
        row.dimension: (row.total, row.available) for row in QuotaBalance.objects.filter(period=period).order_by("pk")
    }
    queue = unchanged.queue
    names = balances.keys() | set(queue.dimensions())
    wrong_names = [
        name for name in names if balances.get(name, (ZERO, ZERO)) != (queue.total(name), queue.available(name))
    ]
    return Check(len(played.keys() | held.keys()), len(names), tuple(sorted(wrong)), tuple(sorted(wrong_names)))


def _really_held(period: Period) -> dict[int, Decimal]:
    """By voucher, paid out included; every voucher holds the same in each of its dimensions."""
    signed = Case(
        When(kind=MovementKind.RESERVE, then=F("amount")),
        When(kind=MovementKind.RELEASE, then=-F("amount")),
        default=Value(ZERO),
    )
    rows = QuotaMovement.objects.filter(period=period, voucher__isnull=False, dimension__startswith="supplier:")
    return dict(rows.values_list("voucher_id").annotate(held=Sum(signed)).order_by())


def _really_waiting(period: Period) -> dict[int, Decimal]:
    rows = WaitingClaim.objects.filter(period=period).values_list("voucher_id")
    return dict(rows.annotate(wanted=Sum("amount")).order_by())


def _seats(period: Period) -> dict[int, Seat]:
    shared = terms_of_period(period).pilot_uses_city_quota
    rows = Voucher.objects.filter(period=period).exclude(state="draft")
    return {
        pk: Seat(
            (budget_of(city, pilot, pilot_uses_city_quota=shared), supplier_dimension(supplier)),
            1 if pilot is None else 0,
        )
        for pk, city, pilot, supplier in rows.values_list("pk", "city_id", "pilot_id", "quota_supplier_id")
    }


def _events(period: Period) -> Iterator[PastEvent]:
    grants = _changes_of_totals(period, MovementKind.GRANT)
    moves = _changes_of_totals(period, MovementKind.TRANSFER)
    rows = QuotaEvent.objects.filter(period=period, decision__isnull=False).order_by("arrived_at", "pk")
    fields = ("pk", "kind", "arrived_at", "decision__decided_at", "voucher_id", "decision__detail")
    for pk, kind, arrived, decided, voucher, detail in rows.values_list(*fields).iterator(5_000):
        yield PastEvent(
            event=pk,
            kind=kind,
            arrived=arrived,
            decided=decided,
            voucher=voucher,
            amount=_asked(kind, detail),
            released=Decimal(detail.get("released", "0.00")),
            grants=tuple(grants.get(pk, ())),
            moves=tuple(moves.get(pk, ())),
        )


def _asked(kind: str, detail: Mapping[str, Any]) -> Decimal | None:
    name = "consumed" if kind == EventKind.CONSUME else "amount"
    return Decimal(detail[name]) if detail.get(name) is not None else None


def _changes_of_totals(period: Period, kind: MovementKind) -> dict[int, list[tuple[str, Decimal]]]:
    """By event, from the ledger: what an event really changed counts, not what was asked for."""
    found: dict[int, list[tuple[str, Decimal]]] = {}
    rows = QuotaMovement.objects.filter(period=period, kind=kind).order_by("sequence")
    for event, dimension, amount in rows.values_list("event_id", "dimension", "amount"):
        found.setdefault(event, []).append((dimension, amount))
    return found
