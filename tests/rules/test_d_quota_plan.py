"""Rules D: the quota plan (rule keys in each test). The formulas alone, then with people, plans and the ledger."""

from datetime import timedelta
from decimal import Decimal

from catalog.models import Period
from catalog.queries import published_edition, terms_for
from platform_site.accounts.queries import province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import Actor, system_actor
from platform_site.messages.models import Message
from suppliers.models import Agent
from tests.rules.test_b_enterprises import pairs, refused
from tests.vouchers.shared_world import base_world, world
from tests.vouchers.world import (
    FOSHAN,
    GUANGZHOU,
    MEIZHOU,
    World,
    apply,
    grant,
    issue,
    make_enterprise,
    make_product,
    make_supplier,
    official,
)
from vouchers import domain
from vouchers.models import QuotaAlert, QuotaBalance, QuotaEvent, QuotaMovement, QuotaPlan, QuotaTranche, Voucher
from vouchers.queries import ledger_differences
from vouchers.queries.plan_inputs import past_progress, period_before
from vouchers.queries.plans import published_steps, still_to_come
from vouchers.queries.reallocation import places, suggested
from vouchers.queries.statements import movements_visible_to, own_dimensions
from vouchers.rules.quota_alerts import Crossing, crossings
from vouchers.rules.quota_split import CityFigures, Weight, issuable, split_findings, split_over_cities
from vouchers.rules.reallocation import Room, room_lines, suggestions
from vouchers.rules.supplier_limits import RatedSupplier, supplier_limits
from vouchers.rules.tranches import tranche_amounts
from vouchers.tasks import SCHEDULE, give_out, watch_balances

__all__ = ["base_world", "world"]
YUAN = Decimal
UNIT = YUAN("10000.00")
PLATFORM = system_actor("分批放额")
CITY = f"city:{FOSHAN}"


def another_approver() -> Actor:
    return official(province_bureau(), "province_approver")


def total_of(dimension: str) -> Decimal:
    return QuotaBalance.objects.get(dimension=dimension).total


# -- the formula -----------------------------------------------------------------------------------------------------

WEIGHTS = [Weight("output", "产值", YUAN("0.50")), Weight("progress", "进度", YUAN("0.50"))]
CITIES = [
    CityFigures("440100", {"output": YUAN(300), "progress": YUAN(90)}),
    CityFigures("440600", {"output": YUAN(100), "progress": None}),
    CityFigures("441400", {"output": YUAN(100), "progress": YUAN(30)}),
]


def test_s19_5_1_1_a_total_is_split_by_weights_and_every_line_explains_itself():
    """T18/5.1.1 and N20/3.1 ask the same."""
    lines = split_over_cities(
        total=YUAN("1000000.00"), minimum=YUAN("100000.00"), unit=UNIT, weights=WEIGHTS, cities=CITIES
    )
    assert [line.amount for line in lines] == [YUAN("480000.00"), YUAN("290000.00"), YUAN("230000.00")]
    assert sum(line.amount for line in lines) == YUAN("1000000.00")
    foshan = lines[1]
    assert [(p.value, p.assumed, p.share, p.product) for p in foshan.parts] == [
        (YUAN("100.00"), False, YUAN("0.200000"), YUAN("0.100000")),
        (YUAN("60.00"), True, YUAN("0.333333"), YUAN("0.166667")),
    ]
    assert foshan.exact + foshan.rounding == foshan.amount
    assert foshan.exact == YUAN("286666.67")


def test_s19_5_1_1_figures_that_cannot_be_split_are_all_named():
    found = split_findings(
        total=YUAN("15000.00"),
        minimum=YUAN("10000.00"),
        unit=UNIT,
        weights=[Weight("output", "产值", YUAN("0.90"))],
        cities=[CityFigures("440100", {"output": YUAN(-1)}), CityFigures("440600", {"output": YUAN(1)})],
    )
    assert [one.code for one in found] == ["split.weights", "split.negative", "split.not_whole", "split.too_small"]


def test_t18_8_2_the_edition_s_factor_multiplies_the_target(world: World):
    factors = {code: terms_for(published_edition(code)).over_issue_factor for code in ("2018", "2020")}
    assert issuable(YUAN("20000000.00"), factors["2018"]) == YUAN("30000000.00")
    assert issuable(YUAN("20000000.00"), factors["2020"]) == YUAN("20000000.00")


def test_t18_8_2_progress_is_what_was_paid_by_the_end_of_the_period_before(world: World):
    receipt = apply(world, *make_enterprise(world))
    voucher = issue(world, receipt.voucher)
    domain.mark_redeeming(voucher=voucher, by=PLATFORM, at=clock.now())
    domain.consume(
        voucher=Voucher.objects.get(pk=voucher.pk), paid_amount=YUAN("210000.00"), by=PLATFORM, at=clock.now()
    )
    domain.allocate(period_id=world.period.pk)
    after = Period(apply_from=world.period.apply_from + timedelta(days=365))
    assert period_before(after) == world.period
    found = past_progress(world.period)
    assert found[FOSHAN].paid == YUAN("210000.00")
    assert (found[FOSHAN].counted, found[FOSHAN].early) == (YUAN("4.20"), False)
    assert found[GUANGZHOU].counted == YUAN("0.00")
    assert period_before(world.period) is None


# -- suppliers -------------------------------------------------------------------------------------------------------


def test_n20_3_2_a_limit_is_the_class_s_amount_times_the_rating_and_s19_7_4_a_reserve_for_the_excellent():
    rows = [
        RatedSupplier(1, YUAN("8000000.00"), "excellent", True),
        RatedSupplier(2, YUAN("5000000.00"), "qualified", False),
        RatedSupplier(3, YUAN("5000000.00"), "troubled", False),
        RatedSupplier(4, YUAN("5000000.00"), "excellent", True),
    ]
    factors = {"excellent": YUAN("1.2"), "qualified": YUAN(1), "troubled": YUAN("0.8")}
    lines = supplier_limits(rows, factors=factors, reserve=YUAN("1010000.00"), unit=UNIT)
    assert [(line.adjusted, line.reserve, line.amount) for line in lines] == [
        (YUAN("9600000.00"), YUAN("510000.00"), YUAN("10110000.00")),
        (YUAN("5000000.00"), YUAN("0.00"), YUAN("5000000.00")),
        (YUAN("4000000.00"), YUAN("0.00"), YUAN("4000000.00")),
        (YUAN("6000000.00"), YUAN("500000.00"), YUAN("6500000.00")),
    ]


def test_n20_3_2_a_supplier_planned_to_nothing_does_not_get_its_initial_limit(world: World):
    supplier, actor = make_supplier(world.officer, world.approver, world.at)
    world.products[7] = make_product(world, 7, supplier=supplier, actor=actor)
    grant(world, [(f"supplier:{supplier.pk}", YUAN("0.00"))])
    assert apply(world, *make_enterprise(world)).state == "waiting"
    assert total_of(f"supplier:{supplier.pk}") == YUAN("0.00")


def test_n20_3_2_moving_between_fresh_suppliers_starts_from_their_initial_limits(world: World):
    one, two = (make_supplier(world.officer, world.approver, world.at)[0] for _ in range(2))
    lines = [(f"supplier:{one.pk}", YUAN("-1000000.00")), (f"supplier:{two.pk}", YUAN("1000000.00"))]
    plan = domain.reallocate_quota(period=world.period, lines=lines, reason="进度", by=world.officer, at=clock.now())
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    domain.allocate(period_id=world.period.pk)
    assert (total_of(f"supplier:{one.pk}"), total_of(f"supplier:{two.pk}")) == (YUAN("4000000.00"), YUAN("6000000.00"))
    assert ledger_differences(world.period) == {}


# -- reallocation ----------------------------------------------------------------------------------------------------


def test_s19_7_3_a_reallocation_has_several_lines_of_one_kind_that_sum_to_zero(world: World):
    """N20/3 asks the same."""
    around = {"period": world.period, "reason": "进度", "by": world.officer, "at": clock.now()}
    lines = [(CITY, YUAN("-10.00")), (f"city:{GUANGZHOU}", YUAN("4.00"))]
    assert pairs(refused(domain.reallocate_quota, lines=lines, **around)) == [("plan.not_balanced", "S19/7.3")]
    mixed = [(CITY, YUAN("-10.00")), (f"supplier:{world.supplier.pk}", YUAN("10.00"))]
    assert pairs(refused(domain.reallocate_quota, lines=mixed, **around)) == [("plan.other_kind", "S19/7.3")]
    assert pairs(refused(domain.reallocate_quota, lines=[], **around)) == [("plan.empty", "S19/5.1.1")]
    whole = [*lines, (f"city:{MEIZHOU}", YUAN("6.00"))]
    plan = domain.reallocate_quota(lines=whole, **around)
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    domain.allocate(period_id=world.period.pk)
    assert [total_of(name) for name, _ in whole] == [YUAN("4999990.00"), YUAN("5000004.00"), YUAN("5000006.00")]
    moved = QuotaMovement.objects.filter(kind="transfer").order_by("sequence").values_list("amount", flat=True)
    assert sorted(moved) == [YUAN("-10.00"), YUAN("4.00"), YUAN("6.00")]


def test_s19_7_3_the_largest_gap_is_filled_from_the_largest_spare_and_everybody_keeps_a_part():
    rooms = [
        Room("city:1", YUAN("1000000"), YUAN("900000"), YUAN(0)),
        Room("city:2", YUAN("1000000"), YUAN("300000"), YUAN("100000")),
        Room("city:3", YUAN("500000"), YUAN("20000"), YUAN("934567.89")),
        Room("city:4", YUAN("500000"), YUAN(0), YUAN("30000")),
    ]
    lines = room_lines(rooms, keep_share=YUAN("0.10"), unit=UNIT)
    assert [(line.room.dimension, line.gap, line.spare) for line in lines] == [
        ("city:3", YUAN("920000"), YUAN(0)),
        ("city:4", YUAN("30000"), YUAN(0)),
        ("city:1", YUAN(0), YUAN("800000")),
        ("city:2", YUAN(0), YUAN("100000")),
    ]
    assert [(one.source, one.target, one.amount) for one in suggestions(lines)] == [
        ("city:1", "city:3", YUAN("800000")),
        ("city:2", "city:3", YUAN("100000")),
    ]


def test_s19_7_3_who_waits_makes_the_gap_of_the_suggestion(world: World):
    grant(world, [(CITY, YUAN("100000.00"))])
    assert apply(world, *make_enterprise(world)).state == "waiting"
    found = places(world.period, "city")
    assert [(place.line.room.dimension, place.line.gap, place.waiting) for place in found][:1] == [
        (CITY, YUAN("110000.00"), 1)
    ]
    assert [(one.target, one.amount) for one in suggested(found)] == [(CITY, YUAN("110000.00"))]


# -- tranches --------------------------------------------------------------------------------------------------------


def tranched(world: World, *, days: tuple[int, ...] = (0, 5, 10), total: str = "6000000.00") -> QuotaPlan:
    """40, 30 and 30 per cent of what is to be added to Foshan."""
    at = clock.now()
    shares = (YUAN("0.4"), YUAN("0.3"), YUAN("0.3"))
    steps = [(at + timedelta(days=day), share) for day, share in zip(days, shares, strict=True)]
    return domain.plan_quota(
        period=world.period,
        title="分批",
        reason="进度",
        lines=[(CITY, YUAN(total)), (f"city:{GUANGZHOU}", YUAN("5000000.00"))],
        tranches=steps,
        by=world.officer,
        at=at,
    )


def test_ref_3_tranches_are_signed_once_and_give_themselves_out_in_order(world: World):
    plan = tranched(world)
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    domain.allocate(period_id=world.period.pk)
    assert total_of(CITY) == YUAN("5400000.00")
    assert still_to_come(world.period, [CITY]) == {CITY: YUAN("600000.00")}
    at = clock.now()
    assert domain.release_tranches(by=PLATFORM, at=at) == 0
    assert domain.release_tranches(by=PLATFORM, at=at + timedelta(days=5)) == 1
    assert domain.release_tranches(by=PLATFORM, at=at + timedelta(days=5)) == 0
    grant(world, [(f"city:{GUANGZHOU}", YUAN("4000000.00"))])
    assert domain.release_tranches(by=PLATFORM, at=at + timedelta(days=30)) == 1
    domain.allocate(period_id=world.period.pk)
    assert total_of(CITY) == YUAN("6000000.00")
    assert [step.tranche.state for step in published_steps(world.period)] == ["released"] * 3
    assert ledger_differences(world.period) == {}


def test_ref_3_tranches_add_to_what_another_plan_and_a_transfer_did_in_between(world: World):
    domain.sign_plan(plan=tranched(world), by=world.approver, at=clock.now())
    lines = [(CITY, YUAN("-400000.00")), (f"city:{MEIZHOU}", YUAN("400000.00"))]
    moved = domain.reallocate_quota(period=world.period, lines=lines, reason="进度", by=world.officer, at=clock.now())
    domain.sign_plan(plan=moved, by=world.approver, at=clock.now())
    domain.release_tranches(by=PLATFORM, at=clock.now() + timedelta(days=10))
    domain.allocate(period_id=world.period.pk)
    assert total_of(CITY) == YUAN("5600000.00")


def test_ref_3_missed_tranches_are_caught_up_in_order(world: World):
    domain.sign_plan(plan=tranched(world, days=(1, 2, 3)), by=world.approver, at=clock.now())
    assert QuotaTranche.objects.filter(state="planned").count() == 3
    third = QuotaTranche.objects.get(number=3)
    late = clock.now() + timedelta(days=4)
    assert domain.release_tranche(tranche_id=third.pk, by=PLATFORM, at=late) is False
    assert domain.release_tranches(by=PLATFORM, at=late) == 3
    numbers = [
        event.payload["tranche"] for event in QuotaEvent.objects.filter(kind="grant").order_by("arrived_at", "pk")[1:]
    ]
    assert numbers == [1, 2, 3]


def test_ref_3_tranches_stopped_by_two_people_stay_in(world: World):
    plan = tranched(world)
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    around = {"plan": plan, "at": clock.now()}
    nothing = refused(domain.stop_tranches, by=world.approver, **around)
    assert pairs(nothing) == [("stop.not_asked", "REF/3")]
    wordless = refused(domain.ask_to_stop, reason=" ", by=world.approver, **around)
    assert pairs(wordless) == [("stop.no_reason", "REF/3")]
    domain.ask_to_stop(reason="预算调整", by=world.approver, **around)
    same = refused(domain.stop_tranches, by=world.approver, **around)
    assert pairs(same) == [("stop.same_person", "D/four_eyes")]
    assert domain.release_tranches(by=PLATFORM, at=clock.now() + timedelta(days=5)) == 1
    domain.stop_tranches(by=another_approver(), **around)
    assert domain.release_tranches(by=PLATFORM, at=clock.now() + timedelta(days=20)) == 0
    domain.allocate(period_id=world.period.pk)
    assert total_of(CITY) == YUAN("5700000.00")
    assert list(plan.tranches.values_list("state", flat=True)) == ["released", "released", "stopped"]
    assert pairs(refused(domain.ask_to_stop, reason="再停", by=world.approver, **around)) == [
        ("stop.none_left", "REF/3")
    ]


def test_ref_3_a_stop_that_is_dropped_changes_nothing(world: World):
    plan = tranched(world)
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    domain.ask_to_stop(plan=plan, reason="预算调整", by=world.officer, at=clock.now())
    domain.drop_stop(plan=plan, by=world.officer, at=clock.now())
    assert domain.release_tranches(by=PLATFORM, at=clock.now() + timedelta(days=20)) == 2


def test_ref_3_the_beat_releases_what_is_due_and_watches_the_balances(world: World):
    before = clock.now() - timedelta(hours=1)
    plan = domain.plan_quota(
        period=world.period,
        title="到时放出",
        reason="进度",
        lines=[(CITY, YUAN("6000000.00"))],
        tranches=[(before + timedelta(minutes=30), YUAN(1))],
        by=world.officer,
        at=before,
    )
    domain.sign_plan(plan=plan, by=world.approver, at=before)
    assert [SCHEDULE[name]["schedule"] for name in ("vouchers-tranches", "vouchers-little-left")] == [60.0, 60.0]
    assert (give_out(), give_out(), watch_balances()) == (1, 0, 0)
    assert plan.tranches.get().event.payload["lines"] == [{"dimension": CITY, "add": "1000000.00"}]


def test_ref_3_a_schedule_must_make_sense(world: World):
    at = clock.now()
    around = {"period": world.period, "title": "分批", "reason": "进度", "by": world.officer, "at": at}
    late = world.period.apply_to + timedelta(days=1)
    wrong = [(late, YUAN("0.6")), (at, YUAN("0.3"))]
    refusal = refused(domain.plan_quota, lines=[(CITY, YUAN("4000000.00"))], tranches=wrong, **around)
    assert refusal.codes() == ["tranche.shares", "tranche.order", "tranche.late", "tranche.takes_away"]


def test_ref_3_amounts_of_tranches_add_up_to_the_cent():
    assert tranche_amounts(YUAN("100.01"), [YUAN("0.3333"), YUAN("0.3333"), YUAN("0.3334")]) == [
        YUAN("33"), YUAN("33"), YUAN("34.01"),
    ]  # fmt: skip


# -- two people ------------------------------------------------------------------------------------------------------


def test_s19_5_1_1_a_computed_plan_needs_a_second_person_too(world: World):
    lines = [(CITY, YUAN("6000000.00"))]
    basis = domain.Basis({"way": "formula"}, {CITY: {"way": "formula", "computed": "6000000.00"}})
    plan = domain.plan_quota(
        period=world.period, title="公式", reason="依据", lines=lines, basis=basis, by=world.approver, at=clock.now()
    )
    same = refused(domain.sign_plan, plan=plan, by=world.approver, at=clock.now())
    assert pairs(same) == [("plan.same_person", "D/four_eyes")]
    assert plan.lines.get().basis["computed"] == "6000000.00"


# -- statements and alerts -------------------------------------------------------------------------------------------


def test_s19_5_2_3_1_an_agent_reads_the_statement_of_the_supplier_whose_limit_it_shares(world: World):
    apply(world, *make_enterprise(world))
    agent, actor = make_supplier(world.officer, world.approver, world.at)
    own, shared = f"supplier:{agent.pk}", f"supplier:{world.supplier.pk}"
    assert own_dimensions(actor) == [own]
    Agent.objects.create(supplier=world.supplier, name=agent.name, uscc=agent.uscc, listed_at=world.at)
    assert own_dimensions(actor) == [shared, own]
    assert {row.dimension for row in movements_visible_to(actor)} == {shared}
    assert {row.dimension for row in movements_visible_to(world.city(FOSHAN)["reviewer"])} == {CITY}
    enterprise_actor = make_enterprise(world)[1]
    assert list(movements_visible_to(enterprise_actor)) == []


def test_s19_7_3_thresholds_are_crossed_in_both_directions():
    steps = [YUAN("0.20"), YUAN("0.05"), YUAN(0)]
    none: frozenset[Decimal] = frozenset()
    assert crossings(YUAN(21), YUAN(100), steps, none) == []
    assert crossings(YUAN(4), YUAN(100), steps, none) == [
        Crossing(YUAN("0.20"), True), Crossing(YUAN("0.05"), True),
    ]  # fmt: skip
    assert crossings(YUAN(10), YUAN(100), steps, frozenset({YUAN("0.2"), YUAN("0.05")})) == [
        Crossing(YUAN("0.05"), False)
    ]
    assert crossings(YUAN(0), YUAN(0), steps, none) == []


def test_s19_7_3_city_and_province_hear_once_that_little_is_left_and_once_that_there_is_more(world: World):
    reviewer = world.city(FOSHAN)["reviewer"]
    grant(world, [(CITY, YUAN("240000.00"))])
    told = {"period": world.period, "at": clock.now()}
    assert domain.tell_little_left(**told) == 0
    receipt = apply(world, *make_enterprise(world))
    assert domain.tell_little_left(**told) == 1
    assert domain.tell_little_left(**told) == 0
    for actor in (reviewer, world.officer, world.approver):
        titles = Message.objects.filter(user_id=actor.user_id, key__startswith="quota:").values_list("title", flat=True)
        assert list(titles) == ["佛山市额度剩余不到 20%"]
    domain.withdraw(voucher=receipt.voucher, by=make_actor(receipt), at=clock.now())
    domain.allocate(period_id=world.period.pk)
    assert domain.tell_little_left(**told) == 1
    again = Message.objects.filter(user_id=reviewer.user_id, key__startswith="quota:").order_by("pk")
    assert [message.title for message in again] == ["佛山市额度剩余不到 20%", "佛山市额度恢复到 20% 以上"]
    apply(world, *make_enterprise(world))
    assert domain.tell_little_left(**told) == 0
    assert QuotaAlert.objects.count() == 2


def make_actor(receipt: domain.Receipt) -> Actor:
    organisation = receipt.voucher.enterprise.organisation
    return official(organisation, "enterprise_admin")
