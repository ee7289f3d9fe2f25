"""A platform of its own for crash tests: PostgreSQL, Valkey, web and worker as child processes that can be shot.

The world is made in the test's own database by the real commands and copied here; the papers are shared.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from celery import Celery
from django.conf import settings
from django.test import Client
from psycopg2 import OperationalError, connect

from platform_site.accounts.models import User
from platform_site.kit.actor import Actor
from platform_site.kit.embedded import VALKEY_SOCKET, EmbeddedServices
from platform_site.kit.embedded_programs import find_programs, service_user
from tests.concurrency.ports import free_port

ROOT = Path(settings.BASE_DIR)
PATIENCE = 90.0
TOKEN = "c" * 32


class Stage:
    """`kill(name)` sends SIGKILL to the whole process group and starts it again; services likewise."""

    def __init__(self, var: Path) -> None:
        var.mkdir(mode=0o711, parents=True)
        (var / "secret-key").write_text(settings.SECRET_KEY)
        self.var, self.services = var, EmbeddedServices(var)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.kills: dict[str, int] = {}
        self.offset = timedelta()
        self.port = free_port()

    def begin(self, database: dict[str, Any]) -> None:
        """Services up, the test's database copied in."""
        self.services.start()
        programs = find_programs(service_user()).postgres_bin
        source = ["-h", str(database["HOST"]), "-U", str(database["USER"]), "-d", str(database["NAME"])]
        target = ["-h", str(self.services.sockets), "-U", "platform", "-d", "platform"]
        dump = subprocess.Popen([programs / "pg_dump", "--no-owner", *source], stdout=subprocess.PIPE)
        load = [programs / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, *target]
        subprocess.run(load, stdin=dump.stdout, check=True, capture_output=True)
        assert dump.wait() == 0

    def end(self) -> None:
        for process in self.processes.values():
            _shoot(process)
        self.services.remove()

    # -- processes -----------------------------------------------------------------------------------------------------

    def start(self, name: str) -> None:
        """ "web", "worker", and more workers as "worker2"…; output goes to `<name>.log` in the var directory."""
        web = ["gunicorn", "platform_site.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--no-control-socket"]
        worker = ["celery", "-A", "platform_site.celery", "worker", "--concurrency", "1", "--without-gossip"]
        commands = {
            "web": [*web, "--worker-class", "gthread", "--threads", "4", "--workers", "1"],
            "worker": [*worker, "--without-mingle", "-l", "INFO", "-n", f"{name}@%h"],
            "allocator": ["django", "allocator"],
        }
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *commands[name.rstrip("0123456789")]],
                cwd=ROOT, env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """kill -9, and start again."""
        if name in ("postgres", "valkey"):
            self.stop_service(name)
            self.services.start()
        else:
            _shoot(self.processes[name])
            self.start(name)
        self.kills[name] = self.kills.get(name, 0) + 1

    def stop_service(self, name: str) -> None:
        child = self.services._children[name]
        child.kill()
        child.wait()

    def run(self, *arguments: str) -> None:
        """A Python program beside the processes, with their settings."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]

    def ask_for(self, job: str) -> None:
        """As beat would order it."""
        broker = f"redis+socket://{self.services.sockets / VALKEY_SOCKET}?virtual_host=0"
        with Celery("stage", broker=broker, set_as_current=False) as app:
            app.send_task(job)

    def later(self, step: timedelta) -> None:
        """The platform's clock goes on, for every process."""
        self.offset += step
        fresh = self.var / "clock-offset.new"
        fresh.write_text(f"{self.offset.total_seconds():.6f}")
        fresh.replace(self.var / "clock-offset")

    def _environment(self) -> dict[str, str]:
        mine = ("PLATFORM_", "PYTEST_", "DJANGO_")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(mine)}
        clean |= {"PLATFORM_VAR": str(self.var), "STORAGE_DIR": str(settings.MEDIA_ROOT)}
        return {**clean, "DJANGO_SETTINGS_MODULE": "platform_site.settings"}

    # -- looking -------------------------------------------------------------------------------------------------------

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read from the stage's own database; waits while it recovers."""
        found: list[tuple[Any, ...]] = []

        def read() -> bool:
            with suppress(OperationalError):
                with closing(connect(host=str(self.services.sockets), user="platform", dbname="platform")) as server:
                    cursor = server.cursor()
                    cursor.execute(sql)
                    found[:] = cursor.fetchall()
                return True
            return False

        until(read, "the database answers")
        return found

    def value(self, sql: str) -> Any:
        return self.rows(sql)[0][0]

    def post(self, path: str, session: str, **data: str) -> int:
        """Like a person who tries again until an answer comes; gives its status."""
        answered: list[int] = []

        def ask() -> bool:
            with suppress(OSError, http.client.HTTPException):
                status = self._once(path, session, data)
                answered.append(status)
                return status < 500
            return False

        until(ask, f"an answer to {path}")
        return answered[-1]

    def post_under_fire(self, shot: str, after: float, path: str, session: str, **data: str) -> int:
        """`post`, and something is shot a moment later, while the request may be under way."""
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(self.post, path, session, **data)
            time.sleep(after)
            self.kill(shot)  # here, not in the other thread: services end with the thread that started them
            return answer.result()

    def _once(self, path: str, session: str, data: dict[str, str]) -> int:
        cookies = f"sessionid={session}; csrftoken={TOKEN}"
        kind = "application/x-www-form-urlencoded"
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": kind}
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as web:
            web.request("POST", path, urlencode(data), headers)
            return web.getresponse().status


def signed_in(actor: Actor) -> str:
    """The session of a person, as it lies in their browser."""
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client.cookies["sessionid"].value


def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.05)


def _shoot(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
