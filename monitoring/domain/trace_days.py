"""First half of looking for signs: what each voucher leaves behind, so that others can be compared with it.

Fingerprints of days and marks (addresses, serial numbers) are made anew for the days of the window. It writes no audit:
its result can be computed again from the activity days.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from monitoring.enums import MarkKind, SignKind, SourceKind
from monitoring.models import DayPrint, Mark
from monitoring.queries.sign_facts import day_rows, device_listings, sign_terms, window_of
from monitoring.rules.signs_copied import fingerprint
from monitoring.rules.signs_places import line_of, serial_of
from platform_site.accounts.queries import day_of

_BATCH = 2000


def trace_days(*, voucher_ids: Sequence[int], at: datetime) -> int:
    """Rewrite the traces of these vouchers in one transaction. Returns how many days have a fingerprint."""
    limits = sign_terms().limits[SignKind.COPIED]
    runs = {True: limits["user_run"], False: limits["run"]}
    prints, marks = [], _device_marks(voucher_ids, at)
    for voucher_id, subject, day, kind, minutes, _, addresses in day_rows(voucher_ids, at):
        if kind == SourceKind.OPERATOR_FEED:
            continue
        for line in {line_of(address) for address in addresses}:
            _note(marks, Mark(voucher_id=voucher_id, kind=MarkKind.ADDRESS, value=line, first_day=day, last_day=day))
        few = int.from_bytes(minutes, "big").bit_count() <= limits["run"]
        made = fingerprint(bytes(minutes), runs[few], limits["mixed"])
        if made is not None:
            place = {"voucher_id": voucher_id, "subject": subject, "day": day}
            prints.append(DayPrint(**place, shape=made.shape, whole=made.whole, anchor=made.anchor))
    with transaction.atomic():
        DayPrint.objects.filter(voucher__in=voucher_ids).delete()
        Mark.objects.filter(voucher__in=voucher_ids).delete()
        DayPrint.objects.bulk_create(prints, batch_size=_BATCH)
        Mark.objects.bulk_create(marks.values(), batch_size=_BATCH)
    return len(prints)


Marks = dict[tuple[int, str, str], Mark]


def _device_marks(voucher_ids: Sequence[int], at: datetime) -> Marks:
    """Listed now or earlier; a device no longer listed keeps its place until it leaves the window."""
    marks: Marks = {}
    length, today = sign_terms().limits[SignKind.DEVICE]["length"], window_of(at)[1]
    for voucher_id, device_id, added_at, removed_at in device_listings(voucher_ids):
        serial, first = serial_of(device_id, length), day_of(added_at)
        last = today if removed_at is None else day_of(removed_at)
        if serial:
            made = Mark(voucher_id=voucher_id, kind=MarkKind.DEVICE, value=serial, first_day=first, last_day=last)
            mark = marks.setdefault((voucher_id, str(MarkKind.DEVICE), serial), made)
            mark.first_day, mark.last_day = min(mark.first_day, first), max(mark.last_day, last)
    return marks


def _note(marks: Marks, seen: Mark) -> None:
    """One more day of an address."""
    mark = marks.setdefault((seen.voucher_id, str(seen.kind), seen.value), seen)
    mark.days += 1
    mark.first_day, mark.last_day = min(mark.first_day, seen.first_day), max(mark.last_day, seen.last_day)
