"""What every suite shares: services with throw-away data, the seed, the browser, a database for tests that commit."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from factory.random import reseed_random
from hypothesis import core as hypothesis_core
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer

from platform_site.celery import app as celery_app
from platform_site.kit.embedded import EmbeddedServices
from tests.databases import WorkerDatabase

FIXED_SEED = 20200401
# What takes longest comes first. The two files that share one running platform are apart: its start takes a minute.
LONGEST = (
    "browser/test_pages",
    "browser/test_edition",
    "browser",
    "season",
    "concurrency",
    "architecture",
    "settlement",
)
SERVICES = pytest.StashKey[EmbeddedServices]()
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("random", derandomize=False, deadline=None, database=None, print_blob=True)


# -- services: one set per run, started by the process above all workers ---------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    _choose_seed()
    if hasattr(config, "workerinput") or config.option.collectonly or not settings.EMBEDDED:
        return
    services = EmbeddedServices(Path(settings.VAR_DIR), throw_away=True)
    services.start()
    config.stash[SERVICES] = services


def pytest_unconfigure(config: pytest.Config) -> None:
    services = config.stash.get(SERVICES, None)
    if services is not None:
        connections.close_all()
        services.remove()


# -- seed ------------------------------------------------------------------------------------------------------------


def _choose_seed() -> None:
    """PLATFORM_SEED: a number, `random` for a new one (it is printed), nothing for the fixed one."""
    asked = os.environ.get("PLATFORM_SEED", str(FIXED_SEED))
    chosen = random.SystemRandom().randrange(1, 2**31) if asked == "random" else int(asked)
    os.environ["PLATFORM_SEED"] = str(chosen)  # parallel workers take the same
    hypothesis.settings.load_profile("fixed" if chosen == FIXED_SEED else "random")
    if chosen != FIXED_SEED:
        hypothesis_core.global_force_seed = chosen  # type: ignore[assignment]


def pytest_report_header() -> str:
    return f"seed: {os.environ['PLATFORM_SEED']} (again with PLATFORM_SEED={os.environ['PLATFORM_SEED']})"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"seed {os.environ['PLATFORM_SEED']}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`seeded` marks what a random seed changes; `make test` runs those a second time."""
    for item in items:
        function = getattr(item, "obj", None)
        uses_seed = "seed" in getattr(item, "fixturenames", ())
        if uses_seed or getattr(function, "is_hypothesis_test", False) or "properties" in item.path.parts:
            item.add_marker("seeded")
    items.sort(key=_place)  # with --no-loadscope-reorder the last files are small ones: no worker waits for the other


def _place(item: pytest.Item) -> int:
    file = f"{item.path.parent.name}/{item.path.name}"
    return next((place for place, beginning in enumerate(LONGEST) if file.startswith(beginning)), len(LONGEST))


@pytest.fixture
def seed() -> int:
    """The run's seed, for suites that make their own random worlds."""
    return int(os.environ["PLATFORM_SEED"])


@pytest.fixture(autouse=True)
def _same_beginning() -> None:
    """Each test begins with the same random numbers and an empty cache, whatever ran before it."""
    chosen = int(os.environ["PLATFORM_SEED"])
    random.seed(chosen)
    reseed_random(chosen)
    if settings.EMBEDDED:
        cache.clear()


# -- database for tests that commit ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def worker_database(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> WorkerDatabase:
    database = WorkerDatabase()
    with django_db_blocker.unblock():
        database.make()
    return database


@pytest.fixture(scope="session")
def django_db_setup(worker_database: WorkerDatabase) -> None:
    """In place of pytest-django's: `db` works on the worker's copy. It goes with the services' data."""


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest, worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A migrated database in which the test may really commit, from several threads too; replaced afterwards.

    Use it instead of `db` or `transactional_db`, never beside them.
    """
    if {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker("django_db"):
        pytest.fail("fresh_database brings its own database: remove db, transactional_db and the django_db marker")
    with django_db_blocker.unblock():
        yield
        worker_database.renew()


@pytest.fixture
def site(fresh_database: None) -> Iterator[LiveServer]:
    """The platform served over HTTP from this process on a database that commits: `site.url`."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Background tasks run at once in this process. Off by default: then they wait in the broker, as in life."""
    celery_app.conf.task_always_eager = celery_app.conf.task_eager_propagates = True
    yield
    celery_app.conf.task_always_eager = celery_app.conf.task_eager_propagates = False


# -- browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    if CHROMIUM is None:
        pytest.fail("No Chromium found: apt-get install chromium")
    # Playwright runs a loop in this thread; Django would take it for asynchronous code and refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = ["--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb", "--font-render-hinting=none"]
    arguments += ["--no-sandbox"] if os.getuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": arguments}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    place = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 1280, "height": 900}}
    return {**browser_context_args, **place}
