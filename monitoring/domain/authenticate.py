"""Who signed a machine's call: time, nonce, key, signature (guard against replay)."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from redis.exceptions import RedisError

from monitoring.domain.sealing import unseal
from monitoring.models import AccessKey
from monitoring.policies import time_findings
from monitoring.queries import key_of
from monitoring.rules.device_list import CLAUSE
from monitoring.rules.signature import SKEW_SECONDS, matches
from platform_site.kit.findings import Finding, Refusal, refuse_if

log = logging.getLogger(__name__)
NONCE_SECONDS = 2 * SKEW_SECONDS + 60


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A call as it came: header values as text, the body as bytes over the wire."""

    key_id: str
    timestamp: str
    nonce: str
    signature: str
    body: bytes
    gzipped: bool = False


def authenticate(request: SignedRequest, at: datetime) -> AccessKey:
    """The key that signed. Raises Refusal; an unknown, ended or wrong key all read the same."""
    refuse_if(time_findings(request.timestamp, request.nonce, at))
    key = key_of(request.key_id, at)
    if key is None or not _signed_by(key, request):
        raise Refusal(_wrong_signature())
    use_nonce(request)
    return key


def authenticate_source(request: SignedRequest, at: datetime) -> AccessKey:
    """The same, for calls that only a supplier's key may sign."""
    key = authenticate(request, at)
    refuse_if([] if key.source_id else [_not_a_source()])
    return key


def use_nonce(request: SignedRequest) -> None:
    """Refuse a nonce seen before. With the cache away the receipt's unique constraint still refuses it."""
    try:
        fresh = cache.add(f"telemetry:nonce:{request.key_id}:{request.nonce}", 1, NONCE_SECONDS)
    except RedisError as error:
        log.warning("cache away, nonces are checked by the database alone: %s", error)
        return
    if not fresh:
        raise Refusal(nonce_used())


def nonce_used() -> Finding:
    return Finding(
        code="nonce.used",
        clause=CLAUSE,
        title="这次请求已经收到过",
        reason="随机数用过了，平台不再处理同一次请求。",
        remedy="重传时批次号不变，随机数和签名换新的；已收的不会重复计数。",
    )


def _signed_by(key: AccessKey, request: SignedRequest) -> bool:
    secret = unseal(key.sealed_secret)
    return matches(secret, request.timestamp, request.nonce, request.body, request.signature)


def _wrong_signature() -> Finding:
    return Finding(
        code="signature.wrong",
        clause=CLAUSE,
        title="签名不对",
        reason="密钥编号不存在、已停用，或签名与正文不符。",
        remedy="按接口说明对“时间戳、换行、随机数、换行、正文”签名；正文压缩的，对压缩后的字节签名。",
    )


def _not_a_source() -> Finding:
    return Finding(
        code="key.other_kind",
        clause=CLAUSE,
        title="密钥用错了地方",
        reason="这是运营商反馈的密钥，不能推送设备数据。",
        remedy="用这张券的数据密钥签名。",
    )
