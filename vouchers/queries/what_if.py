"""What a change of quota would do, before it is done (S19/5.1.1, S19/7.3). Reading only.

`effect_of` looks at the present: today's balances and today's queue. It is quick (10,000 waiting: well under a second)
and is shown where a plan or a reallocation is drafted and signed. The replay of a whole period stands in
`vouchers.queries.history`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from catalog.models import Period
from platform_site.accounts.enums import Role
from platform_site.accounts.models import City
from platform_site.kit.actor import Actor
from vouchers.enums import WhatIfKind
from vouchers.models import QuotaBalance, Voucher, WaitingClaim, WhatIfRow, WhatIfRun
from vouchers.queries.quota import as_claim, available_in, dimension_names
from vouchers.rules.queue import Claim
from vouchers.rules.replay import QueueReplay

ZERO = Decimal("0.00")
NAMED = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """One waiting application, or the difference by which one may rise (`rises`). amount: yuan it waits for."""

    voucher: int
    number: str
    enterprise: str
    city: str
    supplier: str
    amount: Decimal
    rises: bool


@dataclass(frozen=True, slots=True)
class DimensionEffect:
    """One city, supplier or pilot. Money in yuan.

    available_before / available_after: what is left now / after the change and after those served took theirs.
    waiting_*: claims in the queue that need this dimension. served, served_sum: those of them the change lets through.
    """

    dimension: str
    name: str
    change: Decimal
    available_before: Decimal
    available_after: Decimal
    waiting_before: int
    waiting_before_sum: Decimal
    served: int
    served_sum: Decimal

    @property
    def waiting_after(self) -> int:
        return self.waiting_before - self.served

    @property
    def waiting_after_sum(self) -> Decimal:
        return self.waiting_before_sum - self.served_sum


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A dimension from which more would be taken than is left: the allocator would refuse (S19/7.3)."""

    dimension: str
    name: str
    available: Decimal
    change: Decimal


@dataclass(frozen=True, slots=True)
class Effect:
    """served: how many waiting claims would be served by the change, in yuan `served_sum`; `first` names the first
    200 of them in the order of serving. lost: claims that would be served without the change and not with it (only
    where events are still undecided; what is reserved stays reserved whatever the change). rows: cities, pilots and
    suppliers that change or in which anybody waits, cities first. short: what makes the change impossible as it
    stands; the figures then leave these lines out."""

    served: int
    served_sum: Decimal
    lost: int
    lost_sum: Decimal
    still_waiting: int
    still_waiting_sum: Decimal
    first: tuple[Moved, ...]
    rows: tuple[DimensionEffect, ...]
    short: tuple[Shortfall, ...]

    @property
    def cities(self) -> tuple[DimensionEffect, ...]:
        """Budgets: cities and pilots."""
        return tuple(row for row in self.rows if not row.dimension.startswith("supplier:"))

    @property
    def suppliers(self) -> tuple[DimensionEffect, ...]:
        return tuple(row for row in self.rows if row.dimension.startswith("supplier:"))


def effect_of(period: Period, changes: Mapping[str, Decimal]) -> Effect:
    """What would happen to those who wait now, if the totals changed so.

    `changes`: dimension ("city:440100", "supplier:12", "pilot:3") → **signed change in yuan** (not the new total; see
    `changes_from_totals`). A dimension may be missing or 0. Nothing is written; five queries, whatever the sizes.
    """
    claims = [as_claim(row) for row in WaitingClaim.objects.filter(period=period)]
    claims.sort(key=Claim.place)
    names = {name for claim in claims for name in claim.dimensions} | changes.keys()
    left = available_in(period, sorted(names))
    short = {name for name, change in changes.items() if left[name] + change < ZERO}
    wanted = {name: change for name, change in changes.items() if change and name not in short}
    before, _ = _walk(claims, left, {})
    after, engine = _walk(claims, left, wanted)
    kept = {claim.event for claim in before}
    gained = [claim for claim in after if claim.event not in kept]
    lost = [claim for claim in before if claim.event not in {one.event for one in after}]
    rest = list(engine.waiting())
    labels = dimension_names(names)
    rows = _rows(claims, gained, left, changes, engine, labels)
    return Effect(
        served=len(gained),
        served_sum=_sum(gained),
        lost=len(lost),
        lost_sum=_sum(lost),
        still_waiting=len(rest),
        still_waiting_sum=_sum(rest),
        first=_named(gained[:NAMED]),
        rows=tuple(rows),
        short=tuple(Shortfall(name, labels[name], left[name], changes[name]) for name in sorted(short)),
    )


def changes_from_totals(period: Period, totals: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """New totals, as a grant plan has them → signed changes against the totals now; a supplier nobody has drawn on
    counts with its initial limit."""
    now = totals_now(period, totals)
    return {name: total - now[name] for name, total in totals.items() if total != now[name]}


def totals_now(period: Period, dimensions: Iterable[str]) -> dict[str, Decimal]:
    """Yuan granted so far by dimension; initial limit of a supplier not opened yet, else 0.00."""
    wanted = list(dimensions)
    found = _balance_totals(period, wanted)
    missing = [name for name in wanted if name not in found]
    return found | available_in(period, missing)


def _balance_totals(period: Period, dimensions: list[str]) -> dict[str, Decimal]:
    rows = QuotaBalance.objects.filter(period=period, dimension__in=dimensions)
    return dict(rows.values_list("dimension", "total"))


def _walk(
    claims: list[Claim], left: Mapping[str, Decimal], changes: Mapping[str, Decimal]
) -> tuple[list[Claim], QueueReplay]:
    """The queue as it stands, walked once from its head; gives who is served and what is left over."""
    engine = QueueReplay()
    for name, amount in left.items():
        engine.grant(name, amount + changes.get(name, ZERO))
    return [claim for claim in claims if engine.arrive(claim)], engine


def _rows(
    claims: list[Claim],
    gained: list[Claim],
    left: Mapping[str, Decimal],
    changes: Mapping[str, Decimal],
    engine: QueueReplay,
    names: Mapping[str, str],
) -> list[DimensionEffect]:
    waiting, served = _by_dimension(claims), _by_dimension(gained)
    return [
        DimensionEffect(
            dimension=name,
            name=names[name],
            change=changes.get(name, ZERO),
            available_before=left[name],
            available_after=engine.available(name),
            waiting_before=waiting.get(name, NOBODY)[0],
            waiting_before_sum=waiting.get(name, NOBODY)[1],
            served=served.get(name, NOBODY)[0],
            served_sum=served.get(name, NOBODY)[1],
        )
        for name in sorted(left)
    ]


NOBODY = (0, ZERO)


def _by_dimension(claims: Iterable[Claim]) -> dict[str, tuple[int, Decimal]]:
    found: dict[str, tuple[int, Decimal]] = {}
    for claim in claims:
        for name in claim.dimensions:
            count, total = found.get(name, NOBODY)
            found[name] = (count + 1, total + claim.amount)
    return found


def _named(claims: list[Claim]) -> tuple[Moved, ...]:
    rows = Voucher.objects.select_related("enterprise", "supplier").in_bulk([claim.voucher for claim in claims])
    cities = dict(City.objects.values_list("code", "short"))
    return tuple(
        Moved(
            voucher=claim.voucher,
            number=rows[claim.voucher].number or "",
            enterprise=rows[claim.voucher].enterprise.name,
            city=cities.get(rows[claim.voucher].city_id, rows[claim.voucher].city_id),
            supplier=rows[claim.voucher].supplier.name,
            amount=claim.amount,
            rises=claim.rises,
        )
        for claim in claims
    )


def _sum(claims: Iterable[Claim]) -> Decimal:
    return sum((claim.amount for claim in claims), ZERO)


# -- replays of a whole period ---------------------------------------------------------------------------------------


def what_ifs_visible_to(actor: Actor, kind: WhatIfKind = WhatIfKind.QUOTA) -> QuerySet[WhatIfRun]:
    """The province's own, newest first, and the auditor's to read."""
    if not actor.has(Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR):
        return WhatIfRun.objects.none()
    runs = WhatIfRun.objects.filter(kind=kind)
    return runs.select_related("period__edition", "asked_by").order_by("-pk")


def what_if_rows(run: WhatIfRun) -> QuerySet[WhatIfRow]:
    """The vouchers that stand otherwise, in the order of their numbers."""
    of_voucher = ("enterprise", "supplier", "city", "product")
    return run.rows.select_related(*(f"voucher__{name}" for name in of_voucher))
