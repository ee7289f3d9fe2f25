"""The second person signs a list, which freezes it; then it is made public, and corrected where it was wrong."""

from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from catalog.queries import terms_for
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import bulk_perform, perform
from platform_site.kit.locks import Rank, lock, lock_one
from platform_site.kit.money import ZERO
from platform_site.notices.domain import publish_notice
from platform_site.notices.enums import NoticeState
from platform_site.notices.models import PublicNotice
from platform_site.outbox.domain import enqueue
from settlement.domain.reach import tell_enterprise
from settlement.enums import Event, RedemptionState
from settlement.models import NoticeLine, NoticeList, NoticeListVersion, Redemption
from settlement.permissions import acting, check_user_can_handle, user_can_sign
from settlement.policies import list_findings, second_person_findings
from settlement.queries.lists import newest_version, published_version
from settlement.rules.fingerprint import PublishedLine, line_fingerprint, list_fingerprint

WHOLE = 500  # lines; a longer list takes minutes to draw, so it is drawn before anybody asks for it
ON_LIST = (RedemptionState.LISTED, RedemptionState.ON_NOTICE, RedemptionState.DISPUTED, RedemptionState.PAYABLE)


@command
def sign_notice_list(*, notice_list: NoticeList, by: Actor, at: datetime) -> NoticeListVersion:
    """Freeze what the list says, under its fingerprint. The signer is not the compiler (CHECK)."""
    rows = lock(Rank.REDEMPTION, _rows(notice_list))
    notice_list = lock_one(Rank.LIST, NoticeList.objects.all(), pk=notice_list.pk)
    check_user_can_handle(by, notice_list.city_id)
    refuse_if(
        [
            *second_person_findings(notice_list.compiled_by, by),
            *_signer_findings(by, notice_list.city_id),
            *list_findings(notice_list, len(rows)),
        ]
    )
    notice_list.signed_by, notice_list.signed_by_name, notice_list.signed_at = by.user_id, by.label, at
    perform(notice_list, "sign", at=at, save=["signed_by", "signed_by_name", "signed_at"])
    version = _freeze(notice_list, at)
    data = {"version": version.version, "hash": version.content_hash, "total": str(version.total)}
    record(by=by, at=at, event=Event.LIST_SIGNED, subject=notice_list, data=data)
    return version


@command
def publish_notice_list(*, notice_list: NoticeList, by: Actor, at: datetime) -> NoticeList:
    """Public from now on, for the edition's days; a corrected list gets a new period only where an amount changed."""
    rows = lock(Rank.REDEMPTION, _rows(notice_list))
    notice_list = lock_one(Rank.LIST, NoticeList.objects.select_related("notice", "period"), pk=notice_list.pk)
    check_user_can_handle(by, notice_list.city_id)
    before, version = published_version(notice_list), newest_version(notice_list)
    if version is None:
        raise Refusal(_NOT_SIGNED)
    if before is None or _amounts_changed(before, version):
        notice_list.notice = _put_on_notice(notice_list, version, by, at)
    notice_list.published_at = at
    perform(notice_list, "publish", at=at, save=["published_at", "notice"])
    listed = [row.pk for row in rows if row.state == RedemptionState.LISTED]
    bulk_perform(Redemption, listed, "publish", at=at)
    data = {"version": version.version, "hash": version.content_hash, "redemptions": listed}
    record(by=by, at=at, event=Event.LIST_PUBLISHED, subject=notice_list, data=data)
    _tell(listed, notice_list, at)
    if version.count > WHOLE:
        enqueue(task="settlement.draw_notice", kwargs={"list_id": notice_list.pk}, at=at, unique=str(version.pk))
    return notice_list


@command
def correct_notice_list(*, notice_list: NoticeList, reason: str, by: Actor, at: datetime) -> NoticeList:
    """Open a published list for correction; the published version stays readable until the new one is published."""
    notice_list = lock_one(Rank.LIST, NoticeList.objects.all(), pk=notice_list.pk)
    check_user_can_handle(by, notice_list.city_id)
    if not reason.strip():
        raise Refusal(
            Finding("list.no_reason", "D/6", "没有写更正原因。", "请写明哪里有误。", "reason", title="请写原因")
        )
    notice_list.compiled_by, notice_list.compiled_by_name, notice_list.compiled_at = acting(by), by.label, at
    notice_list.signed_by, notice_list.signed_by_name, notice_list.signed_at = None, "", None
    notice_list.correction_reason = reason.strip()
    fields = ["compiled_by", "compiled_by_name", "compiled_at", "signed_by", "signed_by_name", "signed_at"]
    perform(notice_list, "correct", at=at, save=[*fields, "correction_reason"])
    record(by=by, at=at, event=Event.LIST_CORRECTED, subject=notice_list, data={"reason": reason.strip()})
    return notice_list


_NOT_SIGNED = Finding(
    "list.not_signed", "S19/5.4.14", "名单还没有复核签名。", "请先由另一人复核签名。", title="还没有复核"
)


def _rows(notice_list: NoticeList) -> QuerySet[Redemption]:
    return Redemption.objects.filter(notice_list=notice_list, state__in=ON_LIST)


def _signer_findings(by: Actor, city_id: str) -> list[Finding]:
    if user_can_sign(by, city_id):
        return []
    return [
        Finding(
            "signature.not_approver",
            "S19/5.4.14",
            "名单要由本市有复核权限的人员签名。",
            "请转给复核人员。",
            title="没有复核权限",
        )
    ]


def _freeze(notice_list: NoticeList, at: datetime) -> NoticeListVersion:
    found = _rows(notice_list).select_related("voucher__enterprise", "voucher__supplier", "voucher__product")
    rows = list(found.order_by("submitted_at", "sequence", "pk"))
    last = newest_version(notice_list)
    number = 1 if last is None else last.version + 1
    lines = [_line(position, row) for position, row in enumerate(rows, start=1)]
    version = NoticeListVersion.objects.create(
        notice_list=notice_list,
        version=number,
        made_at=at,
        title=notice_list.title,
        count=len(lines),
        total=sum((line.amount for line in lines), ZERO),
        bonus_total=sum((line.bonus for line in lines), ZERO),
        matching_total=sum((line.matching for line in lines), ZERO),
        content_hash=list_fingerprint(notice_list.number, number, notice_list.title, lines),
        reason=notice_list.correction_reason,
    )
    NoticeLine.objects.bulk_create(
        [_stored(version, notice_list.number, line, row) for line, row in zip(lines, rows, strict=True)]
    )
    return version


def _line(position: int, row: Redemption) -> PublishedLine:
    if row.approved_amount is None:
        raise RuntimeError(f"redemption {row.pk} is on a list without an approved amount")
    voucher = row.voucher
    return PublishedLine(
        line_no=position,
        voucher_number=voucher.number or "",
        enterprise=voucher.enterprise.name,
        supplier=voucher.supplier.name,
        product=voucher.product.name,
        amount=row.approved_amount,
        bonus=row.bonus_amount,
        matching=row.matching_amount,
    )


def _stored(version: NoticeListVersion, number: str, line: PublishedLine, row: Redemption) -> NoticeLine:
    return NoticeLine(
        list_version=version,
        line_no=line.line_no,
        redemption=row,
        voucher_number=line.voucher_number,
        enterprise_name=line.enterprise,
        supplier_name=line.supplier,
        product_name=line.product,
        amount=line.amount,
        bonus=line.bonus,
        matching=line.matching,
        line_hash=line_fingerprint(number, version.version, line),
    )


def _amounts_changed(before: NoticeListVersion, after: NoticeListVersion) -> bool:
    """Platform default 6: a changed amount, or a line that was not there, runs a new period; a dropped line doesn't."""
    known = {line.redemption_id: _money(line) for line in before.lines.all()}
    return any(known.get(line.redemption_id) != _money(line) for line in after.lines.all())


def _money(line: NoticeLine) -> tuple[Decimal, Decimal, Decimal]:
    return line.amount, line.bonus, line.matching


def _put_on_notice(notice_list: NoticeList, version: NoticeListVersion, by: Actor, at: datetime) -> PublicNotice:
    notice = notice_list.notice
    lines = {
        line.voucher_number: f"第 {line.line_no} 行　{line.enterprise_name}　{line.product_name}"
        for line in version.lines.all()
    }
    return publish_notice(
        subject=notice_list,
        title=notice_list.title,
        days=terms_for(notice_list.period.edition, notice_list.period).notice_days,
        by=by,
        at=at,
        lines=lines,
        replaces=notice if notice is not None and notice.state == NoticeState.OPEN else None,
        on_close="settlement.close_notice_list",
        on_objection="settlement.note_objection",
    )


def _tell(redemption_ids: list[int], notice_list: NoticeList, at: datetime) -> None:
    found = Redemption.objects.filter(pk__in=redemption_ids).select_related("voucher__enterprise")
    for redemption in found.order_by("pk"):
        tell_enterprise(
            redemption,
            title=f"{redemption.number} 正在公示",
            body=f"{notice_list.title}，公示期满没有异议即可兑付。",
            at=at,
        )
