"""Who sees which quota, and what moved it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from catalog.models import Period
from platform_site.accounts.enums import Kind, Role
from platform_site.accounts.models import Organisation
from platform_site.kit.actor import Actor
from suppliers.models import Agent, Supplier
from vouchers.models import QuotaBalance, QuotaMovement, WaitingClaim
from vouchers.queries.quota import available_in, dimension_names
from vouchers.rules.dimensions import city_dimension, supplier_dimension

ZERO = Decimal("0.00")
_READS_ALL = (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR)


def quota_owners(actor: Actor) -> QuerySet[Supplier]:
    """Whose limits a supplier's people see: their own, and those of the suppliers they are agents of, since they share
    them (S19/5.2.3(1))."""
    if actor.organisation_kind != Kind.SUPPLIER or actor.organisation_id is None:
        return Supplier.objects.none()
    company = Organisation.objects.filter(pk=actor.organisation_id).exclude(uscc="").values("uscc")
    of_agents = Agent.objects.filter(uscc__in=company, removed_at__isnull=True).values("supplier_id")
    return Supplier.objects.filter(Q(organisation_id=actor.organisation_id) | Q(pk__in=of_agents)).order_by("pk")


def own_dimensions(actor: Actor) -> list[str]:
    """The dimensions whose statements this actor may read; for those who read all, nothing is listed."""
    if actor.organisation_kind in (Kind.CITY, Kind.COUNTY) and actor.organisation_id is not None:
        return [city_dimension(f"{actor.area_code[:4]}00")]
    return [supplier_dimension(one.pk) for one in quota_owners(actor)]


def movements_visible_to(actor: Actor) -> QuerySet[QuotaMovement]:
    """Province and auditor all; city and supplier those of their own dimensions."""
    rows = QuotaMovement.objects.select_related("voucher", "event", "period")
    return rows if actor.has(*_READS_ALL) else rows.filter(dimension__in=own_dimensions(actor))


@dataclass(frozen=True, slots=True)
class Account:
    """One dimension as its owner sees it, yuan. opened: the allocator keeps a balance of it; before that a supplier has
    its initial limit. waiting: claims that need it, and what they need."""

    dimension: str
    name: str
    opened: bool
    total: Decimal
    reserved: Decimal
    consumed: Decimal
    available: Decimal
    waiting: int
    waiting_sum: Decimal

    @property
    def used(self) -> Decimal:
        return self.reserved + self.consumed


def accounts_of(period: Period, dimensions: Iterable[str]) -> list[Account]:
    """In the order given."""
    keys = list(dimensions)
    rows = {row.dimension: row for row in QuotaBalance.objects.filter(period=period, dimension__in=keys)}
    names, fresh = dimension_names(keys), available_in(period, [key for key in keys if key not in rows])
    queued = _waiting(period, keys)
    return [
        Account(
            dimension=key,
            name=names[key],
            opened=key in rows,
            total=rows[key].total if key in rows else fresh[key],
            reserved=rows[key].reserved if key in rows else ZERO,
            consumed=rows[key].consumed if key in rows else ZERO,
            available=rows[key].available if key in rows else fresh[key],
            waiting=queued.get(key, (0, ZERO))[0],
            waiting_sum=queued.get(key, (0, ZERO))[1],
        )
        for key in keys
    ]


def _waiting(period: Period, keys: list[str]) -> dict[str, tuple[int, Decimal]]:
    found: dict[str, tuple[int, Decimal]] = {}
    of_suppliers = [key for key in keys if key.startswith("supplier:")]
    budgets = [key for key in keys if key not in of_suppliers]
    for column, wanted in (("budget_dimension", budgets), ("supplier_dimension", of_suppliers)):
        rows = WaitingClaim.objects.filter(period=period, **{f"{column}__in": wanted}).order_by().values_list(column)
        found |= {name: (count, amount) for name, count, amount in rows.annotate(Count("pk"), Sum("amount"))}
    return found
