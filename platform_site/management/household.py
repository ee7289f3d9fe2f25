"""Runs the platform's own processes side by side until one ends or somebody asks to stop.

Each writes to a file of its own. Only the head of a process group is asked to stop: Celery's lets its hands finish.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from platform_site.kit.processes import end_with_parent

PATIENCE = 20.0
LARGE_LOG = 10 * 1024 * 1024
ASKED_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Ended:
    """A process that ended though nobody asked it to."""

    name: str
    code: int
    log: Path

    def tail(self, lines: int = 20) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


@dataclass
class Household:
    """Processes by name, in the order in which they start; they stop in the opposite order."""

    directory: Path
    log_directory: Path
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _asked: bool = False

    def start(self, name: str, command: Sequence[str]) -> None:
        log = self.log_of(name)
        if log.exists() and log.stat().st_size > LARGE_LOG:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as out:
            self._running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509  no threads here
            )

    def log_of(self, name: str) -> Path:
        return self.log_directory / f"{name}.log"

    def listen(self) -> None:
        """From here on Ctrl-C asks for an orderly end instead of breaking in anywhere."""
        for number in ASKED_TO_STOP:
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def ended(self) -> Ended | None:
        for name, process in self._running.items():
            code = process.poll()
            if code is not None:
                return Ended(name=name, code=code, log=self.log_of(name))
        return None

    def watch(self) -> Ended | None:
        """Waits until somebody asks to stop (None) or a process ends by itself."""
        while not self._asked:
            found = self.ended()
            if found is not None:
                return found
            time.sleep(0.2)
        return None

    @property
    def asked(self) -> bool:
        return self._asked

    def stop(self) -> list[str]:
        """Asks all, waits, and ends by force who does not listen; their names are returned.

        Tasks are acknowledged late, so the broker offers again what was cut off.
        """
        for process in reversed(self._running.values()):
            if process.poll() is None:
                process.terminate()
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit and any(p.poll() is None for p in self._running.values()):
            time.sleep(0.05)
        deaf = [name for name, process in self._running.items() if process.poll() is None]
        for name in deaf:
            os.killpg(self._running[name].pid, signal.SIGKILL)
            self._running[name].wait()
        self._running.clear()
        return deaf
