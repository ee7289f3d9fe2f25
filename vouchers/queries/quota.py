"""Balances, places in the queue, what is left for whom, and whether the ledger agrees with the balances."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from catalog.models import Period
from catalog.queries import terms_of_period
from catalog.rules.terms import EditionTerms
from platform_site.accounts.enums import Kind, Role
from platform_site.accounts.models import City
from platform_site.kit.actor import Actor
from platform_site.kit.compiled import one_of
from suppliers.models import Supplier
from vouchers.enums import ISSUED_STATES, MovementKind, VoucherState
from vouchers.models import QuotaBalance, QuotaMovement, QuotaPlan, Voucher, WaitingClaim
from vouchers.rules.dimensions import budget_of, city_dimension, parse_dimension, supplier_dimension
from vouchers.rules.queue import Claim, barrier_of, held_back, lacking

ZERO = Decimal("0.00")


# -- caps ------------------------------------------------------------------------------------------------------------


def cap_used(enterprise_id: int, period: Period, *, but: int | None = None) -> Decimal:
    """Yuan the enterprise's vouchers hold of its own cap, reserved, paid out or waiting (S19/annex.note3)."""
    return caps_used([enterprise_id], period, but=but).get(enterprise_id, ZERO)


def caps_used(enterprise_ids: Iterable[int], period: Period, *, but: int | None = None) -> dict[int, Decimal]:
    """By enterprise. Read from the ledger, so it follows the order of events; `but` leaves one voucher out."""
    span = Q(period=period)
    if terms_of_period(period).cap_span == "year":
        span = Q(period__edition_id=period.edition_id)
    decided = Voucher.objects.filter(span, one_of("enterprise_id", set(enterprise_ids)), sequence__isnull=False)
    owner = {pk: enterprise for pk, enterprise in decided.values_list("pk", "enterprise_id") if pk != but}
    if not owner:
        return {}
    mine = one_of("voucher_id", owner)
    moved = QuotaMovement.objects.filter(mine, dimension__startswith="supplier:").values_list("voucher_id")
    held = moved.annotate(
        taken=Sum("amount", filter=Q(kind=MovementKind.RESERVE)),
        freed=Sum("amount", filter=Q(kind=MovementKind.RELEASE)),
    )
    queued = WaitingClaim.objects.filter(mine).values_list("voucher_id").annotate(Sum("amount"))
    used: dict[int, Decimal] = {}
    for pk, taken, freed in held:
        used[owner[pk]] = used.get(owner[pk], ZERO) + (taken or ZERO) - (freed or ZERO)
    for pk, wanted in queued:
        used[owner[pk]] = used.get(owner[pk], ZERO) + wanted
    return used


# -- balances --------------------------------------------------------------------------------------------------------


def balances_visible_to(actor: Actor) -> QuerySet[QuotaBalance]:
    """Province and auditor all; a city its own and the suppliers' limits; everybody else nothing."""
    rows = QuotaBalance.objects.select_related("period")
    if actor.has(Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR):
        return rows
    if actor.organisation_kind in (Kind.CITY, Kind.COUNTY) and actor.organisation_id is not None:
        own = city_dimension(f"{actor.area_code[:4]}00")
        return rows.filter(Q(dimension=own) | Q(dimension__startswith="supplier:"))
    return rows.none()


def initial_limit(supplier: Supplier, terms: EditionTerms) -> Decimal:
    """What a supplier has before the province plans otherwise (N20/3.2)."""
    return terms.supplier_limits.get(supplier.quota_class, ZERO)


def available_in(period: Period, dimensions: Iterable[str]) -> dict[str, Decimal]:
    """Yuan left; a supplier nobody has drawn on yet has its initial limit, other dimensions without a grant nothing."""
    wanted = list(dict.fromkeys(dimensions))
    rows = QuotaBalance.objects.filter(period=period, dimension__in=wanted)
    left = {row.dimension: row.available for row in rows}
    missing = [parse_dimension(d) for d in wanted if d not in left]
    fresh = Supplier.objects.in_bulk([int(d.key) for d in missing if d.kind == "supplier"])
    terms = terms_of_period(period) if fresh else None
    for dimension in missing:
        supplier = fresh.get(int(dimension.key)) if dimension.kind == "supplier" else None
        left[str(dimension)] = initial_limit(supplier, terms) if supplier and terms else ZERO
    return left


def dimension_names(dimensions: Iterable[str]) -> dict[str, str]:
    """Chinese names for tables."""
    parsed = {text: parse_dimension(text) for text in set(dimensions)}
    city_names = dict(City.objects.values_list("code", "name"))
    suppliers = Supplier.objects.in_bulk([int(d.key) for d in parsed.values() if d.kind == "supplier"])
    names = {}
    for text, dimension in parsed.items():
        if dimension.kind == "city":
            names[text] = city_names.get(dimension.key, dimension.key)
        elif dimension.kind == "supplier":
            found = suppliers.get(int(dimension.key))
            names[text] = found.name if found else text
        else:
            names[text] = f"集群试点 {dimension.key}"
    return names


# -- places in the queue ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ahead:
    """Somebody before: only city and amount are shown."""

    position: int
    city: str
    amount: Decimal
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Binding:
    """A dimension that keeps somebody waiting. `lacks`: too small for the claim itself; else someone before needs
    it."""

    dimension: str
    name: str
    total: Decimal
    used: Decimal
    available: Decimal
    lacks: bool


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """place: 1 is next. ahead: those before who need one of the same dimensions, the own one last."""

    place: int
    amount: Decimal
    ahead: tuple[Ahead, ...]
    binding: tuple[Binding, ...]


def as_claim(row: WaitingClaim) -> Claim:
    return Claim(
        event=row.event_id,
        voucher=row.voucher_id,
        amount=row.amount,
        dimensions=(row.budget_dimension, row.supplier_dimension),
        arrived=row.arrived_at,
        priority=row.priority,
        rises=row.rises,
    )


def queue_position(voucher: Voucher, *, show: int = 5) -> QueuePosition | None:
    """Where a waiting voucher stands; None when it does not wait."""
    own = WaitingClaim.objects.filter(voucher=voucher, rises=False).first()
    if own is None:
        return None
    claim = as_claim(own)
    ahead = ahead_of(voucher.period, claim)
    count = ahead.count()
    nearest = list(ahead.order_by("-priority", "-arrived_at", "-event_id").select_related("voucher__city")[:show])
    shown = [
        Ahead(count - offset, row.voucher.city.short, row.amount) for offset, row in reversed(list(enumerate(nearest)))
    ]
    mine = Ahead(count + 1, voucher.city.short, claim.amount, mine=True)
    return QueuePosition(count + 1, claim.amount, (*shown, mine), _bindings(voucher.period, claim))


def ahead_of(period: Period, claim: Claim) -> QuerySet[WaitingClaim]:
    """Claims before this one that need one of its dimensions."""
    earlier = Q(priority__lt=claim.priority) | Q(priority=claim.priority, arrived_at__lt=claim.arrived)
    earlier |= Q(priority=claim.priority, arrived_at=claim.arrived, event_id__lt=claim.event)
    same = Q(budget_dimension__in=claim.dimensions) | Q(supplier_dimension__in=claim.dimensions)
    return WaitingClaim.objects.filter(earlier, same, period=period)


def _bindings(period: Period, claim: Claim) -> tuple[Binding, ...]:
    left = available_in(period, claim.dimensions)
    before = barrier_of(as_claim(row) for row in ahead_of(period, claim))
    short = lacking(claim, left)
    held = held_back(claim, left, before)
    balances = {
        row.dimension: row for row in QuotaBalance.objects.filter(period=period, dimension__in=claim.dimensions)
    }
    names = dimension_names(claim.dimensions)
    return tuple(
        Binding(
            dimension=d,
            name=names[d],
            total=balances[d].total if d in balances else left[d],
            used=balances[d].used if d in balances else ZERO,
            available=left[d],
            lacks=d in short,
        )
        for d in claim.dimensions
        if d in short or d in held
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would happen to an application handed in now. `waits_before`: how many stand before it in what it needs."""

    served: bool
    available: dict[str, Decimal]
    names: dict[str, str]
    short: tuple[str, ...]
    held: tuple[str, ...]
    waits_before: int


def outlook(
    *, period: Period, city_code: str, supplier_id: int, amount: Decimal, pilot_id: int | None = None
) -> Outlook:
    terms = terms_of_period(period)
    budget = budget_of(city_code, pilot_id, pilot_uses_city_quota=terms.pilot_uses_city_quota)
    dimensions = (budget, supplier_dimension(supplier_id))
    left = available_in(period, dimensions)
    rows = WaitingClaim.objects.filter(period=period)
    rows = rows.filter(Q(budget_dimension__in=dimensions) | Q(supplier_dimension__in=dimensions))
    priority = 0 if pilot_id else 1
    waiting = [as_claim(row) for row in rows if row.priority <= priority]
    claim = Claim(0, 0, amount, dimensions, None, priority)
    short, held = lacking(claim, left), held_back(claim, left, barrier_of(waiting))
    return Outlook(not short and not held, left, dimension_names(dimensions), short, held, len(waiting))


def queue_board(period: Period) -> list[dict[str, Any]]:
    """Per city, for everybody: totals, what is issued, under review and waiting. No enterprise can be told from it."""
    by_city = {
        row["city_id"]: row
        for row in Voucher.objects.filter(period=period)
        .values("city_id")
        .annotate(
            issued=Count("id", filter=Q(state__in=ISSUED_STATES)),
            issued_sum=Sum("amount", filter=Q(state__in=ISSUED_STATES)),
            reviewing=Count("id", filter=Q(state__in=[VoucherState.UNDER_REVIEW, VoucherState.RETURNED])),
            waiting=Count("id", filter=Q(state=VoucherState.WAITING)),
            waiting_sum=Sum("amount", filter=Q(state=VoucherState.WAITING)),
        )
    }
    balances = {row.dimension: row for row in QuotaBalance.objects.filter(period=period, dimension__startswith="city:")}
    return [
        _board_row(city, by_city.get(city.code, {}), balances.get(city_dimension(city.code)))
        for city in City.objects.all()
    ]


def _board_row(city: City, counts: Mapping[str, Any], balance: QuotaBalance | None) -> dict[str, Any]:
    return {
        "city": city,
        "total": balance.total if balance else ZERO,
        "used": balance.used if balance else ZERO,
        "available": balance.available if balance else ZERO,
        "issued": counts.get("issued") or 0,
        "issued_sum": counts.get("issued_sum") or ZERO,
        "reviewing": counts.get("reviewing") or 0,
        "waiting": counts.get("waiting") or 0,
        "waiting_sum": counts.get("waiting_sum") or ZERO,
    }


def largest_waiting(period: Period, *, show: int = 10) -> list[WaitingClaim]:
    """Large applications at the head of the queue, which hold others back: the province may reallocate (default 4)."""
    rows = WaitingClaim.objects.filter(period=period).select_related("voucher__city", "voucher__supplier")
    return list(rows.order_by("priority", "arrived_at", "event_id")[:show])


def plans_visible_to(actor: Actor) -> QuerySet[QuotaPlan]:
    """The province's own, and the auditor's to read."""
    if not actor.has(Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR):
        return QuotaPlan.objects.none()
    return QuotaPlan.objects.select_related("period", "drafted_by", "signed_by", "event__decision").order_by("-pk")
