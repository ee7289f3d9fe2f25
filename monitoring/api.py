"""Machines' side of telemetry. Every call is signed; the answer to a refusal is the list of its findings."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring.connectors.operator_feed import MAX_BYTES
from monitoring.domain import SignedRequest, deliver_signed_feed, ingest, test_source
from monitoring.rules.wire import MAX_BODY
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Finding, Refusal

_STATUS = {
    "signature.wrong": status.HTTP_401_UNAUTHORIZED,
    "timestamp.skew": status.HTTP_401_UNAUTHORIZED,
    "nonce.form": status.HTTP_401_UNAUTHORIZED,
    "key.other_kind": status.HTTP_403_FORBIDDEN,
    "source.closed": status.HTTP_403_FORBIDDEN,
    "nonce.used": status.HTTP_409_CONFLICT,
    "batch.other_body": status.HTTP_409_CONFLICT,
    "body.too_large": status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
    "feed.too_large": status.HTTP_413_REQUEST_ENTITY_TOO_LARGE,
}
_HEADERS = [
    OpenApiParameter(f"X-Telemetry-{name}", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description=words)
    for name, words in (
        ("Key", "密钥编号"),
        ("Timestamp", "Unix 秒数，与平台相差不超过 300 秒"),
        ("Nonce", "随机数，16 到 64 个字符，每次请求不同"),
        ("Signature", "HMAC-SHA256（时间戳、换行、随机数、换行、正文），十六进制"),
    )
]


class RejectedLine(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="行号，从 1 起，批次行算第 1 行")
    code = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()


class BatchAnswerOut(serializers.Serializer[Any]):
    """没有列在 rejected_lines 和 known_lines 里的行都已接收。"""

    batch = serializers.CharField()
    repeat = serializers.BooleanField(help_text="这一批以前收过，没有重复计数")
    received = serializers.IntegerField()
    accepted = serializers.IntegerField()
    known = serializers.IntegerField()
    rejected = serializers.IntegerField()
    rejected_lines = RejectedLine(many=True)
    known_lines = serializers.ListField(child=serializers.IntegerField())
    dropped_fields = serializers.DictField(child=serializers.IntegerField())


class StepOut(serializers.Serializer[Any]):
    name = serializers.CharField()
    ok = serializers.BooleanField(allow_null=True)
    note = serializers.CharField()


class TestOut(serializers.Serializer[Any]):
    steps = StepOut(many=True)


class RowErrorOut(serializers.Serializer[Any]):
    line = serializers.IntegerField()
    code = serializers.CharField()
    reason = serializers.CharField()


class DeliveryOut(serializers.Serializer[Any]):
    delivery = serializers.IntegerField()
    rows = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    row_errors = RowErrorOut(many=True, help_text="有错的行，最多 500 行")


class FindingOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    clause = serializers.CharField()
    title = serializers.CharField()
    reason = serializers.CharField()
    remedy = serializers.CharField()
    field = serializers.CharField()
    severity = serializers.CharField()


class RefusalOut(serializers.Serializer[Any]):
    findings = FindingOut(many=True)


def _described(summary: str, content_type: str, answer: type[serializers.Serializer[Any]]) -> Any:
    return extend_schema(
        summary=summary,
        auth=[],
        parameters=_HEADERS,
        request={content_type: OpenApiTypes.BINARY},
        responses={200: answer, 401: RefusalOut, 403: RefusalOut, 409: RefusalOut, 413: RefusalOut, 422: RefusalOut},
    )


@_described("推送一批行为数据", "application/x-ndjson", BatchAnswerOut)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([])
def batches(request: Request) -> Response:
    """JSON lines, the first names the batch; plain or gzip."""
    try:
        signed = _signed(request, MAX_BODY, "body.too_large")
        return Response(asdict(ingest(request=signed, by=system_actor("数据接口"), at=clock.now())))
    except Refusal as refusal:
        return _refused(refusal)


@_described("沙箱测试：同样的检查，不计数", "application/x-ndjson", TestOut)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([])
def tests(request: Request) -> Response:
    """The checks of a batch, step by step."""
    try:
        signed = _signed(request, MAX_BODY, "body.too_large")
        return Response({"steps": test_source(request=signed, by=system_actor("数据接口"), at=clock.now())})
    except Refusal as refusal:
        return _refused(refusal)


@_described("运营商提交连接记录", "text/csv", DeliveryOut)
@api_view(["POST"])
@authentication_classes([])
@permission_classes([])
def connections(request: Request) -> Response:
    """The operators' CSV, signed with the operator's key."""
    try:
        signed = _signed(request, MAX_BYTES, "feed.too_large")
        delivery = deliver_signed_feed(request=signed, by=system_actor("运营商接口"), at=clock.now())
    except Refusal as refusal:
        return _refused(refusal)
    counts = {name: getattr(delivery, name) for name in ("rows", "accepted", "rejected")}
    return Response({"delivery": delivery.pk, **counts, "row_errors": delivery.errors})


def _signed(request: Request, limit: int, code: str) -> SignedRequest:
    """Headers and raw body; a body announced as too large is not read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()) or int(length) > limit:
        raise Refusal(_too_large(code, limit))
    header = request.headers.get
    return SignedRequest(
        key_id=header("X-Telemetry-Key", ""),
        timestamp=header("X-Telemetry-Timestamp", ""),
        nonce=header("X-Telemetry-Nonce", ""),
        signature=header("X-Telemetry-Signature", ""),
        body=request._request.read(int(length)),  # the stream itself: Django's own limit is for forms
        gzipped=header("Content-Encoding", "").strip().lower() == "gzip",
    )


def _too_large(code: str, limit: int) -> Finding:
    return Finding(
        code=code,
        clause="S19/5.4.10",
        title="正文太大",
        reason=f"正文超过 {limit // 1024 // 1024} MB。",
        remedy="分成几批发送。",
    )


def _refused(refusal: Refusal) -> Response:
    codes = [_STATUS.get(code, status.HTTP_422_UNPROCESSABLE_ENTITY) for code in refusal.codes()]
    return Response({"findings": [finding.as_dict() for finding in refusal.findings]}, status=codes[0])
