"""Enterprise and supplier say what they have to say to an objection, before it is answered (S19/6.3)."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from platform_site.accounts.queries import bureau_of
from platform_site.audit.domain import record
from platform_site.files.domain import grant, store_upload
from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.locks import Rank, lock_one
from platform_site.notices.enums import ObjectionState
from platform_site.notices.models import Objection
from settlement.domain.reach import tell_city, tell_enterprise, tell_supplier
from settlement.enums import REPLY_SIDES, Event, ReplySide
from settlement.models import ObjectionReply, Redemption
from settlement.queries.lists import list_of_notice
from settlement.queries.replies import named_redemptions, own_redemption, reply_due, side_of

CLAUSE = "S19/6.3"


@command
def reply_to_objection(
    *, objection: Objection, text: str, by: Actor, at: datetime, file: UploadedFile | None = None
) -> ObjectionReply:
    """Once per side, in time, before the answer; the city reads it beside the objection."""
    objection = lock_one(Rank.LIST, Objection.objects.select_related("notice"), pk=objection.pk)
    redemption = own_redemption(by, objection)
    if redemption is None:
        raise PermissionDenied
    refuse_if(_reply_findings(objection, text, at))
    side = ReplySide(side_of(by))
    reply = _written(objection, redemption, side, text.strip(), _kept(file, redemption, by, at), by, at)
    about = list_of_notice(objection.notice)
    data = {"objection": objection.receipt_no, "redemption": redemption.pk, "side": side}
    record(by=by, at=at, event=Event.OBJECTION_REPLIED, subject=about, data=data)
    title = f"异议 {objection.receipt_no}：{REPLY_SIDES[side]}已说明"
    tell_city(about.city_id, title=title, body="", at=at, link=f"/city/objections/{objection.pk}/")
    return reply


def invite_replies(objection: Objection, at: datetime) -> None:
    """Both sides of every named line are told what is said, by when they may answer it, and not by whom it was said."""
    due = reply_due(objection)
    body = f"{objection.statement}\n可以在 {due:%Y-%m-%d} 前说明情况，市局答复时会一并考虑。"
    for redemption in named_redemptions(objection).order_by("pk"):
        title = f"{redemption.number} 收到异议 {objection.receipt_no}"
        tell_enterprise(redemption, title=title, body=body, at=at, link=f"/enterprise/objections/{objection.pk}/")
        tell_supplier(redemption, title=title, body=body, at=at, link=f"/supplier/objections/{objection.pk}/")


def _written(
    objection: Objection,
    redemption: Redemption,
    side: ReplySide,
    text: str,
    file: StoredFile | None,
    by: Actor,
    at: datetime,
) -> ObjectionReply:
    try:
        with transaction.atomic():
            return ObjectionReply.objects.create(
                objection=objection, redemption=redemption, side=side, text=text, file=file,
                at=at, by=by.user_id, by_name=by.label,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal(_TWICE) from error


def _kept(file: UploadedFile | None, redemption: Redemption, by: Actor, at: datetime) -> StoredFile | None:
    """Readable by the city's bureau."""
    if file is None:
        return None
    stored = store_upload(upload=file, purpose="objection_reply", by=by, at=at, allow=("pdf", "image"), field="file")
    grant(file=stored, organisation_ids=[bureau_of(redemption.city_id).pk])
    return stored


def _reply_findings(objection: Objection, text: str, at: datetime) -> list[Finding]:
    due = reply_due(objection)
    late = f"说明的期限是 {due:%Y-%m-%d}。"
    checks = [
        (objection.state == ObjectionState.FILED, _ANSWERED),
        (at <= due, Finding("reply.late", CLAUSE, late, "需要补充的，请直接联系市局。", title="已过说明期限")),
        (bool(text.strip()), _EMPTY),
    ]
    return [finding for fine, finding in checks if not fine]


_ANSWERED = Finding("reply.answered", CLAUSE, "这件异议已经答复。", "结果见兑现页面。", title="异议已答复")
_EMPTY = Finding("reply.empty", CLAUSE, "没有写说明。", "请写明事实，有材料的一并上传。", "text", title="请写说明")
_TWICE = Finding("reply.twice", CLAUSE, "已经说明过一次。", "需要补充的，请直接联系市局。", title="只能说明一次")
