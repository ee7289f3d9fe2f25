"""The auditor takes everything about one voucher along; that he did is written down."""

from collections.abc import Iterator
from datetime import datetime

from platform_site.audit.domain import record, seal_all
from platform_site.kit.actor import Actor
from platform_site.kit.archive import stream_archive
from platform_site.kit.command import command
from settlement.enums import Event
from settlement.queries.evidence_bundle import bundle_facts, bundle_parts
from vouchers.models import Voucher


def hand_out_evidence(*, voucher: Voucher, by: Actor, at: datetime) -> Iterator[bytes]:
    """The archive in pieces. What was written so far is sealed before, so that its proofs lie in the archive."""
    _note(voucher=voucher, by=by, at=at)
    seal_all(at=at)
    return stream_archive(bundle_parts(voucher), bundle_facts(voucher, at.isoformat(), by.label))


@command
def _note(*, voucher: Voucher, by: Actor, at: datetime) -> None:
    record(by=by, at=at, event=Event.EVIDENCE_TAKEN, subject=voucher)
