"""Issuing and rotating keys. A secret is returned once and never shown again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from monitoring.domain.sealing import new_key_id, new_secret, seal, unseal
from monitoring.enums import Event
from monitoring.models import AccessKey, Source
from monitoring.permissions import check_user_can_deliver_feed, check_user_can_manage_source
from monitoring.policies import source_findings
from platform_site.accounts.models import Organisation
from platform_site.audit.domain import once, record, remember
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
def rotate_key(*, source: Source, by: Actor, at: datetime, key: str | None = None) -> IssuedKey | None:
    """A new key for a source; the old one stays valid for the grace time.

    `key`: the form's idempotency key; the same form again rotates nothing and gives None, since the secret is gone.
    """
    source = lock_one(Rank.LEDGER, Source.objects.select_related("supplier"), pk=source.pk)
    check_user_can_manage_source(by, source)
    refuse_if(source_findings(source))
    return _issued_once(source, {"source": source}, key, by, at)


@command
def rotate_operator_key(
    *, organisation: Organisation, by: Actor, at: datetime, key: str | None = None
) -> IssuedKey | None:
    """The same for an operator's deliveries."""
    organisation = lock_one(Rank.LEDGER, Organisation.objects.all(), pk=organisation.pk)
    check_user_can_deliver_feed(by, organisation.pk)
    return _issued_once(organisation, {"organisation": organisation}, key, by, at)


def _issued_once(subject: Model, owner: dict[str, Any], key: str | None, by: Actor, at: datetime) -> IssuedKey | None:
    """Under the owner's lock and in one transaction with `once`: a double click finds the key taken."""
    body = {"rotate": subject._meta.label_lower, "of": subject.pk}
    request = None if key is None else once(key=key, by=by, body=body, at=at)
    if request is not None and request.outcome is not None:
        return None
    issued = issue(at=at, **owner)
    record(by=by, at=at, event=Event.KEY_ROTATED, subject=subject, data={"key_id": issued.key_id})
    if request is not None:
        remember(request, {"key_id": issued.key_id})
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


def current_key(source: Source) -> tuple[str, str]:
    """Key id and secret that sign for a source today. Raises LookupError when it has none."""
    key = AccessKey.objects.filter(source=source, valid_until__isnull=True).first()
    if key is None:
        raise LookupError(f"source {source.pk} has no current key")
    return key.key_id, unseal(key.sealed_secret)


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
