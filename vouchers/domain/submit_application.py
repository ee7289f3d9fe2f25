"""An application is filled in after the opening and handed in at once: checked, written as one event at the database's
own time, answered with a receipt."""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError

from catalog.models import Period
from catalog.queries import terms_of_period
from platform_site.audit.domain import once, remember
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Refusal
from platform_site.kit.locks import Rank, lock_one
from vouchers import policies
from vouchers.domain.allocate import SUBMITTER_BATCH, drain_queue
from vouchers.domain.arrive import Receipt, arrive, receipt_of, refuse_clash
from vouchers.domain.make_application import chosen_product, findings_against, make_application, unmake_application
from vouchers.models import ApplicationDraft, Enterprise
from vouchers.permissions import check_user_can_edit_enterprise
from vouchers.rules.application import Application


def submit_application(
    *,
    enterprise: Enterprise,
    period: Period,
    form: Application,
    key: str,
    by: Actor,
    at: datetime,
    draft: ApplicationDraft | None = None,
) -> Receipt:
    """Hand an application in. Raises Refusal with every finding; the same `key` again gives the same receipt.

    The arrival is a short transaction of its own. After it, whoever submits decides a few events if nobody leads.
    """
    try:
        pk = _hand_in(enterprise=enterprise, period=period, form=form, key=key, draft=draft, by=by, at=at)
    except IntegrityError as error:
        refuse_clash(error, form.contract_number)
    drain_queue(period_id=period.pk, limit=SUBMITTER_BATCH)
    return receipt_of(pk)


@command
def _hand_in(
    *,
    enterprise: Enterprise,
    period: Period,
    form: Application,
    key: str,
    draft: ApplicationDraft | None,
    by: Actor,
    at: datetime,
) -> int:
    """The voucher's id."""
    check_user_can_edit_enterprise(by, enterprise)
    request = once(key=key, by=by, body={"application": asdict(form), "period": period.pk}, at=at)
    if request.outcome is not None:
        return int(request.outcome["voucher"])
    enterprise = lock_one(Rank.ENTERPRISE, Enterprise.objects.select_related("city"), pk=enterprise.pk)
    terms = terms_of_period(period)
    product = chosen_product(form)
    found = findings_against(form, enterprise, period, product, terms, at)
    if found:  # every reason at once; the window is named here too, but decided only by the database
        raise Refusal([*policies.window(period, at), *found])
    voucher = make_application(form, enterprise, period, product, terms, by)
    arrive(voucher, file_ids=[file.file_id for file in form.files], by=by, at=at)
    if draft is not None:
        _drop(draft)
    remember(request, {"voucher": voucher.pk})
    return voucher.pk


def _drop(draft: ApplicationDraft) -> None:
    """The form has done its work; what was prepared from it too."""
    prepared = draft.prepared
    draft.delete()
    if prepared is not None:
        unmake_application(prepared)
