"""manage.py clauses: every clause the platform knows, where the code applies it and which tests name it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.models import Clause
from catalog.queries import all_clauses, places_of_clauses, tests_of_clauses
from catalog.rules.clause_places import Place
from platform_site.kit.clause_names import clause_name


class Command(BaseCommand):
    help = "List the clauses: key, where applied, tests. --document S19 for one document, --json for machines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--document", default="")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        clauses = list(all_clauses(options["document"]))
        places, tests = places_of_clauses(clause.key for clause in clauses), tests_of_clauses()
        for clause in clauses:
            applied = [place for place in places[clause.key] if place.applies]
            show = _json if options["json"] else _lines
            self.stdout.write(show(clause, applied, tests.get(clause.key, [])))


def _json(clause: Clause, applied: list[Place], tests: list[str]) -> str:
    """One object a line."""
    row = {
        "key": clause.key,
        "name": clause_name(clause.key),
        "says": clause.summary,
        "used": clause.applied_at,
        "enforced": [{"kind": place.kind, "place": place.dotted, "line": place.line} for place in applied],
        "tests": tests,
    }
    return json.dumps(row, ensure_ascii=False)


def _lines(clause: Clause, applied: list[Place], tests: list[str]) -> str:
    where = dict.fromkeys(f"{place.dotted} ({place.kind})" for place in applied)
    lines = [f"{clause.key:16} {clause_name(clause.key)}　{clause.summary}"]
    lines += [f"  enforced  {place}" for place in where] or ["  enforced  nowhere"]
    lines += [f"  test      {test}" for test in tests] or ["  test      none"]
    return "\n".join(lines)
