"""A fleet of honest and cheating vouchers: how well the signs tell them apart."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from monitoring.domain.simulate_fleet import DAYS, simulate_fleet
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal


class Command(BaseCommand):
    help = (
        "Simulated vouchers, one in a hundred (at least six) of each of nine kinds of cheats: recall and false alarms "
        "per sign. Fast path: activity days are made by the fold's rules without texts, signatures and batches. "
        "Everything is taken back at the end unless --keep. Not possible in production."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--vouchers", type=int, default=2000)
        parser.add_argument("--days", type=int, default=DAYS, help="whole days up to yesterday")
        parser.add_argument("--seed", default="2020", help="up to eight letters and digits")
        parser.add_argument("--keep", action="store_true", help="leave vouchers, data and signs in the database")
        parser.add_argument("--json", action="store_true", help="figures as JSON")

    def handle(self, **given: Any) -> None:
        if not settings.CLOCK_MAY_BE_DIALLED:
            raise CommandError("Not on this platform: it is no demonstration (DATABASE_URL is set).")
        if not (given["seed"].isalnum() and len(given["seed"]) <= 8):
            raise CommandError("--seed: up to eight letters and digits")
        started = time.perf_counter()
        try:
            with transaction.atomic():
                run = simulate_fleet(
                    vouchers=given["vouchers"],
                    seed=given["seed"],
                    days=given["days"],
                    by=system_actor("模拟"),
                    at=clock.now(),
                )
                transaction.set_rollback(not given["keep"])
        except ValueError as error:
            raise CommandError("Too few vouchers: nine kinds of cheats with six each need 54 and more.") from error
        except Refusal as refusal:
            raise CommandError(f"A fleet of seed {given['seed']} is kept already; choose another --seed.") from refusal
        took = round(time.perf_counter() - started, 1)
        if given["json"]:
            figures = {"vouchers": run.vouchers, "days": run.days, "seconds": took, **run.score.as_dict()}
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=1))
            return
        self.stdout.write(run.score.table())
        self.stdout.write(f"{run.vouchers} vouchers, {run.days} days of activity, {took} s, seed {given['seed']}")
