"""What signs are found by: the days of vouchers, how they arrived, and what others have in common with them."""

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count

from monitoring.enums import MarkKind, SignKind, SourceKind, SourceState
from monitoring.models import BatchReceipt, DayPrint, Device, DeviceDay, Mark, Source, UserDay
from monitoring.rules.signs import DayFacts, SignTerms, Stream
from monitoring.rules.signs_copied import Twin
from monitoring.rules.signs_course import Arrival, BothSaw
from monitoring.rules.signs_places import SharedMark, serial_of
from platform_site.accounts.queries import day_of
from platform_site.kit.yaml_files import read_yaml
from platform_site.working_calendar.queries import working_days_until
from vouchers.enums import LIVE_STATES, VoucherState
from vouchers.models import Voucher

FILE = settings.BASE_DIR / "fixtures" / "monitoring" / "signs.yaml"
ONE_DAY = timedelta(days=1)
SATURDAY = 5  # many factories work on Saturdays: neither a day of rest nor one to count on
ENTERPRISES_SHOWN = 20

_TWINS = f"""
WITH pairs AS (
    SELECT a.voucher_id, a.subject, b.voucher_id AS other, b.subject AS name, count(DISTINCT a.day) AS days,
           mode() WITHIN GROUP (ORDER BY a.day - b.day) AS lag,
           mode() WITHIN GROUP (ORDER BY a.anchor - b.anchor) AS shift
    FROM {DayPrint._meta.db_table} a
    JOIN {DayPrint._meta.db_table} b ON b.shape = a.shape AND (b.voucher_id, b.subject) <> (a.voucher_id, a.subject)
    JOIN {Voucher._meta.db_table} va ON va.id = a.voucher_id
    JOIN {Voucher._meta.db_table} vb ON vb.id = b.voucher_id
    WHERE a.voucher_id = ANY(%s) AND (va.enterprise_id <> vb.enterprise_id OR a.whole = b.whole)
    GROUP BY 1, 2, 3, 4 HAVING count(DISTINCT a.day) >= %s)
SELECT voucher_id, subject, max(days), (array_agg(other ORDER BY days DESC, other, name))[1],
       (array_agg(name ORDER BY days DESC, other, name))[1], (array_agg(lag ORDER BY days DESC, other, name))[1],
       (array_agg(shift ORDER BY days DESC, other, name))[1], count(*),
       (array_agg(other ORDER BY days DESC, other, name))[1:{ENTERPRISES_SHOWN}]
FROM pairs GROUP BY 1, 2
"""  # noqa: S608  own table names
_SHARED = f"""
WITH own AS (SELECT * FROM {Mark._meta.db_table} WHERE kind = %s AND voucher_id = ANY(%s)),
shared AS (
    SELECT m.value, count(DISTINCT v.enterprise_id) AS enterprises, array_agg(DISTINCT m.voucher_id) AS vouchers
    FROM {Mark._meta.db_table} m JOIN {Voucher._meta.db_table} v ON v.id = m.voucher_id
    WHERE m.kind = %s AND m.last_day >= %s AND v.state IN %s AND m.value IN (SELECT value FROM own)
    GROUP BY 1 HAVING count(DISTINCT v.enterprise_id) > 1)
SELECT own.voucher_id, own.value, own.days, own.first_day, own.last_day, shared.enterprises,
       (array_remove(shared.vouchers, own.voucher_id))[1:{ENTERPRISES_SHOWN}]
FROM own JOIN shared USING (value) ORDER BY own.voucher_id, shared.enterprises DESC, own.value
"""  # noqa: S608  own table names


@dataclass(slots=True)
class Facts:
    """One voucher. scheme: the numbers frozen on its source. names: how it writes its devices, by serial number."""

    voucher: Voucher
    scheme: dict[str, Any]
    stream: Stream = field(default_factory=lambda: Stream(()))
    both: list[BothSaw] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    twins: list[Twin] = field(default_factory=list)
    addresses: list[SharedMark] = field(default_factory=list)
    devices: list[SharedMark] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    printed: int = 0
    listed: int = 0

    @property
    def paid_on(self) -> date | None:
        since = self.voucher.state_since
        return day_of(since) if self.voucher.state == VoucherState.SETTLED and since else None


@functools.cache
def sign_terms() -> SignTerms:
    """The thresholds as they lie in the fixtures."""
    document = read_yaml(FILE)
    limits = {SignKind(kind): values for kind, values in document.pop("signs").items()}
    return SignTerms(**document, limits=limits)


def vouchers_to_look_at() -> list[int]:
    """Ids of vouchers whose data still come in, paid ones too."""
    found = Source.objects.exclude(state=SourceState.CLOSED).values_list("voucher_id", flat=True)
    return sorted(set(found))


def window_of(at: datetime) -> tuple[date, date]:
    """First and last whole day that is looked at."""
    last = day_of(at) - ONE_DAY
    return last - ONE_DAY * (sign_terms().window_days - 1), last


DayRow = tuple[int, str, date, str, memoryview, int, list[str]]


def day_rows(voucher_ids: Sequence[int], at: datetime) -> Iterable[DayRow]:
    """(voucher, subject, day, source kind, minute map, active minutes, addresses) of machines, then of people."""
    for model, name in ((DeviceDay, "device_id"), (UserDay, "user")):
        rows = model.objects.filter(voucher__in=voucher_ids, day__range=window_of(at))
        yield from rows.values_list(
            "voucher_id", name, "day", "source_kind", "minutes", "minute_count", "addresses"
        ).iterator(2000)


def facts_of(voucher_ids: Sequence[int], at: datetime) -> list[Facts]:
    """Everything about these vouchers, in a fixed number of queries."""
    vouchers = Voucher.objects.select_related("product").filter(pk__in=voucher_ids)
    schemes = dict(Source.objects.filter(voucher__in=voucher_ids).order_by("-pk").values_list("voucher_id", "scheme"))
    found = {voucher.pk: Facts(voucher, schemes.get(voucher.pk, {})) for voucher in vouchers}
    _add_days(found, at)
    _add_arrivals(found, at)
    _add_twins(found)
    _add_shared(found, at)
    return list(found.values())


def _add_days(found: dict[int, Facts], at: datetime) -> None:
    days: dict[int, list[DayFacts]] = defaultdict(list)
    seen: dict[tuple[int, str, date], dict[bool, int]] = defaultdict(dict)
    for voucher_id, subject, day, kind, minutes, active, addresses in day_rows(list(found), at):
        by_operator = kind == SourceKind.OPERATOR_FEED
        seen[voucher_id, subject, day][by_operator] = active
        if not by_operator and (bits := int.from_bytes(minutes, "big")):
            days[voucher_id].append(DayFacts(subject, day, bits, tuple(addresses)))
    for (voucher_id, subject, day), minutes_by in seen.items():
        if True in minutes_by:
            both = BothSaw(subject, day, minutes_by.get(False, 0), minutes_by[True])
            found[voucher_id].both.append(both)
    rest = _rest_days(*window_of(at))
    for voucher_id, rows in days.items():
        first = min(row.day for row in rows)
        found[voucher_id].stream = Stream(tuple(rows), frozenset(day for day in rest if day >= first))


def _rest_days(first: date, last: date) -> set[date]:
    """Sundays and statutory holidays."""
    days = [first + ONE_DAY * step for step in range((last - first).days + 1)]
    counted = working_days_until(first - ONE_DAY, [first - ONE_DAY, *days])
    return {day for day in days if counted[day] == counted[day - ONE_DAY] and day.weekday() != SATURDAY}


def _add_arrivals(found: dict[int, Facts], at: datetime) -> None:
    receipts = BatchReceipt.objects.filter(
        source__voucher__in=list(found), repeat_of__isnull=True, accepted__gt=0, last_at__date__gte=window_of(at)[0]
    ).exclude(source__kind=SourceKind.OPERATOR_FEED)
    for voucher_id, on, first, last, records, late in receipts.values_list(
        "source__voucher_id", "received_at", "first_at", "last_at", "accepted", "late"
    ):
        if first and last:
            found[voucher_id].arrivals.append(Arrival(day_of(on), day_of(first), day_of(last), records, late))


def _add_twins(found: dict[int, Facts]) -> None:
    printed = DayPrint.objects.filter(voucher__in=list(found)).values_list("voucher_id").annotate(number=Count("pk"))
    for voucher_id, number in printed.order_by("voucher_id"):
        found[voucher_id].printed = number
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, [list(found), sign_terms().limits[SignKind.COPIED]["min_days"]])
        for voucher_id, subject, days, other, name, lag, shift, others, vouchers in cursor.fetchall():
            twin = Twin(subject, days, other, name, lag, shift, others, tuple(dict.fromkeys(vouchers)))
            found[voucher_id].twins.append(twin)


def _add_shared(found: dict[int, Facts], at: datetime) -> None:
    for facts, mark in _shared(MarkKind.ADDRESS, found, at):
        facts.addresses.append(mark)
    for facts, mark in _shared(MarkKind.DEVICE, found, at):
        facts.devices.append(mark)
    length = sign_terms().limits[SignKind.DEVICE]["length"]
    for voucher_id, device_id, _, removed_at in device_listings(list(found)):
        found[voucher_id].names[serial_of(device_id, length)] = device_id
        found[voucher_id].listed += removed_at is None


def _shared(kind: MarkKind, found: dict[int, Facts], at: datetime) -> list[tuple[Facts, SharedMark]]:
    live = tuple(str(state) for state in LIVE_STATES)
    with connection.cursor() as cursor:
        cursor.execute(_SHARED, [kind, list(found), kind, window_of(at)[0], live])
        return [
            (found[voucher_id], SharedMark(value, days, enterprises, tuple(vouchers), first, last))
            for voucher_id, value, days, first, last, enterprises, vouchers in cursor.fetchall()
        ]


def device_listings(voucher_ids: Sequence[int]) -> Iterable[tuple[int, str, datetime, datetime | None]]:
    """(voucher, device as written, from, until) of every device ever listed; until null: listed still."""
    rows = Device.objects.filter(voucher__in=voucher_ids).order_by("voucher_id", "device_id", "pk")
    return rows.values_list("voucher_id", "device_id", "added_at", "removed_at")
