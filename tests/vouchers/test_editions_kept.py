"""Applications before and after a new edition: each keeps the edition and catalog it was made under."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog import domain as catalog
from catalog.queries import parameters_of, published_edition
from catalog.rules.terms import Parameter
from platform_site.kit import clock
from platform_site.outbox.domain import deliver_all
from suppliers.models import Product
from tests.vouchers.world import World, apply, grant, make_enterprise, make_world
from vouchers.models import Voucher

CONTRACT = "250000.00"


def new_edition(world: World) -> None:
    """60 % and 75 %, item 5 capped at 120,000, from today."""
    at = clock.now()
    edition = catalog.draft_edition(
        parent=published_edition("2020"), code="2021", title="2021 年", by=world.officer, at=at
    )
    rates = next(row for row in parameters_of(edition) if row.key == "rates")
    shares = ("0.75", "0.60", "0.75")
    changed = [row | {"rate": share} for row, share in zip(rates.value, shares, strict=True)]
    wanted = [Parameter("rates", changed, "N20/4")]
    catalog.amend_edition(edition=edition, parameters=wanted, by=world.officer, at=at)
    items = catalog.bring_catalog(edition=edition, by=world.officer, at=at)
    catalog.amend_items(catalog=items, changes={5: {"cap": Decimal("120000.00")}}, by=world.officer, at=at)
    catalog.hand_in_edition(edition=edition, by=world.officer, at=at)
    catalog.sign_edition(edition=edition, by=world.approver, at=at)
    catalog.publish_edition(edition=edition, effective_from=at.date() + timedelta(days=1), by=world.approver, at=at)


def period_of(world: World) -> World:
    """A second period that opens with the new edition after the first one has closed."""
    edition, first, at = published_edition("2021"), world.period, clock.now()
    opens = first.apply_to + timedelta(days=1)
    period = catalog.draft_period(
        edition=edition,
        catalog_version=world.period.catalog_version.successors.get(),
        code="2021",
        title="2021 年申领期",
        apply_from=opens,
        apply_to=opens + timedelta(days=30),
        redeem_from=opens + timedelta(days=31),
        redeem_to=opens + timedelta(days=200),
        clause="S19/6.1",
        assumptions_confirmed=True,
        by=world.officer,
        at=at,
    )
    catalog.sign_period(period=period, by=world.approver, at=at)
    world.period = catalog.publish_period(period=period, by=world.approver, at=at)
    return world


@pytest.mark.django_db
def test_each_application_is_assessed_under_the_edition_it_was_made_under() -> None:
    """S19/4.4.4 N20/5.1"""
    world = make_world(items=(5,))
    enterprise, owner = make_enterprise(world)
    before = apply(world, enterprise, owner, item=5, total=CONTRACT, devices=200).voucher
    new_edition(world)
    period_of(world)
    deliver_all(at=clock.now())
    world.products[5] = Product.objects.select_related("supplier").get(carried_from=world.products[5])
    back = clock.offset()
    clock.dial(back + timedelta(days=40))
    try:
        grant(world, [(f"city:{enterprise.city_id}", Decimal("5000000.00"))])
        after = apply(world, enterprise, owner, item=5, total=CONTRACT, devices=200).voucher
    finally:
        clock.dial(back)
    told = {
        voucher.edition.code: (voucher.catalog_version.code, voucher.amount, voucher.case["edition"])
        for voucher in Voucher.objects.filter(pk__in=[before.pk, after.pk]).select_related("edition", "catalog_version")
    }
    assert told == {
        "2020": ("2019", Decimal("100000.00"), "2020"),
        "2021": ("2021", Decimal("120000.00"), "2021"),
    }
