"""The nine rules one by one: what is a sign, and what honest factories do that is none."""

from datetime import date, timedelta

import pytest

from monitoring.queries.sign_facts import sign_terms
from monitoring.rules import minute_map
from monitoring.rules.cheats import make_fleet, otherwise, sent_rows
from monitoring.rules.factory_shapes import Plant, device_moments
from monitoring.rules.fleets import Span, rows_of
from monitoring.rules.graph_layout import lay_out
from monitoring.rules.ip_region import Region
from monitoring.rules.payload import count
from monitoring.rules.signs import DayFacts, Stream, score_of
from monitoring.rules.signs_copied import Twin, find_copied, fingerprint
from monitoring.rules.signs_course import Arrival, BothSaw, find_backfill, find_contradicted, find_stopped
from monitoring.rules.signs_places import SharedMark, find_address, find_device, find_outside, line_of, serial_of
from monitoring.rules.signs_rhythm import find_regular, find_shapeless

MONDAY = date(2020, 10, 12)
DAY = timedelta(days=1)
WEEKS = [MONDAY + DAY * step for step in range(28)]
SUNDAYS = frozenset(day for day in WEEKS if day.weekday() == 6)
LIMITS = sign_terms().limits


def _facts(day, minutes, subject="A", addresses=()):
    return DayFacts(subject, day, int.from_bytes(minute_map.of_minutes(minutes), "big"), addresses)


def _shift(day, start, end, **other):
    return _facts(day, range(start, end, 5), **other)


def _honest(day, seed="8"):
    return [minute for minute, _ in device_moments(Plant(seed=seed, devices=("A",)), "A", day)]


# -- the shape of a score -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "score"), [(0.19, 0), (0.2, 40), (0.5, 70), (0.8, 100), (5, 100)])
def test_a_score_begins_at_forty_and_ends_at_a_hundred(value, score):
    assert score_of(value, {"low": 0.2, "high": 0.8}) == score


def test_a_days_first_and_last_minute_are_read_from_its_bits():
    one = _shift(MONDAY, 8 * 60, 17 * 60)
    assert (one.first, one.last, one.records) == (480, 1015, 108)


# -- 1: copied ----------------------------------------------------------------------------------------------------------


def test_the_fingerprint_stays_when_the_day_is_moved_and_says_by_how_much():
    minutes = _honest(MONDAY)
    here, there = (
        fingerprint(minute_map.of_minutes([m + shift for m in minutes]), run=24, mixed=5) for shift in (0, 37)
    )
    assert here.shape == there.shape
    assert here.whole == there.whole
    assert there.anchor - here.anchor == 37


def test_two_machines_of_one_plant_have_different_fingerprints():
    prints = {fingerprint(minute_map.of_minutes(_honest(MONDAY, seed)), run=24, mixed=5).shape for seed in "abcdefgh"}
    assert len(prints) == 8


def test_a_few_records_more_or_less_leave_the_fingerprint_alone():
    minutes = _honest(MONDAY)
    assert fingerprint(minute_map.of_minutes(minutes), 24, 5).shape == _shape_without_edges(minutes)


def _shape_without_edges(minutes):
    found = fingerprint(minute_map.of_minutes(minutes), 24, 5)
    kept = [m for m in minutes if abs(m - found.anchor) < 200]
    return fingerprint(minute_map.of_minutes(kept), 24, 5).shape


def test_a_gateway_that_asks_every_five_minutes_has_no_fingerprint():
    assert fingerprint(minute_map.of_minutes(range(480, 1080, 5)), run=24, mixed=5) is None
    assert fingerprint(minute_map.of_minutes(range(480, 500, 5)), run=24, mixed=5) is None


def test_copied_counts_days_that_have_a_twin_and_names_the_others():
    twins = [Twin("A", 18, 7, "B", 0, 37, 1, (7,)), Twin("C", 2, 9, "D", 0, 0, 1, (9,))]
    found = find_copied(twins, 24, LIMITS["copied"])
    assert (found.score, found.evidence["vouchers"], found.evidence["figures"]["share"]) == (95, [7], 0.75)
    assert (
        found.evidence["says"]
        == "1 个数据流与别的数据流雷同，占可比对天数的 75%；A 有 18 天和另一个相差37 分钟后相同。"
    )
    assert find_copied(twins[1:], 24, LIMITS["copied"]) is None


# -- 2 and 3: rhythm ----------------------------------------------------------------------------------------------------


def test_the_same_hours_every_day_are_too_regular_and_a_wandering_shift_is_not():
    same = Stream(tuple(_shift(day, 480, 1070) for day in WEEKS))
    assert find_regular(same, LIMITS["regular"]).score == 100
    honest = Stream(tuple(_facts(day, minutes) for day in WEEKS if (minutes := _honest(day))))
    assert find_regular(honest, LIMITS["regular"]) is None


def test_machines_around_the_clock_have_no_shift_to_compare():
    assert find_regular(Stream(tuple(_shift(day, 0, 1440) for day in WEEKS)), LIMITS["regular"]) is None


def test_day_and_night_sunday_and_monday_alike_has_no_working_hours():
    always = Stream(tuple(_shift(day, 0, 1440) for day in WEEKS), SUNDAYS)
    assert find_shapeless(always, 5, LIMITS["shapeless"]).score == 100
    assert find_shapeless(always, 15, LIMITS["shapeless"]) is None  # meters run so


def test_a_night_shift_with_sundays_off_and_a_day_shift_without_have_working_hours():
    nights = Stream(tuple(_shift(day, 0, 1440) for day in WEEKS if day not in SUNDAYS), SUNDAYS)
    days = Stream(tuple(_shift(day, 480, 1080) for day in WEEKS), SUNDAYS)
    assert [find_shapeless(one, 5, LIMITS["shapeless"]) for one in (nights, days)] == [None, None]


# -- 4, 5, 7: places ----------------------------------------------------------------------------------------------------


def _shared(value, enterprises, days=20):
    return SharedMark(value, days, enterprises, (8, 9), MONDAY, MONDAY + 20 * DAY)


def test_many_enterprises_behind_one_address_are_a_sign_a_park_and_a_mobile_gateway_are_not():
    limits = LIMITS["address"]
    found = find_address([_shared("198.18.0.9", 12)], 40, limits["shared"], limits)
    assert (found.score, found.evidence["addresses"], found.evidence["vouchers"]) == (100, ["198.18.0.9"], [8, 9])
    for harmless in (_shared("198.18.0.9", 4), _shared("203.0.113.5", 900), _shared("198.18.0.9", 12, days=5)):
        assert find_address([harmless], 40, limits["shared"], limits) is None


def test_of_ipv6_the_line_counts_not_what_machines_make_of_it():
    lines = [line_of(f"2001:db8:0:{net}:{host}") for net, host in ((7, ":1"), (7, "a:b:c:d"), (8, ":1"))]
    assert lines == ["2001:db8:0:7::/64", "2001:db8:0:7::/64", "2001:db8:0:8::/64"]
    assert line_of("198.18.0.9") == "198.18.0.9"
    limits = LIMITS["address"]
    found = find_address([_shared(lines[0], 12)], 40, limits["shared"], limits)
    assert (found.score, found.evidence["addresses"]) == (100, [lines[0]])
    assert find_address([_shared(lines[0], 12)], 40, ["2001:db8::/32", "203.0.113.0/24"], limits) is None


@pytest.mark.parametrize(
    "written", ["GD00012-CNC-001", "gd00012_cnc_1", "GD00012CNC001", "GD00012-CNC001", "GD12-CNC-1"]
)
def test_a_device_written_otherwise_is_the_same_device(written):
    assert serial_of(written, 6) in {"GD00012CNC1", "GD00012CNC001", "GD12CNC1"}


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_the_ways_in_which_cheats_write_a_device_all_give_its_serial_number(turn):
    device = "GD00012-CNC-007"
    assert serial_of(otherwise(device, turn), 6) == serial_of(device, 6)


def test_short_numbers_are_not_distinctive():
    assert serial_of("CNC-01", 6) == ""


def test_one_foreign_device_among_many_is_a_weak_sign_half_of_them_a_strong_one():
    limits = LIMITS["device"]
    weak = find_device([_shared("X", 2)], {"X": "X-1"}, 40, limits)
    strong = find_device([_shared(str(n), 2) for n in range(5)], {}, 10, limits)
    assert (weak.score, weak.evidence["subjects"], strong.score) == (41, ["X-1"], 100)
    assert find_device([], {}, 10, limits) is None


def test_days_from_outside_count_among_those_whose_place_is_known():
    places = {"i": Region.INSIDE, "o": Region.OUTSIDE, "u": Region.UNKNOWN}.__getitem__
    days = [_facts(day, [480], addresses=("o",)) for day in WEEKS[:6]]
    days += [_facts(day, [480], addresses=("i",)) for day in WEEKS[6:12]]
    days += [_facts(day, [480], addresses=("u",)) for day in WEEKS[12:]]
    found = find_outside(Stream(tuple(days)), places, elsewhere_allowed=False, limits=LIMITS["outside"])
    assert (found.score, found.evidence["figures"]["share"], found.evidence["addresses"]) == (85, 0.5, ["o"])
    assert find_outside(Stream(tuple(days)), places, elsewhere_allowed=True, limits=LIMITS["outside"]) is None


# -- 6, 8, 9: course ----------------------------------------------------------------------------------------------------


def test_a_month_sent_in_one_morning_is_a_backfill_a_week_after_an_outage_is_not():
    month = [Arrival(WEEKS[-1], WEEKS[0], WEEKS[-2], 1000, 950)]
    assert find_backfill(month, LIMITS["backfill"]).score == 100
    daily = [Arrival(day + DAY, day, day, 30, 0) for day in WEEKS[8:]]
    week = Arrival(WEEKS[8], WEEKS[0], WEEKS[7], 240, 180)
    assert find_backfill([week, *daily], LIMITS["backfill"]) is None


def test_a_stop_after_the_payment_counts_on_working_days_only():
    paid = WEEKS[7]
    stopped = Stream(tuple(_shift(day, 480, 1080) for day in WEEKS[:8]), SUNDAYS)
    today = WEEKS[-1] + DAY
    assert find_stopped(stopped, paid, today, LIMITS["stopped"]).score == 100
    assert find_stopped(stopped, paid, paid + 15 * DAY, LIMITS["stopped"]) is None  # too early to tell
    assert find_stopped(stopped, None, today, LIMITS["stopped"]) is None
    going_on = Stream(tuple(_shift(day, 480, 1080) for day in WEEKS if day not in SUNDAYS), SUNDAYS)
    assert find_stopped(going_on, paid, today, LIMITS["stopped"]) is None


def test_sources_that_contradict_each_other_on_whether_the_day_counts():
    agree = [BothSaw("A", day, 540, 500) for day in WEEKS[:18]]
    against = [BothSaw("A", day, 540, 0) for day in WEEKS[18:]]
    found = find_contradicted([*agree, *against], 240, LIMITS["contradicted"])
    assert (found.score, found.evidence["figures"]["silent"]) == (79, 10)
    assert find_contradicted([*agree, *against[:2]], 240, LIMITS["contradicted"]) is None


# -- fleets -------------------------------------------------------------------------------------------------------------


SPAN = Span(MONDAY, MONDAY + 20 * DAY)


def test_the_same_seed_gives_the_same_fleet_and_another_seed_another():
    one, again, other = (make_fleet(seed, 80, SPAN, frozenset()) for seed in ("1", "1", "2"))
    assert one == again
    assert one != other
    rows = [list(sent_rows(member, MONDAY)) for member in one.members]
    assert rows == [list(sent_rows(member, MONDAY)) for member in again.members]


def test_every_kind_of_cheat_is_planted_and_most_are_honest_in_a_large_fleet():
    fleet = make_fleet("1", 1000, SPAN, frozenset())
    planted = [member.cheat for member in fleet.members if member.cheat]
    assert {planted.count(kind) for kind in set(planted)} == {10}
    assert len(fleet.honest) == 1000 - 90


def test_too_few_vouchers_have_no_room_for_nine_kinds():
    with pytest.raises(ValueError, match="Sample larger than population"):
        make_fleet("1", 53, SPAN, frozenset())


def test_rows_of_a_fleet_are_those_of_the_protocols_records():
    """The fast path and the real path tell the same minutes."""
    member = next(one for one in make_fleet("1", 60, SPAN, frozenset()).honest if one.plant.devices)
    device = member.plant.devices[0]
    states = count(list(rows_of(member, MONDAY)))
    minutes = [minute for minute, _ in device_moments(member.plant, device, MONDAY)]
    found = next((state for (_, subject, _), state in states.items() if subject == device), None)
    assert (minute_map.minutes_in(found.minutes()) if found else []) == sorted(minutes)


# -- the graph ----------------------------------------------------------------------------------------------------------


def test_points_of_one_cluster_lie_in_one_cell_and_the_picture_is_always_the_same():
    edges = [(("address", "a"), ("voucher", n)) for n in range(6)] + [(("device", "d"), ("voucher", n)) for n in (8, 9)]
    layout = lay_out(edges)
    assert layout == lay_out(reversed(edges))
    cells = {node: (int(x), int(-y)) for node, (x, y) in layout.places.items()}
    assert len({cells[node] for node in cells if node in {("address", "a"), *(("voucher", n) for n in range(6))}}) == 1
    assert cells["address", "a"] != cells["device", "d"]
    assert len(set(layout.places.values())) == 10
