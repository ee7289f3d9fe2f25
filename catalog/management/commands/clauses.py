"""manage.py clauses: every clause the platform knows, for looking up and for scripts."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.queries import all_clauses
from platform_site.kit.clause_names import clause_name


class Command(BaseCommand):
    help = "List the clauses: key, Chinese name, what it says. --document S19 for one document, --json for machines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--document", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        for clause in all_clauses(options["document"]):
            name = clause_name(clause.key)
            if options["json"]:
                row = {"key": clause.key, "name": name, "says": clause.summary, "used": clause.applied_at}
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            else:
                self.stdout.write(f"{clause.key:16} {name}　{clause.summary}")
