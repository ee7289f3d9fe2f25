"""`kill -9` of the web, of the allocator and of PostgreSQL: nothing acknowledged is lost or doubled."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from platform_site.kit.embedded import EmbeddedServices
from tests.concurrency.ports import free_port
from tests.concurrency.test_race import NONE


@pytest.fixture
def place() -> Iterator[Path]:
    """A var directory whose PostgreSQL writes to disk as in life."""
    with tempfile.TemporaryDirectory(prefix="pf-kill-") as made:
        os.chmod(made, 0o711)  # the services' user must walk through
        yield Path(made)


class Kills:
    """The processes of one run. `acknowledged`: what submitters printed, whatever became of them."""

    def __init__(self, place: Path, *, clients: int, each: int, seed: int) -> None:
        self.place, self.clients = place, clients
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.environment = {**kept, "PLATFORM_VAR": str(place), "DJANGO_SETTINGS_MODULE": "platform_site.settings"}
        self.services = EmbeddedServices(place)
        self.services.start()
        self.world = self._answer("make", str(clients), str(each), str(seed))
        (place / "world.json").write_text(json.dumps(self.world))
        self.dice = random.Random(seed)
        self.outputs: list[Path] = []
        self.started: list[subprocess.Popen[bytes]] = []
        self.killed = {"web": 0, "allocator": 0, "postgres": 0}
        self.port = free_port()

    def _answer(self, *words: str) -> Any:
        part = [sys.executable, "-m", "tests.concurrency.kill_parts", *words]
        done = subprocess.run(
            part, cwd=settings.BASE_DIR, env=self.environment, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.splitlines()[-1])

    def _start(self, words: list[str]) -> subprocess.Popen[bytes]:
        output = self.place / f"out-{len(self.outputs)}"
        self.outputs.append(output)
        with output.open("wb") as out, (self.place / "errors").open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, *words],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=out,
                stderr=errors,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.services.remove()

    def submitter(self, number: int) -> subprocess.Popen[bytes]:
        part = ["-m", "tests.concurrency.kill_parts", "submit", str(self.place / "world.json")]
        return self._start([*part, str(number), str(self.clients), str(self.port)])

    def allocator(self) -> subprocess.Popen[bytes]:
        return self._start(["manage.py", "allocator", "--pause", "0.05"])

    def web(self) -> subprocess.Popen[bytes]:
        """Two workers; all of them are killed together."""
        order = ["-m", "gunicorn", "platform_site.wsgi:application", "--bind", f"127.0.0.1:{self.port}"]
        return self._start([*order, "--no-control-socket", "--worker-class", "gthread", "--threads", "4", "-w", "2"])

    def run(self, kills: int) -> dict[str, int]:
        """Each kind is killed so many times while work goes on; then everybody comes to an end."""
        web, allocator = self.web(), self.allocator()
        submitters = [self.submitter(number) for number in range(self.clients)]
        for _ in range(kills):
            time.sleep(4 + self.dice.random())
            self._kill("web", web)
            web = self.web()
            time.sleep(4 + self.dice.random())
            self._kill("allocator", allocator)
            allocator = self.allocator()
            time.sleep(1 + self.dice.random())
            self._crash_postgres()
            assert [one for one in submitters if one.poll() is None], "the work came to an end before the kills"
        for process in submitters:
            assert process.wait(600) == 0, (self.place / "errors").read_text()[-3000:]
        for process in (web, allocator):
            process.terminate()
            process.wait(30)
        acknowledged = [int(line) for output in self.outputs for line in output.read_text().split() if line.isdigit()]
        (self.place / "acknowledged.json").write_text(json.dumps(acknowledged))
        return self._answer("judge", str(self.world["period"]), str(self.place / "acknowledged.json"))

    def _kill(self, name: str, process: subprocess.Popen[bytes]) -> None:
        """With its children."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.killed[name] += 1

    def _crash_postgres(self) -> None:
        """The postmaster dies without a word; its successor recovers from the log."""
        pid = next(status.pid for status in self.services.status() if status.name == "postgres")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        self.services._children["postgres"].wait()
        self.killed["postgres"] += 1
        limit = time.monotonic() + 30
        while True:
            try:
                self.services.start()
                return
            except Exception:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.2)


@pytest.mark.soak
@pytest.mark.parametrize(("clients", "each", "kills"), [(3, 600, 2), (6, 1500, 10)])
def test_killing_anything_loses_and_doubles_nothing(place: Path, seed: int, clients: int, each: int, kills: int):
    scene = Kills(place, clients=clients, each=each, seed=seed)
    try:
        assert scene.run(kills) == NONE
        assert scene.killed == dict.fromkeys(scene.killed, kills)
    finally:
        scene.end()
