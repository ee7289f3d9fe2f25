"""The suites' own ground: throw-away services, a database that is replaced, seeds, the dialled clock, the log."""

import io
import os
import random
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from platform_site.kit import clock
from platform_site.kit.embedded import EmbeddedServices, embedded_environment, socket_directory
from platform_site.management.commands.dial_clock import parse_step
from platform_site.management.household import Household


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def test_tests_run_on_throw_away_data() -> None:
    assert Path(settings.VAR_DIR) == Path(os.environ["PLATFORM_TEST_VAR"])
    assert not Path(settings.VAR_DIR).is_relative_to(settings.BASE_DIR)


@pytest.mark.django_db
def test_the_database_speaks_utf8_and_is_on_a_private_socket() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)
        cursor.execute("SHOW listen_addresses")
        assert cursor.fetchone() == ("",)
    assert stat.S_IMODE(Path(settings.DATABASES["default"]["HOST"]).stat().st_mode) == 0o700


def test_a_database_that_was_committed_to_is_replaced(fresh_database: None) -> None:
    assert "left_behind" not in tables()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (id int)")
    assert "left_behind" in tables()


def test_a_database_that_was_committed_to_is_replaced_the_second_time_too(fresh_database: None) -> None:
    assert "left_behind" not in tables()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (id int)")


def test_each_test_begins_with_an_empty_cache() -> None:
    assert cache.get("left_behind") is None
    cache.set("left_behind", 1)


def test_each_test_begins_with_an_empty_cache_the_second_time_too() -> None:
    assert cache.get("left_behind") is None
    cache.set("left_behind", 1)


def test_random_numbers_follow_the_seed(seed: int) -> None:
    drawn = random.random()
    assert drawn == random.Random(seed).random()


def test_two_var_directories_never_share_a_socket(tmp_path: Path) -> None:
    one, other = embedded_environment(tmp_path / "one"), embedded_environment(tmp_path / "other")
    assert not set(one.values()) & set(other.values())


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = embedded_environment(tmp_path)["SECRET_KEY"]
    assert embedded_environment(tmp_path)["SECRET_KEY"] == first
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_socket_paths_stay_short_however_deep_the_var_directory_lies(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a rather long directory name"] * 8)
    assert len(str(socket_directory(deep) / ".s.PGSQL.5432.lock")) < 60


def test_services_keep_their_data_and_a_second_start_uses_what_runs() -> None:
    var = Path(settings.VAR_DIR) / "another"
    first, second = EmbeddedServices(var), EmbeddedServices(var)
    try:
        assert first.start() == ["postgres", "valkey"]
        assert second.start() == []
        assert second.stop() == []
        assert [status.running for status in first.status()] == [True, True]
        assert first.stop() == ["valkey", "postgres"]
        assert [status.running for status in first.status()] == [False, False]
        assert first.start() == ["postgres", "valkey"]
    finally:
        first.remove()
    assert (first.sockets.exists(), first.data.exists()) == (False, False)


def test_services_end_with_the_process_that_started_them() -> None:
    var = Path(settings.VAR_DIR) / "orphan"
    code = (
        "import os, signal, sys; from pathlib import Path; from platform_site.kit.embedded import EmbeddedServices;"
        "EmbeddedServices(Path(sys.argv[1])).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(var)], cwd=settings.BASE_DIR, check=False)
    services = EmbeddedServices(var)
    try:
        assert set(services.start()) == {"postgres", "valkey"}
    finally:
        services.remove()


def test_a_process_that_ends_by_itself_is_named_with_the_end_of_its_log(tmp_path: Path) -> None:
    household = Household(directory=tmp_path, log_directory=tmp_path)
    household.start("steady", ["-c", "import time; time.sleep(60)"])
    household.start("brittle", ["-c", "print('first'); print('last words'); raise SystemExit(3)"])
    ended = household.watch()
    assert household.stop() == []
    assert ended is not None
    assert (ended.name, ended.code, ended.tail(1)) == ("brittle", 3, "last words")


@pytest.mark.parametrize(
    ("text", "step"),
    [("+30d", timedelta(days=30)), ("+3h", timedelta(hours=3)), ("+1d12h", timedelta(days=1, hours=12))],
)
def test_steps_of_the_clock_are_read(text: str, step: timedelta) -> None:
    assert parse_step(text) == step


@pytest.mark.parametrize("text", ["", "+", "30d", "-3h", "+3", "+3w", "+3h!", "now"])
def test_what_is_no_step_of_the_clock_is_refused(text: str) -> None:
    with pytest.raises(CommandError):
        call_command("dial_clock", text, stdout=io.StringIO())


def test_the_clock_is_dialled_and_reset() -> None:
    call_command("dial_clock", "+30d", stdout=io.StringIO())
    call_command("dial_clock", "+3h", stdout=io.StringIO())
    assert clock.offset() == timedelta(days=30, hours=3)
    call_command("dial_clock", "reset", stdout=io.StringIO())
    assert clock.offset() == timedelta(0)


def test_the_clock_of_production_is_not_dialled(settings) -> None:
    settings.CLOCK_MAY_BE_DIALLED = False
    with pytest.raises(CommandError):
        call_command("dial_clock", "+30d", stdout=io.StringIO())
