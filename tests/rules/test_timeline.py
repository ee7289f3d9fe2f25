"""The days behind a verdict and the gaps between them."""

from datetime import date, timedelta
from decimal import Decimal

from monitoring.rules.heat import heat_rows
from monitoring.rules.scheme import AdoptionTerms
from monitoring.rules.timeline import Timeline, timeline_of
from tests.rules.seen import SeenDay, courses

FIRST = date(2020, 10, 1)
TERMS = AdoptionTerms(
    edition_code="2020", item_number=5, kind="device", clause="D/8", window_days=28, min_days=20, min_minutes=240,
    slot_minutes=5, min_devices=1, min_users=0, min_modules=0, late_days=35, operator_late_days=60,
    operator_share=Decimal(0), conflict_share=Decimal("0.1"), outside_share=Decimal("0.2"),
)  # fmt: skip


def drawn(used: dict[str, list[int]], days: int, needed: int = 2) -> Timeline:
    seen = [SeenDay(name, FIRST + timedelta(days=day), supplier=300) for name, on in used.items() for day in on]
    span = [FIRST + timedelta(days=step) for step in range(days)]
    return timeline_of(heat_rows(courses(seen), used, (span[0], span[-1]), TERMS), span, TERMS, needed)


def test_each_day_counts_what_was_in_use_long_enough() -> None:
    line = drawn({"A": [0, 1, 5], "B": [1, 5]}, 6)
    assert [(day.count, day.enough) for day in line.days] == [
        (1, False), (2, True), (0, False), (0, False), (0, False), (2, True),
    ]  # fmt: skip
    assert (line.used, line.most, line.line) == (3, 2, 0)
    assert [(gap.first.day, gap.last.day, gap.days) for gap in line.gaps] == [(3, 5, 3)]


def test_only_the_longest_gaps_are_listed_in_order_of_time() -> None:
    line = drawn({"A": [3, *range(4, 24, 2)]}, 24)
    assert (line.gaps[0].days, len(line.gaps), line.more_gaps) == (3, 8, 3)
    assert line.gaps == sorted(line.gaps, key=lambda gap: gap.first)


def test_days_without_rows_are_one_gap() -> None:
    line = drawn({}, 4)
    assert ([gap.days for gap in line.gaps], line.used, line.most) == ([4], 0, 0)
