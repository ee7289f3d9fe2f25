"""Checking a batch by columns gives what checking it record by record gives."""

import json
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules import wire
from monitoring.rules.records import Border
from monitoring.rules.wire import sort_out

NOW = datetime(2020, 11, 12, 2, 0, tzinfo=UTC)
SUBJECTS = st.sampled_from(["A-1", "a-1", " A-2 ", "B-1", "13800000000", "", 7, None, ["A-1"]])
TIMES = st.one_of(
    st.builds(
        "2020-11-{:02d}T{:02d}:{:02d}:{:02d}{}".format,
        st.integers(1, 14), st.integers(0, 24), st.integers(0, 61), st.integers(0, 61),
        st.sampled_from(["+08:00", "Z", "", ".5+08:00", "+08:00:30", "-05:30"]),
    ),
    st.sampled_from(["2020-11-12T100030+0800", "20201112T100030+0800", "2020-11-12", "x", 1605146400, True, None, 1.5]),
)  # fmt: skip
OTHERS = {
    "address": st.sampled_from(["192.0.2.1", "2001:db8::1", "example", "", None, 1]),
    "module": st.sampled_from(["实时产量", " 实时产量 ", " ", None, True]),
    "count": st.sampled_from([1, 3, 0, True, "1", 1_000_001, None]),
    "order_no": st.sampled_from(["PO-1", "PO-2"]),
}
PLAIN = {
    "device": st.sampled_from(["A-1", "a-1", "A-2"]),
    "at": st.builds("2020-11-11T{:02d}:{:02d}:{:02d}+08:00".format, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)),
    "address": st.sampled_from(["192.0.2.1", None]),
    "module": st.sampled_from(["实时产量", " 实时产量 ", None]),
    "count": st.integers(1, 5),
    "order_no": st.just("PO-1"),
}  # fmt: skip
ODD = st.fixed_dictionaries({}, optional={"device": SUBJECTS, "user": SUBJECTS, "at": TIMES, **OTHERS})


@st.composite
def stretches(draw):
    """Mostly alike, with a few odd ones among them."""
    names = draw(st.sets(st.sampled_from(["address", "module", "count", "order_no"])))
    alike = st.fixed_dictionaries({name: PLAIN[name] for name in sorted({"device", "at"} | names)})
    records = draw(st.lists(alike, max_size=12)) + draw(st.lists(ODD, max_size=draw(st.sampled_from([0, 0, 2]))))
    return records + [None] * draw(st.sampled_from([0, 0, 0, 1]))


def _border():
    return Border(devices=frozenset({"A-1", "A-2"}), received=NOW.timestamp(), late_days=5, user_key=b"k" * 64)


def _told(batch):
    return list(batch.rows), batch.rejected, batch.known, dict(batch.dropped), batch.late, batch.records


@pytest.fixture
def one_by_one(monkeypatch):
    """Sorts a batch out without the short cut."""

    def sort(plain):
        with monkeypatch.context() as patched:
            patched.setattr(wire, "part_of", lambda *_: None)
            return sort_out(plain, _border())

    return sort


def test_by_columns_and_one_by_one_agree(one_by_one):
    taken = 0

    @given(st.lists(stretches(), max_size=3))
    def check(parts):
        nonlocal taken
        lines = [json.dumps(record).encode() for part in parts for record in part]
        plain = b"\n".join([b'{"batch": "b-1"}', *lines])
        found = sort_out(plain, _border())
        assert _told(found) == _told(one_by_one(plain))
        taken += len(found.rows) > 5

    check()
    assert taken > 10


def test_the_short_cut_is_taken_by_an_ordinary_batch(monkeypatch):
    monkeypatch.setattr(wire, "check_record", lambda *_: pytest.fail("checked one by one"))
    records = [
        {"device": "A-1", "at": f"2020-11-11T09:{n // 60:02d}:{n % 60:02d}+08:00", "address": "192.0.2.1", "x": 1}
        for n in range(0, 3600, 61)
    ]
    plain = b"\n".join([b'{"batch": "b-1"}', *map(orjson.dumps, records)])
    batch = sort_out(plain, _border())
    assert (len(batch.rows), batch.dropped) == (len(records), {"x": len(records)})
