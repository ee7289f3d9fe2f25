"""A supplier's system, written from the page “接口说明” alone: nothing of the platform is imported here."""

import gzip
import hashlib
import hmac
import json
import secrets
import urllib.request
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))


def send(
    site: str, key: str, secret: str, batch: str, records: Iterable[dict[str, Any]], *, now: datetime
) -> dict[str, Any]:
    """One batch, signed over timestamp, nonce and the compressed body. Gives the answer."""
    lines = [json.dumps({"batch": batch}), *(json.dumps(record, ensure_ascii=False) for record in records)]
    body = gzip.compress("\n".join(lines).encode())
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    signature = hmac.new(secret.encode(), f"{stamp}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-ndjson",
        "Content-Encoding": "gzip",
        "X-Telemetry-Key": key,
        "X-Telemetry-Timestamp": stamp,
        "X-Telemetry-Nonce": nonce,
        "X-Telemetry-Signature": signature,
    }
    request = urllib.request.Request(f"{site}/api/v1/telemetry/batches", body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=30) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def running_machines(devices: Iterable[str], first: date, days: int) -> Iterator[dict[str, Any]]:
    """One record every five minutes of an eight-hour shift, as the page asks for."""
    for device in devices:
        for day in range(days):
            start = datetime.combine(first + timedelta(days=day), time(8), tzinfo=CHINA)
            for step in range(97):
                moment = start + timedelta(minutes=5 * step)
                yield {"device": device, "at": moment.isoformat(), "address": "192.0.2.18", "count": 3}
