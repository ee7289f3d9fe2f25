"""`manage.py services start|stop|status`: PostgreSQL and Valkey alone, so that migrate or shell finds them."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from platform_site.kit.embedded import EmbeddedServices
from platform_site.kit.embedded_programs import ServicesFailedError


class Command(BaseCommand):
    help = "Starts, stops or shows the embedded PostgreSQL and Valkey."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("DATABASE_URL is set: the platform uses your own services and starts none.")
        services = EmbeddedServices(Path(settings.VAR_DIR), tied=False)
        try:
            self._do(services, action)
        except ServicesFailedError as error:
            raise CommandError(str(error)) from error

    def _do(self, services: EmbeddedServices, action: str) -> None:
        if action == "start":
            started = services.start()
            self.stdout.write(f"started: {', '.join(started)}" if started else "already running")
        elif action == "stop":
            stopped = services.stop_whoever_started()
            self.stdout.write(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")
        for status in services.status():
            process = f" (process {status.pid})" if status.running else ""
            self.stdout.write(f"{status.name:<9} {'running' if status.running else 'stopped'}{process}")
        self.stdout.write(f"sockets   {services.sockets}\ndata      {services.data}")
