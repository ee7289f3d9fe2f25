"""Carry a submitted form out once."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from platform_site.audit.models import RequestKey
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal

LONGEST_KEY = 64
_INSERT = f"""
INSERT INTO {RequestKey._meta.db_table} (key, actor_user_id, body_hash, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (key, actor_user_id) DO NOTHING RETURNING id
"""  # noqa: S608  table names only


def once(*, key: str, by: Actor, body: Mapping[str, Any], at: datetime) -> RequestKey:
    """The key's row, locked: `outcome` is None the first time; the caller stores it with `remember`.

    Call it inside the command that it protects: a second caller with the same key waits for that transaction's end.
    Raises Refusal when the key comes with another body, or when there is none. One statement and no savepoint the first
    time: a row just inserted is nobody else's before the commit.
    """
    if not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        raise Refusal(_no_key())
    body_hash = hashlib.sha256(json.dumps(body, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()
    row = RequestKey(key=key, actor_user_id=by.user_id, body_hash=body_hash, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [row.key, row.actor_user_id, row.body_hash, row.at])
        inserted = cursor.fetchone()
    if inserted is not None:
        row.pk, row._state.adding = inserted[0], False
        return row
    row = RequestKey.objects.select_for_update().get(key=key, actor_user_id=by.user_id)
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
