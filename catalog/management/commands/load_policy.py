"""manage.py load_policy: documents, clauses and editions from fixtures/policy; prints what changed."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.domain import load_policy
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal


class Command(BaseCommand):
    help = "Load the policy documents, clauses and editions; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "fixtures" / "policy")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            diff = load_policy(folder=options["folder"], by=system_actor("载入政策"), at=clock.now())
        except Refusal as refusal:
            raise CommandError("; ".join(finding.reason for finding in refusal.findings)) from refusal
        lines = diff if options["verbosity"] > 1 else _summary(diff)
        self.stdout.write("\n".join(lines) if diff else "policy: nothing to change")


def _summary(diff: list[str]) -> list[str]:
    """Additions are counted, changes are shown."""
    added = [line for line in diff if line.startswith("+")]
    return [f"policy: {len(added)} added"] * bool(added) + [line for line in diff if not line.startswith("+")]
