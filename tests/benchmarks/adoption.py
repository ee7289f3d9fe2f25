"""A night's verdicts: ADOPTION_VOUCHERS vouchers (10,000) of 20 machines and 90 days, by one worker and by two.

A voucher's verdict is what `monitoring.judge` does every night: read the days, judge, write numbers and explanation. In
every round measured all of them say something new and are written; a quiet night, in which none does, is told apart.
Peer: the same question for one voucher asked of its raw readings in SQL, with the index it wants, warm, nothing written:
active minutes of every device-day, days that count, the best window of 28 days, machines with 20 days in it. A machine
reports every five minutes of a nine-hour shift, six days a week. Sides take turns; medians.
"""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import connection

from monitoring.domain.activity_rows import write_days
from monitoring.models import DeviceDay, Source, Verdict
from monitoring.rules.payload import DayState
from monitoring.tasks import judge_part
from platform_site.accounts.queries import day_of
from platform_site.kit import clock
from platform_site.kit.processes import end_with_parent
from platform_site.outbox.domain import deliver_all
from tests.monitoring import world
from tests.settlement.many import FIRST, copy_row
from vouchers.models import Contract, Voucher

VOUCHERS = int(os.environ.get("ADOPTION_VOUCHERS", "1000"))
ROUNDS = int(os.environ.get("ADOPTION_ROUNDS", "3"))
ASKED = int(os.environ.get("ADOPTION_ASKED", "4"))  # vouchers of which raw readings are kept
DEVICES, DAYS = 20, 90
SHIFT = range(8 * 60, 17 * 60, 5)
RAW = """
CREATE TABLE bench_readings (source_id bigint NOT NULL, device text NOT NULL, at timestamptz NOT NULL, address text)
"""
FILL = """
INSERT INTO bench_readings
SELECT voucher_id, device_id, (day + time '08:00' + step * interval '5 minutes') AT TIME ZONE 'Asia/Shanghai', '192.0.2.7'
FROM monitoring_deviceday, generate_series(0, 107) step WHERE voucher_id = ANY(%s)
"""
QUESTION = """
WITH seen AS (
    SELECT device, (at AT TIME ZONE 'Asia/Shanghai')::date AS day,
        5 * count(DISTINCT floor(extract(epoch FROM at) / 300)) AS minutes
    FROM bench_readings WHERE source_id = %s GROUP BY 1, 2),
good AS (SELECT device, day FROM seen WHERE minutes >= 240 AND day < %s),
windows AS (SELECT generate_series(min(day), %s::date - 1, interval '1 day')::date AS last FROM good),
reached AS (
    SELECT last, device FROM windows JOIN good ON day BETWEEN last - 27 AND last GROUP BY 1, 2 HAVING count(*) >= 20)
SELECT last, count(*) FROM reached GROUP BY 1 ORDER BY 2 DESC, 1 DESC LIMIT 1
"""


def run() -> dict[str, dict[str, Any]]:
    ids = load(VOUCHERS)
    asked = ids[:: max(len(ids) // ASKED, 1)][:ASKED]
    keep_readings(asked)
    first = timed(lambda: judge_part(voucher_ids=ids))
    judged, quiet, raw = [], [], []
    for _ in range(ROUNDS):
        quiet.append(timed(lambda: judge_part(voucher_ids=ids)) / len(ids))
        Verdict.objects.update(numbers={})
        judged.append(timed(lambda: judge_part(voucher_ids=ids)) / len(ids))
        raw += [timed(lambda pk=pk: ask(pk)) for pk in asked]
    verdict = Verdict.objects.get(voucher_id=asked[0])
    window, reached = ask(asked[0])
    deliver_all(at=clock.now())  # what the first night left behind; its doorbells would be answered by one worker alone
    current_app.control.purge()
    by_workers = {number: night(number) for number in (1, 2)}
    return {
        "ratios": {
            "per_voucher_vs_raw_sql": round(median(judged) / median(raw), 4),
            "two_workers_vs_one": round(by_workers[1] / by_workers[2], 2),
        },
        "counts": {
            "vouchers": len(ids),
            "device_days": DeviceDay.objects.count(),
            "passed": Verdict.objects.filter(outcome="passed").count(),
            "answers_differ": int(
                (verdict.numbers["reached"], verdict.numbers["window_last"]) != (reached, str(window))
            ),
        },
        "figures": {
            "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
            "first_night_seconds": round(first, 1),
            "night_seconds": round(median(judged) * len(ids), 1),
            "per_voucher_ms": round(median(judged) * 1000, 2),
            "per_voucher_quiet_ms": round(median(quiet) * 1000, 2),
            "raw_sql_ms": round(median(raw) * 1000, 1),
            "one_worker_seconds": round(by_workers[1], 1),
            "two_workers_seconds": round(by_workers[2], 1),
        },
    }


# -- vouchers and their days ------------------------------------------------------------------------------------------


def load(number: int) -> list[int]:
    """One voucher by the real commands, and its copies with devices and days. Gives the ids of the copies."""
    made = world.monitored(1, devices=DEVICES, amount="27000.00")
    write_days(made.source, "d", _days(made.devices))
    new = f"{FIRST} + n"
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    voucher = Voucher.objects.get(pk=made.voucher.pk)
    copy_row(Contract.objects.get(pk=voucher.contract_id), number, {"id": new, "number": "one.number || n"})
    numbers = {"number": "'SQ-X-' || n", "receipt_no": "'HZ-X-' || n", "contract_key": "one.contract_key || n"}
    copy_row(voucher, number, {"id": new, "contract": new, "sequence": new, **numbers})
    copy_row(Source.objects.get(pk=made.source.pk), number, {"id": new, "voucher": new})
    with connection.cursor() as cursor:
        cursor.execute(_DEVICES, [FIRST, number, voucher.pk])
        cursor.execute(_COPIES, [FIRST, number, voucher.pk])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return list(range(FIRST + 1, FIRST + number + 1))


_DEVICES = """
INSERT INTO monitoring_device (voucher_id, device_id, label, side, address, added_at)
SELECT %s + n, device_id || '-' || n, label, side, address, added_at
FROM generate_series(1, %s) n, monitoring_device WHERE voucher_id = %s
"""
_COPIES = """
INSERT INTO monitoring_deviceday (voucher_id, source_kind, device_id, day, minutes, minute_count, readings, addresses,
    modules)
SELECT %s + n, source_kind, device_id || '-' || n, day, minutes, minute_count, readings, addresses, modules
FROM generate_series(1, %s) n, monitoring_deviceday WHERE voucher_id = %s
"""


def _days(devices: Sequence[str]) -> dict[tuple[str, date], DayState]:
    flags = bytearray(1440)
    for minute in SHIFT:
        flags[minute] = 1
    today = day_of(clock.now())
    span = [today - timedelta(days=step) for step in range(1, DAYS + 1)]
    working = [day for day in span if day.weekday() < 6]
    return {
        (device, day): DayState(flags, len(SHIFT), {"192.0.2.7"})
        for index, device in enumerate(devices)
        for day in working
        if (day.toordinal() + index) % 17  # now and then a machine stands still
    }


def keep_readings(voucher_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(RAW)
        cursor.execute(FILL, [list(voucher_ids)])
        cursor.execute("CREATE INDEX bench_readings_question ON bench_readings (source_id, device, at)")
        cursor.execute("VACUUM ANALYZE bench_readings")


def ask(voucher_id: int) -> tuple[date, int]:
    """Last day of the best window, and machines in use in it."""
    today = day_of(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(QUESTION, [voucher_id, today, today])
        found: tuple[date, int] = cursor.fetchone()
        return found


def timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


# -- workers ----------------------------------------------------------------------------------------------------------


def night(workers: int) -> float:
    """Seconds from the order to the last verdict, by so many Celery workers of one process each."""
    with _workers(workers):
        began, at = time.perf_counter(), clock.now()
        current_app.send_task("monitoring.judge")
        while _judged_before(at):
            time.sleep(0.05)
        return time.perf_counter() - began


def _judged_before(at: datetime) -> bool:
    return Verdict.objects.filter(computed_at__lt=at, voucher_id__gt=FIRST).exists()


@contextmanager
def _workers(number: int) -> Iterator[None]:
    """Celery workers, ready, ended with the block."""
    logs = [Path(settings.VAR_DIR) / f"adoption-{number}-{one}.log" for one in range(number)]
    started = [_worker(log) for log in logs]
    limit = time.monotonic() + 120
    while not all(" ready." in log.read_text() for log in logs):
        if time.monotonic() > limit:
            raise RuntimeError("the workers do not start")
        time.sleep(0.1)
    try:
        yield
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait(60)


def _worker(log: Path) -> subprocess.Popen[bytes]:
    celery = ["-m", "celery", "-A", "platform_site.celery", "worker", "--concurrency", "1", "-n", f"{log.stem}@%h"]
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, *celery, "--without-gossip", "--without-mingle", "-l", "INFO"],
            cwd=settings.BASE_DIR,
            env=dict(os.environ),
            stdout=out,
            stderr=out,
            preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509  no threads here
        )
