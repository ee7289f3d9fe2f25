"""Prepare before the opening, hand in with one press.

Days before, everything is checked in full and the application is made, in state "draft". At the opening one light
command re-checks what may have changed and writes the arrival."""

from datetime import datetime

from django.db import IntegrityError, connection

from catalog.queries import terms_of_period
from platform_site.audit.domain import once, record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Refusal, refuse_if
from platform_site.kit.locks import Rank, lock_compiled, lock_one
from vouchers import policies
from vouchers.domain.allocate import SUBMITTER_BATCH, drain_queue
from vouchers.domain.arrive import Receipt, arrive, receipt_of, refuse_clash
from vouchers.domain.make_application import chosen_product, findings_against, make_application, unmake_application
from vouchers.domain.save_draft import locked_draft
from vouchers.enums import AuditEvent, VoucherState
from vouchers.models import ApplicationDraft, Enterprise, Voucher
from vouchers.permissions import check_user_can_edit_enterprise
from vouchers.queries.press import ENTERPRISE_OF_VOUCHER, VOUCHER_AT_PRESS, file_ids_of
from vouchers.rules.application import Application


@command
def prepare_application(*, draft: ApplicationDraft, form: Application, by: Actor, at: datetime) -> Voucher:
    """Check a form in full, whatever the hour, and make the application from it. Raises Refusal with every finding but
    the window's. An earlier preparation of the same draft falls away."""
    check_user_can_edit_enterprise(by, draft.enterprise)
    enterprise = lock_one(Rank.ENTERPRISE, Enterprise.objects.select_related("city"), pk=draft.enterprise_id)
    draft = locked_draft(draft)
    refuse_if(policies.form_is_new(correcting=draft.voucher_id is not None))
    terms = terms_of_period(draft.period)
    product = chosen_product(form)
    refuse_if(findings_against(form, enterprise, draft.period, product, terms, at))
    earlier = draft.prepared
    voucher = make_application(form, enterprise, draft.period, product, terms, by)
    draft.prepared, draft.prepared_at = voucher, at
    draft.save(update_fields=["prepared", "prepared_at"])
    if earlier is not None:
        unmake_application(earlier)
    data = {"draft": draft.pk, "contract": voucher.contract.number, "prepared": voucher.prepared_amount}
    record(by=by, at=at, event=AuditEvent.PREPARED, subject=voucher, data=data)
    return voucher


def submit_prepared(*, voucher: Voucher, key: str, by: Actor, at: datetime) -> Receipt:
    """The press with its receipt as it stands after it, for callers that have no page to look at."""
    press_prepared(voucher_id=voucher.pk, key=key, by=by, at=at)
    return receipt_of(voucher.pk)


def press_prepared(*, voucher_id: int, key: str, by: Actor, at: datetime) -> None:
    """The one press: afterwards the application has arrived and `receipt_of` tells its receipt. Raises Refusal with
    every finding, and keeps what was prepared; pressing again, with this key or another, changes nothing. Thousands
    press in the same second: see `_press`."""
    try:
        period_id = _press(voucher_id=voucher_id, key=key, by=by, at=at)
    except IntegrityError as error:
        refuse_clash(error, Voucher.objects.values_list("contract__number", flat=True).get(pk=voucher_id))
    drain_queue(period_id=period_id, limit=SUBMITTER_BATCH)


@command
def _press(*, voucher_id: int, key: str, by: Actor, at: datetime) -> int:
    """The period. Eleven statements for an approved enterprise outside of a pilot, a test counts them. The key needs no
    outcome of its own: the voucher in its body is the outcome, and its state tells whether it has arrived."""
    once(key=key, by=by, body={"prepared": voucher_id}, at=at)
    try:
        enterprise = lock_compiled(Rank.ENTERPRISE, ENTERPRISE_OF_VOUCHER, voucher=voucher_id)
        check_user_can_edit_enterprise(by, enterprise)
        voucher = lock_compiled(Rank.VOUCHER, VOUCHER_AT_PRESS, voucher=voucher_id)
    except (Enterprise.DoesNotExist, Voucher.DoesNotExist):
        raise Refusal(policies.no_longer_prepared()) from None
    if voucher.state != VoucherState.DRAFT:
        return voucher.period_id
    voucher.enterprise = enterprise
    found = [one for one in policies.at_the_press(voucher, enterprise, at) if one.severity == "bad"]
    if found:
        raise Refusal([*policies.window(voucher.period, at), *found])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {ApplicationDraft._meta.db_table} WHERE prepared_id = %s", [voucher.pk])  # noqa: S608
    arrive(voucher, file_ids=file_ids_of(voucher), by=by, at=at)
    return voucher.period_id
