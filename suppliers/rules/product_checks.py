"""Does the product meet its item of the catalog? Every requirement comes in as data of the item (S19 annex)."""

from dataclasses import dataclass

from catalog.rules.item_requirements import ItemModules, check_product
from platform_site.kit.findings import Finding
from suppliers.rules.uniqueness import ONE_SUPPLIER, PARTNERS


@dataclass(frozen=True, slots=True)
class ProductSheet:
    """What the supplier wrote. offer: own | partner | partner_listed (see `suppliers.enums.OfferKind`)."""

    name: str
    modules: tuple[str, ...]
    model_name: str = ""
    situations: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    offer: str = "own"
    partner_name: str = ""
    has_origin: bool = False
    has_cooperation_proof: bool = False
    has_ownership_proof: bool = False
    own_work: bool = False
    in_pilot: bool = False
    platform_capability: bool = False
    partner_is_supplier: bool = False


def product_findings(sheet: ProductSheet, item: ItemModules, *, pilot_only: bool) -> list[Finding]:
    """Everything at once: what the catalog asks, pilot, partner, own work. `pilot_only`: the item's mark."""
    return [
        *check_product(item, modules=sheet.modules, model_name=sheet.model_name),
        *_service_findings(sheet, item),
        *(_pilot_findings(sheet, item) if pilot_only else []),
        *_partner_findings(sheet),
        *_ownership_findings(sheet),
    ]


def _service_findings(sheet: ProductSheet, item: ItemModules) -> list[Finding]:
    found = []
    least = int(item.requirements.get("work_order_situations", 0))
    if len(sheet.situations) < least:
        found.append(
            Finding(
                code="product.situations_too_few",
                clause=item.clause,
                title="触发工单的情形不够",
                reason=f"至少要有 {least} 种情形可以触发工单，现在写了 {len(sheet.situations)} 种。",
                remedy="请每行写一种，例如：设备故障报警。",
                field="situations",
            )
        )
    asked = item.requirements.get("notify_by", ())
    missing = [channel for channel in asked if channel not in sheet.channels]
    if missing:
        found.append(
            Finding(
                code="product.channel_missing",
                clause=item.clause,
                title="提醒方式不全",
                reason=f"告警要能用{'、'.join(asked)}通知，还没有{'、'.join(missing)}。",
                remedy="产品已支持的请勾选；没有的请先补齐再提交。",
                field="channels",
            )
        )
    return found


def _pilot_findings(sheet: ProductSheet, item: ItemModules) -> list[Finding]:
    if sheet.in_pilot:
        return []
    return [
        Finding(
            code="product.only_in_pilot",
            clause=item.clause,
            title="只用于产业集群试点",
            reason=f"第 {item.number} 项“{item.name}”只在集群试点里使用，这个产品不属于任何试点。",
            remedy="请改选其他目录项；参加试点的，由试点方案带入。",
            field="item_number",
        )
    ]


def _partner_findings(sheet: ProductSheet) -> list[Finding]:
    if sheet.offer == "own":
        return []
    checks = [
        (sheet.platform_capability, _NOT_PLATFORM),
        (sheet.offer != "partner" or bool(sheet.partner_name), _PARTNER_MISSING),
        (sheet.offer != "partner" or not sheet.partner_is_supplier, _PARTNER_IS_SUPPLIER),
        (sheet.offer != "partner_listed" or sheet.has_origin, _ORIGIN_MISSING),
        (sheet.has_cooperation_proof, _NO_COOPERATION_PROOF),
    ]
    return [finding for fine, finding in checks if not fine]


def _ownership_findings(sheet: ProductSheet) -> list[Finding]:
    found = [] if sheet.own_work else [_OUTSOURCED]
    if sheet.offer == "own" and not sheet.has_ownership_proof:
        found.append(_NO_OWNERSHIP_PROOF)
    return found


_NOT_PLATFORM = Finding(
    code="product.not_platform",
    clause=PARTNERS,
    title="只有平台商可以提交合作产品",
    reason="贵单位没有通过“平台服务能力”审核。",
    remedy="自有产品请选“自有产品”；平台商请先完成平台服务能力审核。",
    field="offer",
)
_PARTNER_MISSING = Finding(
    code="product.partner_missing",
    clause=PARTNERS,
    title="没有写明合作伙伴",
    reason="合作伙伴的产品由平台商代为提交，要写明是哪一家。",
    remedy="请填写合作伙伴的名称和统一社会信用代码。",
    field="partner_name",
)
_PARTNER_IS_SUPPLIER = Finding(
    code="product.partner_is_supplier",
    clause=PARTNERS,
    title="合作伙伴已单独入库",
    reason="这家合作伙伴自己是供应商，产品由它提交审核，占用它自己的额度。",
    remedy="等它的产品上架后，按“合作伙伴已上架的产品”提交。",
    field="offer",
)
_ORIGIN_MISSING = Finding(
    code="product.origin_missing",
    clause=PARTNERS,
    title="没有选定合作伙伴的产品",
    reason="合作伙伴单独入库的，要先由它提交产品并上架。",
    remedy="请在“合作伙伴的产品”里选一个已上架的产品。",
    field="origin",
)
_NO_COOPERATION_PROOF = Finding(
    code="product.cooperation_proof_missing",
    clause=PARTNERS,
    title="没有合作证明",
    reason="合作伙伴的产品要附双方合作证明。",
    remedy="请上传双方盖章的合作证明。",
    field="cooperation_file",
)
_OUTSOURCED = Finding(
    code="product.outsourcing_not_excluded",
    clause=ONE_SUPPLIER,
    title="没有承诺不转包",
    reason="软件和实施服务都不允许外包。",
    remedy="确实由本单位开发和实施的，请勾选承诺。",
    field="own_work",
)
_NO_OWNERSHIP_PROOF = Finding(
    code="product.ownership_proof_missing",
    clause="S19/5.2.3(1)",
    title="没有知识产权证明",
    reason="产品和代理商名单由知识产权所有方提供，省级审核时要核对。",
    remedy="建议上传软件著作权登记证书等证明。",
    field="ownership_file",
    severity="warn",
)
