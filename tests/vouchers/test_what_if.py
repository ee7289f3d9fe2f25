"""What a change of quota would do: to those who wait now, and to the whole period played again."""

import io
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from platform_site.accounts.queries import province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Finding, Refusal
from platform_site.outbox.domain import deliver_all
from tests.vouchers.test_pages import sign_in
from tests.vouchers.world import (
    FOSHAN,
    GUANGZHOU,
    World,
    apply,
    grant,
    issue,
    make_enterprise,
    make_form,
    official,
)
from vouchers import domain
from vouchers.models import QuotaBalance, Voucher, WhatIfRun
from vouchers.queries.history import check, past_of, play
from vouchers.queries.replay_progress import progress_of
from vouchers.queries.what_if import changes_from_totals, effect_of, what_ifs_visible_to
from vouchers.rules.application import Cost
from vouchers.rules.history import History

YUAN = Decimal
ITEMS = (7, 12)
SYSTEM = system_actor("期限检查")
F, G = f"city:{FOSHAN}", f"city:{GUANGZHOU}"


def queue_up(world: World, *totals: str, city: str = FOSHAN) -> list[Voucher]:
    """One enterprise each; Foshan has an 0.7 rate, so 100,000 yuan of contract ask for 70,000."""
    return [apply(world, *make_enterprise(world, city=city), total=total).voucher for total in totals]


def waiting_world(world: World) -> list[Voucher]:
    """Foshan has 100,000; the first takes 70,000, then 140,000, 7,000 and 70,000 wait in this order."""
    grant(world, [(F, YUAN("100000.00"))])
    return queue_up(world, "100000.00", "200000.00", "10000.00", "100000.00")


# -- the effect on those who wait now --------------------------------------------------------------------------------


def test_more_money_serves_the_waiting_strictly_in_order(world: World):
    _, large, small, _ = waiting_world(world)
    assert [(row.voucher, row.amount) for row in effect_of(world.period, {F: YUAN("120000.00")}).first] == [
        (large.pk, YUAN("140000.00")),
        (small.pk, YUAN("7000.00")),
    ]


def test_too_little_more_serves_nobody_however_small_a_later_one_is(world: World):
    waiting_world(world)
    effect = effect_of(world.period, {F: YUAN("109999.99")})
    assert (effect.served, effect.lost, effect.still_waiting) == (0, 0, 3)
    assert effect.still_waiting_sum == YUAN("217000.00")


def test_the_effect_is_told_per_city_and_supplier(world: World):
    waiting_world(world)
    effect = effect_of(world.period, {F: YUAN("120000.00"), G: YUAN("-1.00")})
    by_name = {row.dimension: row for row in effect.rows}
    foshan = by_name[F]
    assert (foshan.waiting_before, foshan.served, foshan.waiting_after) == (3, 2, 1)
    assert (foshan.available_before, foshan.available_after) == (YUAN("30000.00"), YUAN("3000.00"))
    assert (by_name[G].change, by_name[G].served) == (YUAN("-1.00"), 0)
    assert [row.served_sum for row in effect.suppliers] == [YUAN("147000.00")]


def test_what_cannot_be_taken_is_named_and_left_out(world: World):
    waiting_world(world)
    effect = effect_of(world.period, {F: YUAN("-30000.01"), G: YUAN("0.00")})
    assert [(one.dimension, one.available) for one in effect.short] == [(F, YUAN("30000.00"))]
    assert effect.served == 0


def test_the_effect_foretells_what_signing_then_does(world: World):
    vouchers = waiting_world(world)
    foretold = effect_of(world.period, changes_from_totals(world.period, {F: YUAN("220000.00")}))
    grant(world, [(F, YUAN("220000.00"))])
    served = Voucher.objects.filter(pk__in=[one.pk for one in vouchers[1:]], state="under_review")
    assert {row.voucher for row in foretold.first} == set(served.values_list("pk", flat=True))
    assert effect_of(world.period, {}).still_waiting == foretold.still_waiting == 1


def test_a_supplier_nobody_drew_on_counts_with_its_initial_limit(world: World):
    name = f"supplier:{world.supplier.pk}"
    assert changes_from_totals(world.period, {name: YUAN("6000000.00")}) == {name: YUAN("1000000.00")}
    assert changes_from_totals(world.period, {name: YUAN("5000000.00")}) == {}


# -- the history played again ----------------------------------------------------------------------------------------


def lively_period(world: World) -> None:
    """Waiting, withdrawal with a rise behind it, a lowered correction, refusal, payment, transfer, requeue, lapse."""
    unreviewed = make_enterprise(world, approved=False)
    squatter = apply(world, *unreviewed)
    reviewer, at = world.city(FOSHAN)["reviewer"], clock.now()
    reason = [Finding("review.reason", "S19/6.2", "材料不符")]
    domain.review_enterprise(enterprise=unreviewed[0], outcome="return", findings=reason, by=reviewer, at=at)
    person = make_enterprise(world, city=GUANGZHOU)
    first = apply(world, *person, item=7, total="400000.00").voucher
    apply(world, *person, item=12, total="200000.00")
    domain.withdraw(voucher=first, by=person[1], at=clock.now())
    domain.allocate(period_id=world.period.pk)
    grant(world, [(F, YUAN("600000.00"))])
    lowered = make_enterprise(world)
    form = make_form(world, lowered[1])
    back = domain.return_application(
        voucher=apply(world, *lowered, form=form).voucher, findings=reason, by=reviewer, at=at
    )
    queue_up(world, "200000.00", "300000.00", "10000.00")
    less = replace(form, total=YUAN("200000.00"), costs=(Cost("订阅", "application", YUAN("200000.00")),))
    domain.resubmit(voucher=back, form=less, key="less", by=lowered[1], at=clock.now())
    refused_one = Voucher.objects.filter(state="under_review", city_id=FOSHAN).order_by("-sequence").first()
    domain.propose_decision(voucher=refused_one, proposal="refuse", findings=reason, by=reviewer, at=at)
    domain.decide_application(voucher=refused_one, agree=True, by=world.city(FOSHAN)["approver"], at=at)
    plan = domain.reallocate_quota(
        period=world.period,
        lines=[(G, YUAN("-90000.00")), (F, YUAN("90000.00"))],
        reason="进度",
        by=world.officer,
        at=at,
    )
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    domain.requeue_unreviewed(by=SYSTEM, at=clock.now() + timedelta(days=30))
    domain.allocate(period_id=world.period.pk)
    paid = issue(world, apply(world, *make_enterprise(world, city=GUANGZHOU)).voucher)
    owner = sign_of(paid)
    domain.mark_redeeming(voucher=paid, by=owner, at=clock.now())
    domain.settle(voucher=paid, paid_amount=YUAN("100000.00"), by=world.approver, at=clock.now())
    queue_up(world, "400000.00", "300000.00")
    assert Voucher.objects.get(pk=squatter.voucher.pk).sequence == 1
    domain.allocate(period_id=world.period.pk)


def sign_of(voucher: Voucher):
    return replace(system_actor("企业"), user_id=voucher.submitted_by_id)


def test_under_the_unchanged_quotas_the_replay_is_what_really_happened(world: World):
    lively_period(world)
    kinds = set(world_kinds(world))
    assert {"arrive", "rise", "requeue", "lower", "withdraw", "refuse", "consume", "grant", "transfer"} <= kinds
    past = past_of(world.period)
    found = check(world.period, play(past, {}))
    assert (found.agrees, found.wrong_vouchers, found.wrong_dimensions) == (True, (), ())
    assert found.vouchers == Voucher.objects.filter(period=world.period).count()
    domain.lapse_waiting_at_closing(by=SYSTEM, at=world.period.apply_to)
    domain.allocate(period_id=world.period.pk)
    assert "lapse" in world_kinds(world)
    assert check(world.period, play(past_of(world.period), {})).agrees


def world_kinds(world: World) -> list[str]:
    return [event.kind for event in past_of(world.period).events]


def test_the_check_sees_a_history_that_differs_from_what_happened(world: World):
    """The control: one event less, and the check names who stands otherwise."""
    vouchers = waiting_world(world)
    past = past_of(world.period)
    gone = replace(past, events=[event for event in past.events if event.voucher != vouchers[0].pk])
    found = check(world.period, play(gone, {}))
    assert not found.agrees
    assert vouchers[0].pk in found.wrong_vouchers
    assert F in found.wrong_dimensions


def test_more_quota_from_the_beginning_moves_the_waiting_in_order(world: World):
    _, large, small, last = waiting_world(world)
    played = play(past_of(world.period), {F: YUAN("117000.00")})
    assert [played.standings[one.pk].held for one in (large, small, last)] == [
        YUAN("140000.00"),
        YUAN("7000.00"),
        YUAN("0.00"),
    ]


def test_less_quota_takes_from_the_grants_and_says_what_it_could_not_take(world: World):
    first, *_ = waiting_world(world)
    played = play(past_of(world.period), {F: YUAN("-40000.00"), "city:441400": YUAN("-5000000.01")})
    assert played.standings[first.pk].held == YUAN("0.00")
    assert played.queue.total(F) == YUAN("60000.00")
    assert played.not_taken == {F: YUAN("0.00"), "city:441400": YUAN("0.01")}


def test_who_lapsed_waiting_keeps_the_quota_it_would_have_had(world: World):
    _, large, *_ = waiting_world(world)
    domain.lapse_waiting_at_closing(by=SYSTEM, at=world.period.apply_to)
    domain.allocate(period_id=world.period.pk)
    assert play(past_of(world.period), {F: YUAN("110000.00")}).standings[large.pk].held == YUAN("140000.00")


def test_a_reallocation_that_does_not_fit_the_other_quotas_is_not_carried_out(world: World):
    plan = domain.reallocate_quota(
        period=world.period,
        lines=[(G, YUAN("-4900000.00")), (F, YUAN("4900000.00"))],
        reason="进度",
        by=world.officer,
        at=world.at,
    )
    domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
    domain.allocate(period_id=world.period.pk)
    played: History = play(past_of(world.period), {G: YUAN("-200000.00")})
    assert len(played.skipped) == 1
    assert (played.queue.total(G), played.queue.total(F)) == (YUAN("4800000.00"), YUAN("5000000.00"))


# -- asking and answering --------------------------------------------------------------------------------------------


def ask(world: World, totals: dict[str, Decimal], key: str = "k1") -> WhatIfRun:
    return domain.ask_what_if(period=world.period, totals=totals, key=key, by=world.officer, at=clock.now())


def test_a_run_answers_with_figures_and_the_vouchers_that_change(world: World):
    _, large, small, _ = waiting_world(world)
    before = list(QuotaBalance.objects.order_by("pk").values_list("dimension", "total", "reserved"))
    run = ask(world, {F: YUAN("220000.00")})
    assert ask(world, {F: YUAN("220000.00")}).pk == run.pk
    assert deliver_all(at=clock.now()) > 0
    run.refresh_from_db()
    assert run.state == "done"
    assert run.result["check"]["agrees"] is True
    assert [(row.voucher_id, row.shift, row.after) for row in run.rows.order_by("pk")] == [
        (large.pk, "gained", YUAN("140000.00")),
        (small.pk, "gained", YUAN("7000.00")),
    ]
    line = next(line for line in run.result["lines"] if line["dimension"] == F)
    assert (line["gained"], line["gained_sum"], line["waiting_before"], line["waiting_after"]) == (
        2, "147000.00", 3, 1,
    )  # fmt: skip
    assert progress_of(run.pk).done == 0 or progress_of(run.pk).steps == 2 * run.events
    assert before == list(QuotaBalance.objects.order_by("pk").values_list("dimension", "total", "reserved"))


def test_nothing_changed_and_nobody_asks_without_the_right(world: World):
    with pytest.raises(Refusal) as refusal:
        ask(world, {F: YUAN("5000000.00")})
    assert [finding.code for finding in refusal.value.findings] == ["what_if.no_change"]
    auditor = official(province_bureau(), "auditor")
    with pytest.raises(PermissionDenied):
        domain.ask_what_if(period=world.period, totals={F: YUAN("1.00")}, key="k", by=auditor, at=clock.now())
    ask(world, {F: YUAN("1.00")})
    assert what_ifs_visible_to(auditor).count() == 1
    assert what_ifs_visible_to(world.city(FOSHAN)["both"]).count() == 0


def test_a_replay_that_breaks_off_says_so(world: World):
    run = ask(world, {F: YUAN("220000.00")})
    domain.fail_what_if(run_id=run.pk, problem="推演中途停下。", by=SYSTEM, at=clock.now())
    page = sign_in(world.officer).get(f"/province/quota/what-if/{run.pk}/").content.decode()
    assert "推演中途停下。" in page
    assert deliver_all(at=clock.now()) > 0
    run.refresh_from_db()
    assert run.state == "failed"


def test_the_province_asks_waits_reads_searches_and_exports(world: World):
    _, large, small, _ = waiting_world(world)
    client = sign_in(world.officer)
    assert client.get("/province/quota/what-if/").status_code == 200
    sent = client.post("/province/quota/what-if/", {"idempotency_key": "k", f"d:{F}": "220,000.00"})
    assert sent.status_code == 302, sent.content.decode()[:2000]
    waits = client.get(sent["Location"])
    assert 'hx-trigger="every 2s"' in waits.content.decode()
    assert "HX-Refresh" not in client.get(f"{sent['Location']}progress/")
    deliver_all(at=clock.now())
    assert client.get(f"{sent['Location']}progress/")["HX-Refresh"] == "true"
    page = client.get(sent["Location"]).content.decode()
    assert "重演与实际一致" in page
    assert large.number in page
    found = client.get(sent["Location"], {"q": small.number}).content.decode()
    assert small.number in found
    assert large.number not in found
    assert large.number not in client.get(sent["Location"], {"shift": "lost"}).content.decode()
    answer = client.get(sent["Location"], {"export": "1"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [large.number, small.number]


def test_the_answer_asks_as_often_for_three_vouchers_as_for_one(world: World):
    waiting_world(world)
    client, asked = sign_in(world.officer), []
    for key, total in (("one", "210000.00"), ("three", "400000.00")):
        run = ask(world, {F: YUAN(total)}, key)
        deliver_all(at=clock.now())
        client.get(f"/province/quota/what-if/{run.pk}/")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/province/quota/what-if/{run.pk}/")
        asked.append((run.rows.count(), len(queries)))
    assert [rows for rows, _ in asked] == [1, 3]
    assert asked[0][1] == asked[1][1]


def test_the_auditor_reads_and_cannot_ask(world: World):
    client = sign_in(official(province_bureau(), "auditor"))
    page = client.get("/province/quota/what-if/")
    assert page.status_code == 200
    assert "开始推演" not in page.content.decode()
    asked = client.post("/province/quota/what-if/", {"idempotency_key": "k", f"d:{F}": "1.00"})
    assert asked.status_code == 403
    assert WhatIfRun.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"source": F, "target": F, "amount": "1"}, "调出方和调入方是同一个"),
        ({"source": F, "amount": "1"}, "请填写调入方"),
        ({"source": F, "target": G, "amount": "9999999"}, "调出方总额只有"),
        ({}, "没有改动任何额度"),
        ({f"d:{F}": "-1"}, "0"),
    ],
)
def test_a_question_that_makes_no_sense_comes_back_with_what_was_typed(world: World, fields, words):
    sent = sign_in(world.officer).post("/province/quota/what-if/", {"idempotency_key": "k", **fields})
    assert sent.status_code == 422
    assert words in sent.content.decode()
    assert WhatIfRun.objects.count() == 0
