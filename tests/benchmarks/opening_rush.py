"""The opening rush on PostgreSQL: the allocator, the press and the signed-in page, each beside what it must beat.

Every part begins from the same prepared database (a copy), so that no part profits from another's rows. Sizes by
environment: RUSH_ARRIVALS (arrivals of each large part), RUSH_PEER (of each run of a peer), RUSH_CLIENTS.
"""

import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.models import F
from psycopg2 import connect

from platform_site.kit.actor import Actor
from platform_site.kit.processes import end_with_parent
from tests.benchmarks import hot_row, rush_load
from tests.benchmarks.rush_load import Load, Press
from tests.concurrency.crowd import Applicant, Crowd, give_quota, make_crowd
from tests.concurrency.ports import free_port
from tests.concurrency.presses import sign_in
from tests.vouchers.world import make_world
from vouchers.domain import allocate, drain
from vouchers.domain.events import BUSY_LOCK
from vouchers.models import QuotaBalance, QuotaDecision, QuotaEvent, Voucher
from vouchers.queries.ledger import allocator_lag, ledger_differences, undecided_events

ARRIVALS = int(os.environ.get("RUSH_ARRIVALS", "5000"))
PEER = int(os.environ.get("RUSH_PEER", "600"))
CLIENTS = int(os.environ.get("RUSH_CLIENTS", "4"))  # processes; over HTTP each keeps four connections
THREADS = 4
PEER_CONNECTIONS = (1, 2, 4, 8, 16)
ROUNDS = 5
START, BACKLOG = "rush_start", "rush_backlog"
CAP = Decimal(300_000)


def run() -> dict[str, dict[str, Any]]:
    crowd = make_crowd(make_world(city_total=""), enterprises=max(ARRIVALS, 6 * PEER), each=1)
    give_quota(crowd, Decimal(1) / 3)
    _keep(START)
    found = Findings(crowd.world.period.pk)
    found.note("machine", f"{os.cpu_count()} cores, {platform.machine()}, load before {os.getloadavg()[0]:.1f}")
    found.note("clients", f"{CLIENTS} processes; over HTTP {CLIENTS * THREADS} connections")
    _directly(found, crowd)
    _over_http(found, crowd)
    _drop(START, BACKLOG)
    return {"ratios": found.ratios(), "counts": found.counts, "figures": found.figures}


class Findings:
    """Rates in decisions or arrivals per second; counts are sums over all parts. Figures are told as they come."""

    def __init__(self, period_id: int) -> None:
        self.period_id = period_id
        self.figures: dict[str, Any] = {}
        self.counts = {"inversions": 0, "over_allocated": 0, "lost": 0}

    def ratios(self) -> dict[str, float]:
        rate = self.figures
        return {
            "drain_vs_hot_row": round(rate["drain_per_s"] / rate["hot_row_per_s"], 2),
            "live_vs_enqueue": round(rate["live_per_s"] / rate["enqueue_per_s"], 2),
            "http_vs_select_for_update": round(rate["http_per_s"] / rate["select_for_update_per_s"], 2),
            "signed_in_vs_bare": round(rate["http_per_s"] / rate["bare_per_s"], 2),
        }

    def note(self, name: str, value: Any) -> None:
        self.figures[name] = round(value, 1) if isinstance(value, float) else value
        sys.stderr.write(f"{name}: {self.figures[name]}\n")

    def look(self, load: Load) -> None:
        """What the database says of a part that the allocator decided."""
        decided = QuotaEvent._default_manager.filter(kind="arrive").order_by("voucher__sequence")
        times = list(decided.values_list("arrived_at", "pk"))
        self.counts["inversions"] += sum(later < earlier for earlier, later in pairwise(times))
        over = QuotaBalance._default_manager.filter(total__lt=F("reserved") + F("consumed")).count()
        self.counts["over_allocated"] += over + len(ledger_differences(Voucher._default_manager.first().period))
        known = set(
            QuotaDecision._default_manager.filter(event__kind="arrive").values_list("event__voucher", flat=True)
        )
        self.counts["lost"] += len(set(load.answered) - known) + allocator_lag().late


# -- without HTTP ------------------------------------------------------------------------------------------------------


def _directly(found: Findings, crowd: Crowd) -> None:
    people = crowd.applicants[:ARRIVALS]
    shares = [people[number::CLIENTS] for number in range(CLIENTS)]
    _settle()
    with _nobody_decides():
        arrived = rush_load.run(rush_load.press_directly, shares)
    found.note("enqueue_per_s", arrived.rate)
    _keep(BACKLOG)
    _drain_beside_hot_row(found, arrived)
    _restore(START)
    _settle()
    with _allocator():
        live = rush_load.run(rush_load.press_directly, shares)
        ended = _all_decided(found.period_id)
    found.note("live_per_s", len(live.answered) / (ended - live.began))
    found.look(live)


def _drain_beside_hot_row(found: Findings, arrived: Load) -> None:
    """In turns, from the same rows each time. The peer's connections are chosen in the first round, as it does best
    with; then the medians count."""
    drained, peer = [], []
    by_connections = {}
    for number in PEER_CONNECTIONS:
        _restore(BACKLOG)
        by_connections[number] = round(_hot_row(found.period_id, number), 1)
    best = max(by_connections, key=lambda number: by_connections[number])
    for _ in range(ROUNDS):
        _restore(BACKLOG)
        drained.append(_drain(found.period_id))
        found.look(arrived)
        _restore(BACKLOG)
        peer.append(_hot_row(found.period_id, best))
    found.note("hot_row_by_connections", by_connections)
    found.note("drain_per_s", median(drained))
    found.note("hot_row_per_s", median(peer))
    found.note("drain_rounds", [round(rate) for rate in drained])
    found.note("hot_row_rounds", [round(rate) for rate in peer])


def _drain(period_id: int) -> float:
    _warm(period_id)
    began = time.monotonic()
    return allocate(period_id=period_id) / (time.monotonic() - began)


def _hot_row(period_id: int, number: int) -> float:
    hot_row.install()
    _warm(period_id)
    events = list(undecided_events(period_id).values_list("pk", flat=True)[:PEER])
    due = QuotaEvent._default_manager.latest("pk").arrived_at
    return hot_row.rate(events, period_id, cap=CAP, due=due, connections_=number)


def _warm(period_id: int) -> None:
    """A batch is decided and statistics are taken, so that neither side plans for empty tables."""
    drain(period_id=period_id, limit=undecided_events(period_id).count() // 5)
    _settle()


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


@contextmanager
def _nobody_decides() -> Iterator[None]:
    """As if the allocator were busy elsewhere: submitters leave the deciding alone."""
    server = connect(**_server(settings.DATABASES["default"]["NAME"]))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [BUSY_LOCK])
        yield
    server.close()


@contextmanager
def _allocator() -> Iterator[None]:
    with _child(["manage.py", "allocator"], "platform_site.settings"):
        yield


def _all_decided(period_id: int) -> float:
    limit = time.monotonic() + rush_load.PATIENCE
    while undecided_events(period_id).exists():
        if time.monotonic() > limit:
            raise RuntimeError("the allocator does not come to an end")
        time.sleep(0.02)
    return time.monotonic()


# -- over HTTP ---------------------------------------------------------------------------------------------------------


def _over_http(found: Findings, crowd: Crowd) -> None:
    signed_in, ended = _rush("platform_site.settings", _signed_in(crowd.applicants[:ARRIVALS], _ready), found.period_id)
    found.note("http_per_s", len(signed_in.answered) / (ended - signed_in.began))
    found.note("receipt_ms_p50", signed_in.percentile(0.50) * 1000)
    found.note("receipt_ms_p99", signed_in.percentile(0.99) * 1000)
    found.note("receipts", len(signed_in.answered))
    found.note("refused", signed_in.refused)
    found.look(signed_in)
    bare, ended = _rush("tests.benchmarks.bare_settings", _bare(crowd.applicants[: 2 * PEER]), found.period_id)
    found.note("bare_per_s", len(bare.answered) / (ended - bare.began))
    found.look(bare)
    presses = _signed_in(crowd.applicants[:PEER], _plain)
    naive, _ = _rush("tests.benchmarks.naive_settings", presses, found.period_id, allocator=False)
    found.note("select_for_update_per_s", naive.rate)
    found.note("select_for_update_refused", naive.refused)


def _ready(pk: int) -> str:
    return f"/enterprise/apply/{pk}/ready/"


def _plain(pk: int) -> str:
    return f"/press/{pk}/"


def _signed_in(applicants: Sequence[Applicant], path: Any) -> list[Press]:
    """Each with a session of its own, as signing in leaves it."""
    _restore(START)
    signed_in = sign_in(one.actor.user_id for one in applicants if one.actor.user_id)
    presses = []
    for one in applicants:
        cookies, token = signed_in[one.actor.user_id or 0]
        for pk in one.voucher_ids:
            fields = {"csrfmiddlewaretoken": token, "idempotency_key": f"rush-{pk}"}
            presses.append(Press(pk, path(pk), fields, cookies))
    return presses


def _bare(applicants: Sequence[Applicant]) -> list[Press]:
    _restore(START)
    return [
        Press(pk, _plain(pk), _told(one.actor) | {"idempotency_key": f"rush-{pk}"})
        for one in applicants
        for pk in one.voucher_ids
    ]


def _told(actor: Actor) -> dict[str, str]:
    return {"user": str(actor.user_id), "organisation": str(actor.organisation_id)}


def _rush(
    settings_module: str, presses: Sequence[Press], period_id: int, *, allocator: bool = True
) -> tuple[Load, float]:
    """Everybody presses at once; gives the load and when everything was decided."""
    port = free_port()
    web = ["-m", "gunicorn", "platform_site.wsgi:application", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    web += ["--worker-class", "gthread", "--threads", "8", "--workers", "1"]
    connections.close_all()
    with _child(web, settings_module):
        _wait_for(port)
        rush_load.run(rush_load.press_over_http, [(port, THREADS, presses[:40])])
        rest = presses[40:]
        shares = [(port, THREADS, rest[number::CLIENTS]) for number in range(CLIENTS)]
        if not allocator:
            load = rush_load.run(rush_load.press_over_http, shares)
            return load, load.ended
        with _allocator():
            load = rush_load.run(rush_load.press_over_http, shares)
            return load, _all_decided(period_id)


def _wait_for(port: int) -> None:
    limit = time.monotonic() + 60
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if time.monotonic() > limit:
            raise RuntimeError("the web server does not start")
        time.sleep(0.1)


@contextmanager
def _child(arguments: Sequence[str], settings_module: str) -> Iterator[None]:
    """A process of the platform, ended with the block."""
    log = Path(settings.VAR_DIR) / "rush.log"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings_module, "LOG_LEVEL": "WARNING"}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=out,
            stderr=out,
            preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509  no threads here
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


# -- copies of the database --------------------------------------------------------------------------------------------


def _server(name: str) -> dict[str, Any]:
    found = settings.DATABASES["default"]
    return {"host": found["HOST"], "port": found["PORT"] or None, "user": found["USER"], "dbname": name}


def _order(*orders: str) -> None:
    connections.close_all()
    server = connect(**_server("postgres"))
    server.autocommit = True
    with server.cursor() as cursor:
        for order in orders:
            cursor.execute(order)
    server.close()


def _keep(name: str) -> None:
    here = settings.DATABASES["default"]["NAME"]
    _order(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE {here} STRATEGY FILE_COPY")


def _restore(name: str) -> None:
    here = settings.DATABASES["default"]["NAME"]
    _order(f"DROP DATABASE IF EXISTS {here} WITH (FORCE)", f"CREATE DATABASE {here} TEMPLATE {name} STRATEGY FILE_COPY")


def _drop(*names: str) -> None:
    _order(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in names))
