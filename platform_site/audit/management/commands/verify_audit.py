"""`manage.py verify_audit`: finds any change of sealed rows (audit, quota movements, lists, payments) and names it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platform_site.audit.queries import verify_chain

SHOWN = 200


class Command(BaseCommand):
    help = "Checks every seal and every sealed row; with --against also the heads that were exported to another host."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--against", type=Path, help="file written by export_seal, kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        report = verify_chain(_heads(options["against"]))
        self.stdout.write(f"{report.seals} 个封存，{report.rows} 行，{report.waiting} 行待封存。")
        for damage in report.damages[:SHOWN]:
            self.stdout.write(f"[{damage.kind}] {damage}")
        if report.damages:
            raise CommandError(f"{len(report.damages)} 处与封存不符。")
        self.stdout.write("全部相符。")


def _heads(file: Path | None) -> dict[str, str]:
    if file is None:
        return {}
    try:
        return dict(json.loads(file.read_text(encoding="utf-8"))["heads"])
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(f"{file}: {error}") from error
