"""`kill -9` of submitting processes, of the allocator and of PostgreSQL: nothing acknowledged is lost or doubled."""

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
        self.dice = random.Random(seed)
        self.outputs: list[Path] = []
        self.killed = {"submitter": 0, "allocator": 0, "postgres": 0}

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
            return subprocess.Popen(
                [sys.executable, *words], cwd=settings.BASE_DIR, env=self.environment, stdout=out, stderr=errors
            )

    def submitter(self, number: int) -> subprocess.Popen[bytes]:
        part = ["-m", "tests.concurrency.kill_parts", "submit", json.dumps(self.world), str(number), str(self.clients)]
        return self._start(part)

    def allocator(self) -> subprocess.Popen[bytes]:
        return self._start(["manage.py", "allocator", "--pause", "0.05"])

    def run(self, kills: int) -> dict[str, int]:
        """Each kind is killed so many times while work goes on; then everybody comes to an end."""
        submitters = {number: self.submitter(number) for number in range(self.clients)}
        allocator = self.allocator()
        for _ in range(kills):
            time.sleep(1 + self.dice.random())
            number = self.dice.randrange(self.clients)
            self._kill("submitter", submitters[number])
            submitters[number] = self.submitter(number)
            time.sleep(self.dice.random())
            self._kill("allocator", allocator)
            allocator = self.allocator()
            time.sleep(1 + self.dice.random())
            self._crash_postgres()
        for process in submitters.values():
            assert process.wait(600) == 0, (self.place / "errors").read_text()[-3000:]
        allocator.terminate()
        allocator.wait(30)
        acknowledged = [int(line) for output in self.outputs for line in output.read_text().split() if line.isdigit()]
        return self._answer("judge", str(self.world["period"]), json.dumps(acknowledged))

    def _kill(self, name: str, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGKILL)
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
@pytest.mark.parametrize(("clients", "each", "kills"), [(3, 60, 2), (6, 250, 10)])
def test_killing_anything_loses_and_doubles_nothing(place: Path, seed: int, clients: int, each: int, kills: int):
    scene = Kills(place, clients=clients, each=each, seed=seed)
    try:
        assert scene.run(kills) == NONE
        assert scene.killed == dict.fromkeys(scene.killed, kills)
    finally:
        scene.services.remove()
