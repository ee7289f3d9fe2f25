"""`manage.py export_seal FILE`: the heads of the chain, to be kept on another host."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from platform_site.audit.domain import seal_all
from platform_site.audit.queries import seals_of_chain
from platform_site.kit import clock


class Command(BaseCommand):
    help = "Seals what is new and writes the newest heads as JSON; verify_audit --against FILE compares them later."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--last", type=int, default=5_000, help="how many seals back (default 5000)")

    def handle(self, *args: Any, file: Path, last: int, **options: Any) -> None:
        at = clock.now()
        seal_all(at=at)
        seals = seals_of_chain(last)
        if not seals:
            raise CommandError("还没有封存。")
        newest = seals[-1]
        content = {
            "exported_at": at.isoformat(),
            "newest": {"number": newest.number, "root": newest.root, "sealed_at": newest.sealed_at.isoformat()},
            "heads": {str(seal.number): seal.head for seal in seals},
        }
        file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.stdout.write(f"第 {newest.number} 号封存，链头 {newest.head}，已写入 {file}。")
