"""`manage.py wait_services`: returns when database and broker answer. For containers that start together."""

import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection


class Command(BaseCommand):
    help = "Waits until PostgreSQL and Redis answer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--timeout", type=float, default=60.0, help="seconds")

    def handle(self, *args: Any, timeout: float, **options: Any) -> None:
        limit = time.monotonic() + timeout
        broker = redis.Redis.from_url(settings.REDIS_URL)
        self._until(limit, "PostgreSQL", connection.ensure_connection, OperationalError)
        self._until(limit, "Redis", broker.ping, redis.RedisError)

    def _until(self, limit: float, name: str, ask: Callable[[], object], refused: type[Exception]) -> None:
        while True:
            try:
                ask()
            except refused as error:
                if time.monotonic() > limit:
                    raise CommandError(f"{name} does not answer: {error}") from error
                time.sleep(0.5)
            else:
                return
