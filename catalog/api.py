"""The assessment for machines: the same function as the calculator, open to everybody, throttled."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, authentication_classes, permission_classes, throttle_classes
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle

from catalog.queries import Assessor
from catalog.rules.assessment import assessment_to_json


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
    key = serializers.CharField()
    clause = serializers.CharField(help_text="One or more keys, separated by commas")
    title = serializers.CharField()
    amount_in = serializers.CharField()
    amount_out = serializers.CharField()
    text = serializers.CharField()
    binds = serializers.BooleanField(help_text="This step decides the amount")
    skip = serializers.BooleanField(help_text="This step does not apply")


class FindingOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    clause = serializers.CharField()
    title = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()
    field = serializers.CharField()
    severity = serializers.CharField()


class AssessmentOutput(serializers.Serializer[Any]):
    amount = serializers.CharField()
    bonus = serializers.CharField()
    steps = StepOutput(many=True)
    findings = FindingOutput(many=True)


class AssessThrottle(AnonRateThrottle):
    """Per address; signed-in people count by address too."""

    scope = "assess"

    def get_rate(self) -> str:
        return str(getattr(settings, "ASSESS_RATE", "120/min"))

    def get_cache_key(self, request: Request, view: Any) -> str:
        return str(self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)})


@extend_schema(request=AssessmentInput, responses={200: AssessmentOutput}, summary="Compute an amount with every step")
@api_view(["POST"])
@authentication_classes([])
@permission_classes([AllowAny])
@throttle_classes([AssessThrottle])
def assess(request: Request) -> Response:
    """An amount of 0.00 with findings is an answer (200), not an error; 400 is for what is no case at all."""
    case = AssessmentInput(data=request.data)
    case.is_valid(raise_exception=True)
    assessment = Assessor().answer(case.validated_data)
    return Response(AssessmentOutput(assessment_to_json(assessment)).data)
