"""The allocator: the only writer of balances. It takes the events of a period in order and decides them, a batch a
transaction."""

import logging
from datetime import datetime
from functools import partial

from django.db import OperationalError, connection, transaction
from django.db.models import F

from catalog.models import Period
from platform_site.audit.domain import record_many
from platform_site.kit.actor import Actor, system_actor
from platform_site.kit.command import command
from platform_site.outbox.domain import enqueue
from vouchers.domain.allocation import Batch
from vouchers.domain.batch_rows import events_before
from vouchers.domain.decide_events import MAY_RISE, decide_event
from vouchers.domain.events import horizon, lead, somebody_is_busy, write_event
from vouchers.enums import EventKind
from vouchers.models import QuotaCursor, QuotaEvent, Voucher
from vouchers.queries.ledger import periods_with_backlog

log = logging.getLogger(__name__)
LEADER_BATCH = 1000
SUBMITTER_BATCH = 20
ALLOCATOR = system_actor("额度核定")


@command
def drain(*, period_id: int, limit: int = LEADER_BATCH, by: Actor = ALLOCATOR) -> int | None:
    """Decide up to `limit` events; gives how many. None: somebody else leads this period."""
    if not lead(period_id):
        return None
    upto = horizon(period_id)
    events = events_before(period_id, upto, limit)
    if not events:
        return 0
    batch = _batch(period_id, upto)
    batch.load(event.voucher_id for event in events if event.voucher_id is not None)
    for event in events:
        decide_event(batch, event)
    batch.cursor.arrived_at, batch.cursor.event_id = events[-1].arrived_at, events[-1].pk
    batch.write()
    record_many(by=by, at=upto, entries=batch.audits)
    _tell(batch, upto)
    _let_rise(batch)
    return len(events)


def _batch(period_id: int, at: datetime) -> Batch:
    period = Period.objects.select_related("edition", "catalog_version").get(pk=period_id)
    cursor, _ = QuotaCursor.objects.get_or_create(period=period)
    return Batch(period=period, cursor=cursor, at=at)


def _tell(batch: Batch, at: datetime) -> None:
    """The enterprises hear of it from a worker; the allocator does not wait for mail."""
    told = sorted(batch.verbs)
    if told:
        enqueue(task="vouchers.tell_allocated", kwargs={"voucher_ids": told}, at=at)


def _let_rise(batch: Batch) -> None:
    """What an enterprise's cap cut off may be asked for again, oldest application first (S19/4.4.3)."""
    if not batch.freed_caps:
        return
    cut = Voucher.objects.filter(
        enterprise_id__in=batch.freed_caps, period=batch.period, state__in=MAY_RISE, amount__lt=F("prepared_amount")
    )
    for pk in cut.order_by("sequence").values_list("pk", flat=True):
        write_event(period_id=batch.period.pk, kind=EventKind.RISE, voucher_id=pk)


def drain_queue(*, period_id: int, limit: int = SUBMITTER_BATCH) -> int:
    """What whoever writes an event does after it: decide a little if nobody leads. Never fails its caller: the event is
    written, the allocator will come to it. While the allocator's process is busy it is left alone."""
    try:
        if somebody_is_busy():
            return 0
        with transaction.atomic():
            return drain(period_id=period_id, limit=limit) or 0
    except OperationalError as error:
        log.warning("period %s is left to the allocator: %s", period_id, error)
        return 0


def drain_after(*, period_id: int, limit: int = SUBMITTER_BATCH) -> None:
    """Drain as soon as the event is committed: at once, or when the command around this one commits."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        transaction.on_commit(partial(drain_queue, period_id=period_id, limit=limit))
    else:
        drain_queue(period_id=period_id, limit=limit)


def allocate_batch() -> int:
    """One batch in every period that has something to decide; gives how many. For the allocator's own loop, which
    rather waits a moment for more than deciding a few at a time."""
    return sum(drain(period_id=pk) or 0 for pk in periods_with_backlog())


def allocate(*, period_id: int | None = None, limit: int = LEADER_BATCH) -> int:
    """Decide everything that waits, in this or in all periods; gives how many. For the sweep, the loop, tests and
    the season."""
    done = 0
    for pk in [period_id] if period_id is not None else periods_with_backlog():
        while count := drain(period_id=pk, limit=limit):
            done += count
    return done


def events_of(period: Period) -> list[QuotaEvent]:
    """The whole history in its order, for the replay."""
    return list(QuotaEvent.objects.filter(period=period).order_by("arrived_at", "pk"))
