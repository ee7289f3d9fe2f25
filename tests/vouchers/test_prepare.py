"""Prepare before the opening, press once at it."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Period
from catalog.queries import terms_of_period
from platform_site.accounts.domain import impose_standing
from platform_site.accounts.enums import Bar
from platform_site.accounts.queries import day_of
from platform_site.audit.models import Entry
from platform_site.files.models import FileGrant
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from suppliers.domain import impose_on_product
from tests.vouchers.world import FOSHAN, SETUP, World, apply, issue, make_enterprise, make_form
from vouchers import domain
from vouchers.models import ApplicationDraft, Contract, CostLine, QuotaEvent, Voucher
from vouchers.queries import vouchers_visible_to

ITEMS = (7, 1, 2, 3)
AT_MOST = 11  # statements of the arrival's transaction


def opens(world: World, *, apply_from: datetime) -> None:
    Period.objects.filter(pk=world.period.pk).update(apply_from=apply_from)
    world.period.apply_from = apply_from


@pytest.fixture
def enterprise(world: World):
    return make_enterprise(world)


def drafted(world: World, enterprise) -> ApplicationDraft:
    owner, actor = enterprise
    return domain.save_draft(enterprise=owner, period=world.period, data={"product": "7"}, by=actor, at=clock.now())


def prepared(world: World, enterprise, form=None) -> Voucher:
    form = form or make_form(world, enterprise[1])
    draft = drafted(world, enterprise)
    return domain.prepare_application(draft=draft, form=form, by=enterprise[1], at=clock.now())


def press(voucher: Voucher, actor, key: str = "") -> domain.Receipt:
    return domain.submit_prepared(voucher=voucher, key=key or uuid4().hex, by=actor, at=clock.now())


def refused_press(voucher: Voucher, actor) -> list[str]:
    with pytest.raises(Refusal) as refused:
        press(voucher, actor)
    assert all(one.clause and one.reason and one.remedy and one.title for one in refused.value.findings)
    return refused.value.codes()


def test_days_before_the_opening_everything_is_checked_and_nobody_else_sees_it(world: World, enterprise):
    opens(world, apply_from=clock.now() + timedelta(days=3))
    voucher = prepared(world, enterprise)
    assert (voucher.state, voucher.number, voucher.prepared_amount) == ("draft", None, Decimal("210000.00"))
    draft = ApplicationDraft.objects.get()
    assert (draft.prepared, draft.voucher) == (voucher, None)
    assert QuotaEvent.objects.filter(kind="arrive").count() == 0
    seers = [world.officer, world.city(FOSHAN)["reviewer"], world.supplier_actor, enterprise[1]]
    assert [vouchers_visible_to(one).count() for one in seers] == [0, 0, 0, 0]
    assert FileGrant.objects.filter(file__in=voucher.contract.files.values("file")).count() == 0


def test_a_form_with_faults_is_refused_with_all_of_them_but_not_for_the_hour(world: World, enterprise):
    opens(world, apply_from=clock.now() + timedelta(days=3))
    form = replace(make_form(world, enterprise[1]), place="", commits=False, files=())
    draft = drafted(world, enterprise)
    with pytest.raises(Refusal) as refused:
        domain.prepare_application(draft=draft, form=form, by=enterprise[1], at=clock.now())
    assert refused.value.codes() == ["place.missing", "files.contract_missing", "commitment.missing"]
    assert (Voucher.objects.count(), Contract.objects.count()) == (0, 0)
    assert ApplicationDraft.objects.get().prepared is None


def test_one_press_after_the_opening_arrives_and_is_served(world: World, enterprise):
    voucher = prepared(world, enterprise)
    receipt = press(voucher, enterprise[1])
    assert (receipt.state, receipt.sequence, receipt.voucher.pk) == ("under_review", 1, voucher.pk)
    assert receipt.voucher.amount == Decimal("210000.00")
    assert ApplicationDraft.objects.count() == 0
    assert FileGrant.objects.filter(file__in=voucher.contract.files.values("file")).count() == 2
    events = Entry.objects.filter(subject_type="vouchers.voucher", subject_id=str(voucher.pk)).order_by("pk")
    assert [one.event for one in events] == ["voucher.prepared", "voucher.arrived", "voucher.allocated"]
    assert issue(world, receipt.voucher).state == "issued"


def test_before_the_opening_the_server_refuses_with_the_hour_and_keeps_everything(world: World, enterprise):
    voucher = prepared(world, enterprise)
    opens(world, apply_from=clock.now() + timedelta(hours=1))
    with pytest.raises(Refusal) as refused:
        press(voucher, enterprise[1])
    assert refused.value.codes() == ["window.not_open"]
    assert f"{world.period.apply_from + timedelta(hours=8):%H:%M:%S}" in refused.value.findings[0].reason
    assert Voucher.objects.get().state == "draft"
    assert ApplicationDraft.objects.get().prepared == voucher
    opens(world, apply_from=clock.now() - timedelta(hours=1))
    assert press(voucher, enterprise[1]).state == "under_review"


def test_pressing_again_gives_the_same_receipt_whatever_the_key(world: World, enterprise):
    voucher = prepared(world, enterprise)
    first = press(voucher, enterprise[1], key="k")
    again = [press(voucher, enterprise[1], key="k"), press(voucher, enterprise[1], key="another tab")]
    assert [one.number for one in again] == [first.number, first.number]
    assert QuotaEvent.objects.filter(kind="arrive").count() == 1


def test_a_key_of_another_form_is_refused(world: World, enterprise):
    one, two = prepared(world, enterprise), prepared(world, enterprise)
    press(one, enterprise[1], key="k")
    with pytest.raises(Refusal) as refused:
        press(two, enterprise[1], key="k")
    assert refused.value.codes() == ["idempotency.other_body"]


def test_the_press_takes_few_statements(world: World, enterprise):
    voucher = prepared(world, enterprise)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        domain.prepare._press(voucher_id=voucher.pk, key="k", by=enterprise[1], at=clock.now())
    statements = [one["sql"] for one in seen.captured_queries]
    assert len(statements) - 2 <= AT_MOST, "\n".join(statements)  # the test's own savepoint stands for BEGIN and COMMIT


def test_a_change_of_the_form_takes_the_preparation_away(world: World, enterprise):
    owner, actor = enterprise
    voucher = prepared(world, enterprise)
    draft = ApplicationDraft.objects.get()
    same = domain.save_draft(
        enterprise=owner, period=world.period, data=draft.data, by=actor, at=clock.now(), draft=draft
    )
    assert same.prepared == voucher
    changed = domain.save_draft(
        enterprise=owner, period=world.period, data={"place": "别处"}, by=actor, at=clock.now(), draft=draft
    )
    assert (changed.prepared, changed.prepared_at) == (None, None)
    assert (Voucher.objects.count(), Contract.objects.count(), CostLine.objects.count()) == (0, 0, 0)
    assert refused_press(voucher, actor) == ["prepared.gone"]


def test_preparing_again_replaces_what_was_prepared(world: World, enterprise):
    first = prepared(world, enterprise)
    draft, form = ApplicationDraft.objects.get(), make_form(world, enterprise[1], total="200000.00")
    second = domain.prepare_application(draft=draft, form=form, by=enterprise[1], at=clock.now())
    assert (Voucher.objects.get(), Contract.objects.count()) == (second, 1)
    assert second.pk != first.pk
    assert press(second, enterprise[1]).voucher.amount == Decimal("140000.00")


def test_throwing_the_draft_away_takes_the_preparation_along(world: World, enterprise):
    prepared(world, enterprise)
    domain.drop_draft(draft=ApplicationDraft.objects.get(), by=enterprise[1], at=clock.now())
    assert (ApplicationDraft.objects.count(), Voucher.objects.count(), Contract.objects.count()) == (0, 0, 0)


def test_a_bar_that_came_meanwhile_refuses_and_keeps_the_preparation(world: World, enterprise):
    voucher = prepared(world, enterprise)
    bar(enterprise[0].uscc, Bar.APPLY)
    bar(world.supplier.uscc, Bar.SUPPLY)
    assert refused_press(voucher, enterprise[1]) == ["enterprise.barred", "supplier.barred"]
    assert ApplicationDraft.objects.get().prepared == voucher


def bar(uscc: str, kind: str) -> None:
    impose_standing(
        subject_type="company",
        subject_key=uscc,
        bar=kind,
        from_day=day_of(clock.now()),
        ground="核查发现问题",
        clause="S19/7.5.1",
        by=SETUP,
        at=clock.now(),
    )


def test_what_else_changed_meanwhile_is_named_in_one_answer(world: World, enterprise):
    owner, actor = enterprise
    voucher = prepared(world, enterprise, make_form(world, actor, contract_number="HT-1"))
    apply(world, owner, actor, form=make_form(world, actor, contract_number="HT-1"))
    type(owner).objects.filter(pk=owner.pk).update(revenue=Decimal("5.00"))
    assert refused_press(voucher, actor) == [
        "prepared.outdated",
        "contract.used_in_period",
        "product.open_already",
    ]


def test_a_product_that_is_no_longer_listed_is_refused(world: World, enterprise):
    voucher = prepared(world, enterprise)
    impose_on_product(product=voucher.product, outcome="suspend", ground="核查", by=SETUP, at=clock.now())
    assert refused_press(voucher, enterprise[1]) == ["product.not_listed"]


def test_an_enterprise_nobody_has_reviewed_meets_its_limit_at_the_press(world: World):
    owner, actor = make_enterprise(world, approved=False)
    limit = terms_of_period(world.period).max_open_unreviewed
    ready = [
        domain.prepare_application(
            draft=drafted(world, (owner, actor)),
            form=make_form(world, actor, item=item, total="20000.00"),
            by=actor,
            at=clock.now(),
        )
        for item in ITEMS[: limit + 1]
    ]
    assert len(ready) == limit + 1
    for voucher in ready[:limit]:
        press(voucher, actor)
    assert refused_press(ready[limit], actor) == ["enterprise.open_limit"]


def test_strangers_can_neither_prepare_nor_press(world: World, enterprise):
    voucher, stranger = prepared(world, enterprise), make_enterprise(world)[1]
    with pytest.raises(PermissionDenied):
        press(voucher, stranger)
    with pytest.raises(PermissionDenied):
        domain.prepare_application(
            draft=ApplicationDraft.objects.get(), form=make_form(world, stranger), by=stranger, at=clock.now()
        )


def test_handing_the_form_in_after_the_opening_clears_what_was_prepared_from_it(world: World, enterprise):
    owner, actor = enterprise
    form = make_form(world, actor)
    prepared(world, enterprise, form)
    draft = ApplicationDraft.objects.get()
    receipt = domain.submit_application(
        enterprise=owner, period=world.period, form=form, key="k", by=actor, at=clock.now(), draft=draft
    )
    assert (Voucher.objects.get(), Contract.objects.count()) == (receipt.voucher, 1)
