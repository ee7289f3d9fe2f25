"""The one clock: dialled for everybody at once, or not at all."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from platform_site.kit import clock

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_clock(settings, tmp_path) -> None:
    settings.CLOCK_MAY_BE_DIALLED = True
    settings.CLOCK_OFFSET_FILE = tmp_path / "clock-offset"


def database_time() -> datetime:
    text, parameters = clock.sql_now()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {text}", list[Any](parameters))
        return cursor.fetchone()[0]


def test_nobody_dialled_means_the_machines_time() -> None:
    assert clock.offset() == timedelta(0)
    assert abs(clock.now() - datetime.now(UTC)) < SECOND


def test_a_dialled_clock_is_seen_by_the_next_reading() -> None:
    clock.dial(30 * DAY)
    assert clock.offset() == 30 * DAY
    assert abs(clock.now() - datetime.now(UTC) - 30 * DAY) < SECOND


@pytest.mark.django_db
def test_the_database_reads_the_same_dialled_clock() -> None:
    clock.dial(-12 * DAY)
    assert abs(database_time() - clock.now()) < SECOND


@pytest.mark.django_db
def test_database_and_python_agree_without_dialling() -> None:
    assert abs(database_time() - clock.now()) < SECOND


def test_another_reader_that_remembers_an_older_dialling_sees_the_newer_one(settings) -> None:
    clock.dial(10 * DAY)
    remembered = clock.offset()
    write_as_another_process(settings.CLOCK_OFFSET_FILE, "950400.000000")
    assert (remembered, clock.offset()) == (10 * DAY, 11 * DAY)


def write_as_another_process(path: Path, text: str) -> None:
    """Same length and same stamp as before: only the file itself is another."""
    stamp = path.stat().st_mtime_ns
    fresh = path.with_suffix(".other")
    fresh.write_text(text)
    os.utime(fresh, ns=(stamp, stamp))
    fresh.replace(path)


def test_in_production_dialling_is_refused(settings) -> None:
    settings.CLOCK_MAY_BE_DIALLED = False
    with pytest.raises(RuntimeError):
        clock.dial(DAY)
    assert not Path(settings.CLOCK_OFFSET_FILE).exists()


def test_in_production_a_left_over_file_moves_nothing(settings) -> None:
    clock.dial(DAY)
    settings.CLOCK_MAY_BE_DIALLED = False
    assert clock.offset() == timedelta(0)
