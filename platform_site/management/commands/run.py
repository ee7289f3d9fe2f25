"""`manage.py run`: the whole platform from one command, for a newcomer's machine.

Services, migrations, reference data, a demo season on an empty database; then web, worker, beat and allocator until
Ctrl-C. Production starts each of these by itself (docker-compose.yml).
"""

import fcntl
import http
import http.client
import logging
import os
import signal
import socket
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from platform_site.kit.embedded import EmbeddedServices
from platform_site.kit.embedded_programs import ServicesFailedError
from platform_site.management.household import Ended, Household

DEFAULT_PORT = 8000
ANYWHERE = "0.0.0.0"  # noqa: S104
WEB_PATIENCE = 60.0


class Command(BaseCommand):
    help = "Starts everything, stops everything with Ctrl-C. PORT and HOST choose the address, PLATFORM_VAR the data."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--season", choices=["small", "none"], default="small", help="played on an empty database")

    def handle(self, *args: Any, season: str, **options: Any) -> None:
        host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT") or DEFAULT_PORT)
        household = Household(directory=Path(settings.BASE_DIR), log_directory=Path(settings.VAR_DIR) / "log")
        household.log_directory.mkdir(parents=True, exist_ok=True)
        logging.getLogger().setLevel(logging.WARNING)  # this process talks to a person; its children write the log
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler)  # as Ctrl-C, until the household listens itself
        with self._only_one(), self._services():
            self._refuse_taken(host, port)
            self._prepare(season)
            self._keep_house(household, host, port)

    # -- around -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        with (Path(settings.VAR_DIR) / "run.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CommandError(
                    f"The platform already runs on {settings.VAR_DIR}. Stop it, or set PLATFORM_VAR for a second one."
                ) from error
            yield

    @contextmanager
    def _services(self) -> Iterator[None]:
        """First to start, last to stop."""
        if not settings.EMBEDDED:
            yield
            return
        services = EmbeddedServices(Path(settings.VAR_DIR))
        try:
            services.start()
            if not services.data.is_relative_to(settings.VAR_DIR):
                self._say(f"The services' user cannot reach {settings.VAR_DIR}; their data lies in {services.data}.")
            yield
        except ServicesFailedError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\nStopped before it was ready; the next start goes on from here.")
        finally:
            connections.close_all()
            services.stop()

    # -- before -----------------------------------------------------------------------------------------------------

    def _refuse_taken(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"{host}:{port} is not free ({error.strerror}). Choose another: PORT=8080 make run"
                ) from error

    def _prepare(self, season: str) -> None:
        self._say("Database …")
        call_command("migrate", verbosity=0, interactive=False)
        empty = not get_user_model()._default_manager.exists()
        self._say("Cities, policy, catalog …")
        call_command("load_reference", verbosity=0)
        if season != "none" and empty:
            self._say("A demo season is played through the real commands (about a minute, only the first time) …")
            call_command("play_season", size=season, verbosity=0)
        connections.close_all()

    # -- while ------------------------------------------------------------------------------------------------------

    def _keep_house(self, household: Household, host: str, port: int) -> None:
        household.listen()
        ended: Ended | None = None
        try:
            self._start(household, host, port)
            ended = self._wait_for_web(household, host, port)
            if ended is None and not household.asked:
                self._welcome(host, port, household)
                ended = household.watch()
        finally:
            self._say("Stopping …")
            for name in household.stop():
                self.stderr.write(f"{name} did not end in time and was ended by force; its work is offered again.")
        if ended is not None:
            reason = f"{ended.name} ended by itself (code {ended.code}), so the rest was stopped."
            raise CommandError(f"{reason} The end of {ended.log}:\n{ended.tail()}")
        self._say("Stopped. All data is kept in " + str(settings.VAR_DIR))

    def _start(self, household: Household, host: str, port: int) -> None:
        celery = ["-m", "celery", "-A", "platform_site.celery"]
        beat = ["--schedule", str(Path(settings.VAR_DIR) / "beat-schedule"), "--pidfile="]
        web = ["-m", "gunicorn", "platform_site.wsgi:application", "--bind", f"{host}:{port}", "--no-control-socket"]
        web += ["--worker-class", "gthread", "--threads", "8", "--workers", "1", "--graceful-timeout", "10"]
        household.start("web", web)
        worker = ["worker", "--concurrency", "2", "--without-gossip", "--without-mingle", "-l", "INFO"]
        household.start("worker", [*celery, *worker])
        household.start("allocator", ["manage.py", "allocator"])
        household.start("beat", [*celery, "beat", *beat, "-l", "INFO"])

    def _wait_for_web(self, household: Household, host: str, port: int) -> Ended | None:
        limit = time.monotonic() + WEB_PATIENCE
        while time.monotonic() < limit and not household.asked:
            if (ended := household.ended()) is not None:
                return ended
            if _web_answers(host, port):
                return None
            time.sleep(0.1)
        return None

    def _welcome(self, host: str, port: int, household: Household) -> None:
        shown = "localhost" if host in {"127.0.0.1", ANYWHERE} else host
        self.stdout.write(self.style.SUCCESS(f"\nOpen http://{shown}:{port}/\n"))
        call_command("show_logins")
        kept = settings.VAR_DIR / "demo-password"
        if kept.exists():
            self.stdout.write(f"\nPassword of these logins: {kept.read_text().strip()}   (kept in {kept})")
        connections.close_all()
        mail = getattr(settings, "EMAIL_FILE_PATH", None)
        self.stdout.write(f"\nMails: {mail or 'sent by EMAIL_URL'}   Logs: {household.log_directory}   Stop: Ctrl-C\n")
        self.stdout.flush()

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _web_answers(host: str, port: int) -> bool:
    """The port opens before the first page can be answered, so a page is asked for."""
    web = http.client.HTTPConnection("127.0.0.1" if host == ANYWHERE else host, port, timeout=WEB_PATIENCE)
    try:
        web.request("GET", "/healthz/")
        return web.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        web.close()
