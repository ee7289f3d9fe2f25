"""Every check of an application that needs no database: each finding has its clause, its reason and a remedy.

What the catalog's own eligibility rules check (city, kind of enterprise, earliest day, amounts, pilots' item) is
added to these by `vouchers.policies`; here stands what concerns the contract, the product and the enterprise's other
vouchers.
"""

from collections.abc import Iterable
from decimal import Decimal

from catalog.rules.terms import EditionTerms
from catalog.rules.wording import say_money
from platform_site.kit.findings import Finding
from vouchers.rules.application import ZERO, Application, HandedIn, OtherVoucher, ProductFacts, Surroundings
from vouchers.rules.contract_key import contract_key
from vouchers.rules.standing_checks import standing_findings

CONTRACT = "S19/5.3.6"
ONE_VOUCHER = "S19/5.3.7"
OPEN_STATES = frozenset({"arrived", "waiting", "under_review", "returned", "issued", "redeeming", "held"})
PAID_STATES = frozenset({"redeeming", "settled"})
FREED_STATES = frozenset({"draft", "refused", "withdrawn", "lapsed", "given_up", "void"})


def application_findings(form: Application, known: Surroundings, terms: EditionTerms) -> list[Finding]:
    """All of them, in the order of the form."""
    checks: tuple[list[Finding], ...] = (
        standing_findings(known, terms),
        product_findings(form, known.product),
        date_findings(form, known),
        number_findings(form, known),
        open_product_findings(form, known),
        cost_findings(form),
        module_findings(form, known.product),
        device_findings(form, known.product),
        place_findings(form, known),
        pilot_findings(form, known),
        paper_findings(form),
    )
    return [finding for found in checks for finding in found]


def product_findings(form: HandedIn, product: ProductFacts) -> list[Finding]:
    found = []
    if form.supplier_id != product.supplier_id:
        found.append(
            Finding(
                "product.other_supplier",
                CONTRACT,
                f"“{product.name}”是{product.supplier_name}上架的产品，不是合同里这家供应商的。",
                "请选合同对方上架的产品；合同是跟代理商签的，请选产品所有方。",
                "product",
                title="产品不属于这家供应商",
            )
        )
    if not product.listed or not product.supplier_listed:
        found.append(
            Finding(
                "product.not_listed",
                "S19/5.2.3",
                f"“{product.name}”现在没有上架，或供应商不在资源池里。",
                "请选已上架的产品；需要这项产品的，请供应商先办理上架。",
                "product",
                title="产品没有上架",
            )
        )
    if not product.period_catalog:
        found.append(
            Finding(
                "product.other_catalog",
                "S19/4.4.4",
                f"“{product.name}”属于另一版产品目录，不在本期范围内。",
                "请选本期目录里的产品。",
                "product",
                title="产品不在本期目录",
            )
        )
    return found


def date_findings(form: Application, known: Surroundings) -> list[Finding]:
    if form.signed_on <= known.today:
        return []
    return [
        Finding(
            "contract.signed_in_future",
            CONTRACT,
            f"合同日期 {form.signed_on.isoformat()} 还没有到，今天是 {known.today.isoformat()}。",
            "先签合同，再申领。日期填错的，请改正。",
            "signed_on",
            title="合同还没有签",
        )
    ]


def number_findings(form: HandedIn, known: Surroundings) -> list[Finding]:
    """One contract serves one voucher of a period; what was paid once is never paid again (pilots excepted,
    S19/5.6.21)."""
    key = contract_key(form.contract_number)
    if not key:
        return [
            Finding(
                "contract.number_missing",
                CONTRACT,
                "没有合同编号。",
                "请按合同原文填写；合同上没有编号的，请双方补一个。",
                "contract_number",
                title="没有合同编号",
            )
        ]
    if form.pilot_id is not None:
        return []
    return _used_findings(form.contract_number, [o for o in known.others if o.contract_key == key and not o.pilot])


def _used_findings(number: str, same: Iterable[OtherVoucher]) -> list[Finding]:
    """The first voucher on the same contract that stands in the way."""
    for other in same:
        if not other.same_period and other.state in PAID_STATES:
            return [
                Finding(
                    "contract.paid_before",
                    "S19/4.1.4",
                    f"合同 {number} 已在“{other.period}”用于 {other.number}，已兑付或正在兑付。",
                    "已经享受过的内容不能再申请。请用另一份合同。",
                    "contract_number",
                    title="合同已经用过",
                )
            ]
        if other.same_period and other.state not in FREED_STATES:
            return [
                Finding(
                    "contract.used_in_period",
                    ONE_VOUCHER,
                    f"合同 {number} 本期已用于 {other.number}。一份合同一期只能申领一张。",
                    f"请办理 {other.number}；要换内容的，先撤回它再申领。",
                    "contract_number",
                    title="合同本期已经用过",
                )
            ]
    return []


def open_product_findings(form: HandedIn, known: Surroundings) -> list[Finding]:
    if form.pilot_id is not None:
        return []
    for other in known.others:
        if other.same_period and other.product_id == form.product_id and other.state in OPEN_STATES:
            return [
                Finding(
                    "product.open_already",
                    ONE_VOUCHER,
                    f"“{known.product.name}”本期已有一张在办：{other.number}。",
                    "等它办结；或撤回它，再用新合同申领。",
                    "product",
                    title="同一产品已有一张在办",
                )
            ]
    return []


def cost_findings(form: Application) -> list[Finding]:
    if not form.costs:
        return [
            Finding(
                "costs.missing",
                CONTRACT,
                "没有填费用明细。",
                "请按合同逐项填写，比如软件订阅、设备、实施服务。",
                "costs",
                title="没有费用明细",
            )
        ]
    return _sum_findings(form) + _unrelated_findings(form)


def _sum_findings(form: Application) -> list[Finding]:
    total = _sum(cost.amount for cost in form.costs)
    if total == form.total:
        return []
    gap = total - form.total
    word = "多" if gap > 0 else "少"
    return [
        Finding(
            "costs.sum_differs",
            CONTRACT,
            f"费用合计 {say_money(total)}，合同总额 {say_money(form.total)}，{word} {say_money(abs(gap))}。",
            "请核对每一行和合同总额，两边要一致。",
            "costs",
            title="费用合计与合同总额不一致",
        )
    ]


def _unrelated_findings(form: Application) -> list[Finding]:
    marked = _sum(cost.amount for cost in form.costs if cost.kind == "unrelated")
    if marked == form.unrelated_amount:
        return []
    return [
        Finding(
            "costs.unrelated_differs",
            CONTRACT,
            f"明细里无关内容合计 {say_money(marked)}，上面剔除的是 {say_money(form.unrelated_amount)}。",
            "无关内容在明细里单列一行，金额与剔除的一致。",
            "unrelated_amount",
            title="剔除金额与明细不一致",
        )
    ]


def module_findings(form: Application, product: ProductFacts) -> list[Finding]:
    found = [
        Finding(
            "modules.not_listed",
            CONTRACT,
            f"“{name}”不在这个产品的备案模块里，合同中的功能模块要在供应商提交的范围之内。",
            "签补充合同去掉这一项；或请供应商申请增补，通过后再提交。",
            "other_modules",
            title=f"“{name}”不在备案模块里",
        )
        for name in (*(m for m in form.modules if m not in product.modules), *form.other_modules)
    ]
    own = [name for name in dict.fromkeys(form.modules) if name in product.modules]
    if not own and not found:
        found.append(
            Finding(
                "modules.missing",
                CONTRACT,
                "没有勾选功能模块。",
                "请勾选合同写明交付的模块。",
                "modules",
                title="没有功能模块",
            )
        )
    if own and len(own) < product.minimum_modules:
        found.append(
            Finding(
                "modules.too_few",
                f"S19/annex.{product.item_number}",
                f"第 {product.item_number} 项至少要有 {product.minimum_modules} 个功能模块，合同里是 {len(own)} 个。",
                "合同确实写明的，请补勾；没有写的，请签补充合同。",
                "modules",
                title="功能模块不够",
            )
        )
    return found


def device_findings(form: Application, product: ProductFacts) -> list[Finding]:
    if product.per_device is None or form.devices is not None:
        return []
    return [
        Finding(
            "devices.missing",
            f"S19/annex.{product.item_number}",
            f"第 {product.item_number} 项每台奖补 {say_money(product.per_device)}，要知道接入多少台。",
            "请填合同约定接入的台数。",
            "devices",
            title="没有填设备台数",
        )
    ]


def place_findings(form: Application, known: Surroundings) -> list[Finding]:
    """In the province, in every edition (2018: T18/4.3); devices of post-sale items may be elsewhere."""
    found = []
    if not form.place.strip():
        found.append(
            Finding("place.missing", "S19/4.3", "没有填实施地点。", "请填写详细地址。", "place", title="没有实施地点")
        )
    if form.place_city not in known.province_cities and not known.product.post_sale:
        found.append(
            Finding(
                "place.outside",
                "S19/4.3",
                "项目要在广东省内实施。",
                "请选择实施地点所在的地市；省外实施的不能申领。",
                "place_city",
                title="实施地点不在广东省",
            )
        )
    return found


def pilot_findings(form: HandedIn, known: Surroundings) -> list[Finding]:
    if form.pilot_id is None:
        return []
    if not known.pilot_running:
        return [
            Finding(
                "pilot.not_running",
                "S19/5.6.18",
                "所选的集群试点没有在实施。",
                "请选择实施中的试点；不属于试点的，不要选。",
                "pilot",
                title="试点没有在实施",
            )
        ]
    if not known.pilot_client:
        return [
            Finding(
                "pilot.not_client",
                "S19/5.6.20",
                "贵企业不在这个集群试点的企业名单里。",
                "请联系试点牵头单位加入名单；不属于试点的，不要选。",
                "pilot",
                title="不是试点企业",
            )
        ]
    return []


def paper_findings(form: Application) -> list[Finding]:
    found = []
    if not any(file.kind == "contract" for file in form.files):
        found.append(
            Finding(
                "files.contract_missing",
                CONTRACT,
                "没有上传合同。",
                "请上传双方盖章的合同 PDF。",
                "contract_files",
                title="没有合同文件",
            )
        )
    if not form.declares_no_other_funds:
        found.append(
            Finding(
                "declaration.other_funds",
                "S19/4.1.3",
                "没有声明申报内容未获得其他财政资金。",
                "确认属实后勾选；获得过的不能申领。",
                "declares_no_other_funds",
                title="还差一项声明",
            )
        )
    if not form.commits:
        found.append(
            Finding(
                "commitment.missing", "REF/2", "没有勾选承诺书。", "读过承诺书后勾选。", "commits", title="还没有承诺"
            )
        )
    return found


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
