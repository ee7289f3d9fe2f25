"""manage.py assess: the explained amount on the command line, one case by options or many from a file of JSON lines."""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.queries import Assessor
from catalog.rules.assessment import Assessment, answer_to_json, assess
from catalog.rules.case import ZERO
from catalog.rules.case_input import parse_case
from platform_site.kit.clause_names import clause_name
from platform_site.kit.findings import Refusal

_OPTIONS = {
    "edition": "edition",
    "city": "city",
    "item": "item",
    "contract_amount": "contract_amount",
    "product_class": "class",
    "unrelated_amount": "unrelated_amount",
    "devices": "devices",
    "cap": "cap",
    "cap_used": "cap_used",
    "revenue": "revenue",
    "enterprise_kind": "enterprise_kind",
    "signed_on": "signed_on",
    "pilot": "pilot",
    "bonus": "bonus",
}


class Command(BaseCommand):
    help = "Compute a voucher's amount with every step and its clause."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--edition", help="2018, 2019 or 2020")
        parser.add_argument("--city", help="six-digit code of city or county")
        parser.add_argument("--item", help="number in the catalog")
        parser.add_argument("--contract-amount")
        parser.add_argument("--class", dest="product_class", help="A or B")
        parser.add_argument("--devices")
        parser.add_argument("--unrelated-amount")
        parser.add_argument("--cap", help="the enterprise's own cap, where the province has set one")
        parser.add_argument("--cap-used", help="what earlier vouchers of the period took")
        parser.add_argument("--revenue", help="last year's revenue (2018)")
        parser.add_argument("--enterprise-kind", help="manufacturing or maintenance")
        parser.add_argument("--signed-on", help="day of the contract")
        parser.add_argument("--pilot", action="store_true")
        parser.add_argument("--bonus", action="store_true")
        parser.add_argument("--json", action="store_true")
        parser.add_argument(
            "--file", help="cases, one JSON object a line (- reads them from stdin); one JSON line each"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        assessor = Assessor()
        if options["file"]:
            self._answer_lines(assessor, options["file"])
            return
        case = {name: options[option] for option, name in _OPTIONS.items() if options[option] not in (None, False)}
        assessment = assessor.answer(case)
        self.stdout.write(_json(answer_to_json(assessment)) if options["json"] else "\n".join(_sentences(assessment)))

    def _answer_lines(self, assessor: Assessor, name: str) -> None:
        """One answer a line, in order and as soon as it is known; empty lines are passed over."""
        try:
            with contextlib.nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        self.stdout.write(_json(_answer(assessor, line, number)))
        except OSError as error:
            raise CommandError(f"cannot read {name}: {error}") from error


def _answer(assessor: Assessor, line: bytes, number: int) -> dict[str, Any]:
    """A line that is no case is answered too: an `error` beside the findings names the line and each field."""
    try:
        case, terms = assessor.case(parse_case(line))
    except Refusal as refusal:
        found = refusal.findings
        empty = Assessment(ZERO, ZERO, (), tuple(found))
        fields = {finding.field: finding.reason for finding in found if finding.field}
        reason = "".join(finding.reason for finding in found)
        return answer_to_json(empty) | {"error": {"line": number, "fields": fields, "reason": reason}}
    return answer_to_json(assess(case, terms))


def _json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False)


def _sentences(assessment: Assessment) -> list[str]:
    lines = []
    for number, step in enumerate(assessment.steps, start=1):
        mark = "　←本步决定金额" if step.binds else ""
        names = "、".join(clause_name(key) for key in step.clauses)
        lines.append(f"{number}. {step.title}：{step.amount_out:,.2f} 元{mark}\n   {step.text}（{names}）")
    for finding in assessment.findings:
        lines.append(
            f"✕ {finding.title}：{finding.reason}（{clause_name(finding.clause)}）\n  怎么办：{finding.remedy}"
        )
    lines.append(f"预计奖补 {assessment.amount:,.2f} 元")
    if assessment.bonus:
        lines.append(f"另奖 {assessment.bonus:,.2f} 元")
    return lines
