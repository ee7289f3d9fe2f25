"""The officer asks, the enterprise or the supplier explains: with a deadline, once each time."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile

from monitoring.enums import AskedSide, Event, QuestionState
from monitoring.models import SignQuestion
from monitoring.permissions import check_user_can_decide_signs
from monitoring.queries.sign_facts import sign_terms
from monitoring.queries.signs import open_question, questions_visible_to
from platform_site.accounts.queries import bureau_of, member_ids, province_bureau
from platform_site.audit.domain import record
from platform_site.files.domain import grant, store_upload
from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.messages.domain import notify
from platform_site.working_calendar.queries import deadline
from vouchers.models import Voucher

CLAUSE = "S19/5.4.12"


@command
def ask_explanation(*, voucher: Voucher, side: str, text: str, by: Actor, at: datetime) -> SignQuestion:
    """One open question for each side at a time. Who is asked sees the words, no score and no sign."""
    check_user_can_decide_signs(by)
    lock_one(Rank.VOUCHER, Voucher.objects.all(), pk=voucher.pk)
    refuse_if(_asking_findings(voucher, side, text))
    question = SignQuestion.objects.create(
        voucher=voucher,
        side=side,
        text=text.strip(),
        asked_by=by.user_id,
        asked_by_name=by.label,
        asked_at=at,
        due_at=deadline(at, sign_terms().explain_working_days),
        state_since=at,
    )
    record(by=by, at=at, event=Event.QUESTION_ASKED, subject=voucher, data={"side": side, "text": question.text})
    _tell_asked(question, at)
    return question


@command
def answer_question(
    *, question: SignQuestion, text: str, by: Actor, at: datetime, file: UploadedFile | None = None
) -> SignQuestion:
    """Late answers are taken too: what is said late is still worth reading, and the page shows that it was late."""
    if not questions_visible_to(by).filter(pk=question.pk, side=by.organisation_kind).exists():
        raise PermissionDenied
    around = ("voucher__enterprise", "voucher__supplier")
    question = lock_one(Rank.LEDGER, SignQuestion.objects.select_related(*around), pk=question.pk)
    refuse_if(_answering_findings(question, text))
    question.answer, question.answered_at = text.strip(), at
    question.answered_by, question.answered_by_name = by.user_id, by.label
    question.file = _kept(file, question.voucher, by, at)
    save = ["answer", "answered_at", "answered_by", "answered_by_name", "file"]
    perform(question, "give_answer", at=at, save=save)
    data = {"question": question.pk, "side": question.side, "late": at > question.due_at}
    record(by=by, at=at, event=Event.QUESTION_ANSWERED, subject=question.voucher, data=data)
    _tell_asker(question, at)
    return question


def _asking_findings(voucher: Voucher, side: str, text: str) -> list[Finding]:
    found = []
    if side not in list(AskedSide):
        found.append(Finding("question.side", "D/8", "没有选问谁。", "请选企业或供应商。", "side", title="问谁"))
    elif open_question(voucher, side):
        reason, remedy = "上一个问题还没有答复。", "等对方答复，或期满以后再处理。"
        found.append(Finding("question.open", "D/8", reason, remedy, "side", title="已经问过"))
    if not text.strip():
        remedy = "请写明要对方说明什么。"
        found.append(Finding("question.empty", "D/8", "没有写问题。", remedy, "text", title="请写问题"))
    return found


def _answering_findings(question: SignQuestion, text: str) -> list[Finding]:
    found = []
    if question.state != QuestionState.ASKED:
        reason, remedy = "这个问题已经答复过。", "需要补充的，请联系提问的省级单位。"
        found.append(Finding("question.answered", "D/8", reason, remedy, title="已经答复"))
    if not text.strip():
        remedy = "请写明事实，有材料的一并上传。"
        found.append(Finding("answer.empty", "D/8", "没有写说明。", remedy, "text", title="请写说明"))
    return found


def _kept(file: UploadedFile | None, voucher: Voucher, by: Actor, at: datetime) -> StoredFile | None:
    """Readable by the province and the voucher's city."""
    if file is None:
        return None
    stored = store_upload(upload=file, purpose="sign_answer", by=by, at=at, allow=("pdf", "image"), field="file")
    grant(file=stored, organisation_ids=[province_bureau().pk, bureau_of(voucher.city_id).pk])
    return stored


def _tell_asked(question: SignQuestion, at: datetime) -> None:
    voucher = question.voucher
    company = voucher.enterprise if question.side == AskedSide.ENTERPRISE else voucher.supplier
    notify(
        user_ids=member_ids(company.organisation_id),
        title=f"{voucher.number}：请在 {question.due_at:%Y-%m-%d} 前说明情况",
        body=question.text,
        at=at,
        link=f"/{question.side}/questions/{question.pk}/",
        organisation_id=company.organisation_id,
    )


def _tell_asker(question: SignQuestion, at: datetime) -> None:
    if question.asked_by is None:
        return
    notify(
        user_ids=[question.asked_by],
        title=f"{question.voucher.number}：{question.get_side_display()}已说明",
        body=question.answer[:200],
        at=at,
        link=f"/province/monitoring/{question.voucher.number}/",
        organisation_id=province_bureau().pk,
    )
