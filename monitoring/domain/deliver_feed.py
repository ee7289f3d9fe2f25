"""A telecom operator delivers connection records; from there on they go the way of every batch."""

from datetime import datetime

from monitoring.connectors.operator_feed import SHANGHAI, FeedRows, Watched, numbers_in, read_feed, text_of
from monitoring.domain.authenticate import SignedRequest, authenticate
from monitoring.domain.ingest import moment_of, store
from monitoring.domain.set_up_source import make_source
from monitoring.enums import Event, SourceKind, SourceState
from monitoring.models import BatchReceipt, Device, FeedDelivery, Source
from monitoring.permissions import check_user_can_deliver_feed
from monitoring.queries import source_of
from monitoring.rules.columns import of_rows
from monitoring.rules.records import Row
from monitoring.rules.signature import fingerprint
from platform_site.accounts.models import Organisation
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from vouchers.models import Voucher

MAX_ERRORS = 500


@command
def deliver_feed(*, organisation: Organisation, name: str, content: bytes, by: Actor, at: datetime) -> FeedDelivery:
    """Right rows are taken, wrong ones listed with their reason. The same content again changes nothing."""
    check_user_can_deliver_feed(by, organisation.pk)
    organisation = lock_one(Rank.LEDGER, Organisation.objects.all(), pk=organisation.pk)
    known = FeedDelivery.objects.filter(organisation=organisation, body_hash=fingerprint(content)).first()
    if known is not None:
        return known
    text = text_of(content)
    feed = read_feed(text, _watched(text, at))
    delivery = _delivery(organisation, name, content, feed, by, at)
    for voucher in Voucher.objects.filter(pk__in=feed.rows).order_by("pk"):
        _take(delivery, voucher, feed.rows[voucher.pk], by, at)
    data = {"name": delivery.name, "rows": delivery.rows, "rejected": delivery.rejected}
    record(by=by, at=at, event=Event.FEED_DELIVERED, subject=delivery, data=data)
    return delivery


def _watched(text: str, at: datetime) -> Watched:
    open_sources = Source.objects.exclude(state=SourceState.CLOSED).filter(voucher__number__in=numbers_in(text))
    found = open_sources.values_list("voucher__number", "voucher_id", "scheme__operator_late_days")
    vouchers = {str(number): voucher_id for number, voucher_id, _ in found}
    late_days = {voucher_id: days for _, voucher_id, days in found}
    devices: dict[int, set[str]] = {voucher_id: set() for voucher_id in vouchers.values()}
    listed = Device.objects.filter(voucher__in=devices, removed_at__isnull=True)
    for voucher_id, device_id in listed.values_list("voucher_id", "device_id"):
        devices[voucher_id].add(device_id)
    return Watched(vouchers, {key: frozenset(ids) for key, ids in devices.items()}, late_days, at)


def _delivery(
    organisation: Organisation, name: str, content: bytes, feed: FeedRows, by: Actor, at: datetime
) -> FeedDelivery:
    return FeedDelivery.objects.create(
        organisation=organisation,
        delivered_by_id=by.user_id,
        delivered_at=at,
        name=name[:120],
        body_hash=fingerprint(content),
        rows=feed.total,
        accepted=feed.total - len(feed.errors),
        rejected=len(feed.errors),
        errors=feed.errors[:MAX_ERRORS],
    )


def _take(delivery: FeedDelivery, voucher: Voucher, rows: list[Row], by: Actor, at: datetime) -> None:
    kind = SourceKind.OPERATOR_FEED
    source = source_of(voucher, kind) or make_source(voucher=voucher, kind=kind, at=at)
    if source.state == SourceState.SET_UP:
        perform(source, "go_live", at=at)
        record(by=by, at=at, event=Event.SOURCE_WENT_LIVE, subject=source, data={"delivery": delivery.pk})
    minutes = [row[2] for row in rows]
    receipt = BatchReceipt(
        source=source,
        batch_id=f"feed-{delivery.pk}",
        key_id=f"operator-{delivery.organisation_id}",
        nonce=f"{delivery.pk}-{voucher.pk}",
        body_hash=delivery.body_hash,
        sent_at=at,
        received_at=at,
        records=len(rows),
        accepted=len(rows),
        rejected=0,
        known=0,
        first_at=moment_of(min(minutes)),
        last_at=moment_of(max(minutes)),
    )
    store(receipt=receipt, rows=of_rows(rows), at=at)


@command
def deliver_signed_feed(*, request: SignedRequest, by: Actor, at: datetime) -> FeedDelivery:
    """The same from an operator's own system, signed with its key."""
    key = authenticate(request, at)
    if key.organisation is None:
        raise Refusal(_not_an_operator())
    name = f"接口 {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    return deliver_feed(organisation=key.organisation, name=name, content=request.body, by=by, at=at)


def _not_an_operator() -> Finding:
    return Finding(
        code="key.other_kind",
        clause="REF/5",
        title="密钥用错了地方",
        reason="这是供应商的数据密钥，不能提交运营商反馈。",
        remedy="用运营商的密钥签名。",
    )
