"""Many enterprises with many applications that are made ready, in seconds: a few are made by the real commands, the
others are copies of their rows. Worlds of this size serve the race suite and the benchmarks."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import connection

from platform_site.accounts import domain as accounts
from platform_site.accounts.models import Membership
from platform_site.accounts.queries import actor_for
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.fsm import Stateful, bulk_perform, initial_state
from platform_site.kit.yaml_files import read_yaml
from suppliers.models import Product
from tests.accounts.people import company_number
from tests.vouchers.world import SETUP, World, grant, make_enterprise, make_form, make_product, make_supplier
from vouchers import domain
from vouchers.models import ApplicationDraft, Contract, ContractFile, CostLine, Enterprise, Voucher

CITIES = ("440100", "440600", "441400", "441900")
_serial = count(100_000)


@dataclass(frozen=True)
class Applicant:
    """One enterprise with the person who acts for it, and its applications made ready."""

    enterprise_id: int
    actor: Actor
    voucher_ids: tuple[int, ...]


@dataclass
class Crowd:
    """`products`: one per supplier. `applicants` in a fixed order, cities alternating."""

    world: World
    products: list[Product]
    applicants: list[Applicant] = field(default_factory=list)

    @property
    def voucher_ids(self) -> list[int]:
        return [pk for one in self.applicants for pk in one.voucher_ids]


def make_crowd(
    world: World, *, enterprises: int, each: int, totals: Sequence[str] = ("1000.00",), suppliers: int = 5
) -> Crowd:
    """Enterprises spread evenly over four cities, each with `each` prepared applications, one per supplier (so at most
    as many as suppliers). `totals`: yuan of the contracts, taken in turn by supplier and city."""
    _more_places(world)
    crowd = Crowd(world, _make_products(world, suppliers))
    patterns = {city: _pattern(crowd, place, each, totals) for place, city in enumerate(CITIES)}
    chosen = [patterns[CITIES[number % len(CITIES)]] for number in range(enterprises)]
    people = _copy_people(chosen)
    vouchers = _copy_applications(chosen, people)
    for place, (enterprise, actor) in enumerate(people):
        own = vouchers[place * each : (place + 1) * each]
        crowd.applicants.append(Applicant(enterprise.pk, actor, tuple(row.pk for row in own)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return crowd


def give_quota(crowd: Crowd, share: Decimal) -> None:
    """So much of what is asked for, evenly over the cities; suppliers have their initial limits (N20/3.2)."""
    asked = dict.fromkeys(CITIES, Decimal(0))
    rows = Voucher._default_manager.filter(pk__in=crowd.voucher_ids)
    for city, amount in rows.values_list("city_id", "prepared_amount"):
        asked[city] += amount
    grant(crowd.world, [(f"city:{city}", (total * share).quantize(Decimal("1.00"))) for city, total in asked.items()])


def _more_places(world: World) -> None:
    """The cities a small world has not yet."""
    rows = read_yaml(Path(settings.BASE_DIR) / "fixtures" / "cities.yaml")["cities"]
    accounts.set_up_places(cities=[row for row in rows if row["code"] in CITIES], by=SETUP, at=world.at)


def _make_products(world: World, number: int, item: int = 7) -> list[Product]:
    """One listed product each, of different suppliers."""
    products = [world.products[item]]
    while len(products) < number:
        supplier, actor = make_supplier(world.officer, world.approver, world.at)
        products.append(make_product(world, item, supplier=supplier, actor=actor))
    return products


@dataclass(frozen=True)
class _Pattern:
    """What is copied: an enterprise and its prepared applications, made by the commands."""

    enterprise: Enterprise
    actor: Actor
    drafts: tuple[ApplicationDraft, ...]


def _pattern(crowd: Crowd, place: int, each: int, totals: Sequence[str]) -> _Pattern:
    city, period, drafts = CITIES[place], crowd.world.period, []
    enterprise, actor = make_enterprise(crowd.world, city=city)
    for turn, product in enumerate(islice(crowd.products, each)):
        form = make_form(crowd.world, actor, total=totals[(place + turn) % len(totals)], place_city=city)
        form = replace(form, product_id=product.pk, supplier_id=product.supplier_id, modules=tuple(product.modules[:5]))
        draft = domain.save_draft(enterprise=enterprise, period=period, data={}, by=actor, at=clock.now())
        domain.prepare_application(draft=draft, form=form, by=actor, at=clock.now())
        drafts.append(ApplicationDraft._default_manager.select_related("prepared__contract").get(pk=draft.pk))
    return _Pattern(enterprise, actor, tuple(drafts))


# -- copies ----------------------------------------------------------------------------------------------------------


def _copied(row: Any, **changes: Any) -> Any:
    """A row of its own with the same content, at the beginning of its life: the database lets nothing else begin."""
    made = copy(row)
    made._state = copy(row._state)
    made._state.fields_cache = dict(row._state.fields_cache)
    made._state.adding, made.pk = True, None
    for name, value in changes.items():
        setattr(made, name, value)
    if isinstance(made, Stateful):
        made.__dict__["state"] = initial_state(type(made))
    return made


def _insert(rows: Sequence[Any]) -> list[Any]:
    return type(rows[0])._default_manager.bulk_create(rows, batch_size=1000) if rows else []


def _copy_people(chosen: Sequence[_Pattern]) -> list[tuple[Enterprise, Actor]]:
    members = Membership._default_manager.select_related("user", "organisation")
    sources = members.in_bulk({pattern.actor.membership_id for pattern in chosen})
    rows = [(sources[pattern.actor.membership_id], next(_serial)) for pattern in chosen]
    organisations = _insert([_copied(row.organisation, uscc=company_number(number)) for row, number in rows])
    users = _insert(
        [_copied(row.user, username=f"crowd{number}", email=f"crowd{number}@example.com") for row, number in rows]
    )
    places = zip(rows, organisations, users, strict=True)
    memberships = _insert([_copied(row, organisation=where, user=who) for (row, _), where, who in places])
    pairs = zip(chosen, organisations, strict=True)
    enterprises = _insert([_copied(one.enterprise, organisation=where, uscc=where.uscc) for one, where in pairs])
    for verb in ("submit", "approve"):
        bulk_perform(Enterprise, [row.pk for row in enterprises], verb, at=clock.now())
    return list(zip(enterprises, map(actor_for, users, memberships), strict=True))


def _copy_applications(chosen: Sequence[_Pattern], people: Sequence[tuple[Enterprise, Actor]]) -> list[Voucher]:
    pairs = [
        (draft, enterprise) for pattern, (enterprise, _) in zip(chosen, people, strict=True) for draft in pattern.drafts
    ]
    contracts = _insert(
        [_copied(draft.prepared.contract, enterprise=whose, number=f"RUSH{next(_serial)}") for draft, whose in pairs]
    )
    _copy_parts([(draft.prepared.contract_id, new) for (draft, _), new in zip(pairs, contracts, strict=True)])
    vouchers = _insert(
        [
            _copied(draft.prepared, enterprise=whose, contract=contract, contract_key=contract.number)
            for (draft, whose), contract in zip(pairs, contracts, strict=True)
        ]
    )
    ready = zip(pairs, vouchers, strict=True)
    _insert([_copied(draft, enterprise=whose, prepared=voucher) for (draft, whose), voucher in ready])
    return vouchers


def _copy_parts(pairs: Sequence[tuple[int, Contract]]) -> None:
    """Cost lines and files; a file's content is shared, its row is each contract's own."""
    lines = _by_contract(CostLine._default_manager.all(), pairs)
    files = _by_contract(ContractFile._default_manager.select_related("file"), pairs)
    _insert([_copied(line, contract=contract) for pk, contract in pairs for line in lines[pk]])
    copies = [(row, contract, _copied(row.file, pk=uuid4())) for pk, contract in pairs for row in files[pk]]
    _insert([stored for _, _, stored in copies])
    _insert([_copied(row, contract=contract, file=stored) for row, contract, stored in copies])


def _by_contract(rows: Any, pairs: Sequence[tuple[int, Contract]]) -> dict[int, list[Any]]:
    return {pk: list(rows.filter(contract_id=pk)) for pk in {pk for pk, _ in pairs}}
