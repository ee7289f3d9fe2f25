"""Carry a submitted form out once."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from platform_site.audit.models import RequestKey
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal

LONGEST_KEY = 64


@command
def once(*, key: str, by: Actor, body: Mapping[str, Any], at: datetime) -> RequestKey:
    """The key's row, locked: `outcome` is None the first time; the caller stores it with `remember`.

    Call it inside the command that it protects: a second caller with the same key waits for that transaction's end.
    Raises Refusal when the key comes with another body, or when there is none.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise Refusal(_no_key())
    body_hash = hashlib.sha256(json.dumps(body, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()
    row, _ = RequestKey.objects.get_or_create(
        key=key, actor_user_id=by.user_id, defaults={"body_hash": body_hash, "at": at}
    )
    row = RequestKey.objects.select_for_update().get(pk=row.pk)
    if row.body_hash != body_hash:
        raise Refusal(_other_body())
    return row


def remember(row: RequestKey, outcome: Mapping[str, Any]) -> None:
    """Store what the first call answered, for repeats of it."""
    row.outcome = dict(outcome)
    row.save(update_fields=["outcome"])


def _other_body() -> Finding:
    return Finding(
        code="idempotency.other_body",
        clause="D/once",
        title="这份表单已经提交过",
        reason="同一份表单已用别的内容提交过，为避免重复办理，这次没有受理。",
        remedy="请先查看上次提交的结果；要再办一件，请重新打开表单。",
    )


def _no_key() -> Finding:
    return Finding(
        code="idempotency.no_key",
        clause="D/once",
        title="缺少提交编号",
        reason="这次提交没有带表单的编号，无法防止重复办理，没有受理。",
        remedy="请重新打开表单后提交。",
    )
