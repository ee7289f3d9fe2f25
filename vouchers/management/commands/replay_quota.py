"""`manage.py replay_quota`: do the movements make the balances?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.queries import period_by_code, published_periods
from vouchers.queries import ledger_differences


class Command(BaseCommand):
    help = "Replays the quota movements of one or all published periods and compares them with the balances."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", help="code of one period")

    def handle(self, *args: Any, **options: Any) -> None:
        periods = [period_by_code(options["period"])] if options["period"] else list(published_periods())
        wrong = 0
        for period in periods:
            differences = ledger_differences(period)
            wrong += len(differences)
            for dimension, (played, written) in sorted(differences.items()):
                self.stdout.write(f"{period.code} {dimension}: movements give {played}, the balance says {written}")
        if wrong:
            raise CommandError(f"{wrong} balances differ from their movements")
        self.stdout.write(f"{len(periods)} periods: movements and balances agree")
