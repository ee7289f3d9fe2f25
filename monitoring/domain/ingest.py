"""A batch comes in: one receipt, one compressed row. Counting is done later by the fold.

The receipt is this command's audit trail; an audit entry for every batch would say nothing more.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from monitoring.domain.authenticate import SignedRequest, authenticate_source, nonce_used
from monitoring.domain.sealing import unseal
from monitoring.enums import Event, SourceState
from monitoring.models import AccessKey, Batch, BatchReceipt, Source
from monitoring.policies import source_findings
from monitoring.queries.sources import SOURCE_TO_LOCK, device_ids_of, first_receipt
from monitoring.rules.columns import Columns
from monitoring.rules.device_list import CLAUSE
from monitoring.rules.payload import pack
from monitoring.rules.records import Border
from monitoring.rules.signature import fingerprint
from monitoring.rules.wire import MAX_NAMED_LINES, Sorted, rejection_summary, sort_out, unpacked, words_of
from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_compiled


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What the sender is told. Lines not named in rejected_lines or known_lines were accepted (a repeat: all known)."""

    batch: str
    repeat: bool
    received: int
    accepted: int
    known: int
    rejected: int
    rejected_lines: list[dict[str, str | int]] = field(default_factory=list)
    known_lines: list[int] = field(default_factory=list)
    dropped_fields: dict[str, int] = field(default_factory=dict)


@command
def ingest(*, request: SignedRequest, by: Actor, at: datetime) -> BatchAnswer:
    """Check, sort out, keep. The same batch id with the same body changes nothing; with another body it is refused."""
    key = authenticate_source(request, at)
    plain = unpacked(request.body, gzipped=request.gzipped)
    source = lock_compiled(Rank.LEDGER, SOURCE_TO_LOCK, pk=key.source_id)
    refuse_if(source_findings(source))
    batch = sort_out(plain, border_of(source, at))
    receipt = _receipt(source, key, request, batch, fingerprint(plain), at)
    first = first_receipt(source, batch.batch_id)
    if first is not None:
        return _repeat(first, receipt, batch)
    _keep(source, receipt, batch, by, at)
    return answer_of(batch)


def border_of(source: Source, at: datetime) -> Border:
    """What records of this source are checked against now."""
    return Border(
        devices=device_ids_of(source.voucher_id),
        received=at.timestamp(),
        late_days=source.scheme["late_days"],
        user_key=unseal(source.user_key).encode(),
    )


def answer_of(batch: Sorted) -> BatchAnswer:
    lines: list[dict[str, str | int]] = [
        {"line": line, "code": str(code), "reason": words_of(code)[0], "remedy": words_of(code)[1]}
        for line, code, _ in batch.rejected[:MAX_NAMED_LINES]
    ]
    return BatchAnswer(
        batch=batch.batch_id,
        repeat=False,
        received=batch.records,
        accepted=len(batch.rows),
        known=len(batch.known),
        rejected=len(batch.rejected),
        rejected_lines=lines,
        known_lines=batch.known[:MAX_NAMED_LINES],
        dropped_fields=dict(batch.dropped),
    )


def store(*, receipt: BatchReceipt, rows: Columns, at: datetime) -> None:
    """Receipt and compressed rows. Raises Refusal when the nonce was used (the cache was away)."""
    try:
        with transaction.atomic():
            receipt.save(force_insert=True)
    except IntegrityError as error:
        raise Refusal(nonce_used()) from error
    if rows:
        Batch.objects.create(receipt=receipt, source=receipt.source, payload=pack(rows), received_on=day_of(at))


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def _receipt(
    source: Source, key: AccessKey, request: SignedRequest, batch: Sorted, body_hash: str, at: datetime
) -> BatchReceipt:
    minutes = batch.rows.minutes
    return BatchReceipt(
        source=source,
        batch_id=batch.batch_id,
        key_id=key.key_id,
        nonce=request.nonce,
        body_hash=body_hash,
        sent_at=datetime.fromtimestamp(int(request.timestamp), UTC),
        received_at=at,
        records=batch.records,
        accepted=len(batch.rows),
        rejected=len(batch.rejected),
        known=len(batch.known),
        late=batch.late,
        dropped_fields=dict(batch.dropped),
        rejections=rejection_summary(batch),
        first_at=moment_of(int(minutes.min())) if len(minutes) else None,
        last_at=moment_of(int(minutes.max())) if len(minutes) else None,
    )


def _keep(source: Source, receipt: BatchReceipt, batch: Sorted, by: Actor, at: datetime) -> None:
    store(receipt=receipt, rows=batch.rows, at=at)
    if batch.rows and source.state == SourceState.SET_UP:
        perform(source, "go_live", at=at)
        record(by=by, at=at, event=Event.SOURCE_WENT_LIVE, subject=source, data={"batch": batch.batch_id})


def _repeat(first: BatchReceipt, again: BatchReceipt, batch: Sorted) -> BatchAnswer:
    """Written down as known throughout; answered once more in full, because the first answer may have been lost."""
    if first.body_hash != again.body_hash:
        raise Refusal(_other_body(first.batch_id))
    again.repeat_of, again.rejections, again.dropped_fields = first, [], {}
    again.records, again.accepted, again.late = first.records, 0, 0
    again.known, again.rejected = first.records, 0
    store(receipt=again, rows=Columns(), at=again.received_at)
    kept = first.records - first.rejected
    return BatchAnswer(
        batch=first.batch_id,
        repeat=True,
        received=first.records,
        accepted=0,
        known=kept,
        rejected=first.rejected,
        rejected_lines=answer_of(batch).rejected_lines,
    )


def _other_body(batch_id: str) -> Finding:
    return Finding(
        code="batch.other_body",
        clause=CLAUSE,
        title="批次号已经用过",
        reason=f"批次 {batch_id} 以前收过，内容和这次不一样。",
        remedy="内容有改动的，换一个新的批次号发送。",
    )
