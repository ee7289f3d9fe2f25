"""A supplier's client written from the protocol page alone: nothing of the platform is imported here."""

import gzip
import hashlib
import hmac
import json
from datetime import date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))


def body(batch_id, records, *, packed=True):
    plain = "\n".join([json.dumps({"batch": batch_id}), *(json.dumps(r, ensure_ascii=False) for r in records)]).encode()
    return gzip.compress(plain) if packed else plain


def headers(key, raw, *, at, nonce, packed=True):
    key_id, secret = key
    timestamp = str(int(at.timestamp()))
    signature = hmac.new(secret.encode(), f"{timestamp}\n{nonce}\n".encode() + raw, hashlib.sha256).hexdigest()
    found = {
        "X-Telemetry-Key": key_id,
        "X-Telemetry-Timestamp": timestamp,
        "X-Telemetry-Nonce": nonce,
        "X-Telemetry-Signature": signature,
    }
    return {**found, "Content-Encoding": "gzip"} if packed else found


def working_day(devices, day: date, *, first_hour=8, hours=9, every=5):
    """One record every five minutes for each device."""
    start = datetime.combine(day, time(first_hour), tzinfo=CHINA)
    for device in devices:
        for minute in range(0, hours * 60, every):
            yield {"device": device, "at": (start + timedelta(minutes=minute)).isoformat(), "address": "192.0.2.7"}
