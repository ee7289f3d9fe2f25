"""Issuing and rotating keys. A secret is returned once and never shown again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitoring.domain.sealing import new_key_id, new_secret, seal
from monitoring.enums import Event
from monitoring.models import AccessKey, Source
from monitoring.permissions import check_user_can_deliver_feed, check_user_can_manage_source
from monitoring.policies import source_findings
from platform_site.accounts.models import Organisation
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.locks import Rank, lock_one

GRACE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """key_id and secret; old_until: how long the key before it still works, None if there was none."""

    key_id: str
    secret: str
    old_until: datetime | None = None


@command
def rotate_key(*, source: Source, by: Actor, at: datetime) -> IssuedKey:
    """A new key for a source; the old one stays valid for the grace time."""
    source = lock_one(Rank.LEDGER, Source.objects.select_related("supplier"), pk=source.pk)
    check_user_can_manage_source(by, source)
    refuse_if(source_findings(source))
    issued = issue(at=at, source=source)
    record(by=by, at=at, event=Event.KEY_ROTATED, subject=source, data={"key_id": issued.key_id})
    return issued


@command
def rotate_operator_key(*, organisation: Organisation, by: Actor, at: datetime) -> IssuedKey:
    """A new key for an operator's deliveries; the old one stays valid for the grace time."""
    organisation = lock_one(Rank.LEDGER, Organisation.objects.all(), pk=organisation.pk)
    check_user_can_deliver_feed(by, organisation.pk)
    issued = issue(at=at, organisation=organisation)
    record(by=by, at=at, event=Event.KEY_ROTATED, subject=organisation, data={"key_id": issued.key_id})
    return issued


@command
def revoke_key(*, source: Source, key_id: str, by: Actor, at: datetime) -> None:
    """End a key at once: it leaked. An unknown or ended key changes nothing."""
    source = lock_one(Rank.LEDGER, Source.objects.select_related("supplier"), pk=source.pk)
    check_user_can_manage_source(by, source)
    valid = [key for key in source.keys.filter(key_id=key_id) if key.valid_until is None or key.valid_until > at]
    for key in valid:
        _end(key, at)
        record(by=by, at=at, event=Event.KEY_REVOKED, subject=source, data={"key_id": key_id})


def issue(*, at: datetime, **owner: Any) -> IssuedKey:
    """End the owner's current key after the grace time and make a new one. Called under the owner's lock."""
    current = AccessKey.objects.filter(**owner, valid_until__isnull=True).first()
    if current is not None:
        _end(current, at + GRACE)
    secret = new_secret()
    key = AccessKey.objects.create(key_id=new_key_id(), sealed_secret=seal(secret), made_at=at, **owner)
    return IssuedKey(key_id=key.key_id, secret=secret, old_until=current.valid_until if current else None)


def _end(key: AccessKey, until: datetime) -> None:
    key.valid_until = until
    key.save(update_fields=["valid_until"])
