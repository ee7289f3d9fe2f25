"""May it happen now? Each policy returns every finding at once; policies know no user."""

from collections.abc import Sequence
from datetime import datetime

from catalog.queries import item_modules
from platform_site.accounts.rules.company_number import fault
from platform_site.kit.findings import Finding
from suppliers.enums import FileKind, OfferKind, Outcome, ProductState, SupplierKind, SupplierState
from suppliers.models import Product, Supplier
from suppliers.queries import (
    bar_finding,
    companies_beside,
    companies_numbered,
    company,
    item_of,
    listed_agents,
    names_beside,
    product_file_kinds,
    product_name,
    supplier_file_kinds,
)
from suppliers.rules.product_checks import ProductSheet, product_findings
from suppliers.rules.profile import SupplierProfile, profile_findings
from suppliers.rules.uniqueness import company_findings, product_name_findings

SUPPLIER_OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    SupplierState.PROVINCE_REVIEW: (Outcome.PASS, Outcome.RETURN, Outcome.REFUSE),
    SupplierState.LISTED: (Outcome.CLASSIFY, Outcome.SUSPEND, Outcome.DELIST, Outcome.DROP),
    SupplierState.SUSPENDED: (Outcome.RELIST, Outcome.DELIST, Outcome.DROP),
}
PRODUCT_OUTCOMES: dict[str, tuple[Outcome, ...]] = {
    ProductState.PROVINCE_REVIEW: (Outcome.PASS, Outcome.RETURN, Outcome.REFUSE),
    ProductState.LISTED: (Outcome.SUSPEND, Outcome.DELIST),
    ProductState.SUSPENDED: (Outcome.RELIST, Outcome.DELIST),
}
EDITABLE_SUPPLIER = (SupplierState.DRAFT, SupplierState.RETURNED)
EDITABLE_PRODUCT = (ProductState.DRAFT, ProductState.RETURNED)
SUBMITTING_SUPPLIER = (SupplierState.CITY_REVIEW, SupplierState.PROVINCE_REVIEW, SupplierState.LISTED)


# -- suppliers -------------------------------------------------------------------------------------------------------


def profile_of(supplier: Supplier) -> SupplierProfile:
    return SupplierProfile(
        kind=supplier.kind,
        legal_form=supplier.legal_form,
        introduction=supplier.introduction,
        contact_name=supplier.contact_name,
        contact_phone=supplier.contact_phone,
        contact_email=supplier.contact_email,
        website=supplier.website,
        address=supplier.address,
        founded_on=supplier.founded_on,
        parent_name=supplier.parent_name,
        parent_uscc=supplier.parent_uscc,
    )


def submission_findings(supplier: Supplier, at: datetime) -> list[Finding]:
    """Everything that keeps the registration from being submitted."""
    bar = bar_finding(supplier.uscc, at)
    return [
        *number_findings(supplier.uscc, "uscc"),
        *(number_findings(supplier.parent_uscc, "parent_uscc") if supplier.parent_uscc else []),
        *profile_findings(profile_of(supplier), supplier_file_kinds(supplier), supplier.uscc),
        *company_findings(company(supplier), companies_beside(supplier), listed_agents(supplier.uscc)),
        *([bar] if bar else []),
    ]


def listing_findings(supplier: Supplier, platform_capability: bool | None, at: datetime) -> list[Finding]:
    """What may have changed since the submission, looked at again before the supplier is listed."""
    found = company_findings(company(supplier), companies_beside(supplier), listed_agents(supplier.uscc))
    bar = bar_finding(supplier.uscc, at)
    if bar:
        found.append(bar)
    if supplier.kind == SupplierKind.PLATFORM and not platform_capability:
        found.append(_CAPABILITY_UNCHECKED)
    return found


def number_findings(uscc: str, field: str) -> list[Finding]:
    wrong = fault(uscc)
    if wrong is None:
        return []
    code, sentence = wrong
    remedy = "请对照营业执照核对 18 位代码。"
    return [
        Finding(
            code=code, clause="S19/5.2.4", title="统一社会信用代码不对", reason=sentence, remedy=remedy, field=field
        )
    ]


def editable_findings(subject: Supplier | Product) -> list[Finding]:
    """Only drafts and returned ones are edited; what is listed changes by change request (N20/5.2)."""
    editable = EDITABLE_SUPPLIER if isinstance(subject, Supplier) else EDITABLE_PRODUCT
    if subject.state in editable:
        return []
    return [
        Finding(
            code="edit.not_now",
            clause="N20/5.2",
            title="现在不能修改",
            reason=f"目前的状态是“{subject.get_state_display()}”，审核中和通过后的内容不能直接改。",
            remedy="审核中要改的，请联系审核单位退回；通过后要改的，请提出变更。",
        )
    ]


# -- reviews ---------------------------------------------------------------------------------------------------------


def outcome_findings(
    subject: Supplier | Product, outcome: str, opinion: str, reasons: Sequence[Finding]
) -> list[Finding]:
    """Is this outcome possible in the subject's state, and does it say why?"""
    table = SUPPLIER_OUTCOMES if isinstance(subject, Supplier) else PRODUCT_OUTCOMES
    if outcome not in table.get(subject.state, ()):
        return [_not_possible(subject)]
    return reason_findings(outcome, opinion, reasons)


def reason_findings(outcome: str, opinion: str, reasons: Sequence[Finding]) -> list[Finding]:
    """A return names all its reasons at once; whatever takes something away says why (S19/6.2)."""
    if outcome == Outcome.RETURN and not reasons:
        return [_REASONS_MISSING]
    says_why = (Outcome.REFUSE, Outcome.SUSPEND, Outcome.RELIST, Outcome.DELIST, Outcome.DROP)
    if outcome in says_why and not opinion.strip():
        return [_OPINION_MISSING]
    return []


def _not_possible(subject: Supplier | Product) -> Finding:
    return Finding(
        code="review.not_possible",
        clause="D/state",
        title="现在不能这样办理",
        reason=f"目前的状态是“{subject.get_state_display()}”，不能作这样的决定。",
        remedy="请刷新页面，按最新的状态办理。",
    )


# -- products --------------------------------------------------------------------------------------------------------


def product_submission_findings(product: Product) -> list[Finding]:
    """Everything that keeps the product from being submitted, warnings included."""
    item = item_of(product)
    found = [] if product.supplier.state in SUBMITTING_SUPPLIER else [_SUPPLIER_NOT_SUBMITTED]
    if item is None:
        return [*found, _item_unknown(product)]
    return [
        *found,
        *product_findings(_sheet(product), item_modules(item), pilot_only=item.pilot_only),
        *product_name_findings(product_name(product), names_beside(product)),
    ]


def product_listing_findings(product: Product, product_class: str) -> list[Finding]:
    """What the province's approval needs beside the submission's own checks."""
    found = [finding for finding in product_submission_findings(product) if finding.severity == "bad"]
    if product_class not in ("A", "B"):
        found.append(_CLASS_MISSING)
    if product.supplier.state != SupplierState.LISTED:
        found.append(_SUPPLIER_NOT_LISTED)
    return found


def _sheet(product: Product) -> ProductSheet:
    kinds = product_file_kinds(product)
    return ProductSheet(
        name=product.name,
        modules=tuple(product.modules),
        model_name=product.model_name,
        situations=tuple(product.situations),
        channels=tuple(product.channels),
        offer=product.offer,
        partner_name=product.partner_name,
        has_origin=_origin_is_listed(product),
        has_cooperation_proof=FileKind.COOPERATION in kinds,
        has_ownership_proof=FileKind.INTELLECTUAL_PROPERTY in kinds,
        own_work=product.own_work,
        in_pilot=bool(product.pilot_key),
        platform_capability=product.supplier.platform_capability,
        partner_is_supplier=bool(product.partner_uscc) and bool(companies_numbered(product.partner_uscc)),
    )


def _origin_is_listed(product: Product) -> bool:
    origin = product.origin
    if origin is None or product.offer != OfferKind.PARTNER_LISTED:
        return False
    return origin.state == ProductState.LISTED and origin.supplier_id != product.supplier_id


def _item_unknown(product: Product) -> Finding:
    return Finding(
        code="product.item_unknown",
        clause="S19/4.4.1",
        title="目录里没有这一项",
        reason=f"{product.catalog_version} 没有第 {product.item_number} 项。",
        remedy="请从目录中选一项。",
        field="item_number",
    )


_CAPABILITY_UNCHECKED = Finding(
    code="supplier.platform_capability_unchecked",
    clause="S19/5.2.3(3)",
    title="平台服务能力还没有审核",
    reason="平台商要通过“平台服务能力”审核才能入库。",
    remedy="核对证明材料后勾选“通过平台服务能力审核”；不具备的，退回改选服务商。",
    field="platform_capability",
)
_REASONS_MISSING = Finding(
    code="review.reasons_missing",
    clause="S19/6.2",
    title="没有写退回理由",
    reason="退回要一次说清全部理由和需要补的材料。",
    remedy="请至少写一条理由；有几条写几条，退回后不再追加。",
    field="reasons",
)
_OPINION_MISSING = Finding(
    code="review.opinion_missing",
    clause="S19/6.2",
    title="没有写明理由",
    reason="不通过、暂停、恢复、下架和淘汰都要告知理由。",
    remedy="请在“审核意见”里写明事实和依据。",
    field="opinion",
)
_SUPPLIER_NOT_SUBMITTED = Finding(
    code="product.supplier_not_submitted",
    clause="S19/5.2.3",
    title="供应商信息还没有提交",
    reason="先登记供应商，再提交产品。",
    remedy="请先在“供应商信息”里填好并提交。",
)
_SUPPLIER_NOT_LISTED = Finding(
    code="product.supplier_not_listed",
    clause="S19/5.2.3",
    title="供应商还没有入库",
    reason="产品上架要以供应商入库为前提。",
    remedy="请先办结供应商的审核。",
)
_CLASS_MISSING = Finding(
    code="review.class_missing",
    clause="D/1",
    title="没有定类别",
    reason="目录没有写明 A 类还是 B 类，由省级产品审核确定；兑现时的付款比例按类别计算。",
    remedy="请选择 A 类或 B 类。",
    field="product_class",
)
