"""One product, one supplier; one company of a group; no agency between suppliers (S19/5.2.3(1)–(4))."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from platform_site.kit.findings import Finding

ONE_AGENT_LIST = "S19/5.2.3(1)"
ONE_OF_GROUP = "S19/5.2.3(2)"
PARTNERS = "S19/5.2.3(3)"
ONE_SUPPLIER = "S19/5.2.3(4)"


def name_key(name: str) -> str:
    """The name as it is compared: without width, case, spaces, marks. "衡牧 MES（V3）" and "衡牧MES V3" are one."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@dataclass(frozen=True, slots=True)
class ProductName:
    """A product as far as its name goes. origin_id: the partner's product that is listed once more, None for others."""

    product_id: int | None
    supplier_id: int
    supplier_name: str
    name: str
    origin_id: int | None = None


def product_name_findings(candidate: ProductName, others: Iterable[ProductName]) -> list[Finding]:
    """`others`: products of the same catalog version that are under review or listed."""
    key = name_key(candidate.name)
    found = []
    for other in others:
        if other.product_id == candidate.product_id or name_key(other.name) != key:
            continue
        if other.supplier_id == candidate.supplier_id:
            found.append(_own_twice(other))
        elif not _same_partnership(candidate, other):
            found.append(_offered_by_another(other))
    return found


def _same_partnership(candidate: ProductName, other: ProductName) -> bool:
    """The platform's listing beside the independent partner's own, or two platforms beside the same partner."""
    links = [
        (candidate.origin_id, other.product_id),
        (other.origin_id, candidate.product_id),
        (candidate.origin_id, other.origin_id),
    ]
    return any(one is not None and one == two for one, two in links)


def _own_twice(other: ProductName) -> Finding:
    return Finding(
        code="product.name_taken",
        clause=ONE_SUPPLIER,
        title="产品名称重复",
        reason=f"您已经有一个产品叫“{other.name}”。",
        remedy="同一产品不用提交两次；确是另一个产品的，请用能区别的名称。",
        field="name",
    )


def _offered_by_another(other: ProductName) -> Finding:
    return Finding(
        code="product.offered_by_another",
        clause=ONE_SUPPLIER,
        title="这个产品已由别的供应商提供",
        reason=f"“{other.name}”由{other.supplier_name}提供，一项产品只能由一家供应商提供。",
        remedy="是代理的，请由产品所有方把贵单位列入代理商名单；是平台合作伙伴的，请按“合作伙伴已上架的产品”提交并附合作证明。",
        field="name",
    )


@dataclass(frozen=True, slots=True)
class Company:
    """A registered supplier. parent_uscc: head company of its group, "" for none."""

    supplier_id: int
    name: str
    uscc: str
    parent_uscc: str = ""


@dataclass(frozen=True, slots=True)
class ListedAgent:
    """A company on somebody's list. `of_group`: listed as a company of the supplier's own group."""

    supplier_id: int
    supplier_name: str
    name: str
    uscc: str
    of_group: bool = False


def company_findings(candidate: Company, others: Iterable[Company], agents: Iterable[ListedAgent]) -> list[Finding]:
    """May this company be a supplier of its own beside those already registered?"""
    found = []
    for other in others:
        if other.supplier_id == candidate.supplier_id:
            continue
        if other.uscc == candidate.uscc:
            found.append(_already_registered(other))
        elif _same_group(candidate, other):
            found.append(_group_registered(other))
    listed = [agent for agent in agents if agent.supplier_id != candidate.supplier_id and agent.uscc == candidate.uscc]
    return found + [_is_agent(agent) for agent in listed]


def _same_group(one: Company, other: Company) -> bool:
    heads = {one.uscc, one.parent_uscc} & {other.uscc, other.parent_uscc}
    return bool(heads - {""})


def _already_registered(other: Company) -> Finding:
    return Finding(
        code="supplier.already_registered",
        clause=ONE_OF_GROUP,
        title="这家单位已经登记",
        reason=f"统一社会信用代码 {other.uscc} 已由“{other.name}”登记。",
        remedy="请用已有的账号办理；账号交接请找本单位管理员。",
        field="uscc",
    )


def _group_registered(other: Company) -> Finding:
    return Finding(
        code="supplier.group_registered",
        clause=ONE_OF_GROUP,
        title="总公司与子公司只能登记一家",
        reason=f"同一集团的“{other.name}”已经登记为供应商。",
        remedy="由集团选定一家作注册主体，其他公司列入它的代理商名单。",
        field="parent_uscc",
    )


def _is_agent(agent: ListedAgent) -> Finding:
    clause = ONE_OF_GROUP if agent.of_group else ONE_AGENT_LIST
    return Finding(
        code="supplier.is_agent",
        clause=clause,
        title="代理商不单独入库",
        reason=f"贵单位在“{agent.supplier_name}”的代理商名单里，与它共用额度。",
        remedy="要单独登记的，请先由该供应商把贵单位移出名单。",
        field="uscc",
    )


def agent_findings(
    agent: ListedAgent,
    owner: Company,
    own: Iterable[ListedAgent],
    suppliers: Iterable[Company],
    elsewhere: Iterable[ListedAgent],
) -> list[Finding]:
    """May the owner list this agent? `own`: its list; `elsewhere`: entries with the same code at other suppliers."""
    found = []
    if agent.uscc == owner.uscc:
        found.append(
            _agent("self", ONE_AGENT_LIST, "不能列入自己", "这是贵单位自己的统一社会信用代码。", "请填写代理商的代码。")
        )
    if any(one.uscc == agent.uscc for one in own):
        reason = f"统一社会信用代码 {agent.uscc} 已在名单里。"
        found.append(_agent("duplicate", ONE_AGENT_LIST, "已经列入", reason, "不用重复列入。"))
    for supplier in suppliers:
        if supplier.uscc == agent.uscc and supplier.supplier_id != owner.supplier_id:
            reason = f"“{supplier.name}”已经是资源池供应商，供应商之间不能代理产品。"
            found.append(
                _agent(
                    "is_supplier", ONE_SUPPLIER, "供应商之间不能代理", reason, "请不要列入；合作伙伴请按合作产品提交。"
                )
            )
    for other in elsewhere:
        if agent.of_group and other.of_group and other.uscc == agent.uscc and other.supplier_id != owner.supplier_id:
            reason = f"“{agent.name}”已列在“{other.supplier_name}”的集团公司里。"
            found.append(
                _agent("group_elsewhere", ONE_OF_GROUP, "集团公司只随一家登记", reason, "请与对方核对集团关系。")
            )
    return found


def _agent(kind: str, clause: str, title: str, reason: str, remedy: str) -> Finding:
    return Finding(code=f"agent.{kind}", clause=clause, title=title, reason=reason, remedy=remedy, field="uscc")
