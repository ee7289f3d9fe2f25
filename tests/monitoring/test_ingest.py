"""A batch comes in over the interface."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from monitoring.domain import close_dead_sources, fold, revoke_key, rotate_key
from monitoring.domain.sealing import unseal
from monitoring.models import AccessKey, Batch, BatchReceipt, DeviceDay, Source
from monitoring.rules.payload import unpack
from platform_site.kit.fsm import perform
from tests.monitoring import client, world
from tests.monitoring.world import AT

STAMP = "2020-11-12T09:30:00+08:00"


def _record(machine, **other):
    return {"device": machine.devices[0], "at": STAMP, "address": "192.0.2.7"} | other


def _codes(answer):
    return [finding["code"] for finding in answer.json()["findings"]]


def _stored():
    return BatchReceipt.objects.count(), Batch.objects.count()


def test_a_signed_batch_is_answered_line_by_line(machine, post):
    records = [
        _record(machine),
        _record(machine),
        {"device": "NOT-LISTED", "at": STAMP},
        _record(machine, at="2020-11-12T10:26:00+08:00"),
    ]
    answer = post(machine.key, "b-1", records)
    assert answer.status_code == 200
    found = answer.json()
    counts = ("received", "accepted", "known", "rejected")
    assert tuple(found[name] for name in counts) == (4, 1, 1, 2)
    assert [(line["line"], line["code"]) for line in found["rejected_lines"]] == [
        (4, "device.unknown"),
        (5, "at.future"),
    ]
    assert found["known_lines"] == [3]


def test_plain_and_compressed_bodies_are_both_read(machine, post):
    assert post(machine.key, "b-1", [_record(machine)], packed=False).json()["accepted"] == 1
    assert post(machine.key, "b-2", [_record(machine)], packed=True).json()["accepted"] == 1


def test_the_first_batch_brings_a_source_to_life(machine, post):
    assert Source.objects.get().state == "set_up"
    post(machine.key, "b-1", [_record(machine)])
    assert Source.objects.get().state == "live"


def test_business_fields_are_dropped_counted_and_nowhere_kept(machine, post):
    """T18/5.4.12"""
    record = _record(machine, order_no="PO-7781", unit_price="12.50", operator_phone="13800000000")
    answer = post(machine.key, "b-1", [record, _record(machine, at="2020-11-12T09:31:00+08:00", order_no="PO-7782")])
    assert answer.json()["dropped_fields"] == {"order_no": 2, "unit_price": 1, "operator_phone": 1}
    assert BatchReceipt.objects.get().dropped_fields == {"order_no": 2, "unit_price": 1, "operator_phone": 1}
    kept = repr(unpack(bytes(Batch.objects.get().payload))) + repr(BatchReceipt.objects.values().get())
    assert [text for text in ("PO-7781", "12.50", "13800000000") if text in kept] == []


def test_an_account_that_is_a_phone_number_is_rejected_and_not_kept(machine, post):
    answer = post(machine.key, "b-1", [{"user": "13800000000", "at": STAMP, "module": "实时产量"}])
    assert [line["code"] for line in answer.json()["rejected_lines"]] == ["user.personal_number"]
    assert BatchReceipt.objects.get().rejections == [
        {"code": "user.personal_number", "subject": "", "line": 2, "count": 1}
    ]


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_clock_301_seconds_off_is_refused(machine, post, seconds):
    answer = post(machine.key, "b-1", [_record(machine)], at=AT + timedelta(seconds=seconds))
    assert (answer.status_code, _codes(answer)) == (401, ["timestamp.skew"])
    assert _stored() == (0, 0)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_clock_300_seconds_off_is_allowed(machine, post, seconds):
    assert post(machine.key, "b-1", [_record(machine)], at=AT + timedelta(seconds=seconds)).status_code == 200


def test_the_same_request_again_is_refused_as_replay(machine, post):
    raw = client.body("b-1", [_record(machine)])
    assert post(machine.key, "b-1", [], raw=raw, nonce="n" * 32).status_code == 200
    answer = post(machine.key, "b-1", [], raw=raw, nonce="n" * 32)
    assert (answer.status_code, _codes(answer)) == (409, ["nonce.used"])
    assert _stored() == (1, 1)


def test_a_replay_is_refused_by_the_database_when_the_cache_has_forgotten(machine, post, monkeypatch):
    monkeypatch.setattr("monitoring.domain.authenticate.cache.add", lambda *_: True)
    raw = client.body("b-1", [_record(machine)])
    post(machine.key, "b-1", [], raw=raw, nonce="n" * 32)
    answer = post(machine.key, "b-1", [], raw=raw, nonce="n" * 32)
    assert (answer.status_code, _codes(answer)) == (409, ["nonce.used"])
    assert _stored() == (1, 1)


def test_an_altered_body_is_refused(machine, post):
    raw = client.body("b-1", [_record(machine)], packed=False)
    sent = raw.replace(b"09:30", b"09:31")
    answer = post(machine.key, "b-1", [], raw=raw, sent=sent, packed=False)
    assert (answer.status_code, _codes(answer)) == (401, ["signature.wrong"])
    assert _stored() == (0, 0)


def test_an_unknown_key_and_a_wrong_secret_read_the_same(machine, post):
    wrong_secret = post((machine.key[0], "0" * 64), "b-1", [_record(machine)])
    wrong_key = post(("tk-0000", machine.key[1]), "b-1", [_record(machine)])
    assert (wrong_secret.status_code, wrong_secret.json()) == (wrong_key.status_code, wrong_key.json())


def test_another_suppliers_key_reaches_only_its_own_voucher(machine, post):
    other = world.monitored(serial=2, devices=1)
    answer = post(other.key, "b-1", [_record(machine)]).json()
    assert (answer["accepted"], [line["code"] for line in answer["rejected_lines"]]) == (0, ["device.unknown"])
    fold(at=AT)
    assert DeviceDay.objects.count() == 0


def test_after_rotation_the_old_key_works_for_the_grace_time_only(machine, post, now):
    issued = rotate_key(source=machine.source, by=machine.by, at=AT)
    new = (issued.key_id, issued.secret)
    assert post(machine.key, "b-1", [_record(machine)]).status_code == 200
    assert post(new, "b-2", [_record(machine)]).status_code == 200
    now.move_to(issued.old_until)
    late = {"at": issued.old_until.isoformat()}
    assert post(machine.key, "b-3", [_record(machine, **late)]).status_code == 401
    assert post(new, "b-4", [_record(machine, **late)]).status_code == 200


def test_a_revoked_key_ends_at_once(machine, post):
    revoke_key(source=machine.source, key_id=machine.key[0], by=machine.by, at=AT)
    answer = post(machine.key, "b-1", [_record(machine)])
    assert (answer.status_code, _codes(answer)) == (401, ["signature.wrong"])


def test_a_batch_sent_again_is_known_and_counts_nothing(machine, post):
    records = [_record(machine, count=3), {"device": "NOT-LISTED", "at": STAMP}]
    first = post(machine.key, "b-1", records).json()
    again = post(machine.key, "b-1", records).json()
    assert (first["accepted"], first["repeat"]) == (1, False)
    assert (again["accepted"], again["known"], again["rejected"], again["repeat"]) == (0, 1, 1, True)
    fold(at=AT)
    assert DeviceDay.objects.get().readings == 3
    assert list(BatchReceipt.objects.order_by("pk").values_list("repeat_of__batch_id", flat=True)) == [None, "b-1"]


def test_the_same_batch_id_with_another_body_is_refused(machine, post):
    post(machine.key, "b-1", [_record(machine)])
    answer = post(machine.key, "b-1", [_record(machine, count=9)])
    assert (answer.status_code, _codes(answer)) == (409, ["batch.other_body"])
    assert _stored() == (1, 1)


def test_data_older_than_the_scheme_allows_are_rejected(machine, post):
    times = {"2020-10-08T10:00:00+08:00": "accepted", "2020-10-08T09:59:59+08:00": "at.too_old"}
    answer = post(machine.key, "b-1", [_record(machine, at=at) for at in times]).json()
    assert (answer["accepted"], [line["code"] for line in answer["rejected_lines"]]) == (1, ["at.too_old"])


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ({"at": STAMP}, "subject.missing"),
        ({"device": "SY1-CNC-001", "user": "u1", "at": STAMP}, "subject.both"),
        ({"device": 7, "at": STAMP}, "subject.form"),
        ({"user": "a b", "at": STAMP}, "subject.form"),
        ({"user": "u1"}, "at.missing"),
        ({"user": "u1", "at": "2020-11-12T09:30:00"}, "at.form"),
        ({"user": "u1", "at": True}, "at.form"),
        ({"user": "u1", "at": STAMP, "address": "example.com"}, "address.form"),
        ({"user": "u1", "at": STAMP, "module": " "}, "module.form"),
        ({"user": "u1", "at": STAMP, "count": 0}, "count.form"),
        ([], "record.not_json"),
    ],
)
def test_a_record_that_is_not_right_is_rejected_with_its_reason(machine, post, record, code):
    answer = post(machine.key, "b-1", [record]).json()
    assert [line["code"] for line in answer["rejected_lines"]] == [code]


def test_a_body_without_batch_id_is_refused(machine, post):
    answer = post(machine.key, "", [_record(machine)])
    assert (answer.status_code, _codes(answer)) == (422, ["batch.no_id"])


def test_a_body_that_is_not_gzip_is_refused(machine, post):
    answer = post(machine.key, "b-1", [], raw=b"{}", packed=True)
    assert (answer.status_code, _codes(answer)) == (422, ["body.not_gzip"])


def test_a_small_body_that_unpacks_to_too_much_is_refused(machine, post):
    raw = client.body("b-1", [{"device": "x" * 22_000_000}])
    answer = post(machine.key, "b-1", [], raw=raw)
    assert (answer.status_code, _codes(answer)) == (413, ["body.too_large"])


def test_a_body_over_the_limit_is_not_read(machine, post):
    answer = post(machine.key, "b-1", [], raw=b"x" * (2 * 1024 * 1024 + 1), packed=False)
    assert (answer.status_code, _codes(answer)) == (413, ["body.too_large"])


def test_data_of_a_void_voucher_are_refused(machine, post):
    voucher = machine.voucher
    voucher.void_ground = "expired"
    perform(voucher, "make_void", at=AT, save=["void_ground"])
    assert close_dead_sources(by=world.SYSTEM, at=AT) == 1
    answer = post(machine.key, "b-1", [_record(machine)])
    assert (answer.status_code, _codes(answer)) == (403, ["source.closed"])


def test_an_operators_key_cannot_push_device_data(machine, post):
    key = AccessKey.objects.get()
    key.organisation, key.source = world.operator().organisation, None
    key.save()
    answer = post(machine.key, "b-1", [_record(machine)])
    assert (answer.status_code, _codes(answer)) == (403, ["key.other_kind"])


def test_the_secret_is_kept_encrypted(machine):
    sealed = bytes(AccessKey.objects.get().sealed_secret)
    assert machine.key[1].encode() not in sealed
    assert unseal(sealed) == machine.key[1]


def test_receipts_are_refused_any_change_by_the_database(machine, post):
    post(machine.key, "b-1", [_record(machine)])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        BatchReceipt.objects.update(accepted=9, records=9)


def test_the_sandbox_reports_every_step_and_counts_nothing(machine, post):
    records = [_record(machine, operator_phone="1"), {"device": "LD-CNC-0650", "at": STAMP}]
    answer = post(machine.key, "t-1", records, path="tests")
    assert [(step["name"], step["ok"]) for step in answer.json()["steps"]] == [
        ("签名与时间", True),
        ("随机数没有重复", True),
        ("正文可以读", True),
        ("字段都在允许范围", True),
        ("设备编号已登记", False),
        ("时间和其他内容合规", True),
        ("折算成设备日（未执行）", None),
    ]
    assert _stored() == (0, 0)
    assert Source.objects.get().tested_at == AT
