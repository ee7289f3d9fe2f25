"""Anybody objects to a public notice; the publishing bureau answers before anything is paid (S19/6.3)."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from platform_site.accounts.enums import Role
from platform_site.accounts.queries import day_of, member_ids
from platform_site.audit.domain import once, record, remember
from platform_site.files.domain import grant, store_upload
from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.messages.domain import notify
from platform_site.notices.enums import Event
from platform_site.notices.models import Objection, PublicNotice
from platform_site.notices.permissions import check_may_answer
from platform_site.notices.policies import answer_findings, objection_time_findings
from platform_site.notices.rules.objection_checks import ObjectionText, objection_findings
from platform_site.outbox.domain import enqueue

ANSWERING = (Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER)


@command
def file_objection(
    *,
    notice: PublicNotice,
    line_key: str,
    name: str,
    contact: str,
    statement: str,
    evidence: UploadedFile | None,
    by: Actor,
    at: datetime,
    key: str = "",
) -> Objection:
    """With real name, contact and evidence, within the notice period. `line_key` "": against the whole notice.

    `key`: the form's idempotency key; sent twice it gives the first objection again.
    """
    body = {"notice": notice.pk, "line": line_key, "name": name, "contact": contact, "statement": statement}
    request = once(key=key, by=by, body=body, at=at) if key else None
    if request is not None and request.outcome is not None:
        return Objection.objects.get(pk=request.outcome["objection"])
    notice = lock_one(Rank.LIST, PublicNotice.objects.select_related("publisher"), pk=notice.pk)
    text = ObjectionText(name, contact, statement, evidence is not None)
    refuse_if([*objection_time_findings(notice, line_key, at), *objection_findings(text)])
    objection = Objection(notice=notice, line_key=line_key, evidence=_kept(evidence, notice, by, at))
    objection.name, objection.contact, objection.statement = name.strip(), contact.strip(), statement.strip()
    objection.filed_by_id, objection.filed_at, objection.state_since = by.user_id, at, at
    objection.receipt_no = f"YY{day_of(at).year}-{objection.key.hex[:8].upper()}"
    objection.save()
    record(by=by, at=at, event=Event.OBJECTION_FILED, subject=objection, data={"line_key": line_key})
    if request is not None:
        remember(request, {"objection": objection.pk})
    _tell_owner(objection, at)
    return objection


def _kept(evidence: UploadedFile | None, notice: PublicNotice, by: Actor, at: datetime) -> StoredFile:
    """Readable by the publishing bureau. That there is a file at all was checked before."""
    if evidence is None:
        raise ValueError("an objection without evidence is refused before")
    file = store_upload(upload=evidence, purpose="objection", by=by, at=at, allow=("pdf", "image"), field="evidence")
    grant(file=file, organisation_ids=[notice.publisher_id])
    return file


def _tell_owner(objection: Objection, at: datetime) -> None:
    notice = objection.notice
    portal = "province" if notice.publisher.kind == "province" else "city"
    notify(
        user_ids=member_ids(notice.publisher_id, *ANSWERING),
        title=f"收到异议 {objection.receipt_no}",
        body=notice.title,
        link=f"/{portal}/objections/{objection.pk}/",
        organisation_id=notice.publisher_id,
        at=at,
    )
    if notice.on_objection:
        kwargs = {"notice_id": notice.pk, "objection_id": objection.pk}
        enqueue(task=notice.on_objection, kwargs=kwargs, at=at, unique=f"objection:{objection.pk}")


@command
def answer_objection(*, objection: Objection, upheld: bool, answer: str, by: Actor, at: datetime) -> Objection:
    """Upheld or rejected, with the reason. What follows for the line is its owner's decision."""
    notice = lock_one(Rank.LIST, PublicNotice.objects.select_related("publisher"), pk=objection.notice_id)
    objection = lock_one(Rank.LIST, Objection.objects.all(), pk=objection.pk)
    check_may_answer(by, notice)
    refuse_if(answer_findings(answer))
    objection.answer, objection.answered_by_id, objection.answered_at = answer.strip(), by.user_id, at
    perform(objection, "uphold" if upheld else "reject", at=at, save=["answer", "answered_by", "answered_at"])
    record(by=by, at=at, event=Event.OBJECTION_ANSWERED, subject=objection, data={"upheld": upheld})
    if objection.filed_by_id is not None:
        link = f"/objections/{objection.key}/"
        title = f"您的异议 {objection.receipt_no} 已答复"
        notify(user_ids=[objection.filed_by_id], title=title, link=link, at=at)
    return objection
