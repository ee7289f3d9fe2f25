"""The pages of quota plans, reallocations and statements, over HTTP, with the people who use them."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import load_workbook

from platform_site.accounts.queries import province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.working_calendar.queries import SHANGHAI
from tests.vouchers.test_pages import sign_in
from tests.vouchers.world import FOSHAN, GUANGZHOU, MEIZHOU, World, apply, grant, make_enterprise, official
from vouchers import domain
from vouchers.models import QuotaBalance, QuotaPlan, Voucher
from vouchers.queries.plan_inputs import formula_inputs, sample_figures, supplier_ratings

CITIES = (GUANGZHOU, FOSHAN, MEIZHOU)
FORMULA, SUPPLIERS = "/province/quota/plans/formula/", "/province/quota/plans/suppliers/"
TRANSFER = "/province/quota/transfer/"


@pytest.fixture
def officer(world: World) -> Client:
    return sign_in(world.officer)


def formula(**changes: str) -> dict[str, str]:
    """The form as a browser sends it, without fault: 12 million to three cities."""
    typed = {"title": "首批地市额度", "reason": "按公式", "target": "12,000,000.00", "minimum": "200,000.00"}
    typed |= {f"w:{row.key}": f"{row.weight * 100:.1f}" for row in formula_inputs()}
    for code in CITIES:
        typed |= {f"v:{key}:{code}": str(value) for key, value in sample_figures()[code].items()}
    return typed | {"adjust_reason": "", "action": "preview"} | changes


def rows_of(answer) -> list[list[object]]:
    return load_workbook(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def text(answer) -> str:
    return answer.content.decode()


def test_the_formula_is_tried_exported_drafted_and_signed_by_another(world: World, officer: Client):
    assert "工业增加值" in text(officer.get(FORMULA))
    tried = officer.post(FORMULA, formula())
    assert tried.status_code == 200, text(tried)[:2000]
    assert "怎么算的" in text(tried)
    assert QuotaPlan.objects.filter(title="首批地市额度").count() == 0
    exported = rows_of(officer.post(FORMULA, formula(action="export")))
    assert sum(row[2] for row in exported[1:]) == 12_000_000
    drafted = officer.post(FORMULA, formula(action="draft"))
    plan = QuotaPlan.objects.get(title="首批地市额度")
    assert drafted["Location"] == f"/province/quota/plans/{plan.pk}/"
    assert sum(line.amount for line in plan.lines.all()) == Decimal("12000000.00")
    assert plan.basis["weights"][0] == {"title": "规上工业增加值", "weight": "0.4"}
    page = text(officer.get(drafted["Location"]))
    assert "签发以后" in page
    assert "占 " in page
    assert sign_in(world.approver).post(drafted["Location"], {"action": "sign"}).status_code == 302
    domain.allocate(period_id=world.period.pk)
    assert {line.amount for line in plan.lines.all()} == set(
        QuotaBalance.objects.filter(dimension__startswith="city:").values_list("total", flat=True)
    )
    assert len(rows_of(officer.get(drafted["Location"], {"export": "1"}))) == 4


def test_a_plan_or_a_transfer_sent_twice_is_drafted_once(world: World, officer: Client):
    """D/once"""
    plan = formula(action="draft", idempotency_key="plan-1")
    moved = {f"c:city:{FOSHAN}": "-1000.00", f"c:city:{GUANGZHOU}": "1000.00", "reason": "进度", "action": "draft"}
    grant(world, [(f"city:{city}", Decimal("50000.00")) for city in (FOSHAN, GUANGZHOU)])
    before = QuotaPlan.objects.count()
    for where, typed in ((FORMULA, plan), (TRANSFER, moved | {"idempotency_key": "move-1"})):
        first, again = officer.post(where, typed), officer.post(where, typed)
        assert (first.status_code, again.status_code) == (302, 302), text(first)[:3000]
        assert first["Location"] == again["Location"]
    assert QuotaPlan.objects.count() == before + 2
    other = officer.post(FORMULA, plan | {"reason": "另一个理由"})
    assert (other.status_code, "这份表单已经提交过" in text(other)) == (422, True)


def test_weights_that_are_not_the_whole_are_refused_and_everything_typed_stays(world: World, officer: Client):
    answer = officer.post(FORMULA, formula(**{"w:output": "30", f"v:output:{FOSHAN}": "4,600", "action": "draft"}))
    assert answer.status_code == 422
    typed = formula(**{"w:output": "30", f"v:output:{FOSHAN}": "4612.5"})
    answer = officer.post(FORMULA, typed | {"action": "draft"})
    assert answer.status_code == 422
    for kept in ("权重合计 90", "4612.5", "首批地市额度"):
        assert kept in text(answer)
    assert QuotaPlan.objects.filter(title="首批地市额度").count() == 0


def test_an_adjusted_line_needs_a_reason_and_is_shown_as_adjusted(world: World, officer: Client):
    changed = {f"a:{FOSHAN}": "5,000,000.00", "action": "draft"}
    without = officer.post(FORMULA, formula(**changed))
    assert without.status_code == 422
    assert "请写明理由" in text(without)
    answer = officer.post(FORMULA, formula(**changed, adjust_reason="佛山先行试验"))
    plan = QuotaPlan.objects.get(title="首批地市额度")
    line = plan.lines.get(dimension=f"city:{FOSHAN}")
    assert line.amount == Decimal("5000000.00")
    assert Decimal(line.basis["computed"]) + Decimal(line.basis["adjusted"]) == line.amount
    page = text(officer.get(answer["Location"]))
    assert "人工调整" in page
    assert "佛山先行试验" in page


def test_a_pilot_s_budget_stands_in_the_same_plan(world: World, officer: Client):
    pilot = domain.register_pilot(
        name="铝材集群", period=world.period, city_code=FOSHAN, lead_supplier=world.supplier,
        by=world.officer, at=clock.now(),
    )  # fmt: skip
    pilot = domain.review_pilot(pilot=pilot, by=world.officer, at=clock.now())
    domain.start_pilot(pilot=pilot, by=world.approver, at=clock.now())
    assert "铝材集群" in text(officer.get(FORMULA))
    officer.post(FORMULA, formula(**{f"p:{pilot.pk}": "800,000.00", "action": "draft"}))
    plan = QuotaPlan.objects.get(title="首批地市额度")
    assert plan.lines.get(dimension=f"pilot:{pilot.pk}").amount == Decimal("800000.00")


def test_tranches_are_drafted_with_the_plan_and_stopped_by_two(world: World, officer: Client):
    later = (clock.now() + timedelta(days=3)).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    steps = {"t1_share": "40", "t2_at": later, "t2_share": "60"}
    minimum = {"target": "18,000,000.00"}
    half = officer.post(FORMULA, formula(**minimum, **(steps | {"t2_share": ""}), action="draft"))
    assert half.status_code == 422
    answer = officer.post(
        FORMULA, formula(**minimum, **steps, action="draft", **{f"a:{MEIZHOU}": "5,100,000.00"}, adjust_reason="持平")
    )
    assert answer.status_code == 302, text(answer)[:3000]
    plan, approver = QuotaPlan.objects.get(title="首批地市额度"), sign_in(world.approver)
    assert approver.post(answer["Location"], {"action": "sign"}).status_code == 302
    assert list(plan.tranches.values_list("state", flat=True)) == ["released", "planned"]
    for address in ("/queue/", "/province/quota/"):
        assert "第 2 批" in text(Client().get(address) if address == "/queue/" else officer.get(address))
    asked = officer.post(answer["Location"], {"action": "ask_stop", "reason": "预算调整"})
    assert asked.status_code == 302
    assert "预算调整" in text(approver.get(answer["Location"]))
    assert approver.post(answer["Location"], {"action": "stop"}).status_code == 302
    assert list(plan.tranches.values_list("state", flat=True)) == ["released", "stopped"]


def test_limits_of_suppliers_follow_class_and_rating(world: World, officer: Client):
    pk = world.supplier.pk
    assert "500 万元" in text(officer.get(SUPPLIERS))
    typed = {
        "title": "供应商限额",
        "reason": "评价",
        "reserve": "100,000.00",
        f"r:{pk}": "excellent",
        "adjust_reason": "",
    }
    typed |= {f"f:{row.key}": str(row.factor) for row in supplier_ratings()}
    assert "怎么算的" in text(officer.post(SUPPLIERS, typed | {"action": "preview"}))
    answer = officer.post(SUPPLIERS, typed | {"action": "draft"})
    assert answer.status_code == 302, text(answer)[:2000]
    plan = QuotaPlan.objects.get(title="供应商限额")
    assert [(line.dimension, line.amount) for line in plan.lines.all()] == [(f"supplier:{pk}", Decimal("6100000.00"))]
    left_out = officer.post(SUPPLIERS, typed | {f"r:{pk}": "", "action": "draft"})
    assert left_out.status_code == 422


def test_a_reallocation_shows_its_effect_before_it_is_drafted_and_before_it_is_signed(world: World, officer: Client):
    grant(world, [(f"city:{FOSHAN}", Decimal("100000.00"))])
    number = apply(world, *make_enterprise(world)).voucher.number
    page = text(officer.get(TRANSFER))
    assert "建议" in page
    assert "110,000.00" in text(officer.get(TRANSFER, {"suggest": "1"}))
    typed = {f"c:city:{FOSHAN}": "110,000.00", f"c:city:{GUANGZHOU}": "-110,000.00", "reason": "佛山有人候补"}
    seen = officer.post(TRANSFER, typed | {"action": "preview"})
    assert seen.status_code == 200
    assert number in text(seen)
    assert QuotaPlan.objects.filter(kind="transfer").count() == 0
    drafted = officer.post(TRANSFER, typed | {"action": "draft"})
    assert number in text(sign_in(world.approver).get(drafted["Location"]))
    refused = officer.post(drafted["Location"], {"action": "sign"})
    assert refused.status_code == 403
    assert sign_in(world.approver).post(drafted["Location"], {"action": "sign"}).status_code == 302
    domain.allocate(period_id=world.period.pk)
    assert Voucher.objects.get(number=number).state == "under_review"
    for kind in ("supplier", "pilot", "nonsense"):
        assert officer.get(TRANSFER, {"kind": kind}).status_code == 200


def test_lines_typed_one_by_one_are_tried_first(world: World, officer: Client):
    address = "/province/quota/plans/new/"
    typed = {"title": "追加", "reason": "进度", f"d:city:{FOSHAN}": "6,000,000.00"}
    tried = officer.post(address, typed | {"action": "preview"})
    assert "1,000,000.00" in text(tried)
    low = officer.post(address, typed | {f"d:city:{FOSHAN}": "-1", "action": "draft"})
    assert low.status_code == 422
    assert officer.post(address, typed | {"action": "draft"}).status_code == 302


def test_city_supplier_and_province_read_their_statements(world: World, officer: Client):
    voucher = apply(world, *make_enterprise(world)).voucher
    number = voucher.number
    places = {
        "/city/quota/": sign_in(world.city(FOSHAN)["reviewer"]),
        "/supplier/quota/": sign_in(world.supplier_actor),
        "/province/quota/movements/": officer,
    }
    for address, client in places.items():
        assert number in text(client.get(address))
        assert number in text(client.get(address, {"kind": "reserve", "q": number[-4:], "since": "2020-01-01"}))
        assert number not in text(client.get(address, {"until": "2020-01-01"}))
        rows = rows_of(client.get(address, {"export": "1", "kind": "reserve"}))
        assert {row[5] for row in rows[1:]} == {number}
    assert len(rows_of(places["/city/quota/"].get("/city/quota/", {"export": "1"}))) == 3
    assert "4,790,000.00" in text(places["/supplier/quota/"].get("/supplier/quota/"))
    odd = {"dimension": "city:²", "period": "x"}
    assert officer.get("/province/quota/movements/", odd).status_code == 200


def test_the_second_person_alone_stops(world: World, officer: Client):
    at = clock.now()
    lines = [(f"city:{FOSHAN}", Decimal("6000000.00"))]
    plan = domain.plan_quota(
        period=world.period, title="分批", reason="进度", lines=lines,
        tranches=[(at + timedelta(days=1), Decimal(1))], by=world.officer, at=at,
    )  # fmt: skip
    domain.sign_plan(plan=plan, by=world.approver, at=at)
    domain.ask_to_stop(plan=plan, reason="预算调整", by=world.approver, at=at)
    address = f"/province/quota/plans/{plan.pk}/"
    same = sign_in(world.approver).post(address, {"action": "stop"})
    assert same.status_code == 422
    assert "要由另一个人决定" in text(same)
    other = sign_in(official(province_bureau(), "province_approver"))
    assert other.post(address, {"action": "drop_stop"}).status_code == 302
    assert domain.release_tranches(by=system_actor("分批放额"), at=at + timedelta(days=1)) == 1
