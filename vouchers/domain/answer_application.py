"""The supplier confirms an application before the city approves it, or says what is wrong with it (T18/5.3.7)."""

from datetime import datetime

from platform_site.accounts.enums import Role
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if
from platform_site.kit.fsm import check_version
from vouchers import policies
from vouchers.domain.review_application import locked
from vouchers.domain.tell import tell_city, tell_enterprise
from vouchers.enums import AuditEvent
from vouchers.models import SupplierAnswer, Voucher
from vouchers.permissions import check_user_can_answer_application, person_of
from vouchers.queries.supplier_answers import supplier_word


@command
def confirm_application(*, voucher: Voucher, by: Actor, at: datetime, version: int | None = None) -> SupplierAnswer:
    """Contract text and what the enterprise filled in are right."""
    voucher = _asked_about(voucher, by, at, version)
    voucher.supplier_confirmed_at = at
    voucher.save(update_fields=["supplier_confirmed_at"])
    answer = _answer(voucher, agrees=True, reason="", by=by, at=at)
    record(by=by, at=at, event=AuditEvent.SUPPLIER_CONFIRMED, subject=voucher, data={"answer": answer.pk})
    body = "供应商已确认合同文本和填报信息。"
    tell_city(voucher, Role.CITY_REVIEWER, title=f"{voucher.number} 供应商已确认", body=body, at=at)
    return answer


@command
def object_to_application(
    *, voucher: Voucher, reason: str, by: Actor, at: datetime, version: int | None = None
) -> SupplierAnswer:
    """Something is wrong: the city reads it and returns the application; place and quota are kept meanwhile."""
    voucher = _asked_about(voucher, by, at, version)
    refuse_if(policies.objection_says_why(reason))
    answer = _answer(voucher, agrees=False, reason=reason.strip(), by=by, at=at)
    data = {"answer": answer.pk, "reason": answer.reason}
    record(by=by, at=at, event=AuditEvent.SUPPLIER_OBJECTED, subject=voucher, data=data)
    title = f"{voucher.number} 供应商没有确认"
    tell_city(voucher, Role.CITY_REVIEWER, title=title, body=answer.reason, at=at)
    tell_enterprise(voucher, title=title, body=f"{answer.reason} 请和供应商核对，等地市退回后补正。", at=at)
    return answer


def _asked_about(voucher: Voucher, by: Actor, at: datetime, version: int | None) -> Voucher:
    voucher = locked(voucher)
    check_user_can_answer_application(by, voucher)
    check_version(voucher, version)
    refuse_if(policies.supplier_is_asked(voucher, supplier_word(voucher, at)))
    return voucher


def _answer(voucher: Voucher, *, agrees: bool, reason: str, by: Actor, at: datetime) -> SupplierAnswer:
    return SupplierAnswer.objects.create(
        voucher=voucher, agrees=agrees, reason=reason, answered_by_id=person_of(by), answered_at=at
    )
