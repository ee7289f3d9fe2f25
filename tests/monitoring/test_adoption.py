"""From batches over the interface to the verdict that the city decides by."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from monitoring.domain import fold, freeze_verdict, judge_adoption
from monitoring.models import Device, Source, Verdict
from monitoring.queries import heat_map, verdict_of, verdict_view
from monitoring.tasks import judge_all, judge_part
from platform_site.audit.models import Entry
from platform_site.kit.findings import Refusal
from platform_site.kit.fsm import perform
from platform_site.messages.models import Message
from tests.monitoring import world
from tests.monitoring.world import AT, SYSTEM

TODAY = date(2020, 11, 12)


def _judged(made, at=AT, **other):
    fold(at=at)
    return judge_adoption(voucher=made.voucher, at=at, by=SYSTEM, **other)


def _said(verdict):
    return verdict.outcome, verdict.numbers, verdict.explanation, verdict.scheme, verdict.claimed_amount


def test_thirty_days_of_sixty_devices_pass(machine, send_days):
    send_days(machine, TODAY - timedelta(days=30), 30, hours=5)
    verdict = _judged(machine)
    assert (verdict.outcome, verdict.numbers["needed"], verdict.numbers["reached"]) == ("passed", 55, 60)
    assert verdict.numbers["supported"] == "90000.00"
    assert [finding["clause"] for finding in verdict.explanation["findings"]] == ["S19/annex.note2"]


def test_too_few_devices_fail_with_number_clause_and_remedy(machine, send_days):
    send_days(machine, TODAY - timedelta(days=30), 30, devices=machine.devices[:38], hours=5)
    verdict = _judged(machine)
    assert (verdict.outcome, verdict.numbers["missing"]) == ("failed", {"devices": 17})
    assert verdict.explanation["headline"] == "还差 17 台达标"
    (finding,) = verdict.explanation["findings"]
    assert (finding["code"], finding["clause"]) == ("adoption.too_few_devices", "S19/annex.note2")
    assert finding["remedy"] != ""


def test_missing_days_are_not_enough_and_the_earliest_day_is_told(few, send_days):
    send_days(few, TODAY - timedelta(days=12), 12, hours=5)
    verdict = _judged(few)
    assert (verdict.outcome, verdict.numbers["earliest"]) == ("not_enough", "2020-11-20")


def test_a_lower_claim_is_remembered_for_the_nights_that_follow(few, send_days):
    send_days(few, TODAY - timedelta(days=30), 30, devices=few.devices[:4], hours=5)
    assert _judged(few).outcome == "failed"
    assert _judged(few, amount=Decimal("6000.00")).outcome == "passed"
    assert judge_all() == 1
    assert verdict_of(few.voucher).outcome == "passed"
    assert verdict_view(few.voucher, AT).numbers["amount"] == "6000.00"


def test_a_removed_device_no_longer_counts(few, send_days):
    send_days(few, TODAY - timedelta(days=30), 30, devices=few.devices[:5], hours=5)
    assert _judged(few).outcome == "passed"
    Device.objects.filter(device_id=few.devices[0]).update(removed_at=AT)
    assert _judged(few).outcome == "failed"


def test_the_scheme_is_frozen_when_the_source_is_set_up(few, send_days):
    world.new_schemes(min_days=28, min_minutes=1440)
    send_days(few, TODAY - timedelta(days=21), 20, hours=5)
    verdict = _judged(few)
    assert (verdict.outcome, verdict.scheme["min_days"]) == ("passed", 20)


def test_a_frozen_verdict_is_never_computed_again(few, send_days):
    _judged(few)
    frozen = freeze_verdict(voucher=few.voucher, by=SYSTEM, at=AT)
    send_days(few, TODAY - timedelta(days=30), 30, hours=5)
    with pytest.raises(Refusal) as refused:
        _judged(few)
    assert refused.value.codes() == ["verdict.frozen"]
    with pytest.raises(Refusal) as refused:
        freeze_verdict(voucher=few.voucher, by=SYSTEM, at=AT)
    assert refused.value.codes() == ["verdict.frozen"]
    view = verdict_view(few.voucher, AT + timedelta(days=9))
    assert (view.outcome, view.frozen_at) == (frozen.outcome, AT)
    assert judge_all() == 0


def test_the_database_keeps_a_frozen_verdict(few):
    _judged(few)
    freeze_verdict(voucher=few.voucher, by=SYSTEM, at=AT)
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Verdict.objects.update(outcome="passed")
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        Verdict.objects.all().delete()


def test_without_a_verdict_nothing_can_be_frozen(few):
    with pytest.raises(Refusal) as refused:
        freeze_verdict(voucher=few.voucher, by=SYSTEM, at=AT)
    assert refused.value.codes() == ["verdict.none"]


def test_a_change_of_outcome_is_written_down_and_told_once(few, send_days):
    send_days(few, TODAY - timedelta(days=30), 30, hours=5)
    _judged(few)
    _judged(few)
    changes = Entry.objects.filter(event="monitoring.verdict_changed")
    assert [(entry.data["before"], entry.data["after"]) for entry in changes] == [("", "passed")]
    assert Message.objects.filter(user_id=few.enterprise.user_id).count() == 1


def test_the_heat_map_agrees_with_the_verdict(few, send_days):
    send_days(few, TODAY - timedelta(days=28), 28, devices=few.devices[:4], hours=5)
    send_days(few, TODAY - timedelta(days=10), 10, devices=few.devices[4:], hours=5)
    verdict = _judged(few)
    rows = {row["subject"]: row["days"] for row in verdict.explanation["rows"]}
    view = verdict_view(few.voucher, AT)
    assert {row.subject: row.days for row in view.rows} == rows
    assert sum(row.met for row in view.rows) == verdict.numbers["reached"] == 4
    assert [row.subject for row in heat_map(few.voucher, 28, at=AT)] == [row.subject for row in view.rows]


def test_software_passes_by_people_days_and_modules(reference, post, now):
    modules = ("计划管理", "品质管理", "车间看板")
    made = world.monitored(item=6, devices=0, modules=modules)
    for step in range(1, 16):
        day = TODAY - timedelta(days=step)
        records = [{"user": f"u{n}", "at": f"{day}T09:00:00+08:00", "module": modules[n]} for n in range(3)]
        post(made.key, f"b-{step}", records)
    verdict = _judged(made)
    assert (verdict.outcome, verdict.numbers["days_used"], verdict.numbers["reached"]) == ("passed", 15, 3)


def test_the_night_judges_every_voucher_that_is_not_frozen(few, now):
    other = world.monitored(serial=2, devices=1)
    assert judge_all() == 2
    freeze_verdict(voucher=other.voucher, by=SYSTEM, at=AT)
    assert judge_all() == 1


def test_a_voucher_that_cannot_be_judged_does_not_stop_the_others(few):
    others = [world.monitored(serial=serial, devices=1) for serial in (2, 3)]
    Source.objects.filter(voucher=others[0].voucher).update(scheme={"window_days": "?"})
    assert judge_all() == 2
    judged = Verdict.objects.order_by("voucher_id").values_list("voucher_id", flat=True)
    assert list(judged) == [few.voucher.pk, others[1].voucher.pk]


def test_a_part_is_judged_as_each_voucher_alone_and_with_as_many_questions_as_one(few, send_days, post):
    software = world.monitored(serial=2, item=6, devices=0, modules=("计划管理",))
    third = world.monitored(serial=3, devices=4, amount="6000.00")
    send_days(few, TODAY - timedelta(days=30), 30, devices=few.devices[:4], hours=5)
    send_days(third, TODAY - timedelta(days=25), 25, hours=5)
    post(software.key, "b", [{"user": "u1", "at": "2020-11-10T09:00:00+08:00", "module": "计划 管理"}])
    ids = [one.voucher.pk for one in (few, software, third)]
    alone = {one.voucher.pk: _said(_judged(one)) for one in (few, software, third)}
    assert [alone[pk][0] for pk in ids] == ["failed", "not_enough", "passed"]
    asked = []
    for part in (ids[:1], ids[::2]):
        Verdict.objects.update(numbers={})
        with CaptureQueriesContext(connection) as questions:
            assert judge_part(voucher_ids=part) == len(part)
        asked.append(len(questions))
    assert asked[0] == asked[1]
    Verdict.objects.update(numbers={})
    assert judge_part(voucher_ids=ids) == 3
    assert {verdict.voucher_id: _said(verdict) for verdict in Verdict.objects.all()} == alone


def test_a_verdict_that_says_the_same_only_moves_its_time(few, send_days):
    send_days(few, TODAY - timedelta(days=30), 30, hours=5)
    first = _judged(few)
    later = AT + timedelta(hours=1)
    second = _judged(few, at=later)
    assert (second.pk, second.computed_at, _said(second)) == (first.pk, later, _said(first))
    assert verdict_of(few.voucher).computed_at == later
    assert Entry.objects.filter(event="monitoring.verdict_changed").count() == 1


def test_a_void_voucher_lets_its_devices_go(few):
    few.voucher.void_ground = "expired"
    perform(few.voucher, "make_void", at=AT, save=["void_ground"])
    judge_all()
    assert Device.objects.filter(removed_at__isnull=True).count() == 0
    assert Source.objects.get().state == "closed"


def test_the_enterprise_sees_its_verdict_and_nobody_else_does(few, send_days):
    send_days(few, TODAY - timedelta(days=30), 30, hours=5)
    fold(at=AT)
    other = world.voucher(serial=2)
    path = f"/enterprise/adoption/{few.voucher.number}/"
    statuses = {}
    for name, member in (("own", few.enterprise), ("foreign", other.enterprise), ("supplier", few.supplier)):
        visitor = Client()
        visitor.force_login(member.user)
        answer = visitor.get(path)
        statuses[name] = answer.status_code
        if name == "own":
            page = answer.content.decode()
    assert statuses == {"own": 200, "foreign": 404, "supplier": 403}
    assert [words for words in ("已达标", "需要 7,500.00 ÷ 1,500 = 5 台", "2019目录 说明2") if words not in page] == []
