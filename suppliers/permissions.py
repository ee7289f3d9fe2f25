"""May this person? Pairs of `may_…` for buttons and `check_may_…` for commands."""

from platform_site.accounts.enums import PROVINCE, SUPPLIER, Role
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal
from suppliers.models import Product, Proposal, Supplier


def _refuse(code: str, clause: str, reason: str, remedy: str) -> None:
    raise Refusal(Finding(code=code, clause=clause, title="不能由您办理", reason=reason, remedy=remedy))


def may_register(actor: Actor, organisation_id: int) -> bool:
    return actor.has(*SUPPLIER) and actor.organisation_id == organisation_id


def check_may_register(actor: Actor, organisation_id: int) -> None:
    if not may_register(actor, organisation_id):
        _refuse("permission.not_own", "S19/5.2.3", "供应商信息由本单位的人员填写。", "请用本单位的账号登录。")


def may_edit_supplier(actor: Actor, supplier: Supplier) -> bool:
    return may_register(actor, supplier.organisation_id)


def check_may_edit_supplier(actor: Actor, supplier: Supplier) -> None:
    check_may_register(actor, supplier.organisation_id)


def may_edit_product(actor: Actor, product: Product) -> bool:
    return may_edit_supplier(actor, product.supplier)


def may_review_for_city(actor: Actor, supplier: Supplier) -> bool:
    """The bureau of the city where the supplier is registered; entrusted staff decide nothing (S19/8)."""
    reviewer = actor.has(Role.CITY_REVIEWER, Role.CITY_APPROVER) and not actor.delegated
    return reviewer and supplier.city_id is not None and actor.area_code == supplier.city_id


def check_may_review_for_city(actor: Actor, supplier: Supplier) -> None:
    if actor.delegated:
        _refuse("permission.delegated", "S19/8", "受委托人员可以查看和整理，不能作出决定。", "请由本局人员办理。")
    if supplier.city_id is None:
        _refuse("permission.outside_province", "S19/5.2.5", "省外供应商由省里审核。", "不用地市办理。")
    if not may_review_for_city(actor, supplier):
        _refuse("permission.other_city", "S19/5.2.4", "供应商基本信息由它所在地市的主管部门审核。", "请由该市办理。")


def may_propose(actor: Actor) -> bool:
    """Entrusted staff of the province may prepare a proposal; the signature stays with the province's own people."""
    return actor.has(*PROVINCE)


def check_may_propose(actor: Actor) -> None:
    if not may_propose(actor):
        _refuse("permission.province_only", "S19/5.2.4", "这一步由省里经办人提出。", "请由省级经办人办理。")


def may_sign(actor: Actor, proposal: Proposal) -> bool:
    approver = actor.has(Role.PROVINCE_APPROVER) and not actor.delegated
    return approver and actor.user_id != proposal.proposed_by_id


def check_may_sign(actor: Actor, proposal: Proposal) -> None:
    if not actor.has(Role.PROVINCE_APPROVER) or actor.delegated:
        _refuse("permission.approver_only", "S19/5.2.4", "这一步由省级审批人签发。", "请送省级审批人。")
    if actor.user_id == proposal.proposed_by_id:
        _refuse("review.same_person", "D/two_people", "提出意见的人不能自己签发。", "请由另一位省级审批人签发。")


def check_is_platform(actor: Actor) -> None:
    """Consequences of a decision that two people took elsewhere are carried out by the platform itself."""
    if not actor.has("system"):
        _refuse(
            "permission.platform_only",
            "D/two_people",
            "暂停、恢复和下架要由两个人办理。",
            "请在审核页面提出意见，由审批人签发。",
        )


def check_may_carry_over(actor: Actor) -> None:
    if not actor.has(Role.PROVINCE_APPROVER, "system") or actor.delegated:
        _refuse("permission.approver_only", "N20/5.1", "新一期目录的直接上架由省级审批人办理。", "请送省级审批人。")
