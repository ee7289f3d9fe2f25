"""The assessment for machines: the same function as the calculator, open to everybody, throttled."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import (
    api_view,
    authentication_classes,
    parser_classes,
    permission_classes,
    throttle_classes,
)
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from catalog.queries import Assessor
from catalog.rules.assessment import Assessment, answer_to_json
from catalog.rules.assessment import assess as assess_case
from catalog.rules.case import ZERO
from catalog.rules.case_input import parse_case
from catalog.rules.raises import Raise, ways_to_raise
from catalog.rules.wording import plain
from platform_site.kit.findings import Refusal


class CostLineInput(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=40)
    amount = serializers.CharField(max_length=24)


class AssessmentInput(serializers.Serializer[Any]):
    """A case. Amounts are text in yuan with at most two places; what is left out is not asked."""

    edition = serializers.CharField(max_length=16)
    city = serializers.CharField(max_length=6, help_text="Six-digit code of city or county (GB/T 2260)")
    item = serializers.IntegerField(min_value=0, max_value=9999)
    contract_amount = serializers.CharField(max_length=24)
    unrelated_amount = serializers.CharField(max_length=24, required=False)
    cost_lines = CostLineInput(many=True, required=False)
    devices = serializers.IntegerField(min_value=0, max_value=10_000_000, required=False, allow_null=True)
    pilot = serializers.BooleanField(required=False)
    cap = serializers.CharField(max_length=24, required=False, allow_null=True)
    cap_used = serializers.CharField(max_length=24, required=False)
    bonus = serializers.BooleanField(required=False)
    revenue = serializers.CharField(max_length=24, required=False, allow_null=True)
    enterprise_kind = serializers.ChoiceField(["manufacturing", "maintenance"], required=False, allow_null=True)
    signed_on = serializers.DateField(required=False, allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        """`class` is a word of Python, but it is what the field is called."""
        return super().get_fields() | {"class": serializers.ChoiceField(["A", "B"], required=False, allow_null=True)}


class StepOutput(serializers.Serializer[Any]):
    """`in` of each step is `out` of the one before; the last `out` is the amount."""

    clause = serializers.CharField(help_text="Key of the rule that the step rests on")
    clauses = serializers.ListField(
        child=serializers.CharField(), help_text="All rules of the step, the first one first"
    )
    text = serializers.CharField(help_text="A sentence for the person, in Chinese")
    key = serializers.CharField()
    title = serializers.CharField()
    binds = serializers.BooleanField(help_text="This step decides the amount")
    skip = serializers.BooleanField(help_text="This step does not apply")

    def get_fields(self) -> dict[str, Any]:
        """`in` is a word of Python, but it is what the field is called."""
        money = {"in": serializers.CharField(), "out": serializers.CharField()}
        return super().get_fields() | money


class FindingOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    clause = serializers.CharField()
    title = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()
    field = serializers.CharField()
    severity = serializers.CharField()


class RaiseOutput(serializers.Serializer[Any]):
    """A way to a higher amount, tried with the same formula."""

    key = serializers.CharField()
    clause = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()
    amount = serializers.CharField()


class AssessmentOutput(serializers.Serializer[Any]):
    amount = serializers.CharField()
    bonus = serializers.CharField(help_text="A line of its own, never part of the amount")
    steps = StepOutput(many=True)
    findings = FindingOutput(many=True)
    raises = RaiseOutput(many=True)


class CaseParser(BaseParser):
    """JSON whose numbers with a point stay text, as the command reads them. Raises Refusal."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        return parse_case(stream.read())


class AssessThrottle(AnonRateThrottle):
    """Per address; signed-in people count by address too."""

    scope = "assess"

    def get_rate(self) -> str:
        return str(getattr(settings, "ASSESS_RATE", "120/min"))

    def get_cache_key(self, request: Request, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})


@extend_schema(
    request=AssessmentInput,
    responses={200: AssessmentOutput, 400: AssessmentOutput},
    summary="Compute an amount with every step",
)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
@parser_classes([CaseParser])
@throttle_classes([AssessThrottle])
def assess(request: Request) -> Response:
    """An amount of 0.00 with findings is an answer (200). What is no case at all is answered with 400 in the same
    shape: each finding names the field, the rule and what to do."""
    try:
        typed: Mapping[str, Any] = dict(request.data)
        case, terms = Assessor().case(typed)
    except Refusal as refusal:
        return Response(_told(Assessment(ZERO, ZERO, (), tuple(refusal.findings)), []), status=400)
    return Response(_told(assess_case(case, terms), ways_to_raise(case, terms)))


def _told(assessment: Assessment, ways: list[Raise]) -> dict[str, Any]:
    """The command's answer, and beside it what a page would show."""
    answer = answer_to_json(assessment)
    for row, step in zip(answer["steps"], assessment.steps, strict=True):
        row |= {"clauses": step.clauses, "key": step.key, "title": step.title}
        row |= {"binds": step.binds, "skip": step.skipped}
    answer["findings"] = [finding.as_dict() for finding in assessment.findings]
    answer["raises"] = [
        {"key": way.key, "clause": way.clause, "title": way.title, "text": way.text, "amount": plain(way.amount)}
        for way in ways
    ]
    return answer
