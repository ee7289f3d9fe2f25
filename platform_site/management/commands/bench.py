"""`manage.py bench NAME`: runs one of tests/benchmarks/ on services and data of its own, apart from `make run`."""

import fcntl
import importlib.util
import json
import os
import re
import sys
from argparse import ArgumentParser
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from platform_site.kit.embedded import EmbeddedServices

PARTS = ("ratios", "counts", "figures")


class Command(BaseCommand):
    help = "Runs tests/benchmarks/NAME.py and writes var/bench/NAME.json."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="file name in tests/benchmarks/ without .py")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        script = self._script(name)
        results = Path(settings.BASE_DIR) / "var" / "bench"
        self._move_apart(results / "data")
        services = EmbeddedServices(Path(settings.VAR_DIR))
        services.start()
        try:
            call_command("migrate", verbosity=0)
            call_command("load_reference", verbosity=0)
            found = _load(script).run()
        finally:
            connections.close_all()
            services.remove()
        self._write(results / f"{name}.json", found)

    def _script(self, name: str) -> Path:
        directory = Path(settings.BASE_DIR) / "tests" / "benchmarks"
        script = directory / f"{name}.py"
        if not re.fullmatch(r"\w+", name) or not script.exists():
            known = sorted(path.stem for path in directory.glob("*.py") if path.stem != "__init__")
            raise CommandError(f"No benchmark “{name}”. There are: {', '.join(known) or 'none yet'}.")
        return script

    def _move_apart(self, data: Path) -> None:
        """Begins anew with a var directory for benchmarks alone: settings are read once per process."""
        if settings.EMBEDDED and Path(settings.VAR_DIR) == data:
            return
        self._stay_alone(data.parent / "bench.lock")
        if data.exists():
            EmbeddedServices(data).remove()  # what a killed run has left
        kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "REDIS_URL"}}
        os.execve(sys.executable, [sys.executable, *sys.argv], {**kept, "PLATFORM_VAR": str(data)})  # noqa: S606

    def _stay_alone(self, path: Path) -> None:
        """Two benchmarks would measure each other. The lock is kept through exec, until the process ends."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_CREAT | os.O_RDWR)
        os.set_inheritable(handle, True)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError("Another benchmark is running.") from error

    def _write(self, target: Path, found: dict[str, dict[str, Any]]) -> None:
        strange = set(found) - set(PARTS)
        if strange:
            raise CommandError(f"run() answered with {', '.join(sorted(strange))}; known are {', '.join(PARTS)}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({part: found.get(part, {}) for part in PARTS}, indent=2, ensure_ascii=False, default=float)
        target.write_text(text + "\n")
        self.stdout.write(f"{text}\nwritten to {target}")


def _load(script: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"tests.benchmarks.{script.stem}", script)
    if spec is None or spec.loader is None:
        raise CommandError(f"{script} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
