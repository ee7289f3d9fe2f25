"""The platform under test: the processes of `make run` on a data directory of their own, shared by parallel workers."""

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.browser import keeper
from tests.concurrency.ports import free_port

PATIENCE = 600.0
ROOT = keeper.ROOT


@dataclass(frozen=True, slots=True)
class Platform:
    """Where it answers, where its data lies."""

    url: str
    var: Path

    @property
    def password(self) -> str:
        """The demo's one password, made when the season was played."""
        return (self.var / "demo-password").read_text().strip()

    def manage(self, *arguments: str) -> str:
        """A management command beside the running processes; raises AssertionError with its words."""
        return self.run("manage.py", *arguments)

    def dial(self, step: str) -> None:
        self.manage("dial_clock", step)

    def ask_for(self, *jobs: str) -> None:
        """Order periodic jobs now; the platform's own worker carries them out, one after another."""
        for job in jobs:
            self.run("-m", "celery", "-A", "platform_site.celery", "call", job)

    @property
    def offset(self) -> timedelta:
        """How far the clock is dialled."""
        path = self.var / "clock-offset"
        return timedelta(seconds=float(path.read_text() or 0)) if path.exists() else timedelta()

    def run(self, *arguments: str) -> str:
        """A Python program beside the running processes, with their settings."""
        command = [sys.executable, *arguments]
        around = {"cwd": ROOT, "env": environment(self.var)}
        done = subprocess.run(command, **around, check=False, text=True, capture_output=True)
        assert done.returncode == 0, f"{arguments}: {done.stderr[-3000:]}"
        return done.stdout


def environment(var: Path, **more: str) -> dict[str, str]:
    """Of a newcomer's shell: nothing of the test run's own settings."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PLATFORM_", "PYTEST_", "DJANGO_"))
    }
    return {**clean, "DJANGO_SETTINGS_MODULE": "platform_site.settings", "PLATFORM_VAR": str(var), **more}


def until(true: Callable[[], object], what: str, *, seconds: float = 60.0) -> None:
    """Wait for something the worker does."""
    limit = time.monotonic() + seconds
    while not true():
        if time.monotonic() > limit:
            raise AssertionError(f"waited {seconds:.0f} s in vain: {what}")
        time.sleep(0.3)


@contextmanager
def running(place: Path) -> Iterator[Platform]:
    """The platform, started by the first who asks and stopped by the last who leaves."""
    known = os.environ.get("BROWSER_SITE", "")  # "http://localhost:8000 /path/of/var": one that runs already
    if known:
        url, var = known.split()
        yield Platform(url, Path(var))
        return
    place.mkdir(mode=0o711, parents=True, exist_ok=True)
    with _alone(place):
        _count(place, +1)
        if not (place / "url").exists():
            _prepare(Platform("", place / "var"))
            (place / "url").write_text(_start(place))
    try:
        yield Platform((place / "url").read_text(), place / "var")
    finally:
        with _alone(place):
            if _count(place, -1) == 0:
                _stop(place)


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    with (place / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _count(place: Path, step: int) -> int:
    path = place / "guests"
    guests = int(path.read_text() if path.exists() else 0) + step
    path.write_text(str(guests))
    return guests


def _prepare(platform: Platform) -> None:
    """The cast takes its places while nobody else works on the data: no worker, no allocator, no beat."""
    platform.var.mkdir(mode=0o711, exist_ok=True)
    platform.manage("services", "start")
    try:
        platform.manage("migrate", "-v0")
        platform.manage("load_reference", "-v0")
        platform.run("-m", "tests.browser.cast")
    finally:
        platform.manage("services", "stop")


def _start(place: Path) -> str:
    """Gives the address once a page is answered."""
    port, var = free_port(), place / "var"
    owner = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, keeper.__file__, str(owner), "--season", "none"],
            env=environment(var, PORT=str(port), HOST="127.0.0.1"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (place / "pid").write_text(str(process.pid))
    url = f"http://127.0.0.1:{port}"
    limit = time.monotonic() + PATIENCE
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > limit:
            raise AssertionError(f"`manage.py run` did not get ready:\n{(place / 'log').read_text()[-4000:]}")
        time.sleep(0.3)
    return url


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz/", timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _stop(place: Path) -> None:
    """Ctrl-C, and wait for the orderly end."""
    process = int((place / "pid").read_text())
    os.kill(process, signal.SIGTERM)
    limit = time.monotonic() + 40
    while time.monotonic() < limit and not _gone(process):
        time.sleep(0.1)
    (place / "url").unlink()
    for left in (place / "var").iterdir():  # another guest may come later and starts afresh
        subprocess.run(["rm", "-rf", str(left)], check=False)
    (place / "var").rmdir()


def _gone(process: int) -> bool:
    try:
        found, _ = os.waitpid(process, os.WNOHANG)
    except ChildProcessError:  # started by another worker
        return not Path(f"/proc/{process}").exists()
    return found != 0
