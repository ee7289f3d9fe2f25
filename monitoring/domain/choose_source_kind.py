"""The supplier chooses how its data come: it sends them, or the platform fetches its log (S19/5.4.10)."""

from datetime import datetime

from monitoring.enums import SUPPLIER_KINDS, Event, SourceKind
from monitoring.models import Pull, Source
from monitoring.permissions import check_user_can_manage_source
from monitoring.policies import endpoint_findings, no_endpoint_findings, source_findings
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.locks import Rank, lock, lock_one


@command
def choose_source_kind(*, source: Source, kind: str, address: str = "", by: Actor, at: datetime) -> Source:
    """Set kind ("supplier_push" or "supplier_pull") and, for the latter, the endpoint. Raises Refusal, ValueError.

    Keys, devices, scheme and what came so far stay. Another address begins without a cursor: its log is read from the
    start, and batches known already count nothing. Called again with the same it changes nothing.
    """
    if kind not in SUPPLIER_KINDS:
        raise ValueError(kind)
    source = _locked(source)
    check_user_can_manage_source(by, source)
    asked = kind == SourceKind.SUPPLIER_PULL
    address = address.strip() if asked else ""
    refuse_if([*source_findings(source), *(endpoint_findings(address) if asked else [])])
    changed = _set_endpoint(source, address, at) if asked else False
    if kind == source.kind and not changed:
        return source
    source.kind = kind
    source.save(update_fields=["kind"])
    data = {"kind": kind, "address": address}
    record(by=by, at=at, event=Event.SOURCE_KIND_CHOSEN, subject=source.voucher, data=data)
    return source


@command
def pull_again(*, source: Source, by: Actor, at: datetime) -> None:
    """The supplier has mended its endpoint: close the breaker and ask at the next round."""
    source = _locked(source)
    check_user_can_manage_source(by, source)
    pull = next(iter(lock(Rank.LEDGER, Pull.objects.filter(source=source))), None)
    refuse_if([*source_findings(source), *no_endpoint_findings(source, pull)])
    if pull is not None:
        pull.failures, pull.due_at = 0, at
        pull.save(update_fields=["failures", "due_at"])
        record(by=by, at=at, event=Event.PULL_RETRIED, subject=source.voucher)


def _locked(source: Source) -> Source:
    return lock_one(Rank.LEDGER, Source.objects.select_related("supplier", "voucher"), pk=source.pk)


def _set_endpoint(source: Source, address: str, at: datetime) -> bool:
    pull = next(iter(lock(Rank.LEDGER, Pull.objects.filter(source=source))), None)
    if pull is not None and pull.address == address:
        return False
    fresh = pull or Pull(source=source)
    fresh.address, fresh.cursor, fresh.failures, fresh.due_at = address, "", 0, at
    fresh.last_at, fresh.last_code, fresh.last_words, fresh.last_records = None, "", "", 0
    fresh.save()
    return True
