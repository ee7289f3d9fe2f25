"""An application arrives: checked, written as one event at the database's own time, answered with a receipt."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from catalog.models import Period
from catalog.queries import terms_of_period
from catalog.rules.assessment import assess, assessment_to_json
from catalog.rules.case import case_to_json
from catalog.rules.terms import EditionTerms
from platform_site.accounts.queries import bureau_of, county_bureau_of
from platform_site.audit.domain import once, record, remember
from platform_site.files.domain import grant
from platform_site.files.models import StoredFile
from platform_site.files.queries import file_visible_to
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from suppliers.models import Product
from suppliers.queries import quota_owner
from vouchers import policies
from vouchers.domain.allocate import SUBMITTER_BATCH, drain_queue
from vouchers.domain.events import write_arrival
from vouchers.enums import AuditEvent, CostKind
from vouchers.models import (
    ApplicationDraft,
    Contract,
    ContractFile,
    CostLine,
    Enterprise,
    QuotaEvent,
    Voucher,
)
from vouchers.permissions import check_user_can_edit_enterprise
from vouchers.queries.quota import QueuePosition, queue_position
from vouchers.queries.surroundings import case_of, product_with_supplier
from vouchers.rules.application import Application, AttachedFile
from vouchers.rules.contract_key import contract_key


@dataclass(frozen=True, slots=True)
class Receipt:
    """number: HZ…; server_time: the database's, to the microsecond. position None: served, or not decided yet
    (`state`)."""

    number: str
    server_time: datetime
    voucher: Voucher
    position: QueuePosition | None
    state: str
    sequence: int | None


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
    pk = _arrive(enterprise=enterprise, period=period, form=form, key=key, draft=draft, by=by, at=at)
    drain_queue(period_id=period.pk, limit=SUBMITTER_BATCH)
    return receipt_of(pk)


def receipt_of(voucher_id: int) -> Receipt:
    """The receipt as it stands now."""
    voucher = Voucher.objects.select_related("period", "city", "enterprise", "product", "supplier").get(pk=voucher_id)
    if voucher.receipt_no is None or voucher.arrived_at is None:
        raise Voucher.DoesNotExist
    return Receipt(
        number=voucher.receipt_no,
        server_time=voucher.arrived_at,
        voucher=voucher,
        position=queue_position(voucher),
        state=voucher.state,
        sequence=voucher.sequence,
    )


@command
def _arrive(
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
    product = _product(form)
    _refuse(form, enterprise, period, product, terms, at)
    voucher = _make(form, enterprise, period, product, terms, by)
    event = _write_event(voucher, period, at)
    _number(voucher, event, form)
    let_readers_in(voucher, [row.file for row in voucher.contract.files.select_related("file")])
    if draft is not None:
        draft.delete()
    data = {"receipt": voucher.receipt_no, "event": event.pk, "prepared": voucher.prepared_amount}
    record(by=by, at=event.arrived_at, event=AuditEvent.ARRIVED, subject=voucher, data=data)
    remember(request, {"voucher": voucher.pk})
    return voucher.pk


def _product(form: Application) -> Product:
    try:
        return product_with_supplier(form.product_id)
    except Product.DoesNotExist:
        raise Refusal(
            Finding(
                "product.missing",
                "S19/5.3.6",
                "没有选择产品。",
                "请先选合同里写的产品。",
                "product",
                title="没有选产品",
            )
        ) from None


def _refuse(
    form: Application, enterprise: Enterprise, period: Period, product: Product, terms: EditionTerms, at: datetime
) -> None:
    """Every reason at once; the window is named here too, but decided only by the database."""
    found = policies.application(form=form, enterprise=enterprise, period=period, product=product, terms=terms, at=at)
    if any(finding.severity == "bad" for finding in found):
        refuse_if([*policies.window(period, at), *found])


def _make(
    form: Application, enterprise: Enterprise, period: Period, product: Product, terms: EditionTerms, by: Actor
) -> Voucher:
    case = case_of(application=form, enterprise=enterprise, period=period, product=product, terms=terms)
    prepared = assess(case, terms)
    contract = make_contract(form, enterprise, product, by)
    voucher = Voucher(
        period=period,
        enterprise=enterprise,
        product=product,
        supplier=product.supplier,
        quota_supplier=quota_owner(product),
        contract=contract,
        contract_key=contract_key(form.contract_number),
        pilot_id=form.pilot_id,
        edition_id=period.edition_id,
        catalog_version_id=period.catalog_version_id,
        city_id=enterprise.city_id,
        prepared_amount=prepared.amount,
        case=case_to_json(case),
        assessment=assessment_to_json(prepared),
        bonus_claimed=form.bonus_claimed,
        submitted_by_id=by.user_id,
        search_text=f"{enterprise.search_text} {contract.number.lower()} {product.search_text}"[:2000],
    )
    voucher.save()
    return voucher


def make_contract(form: Application, enterprise: Enterprise, product: Product, by: Actor) -> Contract:
    """The contract with its lines and files. Raises Refusal for files that are not the applicant's."""
    contract = Contract.objects.create(
        enterprise=enterprise, supplier=product.supplier, product=product, **contract_values(form)
    )
    write_lines(contract, form)
    attach(contract, form, by)
    return contract


def contract_values(form: Application) -> dict[str, object]:
    return {
        "number": form.contract_number.strip(),
        "signed_on": form.signed_on,
        "total": form.total,
        "unrelated_amount": form.unrelated_amount,
        "modules": list(form.modules),
        "other_modules": list(form.other_modules),
        "devices": form.devices,
        "place": form.place.strip(),
        "place_city_id": form.place_city or None,
    }


def write_lines(contract: Contract, form: Application) -> None:
    CostLine.objects.bulk_create(
        CostLine(
            contract=contract,
            position=position,
            name=cost.name,
            kind=cost.kind,
            amount=cost.amount,
            counted=cost.kind != CostKind.UNRELATED,
        )
        for position, cost in enumerate(form.costs, start=1)
    )


def attach(contract: Contract, form: Application, by: Actor) -> None:
    have = set(contract.files.values_list("file_id", flat=True))
    for entry in form.files:
        if entry.file_id not in have:
            ContractFile.objects.create(contract=contract, file=_own_file(entry, by), kind=entry.kind)


def _own_file(entry: AttachedFile, by: Actor) -> StoredFile:
    try:
        return file_visible_to(by, entry.file_id)
    except StoredFile.DoesNotExist:
        raise Refusal(
            Finding(
                "files.unknown",
                "S19/5.3.6",
                "有一个文件找不到了，或者不是贵单位上传的。",
                "请重新上传。",
                "contract_files",
                title="文件找不到",
            )
        ) from None


def _write_event(voucher: Voucher, period: Period, at: datetime) -> QuotaEvent:
    event = write_arrival(period_id=period.pk, voucher_id=voucher.pk)
    if event is None:
        raise Refusal(policies.outside_window(Period.objects.get(pk=period.pk), at))
    return event


def _number(voucher: Voucher, event: QuotaEvent, form: Application) -> None:
    """Both numbers carry the event's: given once, in no way dense; the dense number is the sequence the allocator
    gives."""
    place = f"{event.arrived_at.year}-{event.pk:06d}"
    voucher.number, voucher.receipt_no, voucher.arrived_at = f"SQ{place}", f"HZ{place}", event.arrived_at
    try:
        with transaction.atomic():
            perform(voucher, "arrive", at=event.arrived_at, save=["number", "receipt_no", "arrived_at"])
    except IntegrityError as error:
        raise _clash(form) from error


def let_readers_in(voucher: Voucher, files: list[StoredFile]) -> None:
    """The bureaus that review and the supplier that is named may read the contract."""
    county = county_bureau_of(voucher.enterprise.county_id) if voucher.enterprise.county_id else None
    readers = [bureau_of(voucher.city_id).pk, voucher.supplier.organisation_id, *([county.pk] if county else [])]
    for file in files:
        grant(file=file, organisation_ids=readers)


def _clash(form: Application) -> Refusal:
    """Two forms at the same moment: the constraint is what counts."""
    return Refusal(
        Finding(
            "contract.used_in_period",
            "S19/5.3.7",
            f"合同 {form.contract_number} 本期已经用过。一份合同一期只能申领一张。",
            "请在“我的服务券”里查看那一件。",
            "contract_number",
            title="合同本期已经用过",
        )
    )
