"""What waits on each desk: one table from menu line to count, read by the to-do page and by the badges of the menu."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from catalog.enums import CatalogState, EditionState
from catalog.models import Edition
from catalog.queries import catalog_versions_visible_to, editions_visible_to
from monitoring.enums import QuestionState, ReviewGround, ReviewState, SignState, SourceState
from monitoring.queries import sources_visible_to
from monitoring.queries.reviews import reviews_visible_to
from monitoring.queries.signs import doubts_to_look_at, questions_visible_to, signs_visible_to
from platform_site.kit.actor import Actor
from platform_site.messages.queries import unread_count
from settlement.enums import BatchState, ClawbackState, NoticeListState, RedemptionState
from settlement.queries import (
    batches_visible_to,
    notice_lists_visible_to,
    objections_visible_to,
    redemptions_visible_to,
)
from settlement.queries.clawbacks import clawbacks_visible_to
from settlement.queries.replies import objections_about
from settlement.queries.review import to_be_checked_by, to_be_signed_by
from suppliers.enums import ProductState, SupplierState
from suppliers.queries import products_visible_to, suppliers_visible_to
from vouchers.enums import EnterpriseState, VoucherState
from vouchers.queries import enterprises_visible_to, vouchers_visible_to
from vouchers.queries.supplier_answers import applications_for, unanswered

Count = Callable[[Actor, datetime], int]


@dataclass(frozen=True, slots=True)
class Desk:
    """One kind of work. route: the list behind it; query: the filter of that list; note: what it means."""

    route: str
    label: str
    note: str
    roles: frozenset[str]
    count: Count
    query: str = ""


ENTERPRISE = frozenset({"enterprise_admin", "enterprise_staff"})
SUPPLIER = frozenset({"supplier_admin", "supplier_staff"})
REVIEWER = frozenset({"city_reviewer", "county_reviewer", "delegate"})
APPROVER = frozenset({"city_approver"})
CITY = frozenset({"city_reviewer", "city_approver"})
CITY_REVIEWER = frozenset({"city_reviewer"})
PROVINCE = frozenset({"province_officer", "province_approver"})
PROVINCE_SIGNER = frozenset({"province_approver"})
FINANCE = frozenset({"finance_officer"})


def _vouchers(*states: VoucherState) -> Count:
    return lambda actor, at: vouchers_visible_to(actor).filter(state__in=states).count()


def _unanswered(actor: Actor, at: datetime) -> int:
    return unanswered(applications_for(actor)).count()


def _redemptions(*states: RedemptionState) -> Count:
    return lambda actor, at: redemptions_visible_to(actor).filter(state__in=states).count()


def _lists(*states: NoticeListState) -> Count:
    return lambda actor, at: notice_lists_visible_to(actor).filter(state__in=states).count()


def _batches(*states: BatchState) -> Count:
    return lambda actor, at: batches_visible_to(actor).filter(state__in=states).count()


def _objected(actor: Actor, at: datetime) -> int:
    return objections_about(actor).filter(state="filed").count()


def _clawbacks(*states: ClawbackState) -> Count:
    return lambda actor, at: clawbacks_visible_to(actor).filter(state__in=states).count()


def _lists_to_sign(actor: Actor, at: datetime) -> int:
    waiting = notice_lists_visible_to(actor).filter(state__in=[NoticeListState.DRAFT, NoticeListState.CORRECTED])
    return waiting.exclude(compiled_by=actor.user_id or 0).count()


def _batches_to_sign(actor: Actor, at: datetime) -> int:
    return batches_visible_to(actor).filter(state=BatchState.DRAFT).exclude(built_by=actor.user_id or 0).count()


def _clawbacks_to_sign(actor: Actor, at: datetime) -> int:
    waiting = clawbacks_visible_to(actor).filter(state=ClawbackState.PROPOSED)
    return waiting.exclude(proposed_by=actor.user_id or 0).count()


def _enterprises(*states: EnterpriseState) -> Count:
    return lambda actor, at: enterprises_visible_to(actor).filter(state__in=states).count()


def _suppliers(*states: SupplierState) -> Count:
    return lambda actor, at: suppliers_visible_to(actor).filter(state__in=states).count()


def _products(*states: ProductState) -> Count:
    return lambda actor, at: products_visible_to(actor).filter(state__in=states).count()


def _editions(actor: Actor, at: datetime) -> int:
    return _open_editions(actor).count()


def _open_editions(actor: Actor) -> QuerySet[Edition]:
    return editions_visible_to(actor).filter(state__in=[EditionState.HANDED_IN, EditionState.SIGNED])


def _catalogs(actor: Actor, at: datetime) -> int:
    """Without those that an edition brings and that are signed with it."""
    waiting = catalog_versions_visible_to(actor).filter(state__in=[CatalogState.HANDED_IN, CatalogState.SIGNED])
    return waiting.exclude(code__in=_open_editions(actor).values("catalog_code")).count()


def _silent_sources(actor: Actor, at: datetime) -> int:
    return sources_visible_to(actor).filter(state=SourceState.SET_UP).count()


def _asked(actor: Actor, at: datetime) -> int:
    return questions_visible_to(actor).filter(state=QuestionState.ASKED).count()


def _doubts(actor: Actor, at: datetime) -> int:
    return doubts_to_look_at(actor)


def _dismissals(actor: Actor, at: datetime) -> int:
    return signs_visible_to(actor).filter(state=SignState.PROPOSED).exclude(proposed_by=actor.user_id or 0).count()


def _verdict_reviews(actor: Actor, at: datetime) -> int:
    return reviews_visible_to(actor).filter(state=ReviewState.OPEN).count()


def _unexplained(actor: Actor, at: datetime) -> int:
    waiting = reviews_visible_to(actor).filter(state=ReviewState.OPEN, ground=ReviewGround.DISAGREEMENT)
    return waiting.filter(explanation="").count()


DESKS: tuple[Desk, ...] = (
    Desk(
        "enterprise:vouchers",
        "申请退回，等您补正",
        "补正期内名次和额度都保留",
        ENTERPRISE,
        _vouchers(VoucherState.RETURNED),
    ),
    Desk(
        "enterprise:redemptions",
        "已获券，可以兑现",
        "在兑现期内提交发票、付款凭证和验收报告",
        ENTERPRISE,
        _vouchers(VoucherState.ISSUED),
    ),
    Desk(
        "enterprise:redemptions",
        "兑现退回，等您补正",
        "理由已一次列全",
        ENTERPRISE,
        _redemptions(RedemptionState.RETURNED, RedemptionState.REJECTED),
    ),
    Desk(
        "enterprise:profile",
        "企业信息还没有提交或被退回",
        "审核通过前可以先申领，但不能发券",
        ENTERPRISE,
        _enterprises(EnterpriseState.DRAFT, EnterpriseState.RETURNED),
    ),
    Desk("supplier:applications", "客户的申领等您确认", "确认后地市才能发券", SUPPLIER, _unanswered),
    Desk(
        "supplier:confirmations",
        "客户的兑现等您确认",
        "5 个工作日没有答复会转给地市",
        SUPPLIER,
        _redemptions(RedemptionState.SUBMITTED, RedemptionState.ESCALATED),
    ),
    Desk("supplier:telemetry", "客户没有数据送来", "没有数据就不能判定使用情况", SUPPLIER, _silent_sources),
    Desk("supplier:telemetry", "运营商的结果不同，等您说明", "打开这张券的数据页", SUPPLIER, _unexplained),
    Desk("supplier:products", "产品退回，等您补正", "", SUPPLIER, _products(ProductState.RETURNED)),
    Desk(
        "supplier:profile",
        "供应商信息还没有提交或被退回",
        "入库后产品才能上架",
        SUPPLIER,
        _suppliers(SupplierState.DRAFT, SupplierState.RETURNED),
    ),
    Desk("city:applications", "申领待审核", "", REVIEWER | APPROVER, _vouchers(VoucherState.UNDER_REVIEW)),
    Desk("city:enterprises", "企业信息待审核", "", REVIEWER | APPROVER, _enterprises(EnterpriseState.SUBMITTED)),
    Desk("city:suppliers", "供应商信息待审核", "", CITY, _suppliers(SupplierState.CITY_REVIEW)),
    Desk(
        "city:redemptions",
        "兑现待审核",
        "使用情况已有判定",
        CITY_REVIEWER,
        lambda actor, at: to_be_checked_by(actor).count(),
    ),
    Desk(
        "city:redemptions",
        "兑现待复核",
        "经办人已核对，等您签名",
        APPROVER,
        lambda actor, at: to_be_signed_by(actor).count(),
    ),
    Desk(
        "city:redemptions",
        "供应商逾期没有答复",
        "请催请供应商",
        CITY_REVIEWER,
        _redemptions(RedemptionState.ESCALATED),
    ),
    Desk("city:adoption_reviews", "监测复核待答复", "答复以前不能作决定", CITY, _verdict_reviews),
    Desk("city:notice_lists", "已通过的兑现还没有列入清单", "", CITY, _redemptions(RedemptionState.APPROVED)),
    Desk("city:notice_lists", "清单等复核", "由编制人以外的同事签名", APPROVER, _lists_to_sign),
    Desk("city:notice_lists", "清单已复核，等发布", "", CITY, _lists(NoticeListState.SIGNED)),
    Desk(
        "city:objections",
        "异议待答复",
        "公示结束、付款之前要答复",
        CITY,
        lambda actor, at: objections_visible_to(actor).filter(state="filed").count(),
    ),
    Desk(
        "city:batches",
        "公示结束，可以编结算批次",
        "",
        CITY,
        _redemptions(RedemptionState.PAYABLE, RedemptionState.CARRIED_OVER),
    ),
    Desk("city:batches", "批次等复核", "由编制人以外的同事签名", APPROVER, _batches_to_sign),
    Desk("enterprise:objections", "异议可以说明情况", "期限内说明，市局答复时会看到", ENTERPRISE, _objected),
    Desk("supplier:objections", "异议可以说明情况", "期限内说明，市局答复时会看到", SUPPLIER, _objected),
    Desk("city:clawbacks", "追回等复核", "由提出人以外的同事签名", APPROVER, _clawbacks_to_sign),
    Desk("enterprise:questions", "监测数据请您说明", "期限内答复，不影响办理", ENTERPRISE, _asked),
    Desk("supplier:questions", "监测数据请您说明", "期限内答复，不影响办理", SUPPLIER, _asked),
    Desk("province:monitoring", "监测疑点待核实", "分值高的先看，核实后写明情况", PROVINCE, _doubts),
    Desk("province:monitoring", "疑点排除等复核", "由提请人以外的同事复核", PROVINCE, _dismissals, "view=sign"),
    Desk("province:clawbacks", "追回等复核", "由提出人以外的同事签名", PROVINCE_SIGNER, _clawbacks_to_sign),
    Desk("province:editions", "政策版本等复核或公布", "由起草人以外的同事办", PROVINCE_SIGNER, _editions),
    Desk("province:catalog", "产品目录等复核或公布", "由起草人以外的同事办", PROVINCE_SIGNER, _catalogs),
    Desk("province:suppliers", "供应商待省级审核", "", PROVINCE, _suppliers(SupplierState.PROVINCE_REVIEW)),
    Desk("province:products", "产品待审核定类", "", PROVINCE, _products(ProductState.PROVINCE_REVIEW)),
    Desk(
        "province:quota",
        "额度不足，候补中的申请",
        "可以在市之间、供应商之间调剂",
        PROVINCE,
        _vouchers(VoucherState.WAITING),
    ),
    Desk("finance:batches", "批次待付款", "", FINANCE, _batches(BatchState.SIGNED, BatchState.PAYING)),
    Desk("finance:clawbacks", "追回待收款", "", FINANCE, _clawbacks(ClawbackState.ORDERED)),
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A desk with its count, as the to-do page shows it."""

    desk: Desk
    count: int


def waiting_for(actor: Actor, at: datetime) -> list[Waiting]:
    """The desks of this person that are not empty, in the order of the menu."""
    counted = [Waiting(desk, desk.count(actor, at)) for desk in DESKS if actor.has(*desk.roles)]
    return [line for line in counted if line.count]


def badges_for(actor: Actor, at: datetime) -> dict[str, int]:
    """Menu line → how much waits behind it, zeros included, and the unread messages."""
    totals: dict[str, int] = {"messages:inbox": unread_count(actor)}
    for desk in DESKS:
        if actor.has(*desk.roles):
            totals[desk.route] = totals.get(desk.route, 0) + desk.count(actor, at)
    return totals
