"""What an application consists of: contract with lines and files, and the voucher with its frozen case, still a draft.

Used by both ways in: handing in at once (`submit_application`) and preparing before the opening (`prepare`)."""

from datetime import datetime

from catalog.models import Period
from catalog.rules.assessment import assess, assessment_to_json
from catalog.rules.case import case_to_json
from catalog.rules.terms import EditionTerms
from platform_site.files.models import StoredFile
from platform_site.files.queries import file_visible_to
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal
from suppliers.models import Product
from suppliers.queries import quota_owner
from vouchers import policies
from vouchers.enums import CostKind
from vouchers.models import Contract, ContractFile, CostLine, Enterprise, Voucher
from vouchers.queries.surroundings import case_of, product_with_supplier
from vouchers.rules.application import Application, AttachedFile
from vouchers.rules.contract_key import contract_key


def chosen_product(form: Application) -> Product:
    """Raises Refusal when none is chosen."""
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


def findings_against(
    form: Application, enterprise: Enterprise, period: Period, product: Product, terms: EditionTerms, at: datetime
) -> list[Finding]:
    """Every reason that refuses the form itself; the window is none of them."""
    found = policies.application(form=form, enterprise=enterprise, period=period, product=product, terms=terms, at=at)
    return [finding for finding in found if finding.severity == "bad"]


def make_application(
    form: Application, enterprise: Enterprise, period: Period, product: Product, terms: EditionTerms, by: Actor
) -> Voucher:
    """Contract and voucher, in state "draft": it holds no quota, binds no contract, and nobody else sees it."""
    case = case_of(application=form, enterprise=enterprise, period=period, product=product, terms=terms)
    prepared = assess(case, terms)
    contract = _make_contract(form, enterprise, product, by)
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
    )
    voucher.save()
    return voucher


def unmake_application(voucher: Voucher) -> None:
    """Take a voucher that never arrived away again, with its contract, lines and file entries. The files stay the
    form's. Raises ValueError for one that has arrived."""
    if voucher.number is not None:
        raise ValueError(f"{voucher.number} has arrived")
    contract = voucher.contract
    voucher.delete()
    contract.delete()


def _make_contract(form: Application, enterprise: Enterprise, product: Product, by: Actor) -> Contract:
    """The contract with its lines and files. Raises Refusal for files that are not the applicant's."""
    contract = Contract(enterprise=enterprise, supplier=product.supplier, product=product, **contract_values(form))
    contract.search_text = f"{enterprise.search_text} {contract.number.lower()} {product.search_text}"[:2000]
    contract.save()
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
