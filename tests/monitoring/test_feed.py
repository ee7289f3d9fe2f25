"""The telecom operators deliver connections; where they report, their result wins."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from monitoring.domain import deliver_feed, fold, judge_adoption, rotate_operator_key
from monitoring.models import DeviceDay, FeedDelivery
from monitoring.queries import verdict_view
from platform_site.kit.findings import Refusal
from tests.accounts import people
from tests.monitoring import world
from tests.monitoring.world import AT, SYSTEM

TODAY = date(2020, 11, 12)
HEAD = "券号,设备编号,开始,结束,地址\n"


def _deliver(operator, text, encoding="utf-8"):
    return deliver_feed(
        organisation=operator.organisation,
        name="feed.csv",
        content=(HEAD + text).encode(encoding),
        by=people.actor(operator),
        at=AT,
    )


@pytest.fixture
def operator(reference):
    return world.operator()


@pytest.fixture
def made(reference):
    return world.monitored(devices=2, amount="3000.00")


def test_right_rows_are_taken_and_wrong_ones_told_by_line(operator, made):
    number, device = made.voucher.number, made.devices[0]
    rows = [
        f"{number},{device.lower()},2020-11-10 08:00,2020-11-10 17:59,192.0.2.7",
        f"{number},NOT-LISTED,2020-11-10 08:00,2020-11-10 17:59,",
        f"SQ2020-999999,{device},2020-11-10 08:00,2020-11-10 17:59,",
        f"{number},{device},10 November,2020-11-10 17:59,",
        f"{number},{device},2020-11-10 18:00,2020-11-10 17:59,",
        f"{number},{device},2020-11-12 08:00,2020-11-12 17:59,",
        f"{number},{device},2020-11-08 08:00,2020-11-10 17:59,",
        f"{number},{device},2020-08-08 08:00,2020-08-08 17:59,",
        f"{number},{device},2020-11-10 08:00,2020-11-10 17:59,here",
        f"{number},{device}",
    ]
    delivery = _deliver(operator, "\n".join(rows))
    assert (delivery.rows, delivery.accepted, delivery.rejected) == (10, 1, 9)
    assert [(error["line"], error["code"]) for error in delivery.errors] == [
        (3, "device.unknown"),
        (4, "voucher.unknown"),
        (5, "time.form"),
        (6, "time.order"),
        (7, "time.future"),
        (8, "time.span"),
        (9, "time.too_old"),
        (10, "address.form"),
        (11, "row.form"),
    ]
    fold(at=AT)
    row = DeviceDay.objects.get()
    assert (row.source_kind, row.day, row.minute_count) == ("operator_feed", date(2020, 11, 10), 600)


def test_a_connection_over_midnight_is_split(operator, made):
    _deliver(operator, f"{made.voucher.number},{made.devices[0]},2020-11-09 22:00,2020-11-10 05:59,\n", "gb18030")
    fold(at=AT)
    assert list(DeviceDay.objects.order_by("day").values_list("day", "minute_count")) == [
        (date(2020, 11, 9), 120),
        (date(2020, 11, 10), 360),
    ]


def test_the_same_file_again_is_the_same_delivery(operator, made):
    text = f"{made.voucher.number},{made.devices[0]},2020-11-10 08:00,2020-11-10 17:59,\n"
    assert _deliver(operator, text) == _deliver(operator, text)
    fold(at=AT)
    assert (FeedDelivery.objects.count(), DeviceDay.objects.get().readings) == (1, 1)


def test_days_without_connection_take_the_suppliers_claim_away(operator, made, send_days):
    send_days(made, TODAY - timedelta(days=30), 30, hours=5)
    days = [TODAY - timedelta(days=step) for step in range(1, 31)]
    _deliver(operator, "\n".join(f"{made.voucher.number},{made.devices[0]},{day},," for day in days))
    fold(at=AT)
    verdict = judge_adoption(voucher=made.voucher, at=AT, by=SYSTEM)
    assert (verdict.outcome, verdict.numbers["reached"], verdict.numbers["conflict_days"]) == ("failed", 1, 28)
    view = verdict_view(made.voucher, AT)
    assert {cell.level for cell in view.rows[0].cells} == {"x"}
    assert "adoption.some_conflicts" in [finding["code"] for finding in view.findings]


def test_connections_the_supplier_did_not_report_count(operator, made, send_days):
    send_days(made, TODAY - timedelta(days=30), 30, devices=made.devices[:1], hours=5)
    days = [TODAY - timedelta(days=step) for step in range(1, 31)]
    rows = (f"{made.voucher.number},{made.devices[1]},{day} 08:00,{day} 12:00," for day in days)
    _deliver(operator, "\n".join(rows))
    fold(at=AT)
    assert judge_adoption(voucher=made.voucher, at=AT, by=SYSTEM).outcome == "passed"


def test_nobody_else_may_deliver_for_an_operator(operator, made):
    with pytest.raises(PermissionDenied):
        deliver_feed(organisation=operator.organisation, name="x", content=b"", by=made.by, at=AT)


def test_an_empty_file_is_refused(operator):
    with pytest.raises(Refusal) as refused:
        _deliver(operator, "")
    assert refused.value.codes() == ["feed.empty"]


def test_the_operator_uploads_sees_errors_by_row_and_takes_the_watch_list(operator, made, now):
    visitor = Client()
    visitor.force_login(operator.user)
    watch = visitor.get("/operator/feed/watch-list.csv").content.decode("utf-8-sig")
    assert watch.splitlines() == [
        "券号,设备编号,开始,结束,地址",
        *(f"{made.voucher.number},{device},,," for device in made.devices),
    ]
    file = SimpleUploadedFile("十一月.csv", (HEAD + "SQ1,A,2020-11-10,,\n").encode(), content_type="text/csv")
    answer = visitor.post("/operator/feed/", {"file": file}, follow=True)
    assert (answer.status_code, "券号不在监测清单里" in answer.content.decode()) == (200, True)
    page = visitor.get("/operator/feed/").content.decode()
    assert ("十一月.csv" in page, made.voucher.enterprise.name in page) == (True, False)


def test_deliveries_of_another_operator_are_not_found(operator, made, now):
    other = people.company(9)[1]
    delivery = _deliver(operator, f"{made.voucher.number},{made.devices[0]},2020-11-10,,")
    visitor = Client()
    visitor.force_login(other.user)
    assert visitor.get(f"/operator/feed/{delivery.pk}/").status_code == 403


def test_an_operators_own_system_delivers_over_the_interface(operator, made, post):
    issued = rotate_operator_key(organisation=operator.organisation, by=people.actor(operator), at=AT)
    raw = (HEAD + f"{made.voucher.number},{made.devices[0]},2020-11-10 08:00,2020-11-10 17:59,\n").encode()
    answer = post((issued.key_id, issued.secret), "", [], raw=raw, packed=False, path="connections")
    assert (answer.status_code, answer.json()["accepted"]) == (200, 1)
    wrong = post(made.key, "", [], raw=raw, packed=False, path="connections")
    assert (wrong.status_code, wrong.json()["findings"][0]["code"]) == (403, "key.other_kind")
