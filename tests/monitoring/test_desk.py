"""The supplier's desk: keys made once, a batch tried on the page, the steps of connecting."""

import gzip
import threading
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from monitoring.domain import rotate_key, rotate_operator_key, try_batch
from monitoring.models import AccessKey, Batch, BatchReceipt, Pull, Source
from platform_site.audit.models import Entry
from tests.accounts import people
from tests.monitoring import world
from tests.monitoring.world import AT

SECOND = int(AT.timestamp()) - 60


@pytest.fixture
def visit(now):
    def sign_in(membership):
        visitor = Client()
        visitor.force_login(membership.user)
        return visitor

    return sign_in


def _lines(*records: str) -> bytes:
    return "\n".join(['{"batch": "t-1"}', *records]).encode()


def test_a_form_sent_twice_rotates_an_operators_key_once(reference):
    operator = world.operator()
    by = people.actor(operator)
    made = [
        rotate_operator_key(organisation=operator.organisation, by=by, at=AT, key=key) for key in ("a", "a", "b", None)
    ]
    assert [issued is None for issued in made] == [False, True, False, False]
    assert (AccessKey.objects.count(), Entry.objects.filter(event="monitoring.key_rotated").count()) == (3, 3)


def test_a_double_click_rotates_a_key_once(fresh_database):
    """Eight clicks at once; without the form's key each of them makes a key."""
    world.reference()
    made = world.monitored(devices=1)
    before, start = AccessKey.objects.count(), threading.Barrier(8)

    def click(key: str | None) -> None:
        start.wait()
        rotate_key(source=made.source, by=made.by, at=AT, key=key)
        connection.close()

    counts = []
    for key in ("one-form", None):
        clicks = [threading.Thread(target=click, args=(key,)) for _ in range(8)]
        for one in clicks:
            one.start()
        for one in clicks:
            one.join()
        counts.append(AccessKey.objects.count() - before)
    assert counts == [1, 9]


def test_a_pasted_batch_is_answered_line_by_line_and_nothing_is_counted(reference):
    made = world.monitored(devices=1)
    device = f'{{"device": "{made.devices[0]}", "at": {SECOND}}}'
    body = _lines(device, device, "nonsense", '{"device": "X-9", "at": 1, "order_no": 7}')
    trial = try_batch(source=made.source, content=body, by=made.by, at=AT)
    assert [(line.line, line.result, line.code) for line in trial.lines] == [
        (2, "accepted", ""),
        (3, "known", ""),
        (4, "rejected", "record.not_json"),
        (5, "rejected", "device.unknown"),
    ]
    assert all(line.reason and line.remedy for line in trial.lines[2:])
    assert trial.dropped == [("order_no", 1)]
    assert (BatchReceipt.objects.count(), Batch.objects.count()) == (0, 0)
    source = Source.objects.get()
    assert (source.state, source.tested_at, source.test_result[0]["ok"]) == ("set_up", AT, None)


def test_without_a_batch_line_the_records_are_checked_all_the_same(reference):
    made = world.monitored(devices=1)
    body = gzip.compress(f'{{"device": "{made.devices[0]}", "at": {SECOND}}}\nnonsense'.encode())
    trial = try_batch(source=made.source, content=body, by=made.by, at=AT)
    assert [finding.code for finding in trial.findings] == ["batch.no_id"]
    assert [(line.line, line.result) for line in trial.lines] == [(1, "accepted"), (2, "rejected")]


def test_the_page_tries_what_is_pasted_or_uploaded(reference, visit):
    made = world.monitored(devices=1)
    visitor, path = visit(made.supplier), f"/supplier/telemetry/{made.voucher.number}/try/"
    sample = visitor.get(path).context["form"].initial["text"]
    pasted = visitor.post(path, {"text": sample})
    assert (pasted.status_code, [line.result for line in pasted.context["trial"].lines]) == (200, ["accepted"])
    file = SimpleUploadedFile("b.jsonl", _lines('{"device": "X-9", "at": 1, "order_no": 7}'))
    uploaded = visitor.post(path, {"text": "", "file": file})
    assert [line.code for line in uploaded.context["trial"].lines] == ["device.unknown"]
    assert "order_no" in uploaded.content.decode()
    assert visitor.post(path, {"text": " "}).status_code == 422
    assert visitor.post(path, {"text": "", "file": SimpleUploadedFile("b.gz", b"\x1f\x8bno")}).status_code == 422


def test_the_steps_say_what_is_next(reference, visit, post):
    made = world.monitored(devices=1)
    visitor, path = visit(made.supplier), f"/supplier/telemetry/{made.voucher.number}/connect/"

    def states() -> list[tuple[str, str]]:
        return [(step.key, step.state) for step in visitor.get(path).context["steps"]]

    assert states() == [("devices", "done"), ("key", "done"), ("trial", "now"), ("data", "")]
    visitor.post(path.replace("connect", "try"), {"text": visitor.get(path).context["sample"]})
    assert states() == [("devices", "done"), ("key", "done"), ("trial", "done"), ("data", "now")]
    at = int(datetime.now(tz=UTC).timestamp())
    post(made.key, "b-1", [{"device": made.devices[0], "at": at}])
    assert [state for _, state in states()] == ["done"] * 4


def test_another_suppliers_steps_and_trials_are_not_found(reference, visit):
    made, other = world.monitored(devices=1), world.monitored(serial=2, devices=1)
    visitor = visit(made.supplier)
    for end in ("connect", "try"):
        assert visitor.get(f"/supplier/telemetry/{other.voucher.number}/{end}/").status_code == 404


def test_fetching_is_chosen_with_an_address_and_its_health_is_shown(reference, visit):
    made = world.monitored(devices=1)
    visitor, own = visit(made.supplier), f"/supplier/telemetry/{made.voucher.number}/"
    missing = visitor.post(f"{own}connect/", {"kind": "supplier_pull", "address": " "})
    inside = visitor.post(f"{own}connect/", {"kind": "supplier_pull", "address": "https://127.0.0.1/log"})
    assert (missing.status_code, inside.status_code, Source.objects.get().kind) == (422, 422, "supplier_push")
    chosen = {"kind": "supplier_pull", "address": "https://logs.example.com/usage"}
    assert visitor.post(f"{own}connect/", chosen).status_code == 302
    Pull.objects.update(failures=5, last_at=AT, last_code="pull.too_slow", last_words="接口回答太慢", cursor="c-17")
    page = visitor.get(own).content.decode()
    shown = ("https://logs.example.com/usage", "c-17", "接口回答太慢", "马上再取")
    assert [words for words in shown if words not in page] == []
    assert visitor.post(f"{own}pull-again/").status_code == 302
    assert Pull.objects.get().failures == 0
