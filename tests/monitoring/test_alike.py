"""Reading a batch by kinds of lines gives what reading it record by record gives."""

import json
from datetime import UTC, datetime

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitoring.rules import read_lines
from monitoring.rules.line_kinds import NO_TIME, LineKinds, kinds_of, lines_of
from monitoring.rules.records import Border
from monitoring.rules.wire import sort_out
from platform_site.kit.findings import Refusal

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
    "at": st.builds("2020-11-11T{:02d}:{:02d}:{:02d}+08:00".format, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
    | st.integers(1_604_900_000, 1_605_150_000),
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


def _all_odd(lines):
    none = np.zeros(0, np.int64)
    return LineKinds([], none, none, none, np.arange(len(lines)))


@pytest.fixture
def one_by_one(monkeypatch):
    """Sorts a batch out without the short cut."""

    def sort(plain):
        with monkeypatch.context() as patched:
            patched.setattr(read_lines, "kinds_of", _all_odd)
            return sort_out(plain, _border())

    return sort


SPELLINGS = st.sampled_from([json.dumps, lambda one: orjson.dumps(one).decode(), lambda one: f" {json.dumps(one)} "])


def test_by_kinds_and_one_by_one_agree(one_by_one):
    taken = 0

    @given(st.lists(st.tuples(stretches(), SPELLINGS), max_size=3), st.sampled_from(["\n", "\r\n", "\n\n", "\n \n"]))
    def check(parts, between):
        nonlocal taken
        lines = [spell(record) for part, spell in parts for record in part]
        plain = between.join(['{"batch": "b-1"}', *lines]).encode()
        found = sort_out(plain, _border())
        assert _told(found) == _told(one_by_one(plain))
        taken += len(found.rows) > 5

    check()
    assert taken > 10


GOOD = '{"device": "A-1", "at": "2020-11-11T09:00:07+08:00"}'


@pytest.mark.parametrize(
    "line",
    [
        '{"device": "A-1", "x": {"at": "2020-11-11T09:01:00+08:00"}, "at": "9999-99-99T99:99:99+08:00"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00", "at": "2020-11-10T09:01:00+08:00"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00", "\\u0061t": "9999-99-99T99:99:99+08:00"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00", "a\\u0074": "2020-11-10T09:01:00+08:00"}',
        '{"device": "A-1", "x\\"at": "2020-11-11T09:01:00+08:00"}',
        '{"device": "A-1", "x": "\\"at\\": \\"2020-11-11T09:01:00+08:00"}',
        '{"device": "A-1", "x": ","at":"2020-11-11T09:01:00+08:00"}',
        '{"device": "A-1", "at": "9999-99-99T99:99:99+08:00"}',
        '{"device": "A-1", "at": 9999999999}',
        '{"device": "A-1", "at": 1605146400, "x": 1}',
        '{"device": "A-1", "at": 01605146400}',
        '{"device": "A-1", "at": 0605146400}',
        '{"device": "A-1", "at": 16051464001}',
        '{"device": "A-1", "at": 1605146400.5}',
        '{"device": "A-1", "at": 1605146400e0}',
        '{"device": "A-1", "at": 160514640}',
        '{"device": "A-1", "at": -1605146400}',
        '{"device": "A-1", "x": {"at": 1605146400}, "at": 9999999999}',
        '{"device": "A-1", "at": 1605146400"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00"',
        '{"device": "A-1", "at": "2020-11-11T09:01',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00:30"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00.7+08:00:00.5"}',
        '{"device": "A-1", "at": "2020-02-30T09:01:00+08:00"}',
        '{"device": "A-1", "at": "2020-11-11T24:00:00+08:00"}',
        '{"device": "A-1", "at": "1969-12-31T23:59:59Z"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00"}\0',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00", "x": "\\ud800"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00", "x": "\x7f\x80"}',
        '{"device": "A-1", "at": "2020-11-11T09:01:00+08:00", "x": "' + "y" * 600 + '"}',
        '{"at": "2020-11-11T09:01:00+08:00", "device": "' + "A" * 470 + '", "address": "192.0.2.1"}',
        '{"device": "A-1", "at": "２０20-11-11T09:01:00+08:00"}',
    ],
)
def test_lines_that_try_to_pass_for_another_kind_are_read_like_any(one_by_one, line):
    plain = "\n".join(
        ['{"batch": "b-1"}', GOOD, line, line.replace("09:01", "09:02"), GOOD.replace("09", "10")]
    ).encode()
    assert _told(sort_out(plain, _border())) == _told(one_by_one(plain))


def test_bytes_that_are_no_text_spoil_only_their_line(one_by_one):
    plain = b"\n".join([b'{"batch": "b-1"}', GOOD.encode(), b'{"device": "\xff", "at": "2020-11-11T09:00:07+08:00"}'])
    found = sort_out(plain, _border())
    assert _told(found) == _told(one_by_one(plain))
    assert (len(found.rows), [code for _, code, _ in found.rejected]) == (1, ["record.not_json"])


def test_a_batch_with_more_time_places_than_are_tried_is_read_all_the_same(one_by_one):
    lines = [
        f'{{"x": "{"y" * number}", "device": "A-1", "at": "2020-11-11T09:{number:02d}:00+08:00"}}'
        for number in range(40)
    ]
    plain = "\n".join(['{"batch": "b-1"}', *lines]).encode()
    found = sort_out(plain, _border())
    assert _told(found) == _told(one_by_one(plain))
    assert len(found.rows) == len(lines)


def test_what_differs_but_for_the_moment_is_another_kind():
    lines = [GOOD, GOOD.replace("09:00:07", "23:59:59"), GOOD.replace("A-1", "A-2"), GOOD.replace("+08", "+09"), GOOD]
    found = kinds_of(lines_of("\n".join(lines).encode()))
    assert [kind.count(NO_TIME) for kind in found.kinds] == [1, 1, 1]
    assert (found.kind_of.tolist(), found.odd.tolist()) == ([0, 0, 1, 2, 0], [])


@pytest.mark.parametrize(
    "at", [lambda n: f"2020-11-11T09:{n // 60:02d}:{n % 60:02d}+08:00", lambda n: 1_605_056_400 + n]
)
def test_the_short_cut_is_taken_by_an_ordinary_batch(monkeypatch, at):
    monkeypatch.setattr(read_lines, "check_record", lambda *_: pytest.fail("checked one by one"))
    records = [{"device": "A-1", "at": at(n), "address": "192.0.2.1", "x": 1} for n in range(0, 3600, 61)]
    plain = b"\n".join([b'{"batch": "b-1"}', *map(orjson.dumps, records)])
    batch = sort_out(plain, _border())
    assert (len(batch.rows), batch.dropped) == (len(records), {"x": len(records)})


def test_a_batch_of_blank_lines_is_refused_before_it_is_split():
    with pytest.raises(Refusal) as caught:
        sort_out(b'{"batch": "b-1"}' + b"\n" * 150_001, _border())
    assert caught.value.codes() == ["batch.too_many"]
