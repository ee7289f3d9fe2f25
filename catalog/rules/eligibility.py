"""Who and what may be subsidised at all. Every check answers with findings; an empty list means nothing was found."""

from datetime import date
from decimal import Decimal

from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.terms import EditionTerms, ItemTerms
from catalog.rules.wording import say_money
from platform_site.kit.findings import Finding

MAINTENANCE = "maintenance"
# The width of the columns that keep amounts, not a policy number.
_LARGEST = Decimal(10) ** 12


def check_case(case: AssessmentCase, terms: EditionTerms) -> list[Finding]:
    """Everything that keeps the case from any amount, all at once."""
    return [
        *check_city(case.city, terms),
        *check_pilot_item(case.item, pilot=case.pilot),
        *check_enterprise_kind(case.enterprise_kind, case.item, terms),
        *check_contract_day(case.signed_on, terms),
        *check_revenue(case.revenue, terms),
        *check_amounts(case, terms),
        *_check_class(case, terms),
        *_check_devices(case, terms),
        *_check_tier(case, terms),
    ]


def check_city(area_code: str, terms: EditionTerms) -> list[Finding]:
    if terms.region_of(area_code) is None:
        return [
            Finding(
                "city.outside_province",
                terms.clause("regions") if terms.method == "tier" else "S19/4.1.1",
                "这个地区代码不在广东省 21 个地级以上市之内。",
                "请选择营业执照上的登记地。",
                "city",
                title="登记地不在广东省",
            )
        ]
    if terms.city_code(area_code) not in terms.excluded_cities:
        return []
    name = terms.city_name(area_code)
    return [
        Finding(
            "city.excluded",
            terms.clause("excluded_cities"),
            f"{terms.code} 年的服务券不面向{name}的企业。",
            f"{name}的企业请查询本市的政策；登记地填错的，请改正。",
            "city",
            title=f"本年度不含{name}",
        )
    ]


def check_pilot_item(item: ItemTerms, *, pilot: bool) -> list[Finding]:
    if pilot or not item.pilot_only:
        return []
    return [
        Finding(
            "item.pilot_only",
            item.clause,
            f"第 {item.number} 项“{item.name}”只用于产业集群试点，这份合同不在试点里。",
            "参加了集群试点的，请选择所在试点；没有参加的，请按实际购买的应用选择其他项目。",
            "item",
            title="只用于集群试点",
        )
    ]


def check_enterprise_kind(kind: str | None, item: ItemTerms, terms: EditionTerms) -> list[Finding]:
    """Integration and maintenance enterprises apply for post-sale items only."""
    if kind != MAINTENANCE or item.number in terms.maintenance_items:
        return []
    allowed = "、".join(f"第 {number} 项" for number in sorted(terms.maintenance_items)) or "没有项目"
    return [
        Finding(
            "enterprise.maintenance_item",
            terms.clause("maintenance_items"),
            f"设备集成运维企业只能申请设备售后服务类（{allowed}），这份合同是第 {item.number} 项“{item.name}”。",
            "买的是设备售后服务类应用的，请改选项目；本企业属生产制造企业的，请先更正企业类型。",
            "item",
            title="企业类型与项目不符",
        )
    ]


def check_contract_day(signed_on: date | None, terms: EditionTerms) -> list[Finding]:
    """The earliest day counts itself (D/7)."""
    if signed_on is None or signed_on >= terms.earliest_contract_day:
        return []
    return [
        Finding(
            "contract.signed_too_early",
            terms.clause("earliest_contract_day"),
            f"合同写的是 {signed_on.isoformat()}，最早要在 {terms.earliest_contract_day.isoformat()} 签。",
            "这份合同不能用。之后续签过的，请用续签的合同。",
            "signed_on",
            title="合同签得太早",
        )
    ]


def check_revenue(revenue: Decimal | None, terms: EditionTerms) -> list[Finding]:
    least = terms.minimum_revenue
    if least is None or revenue is None or revenue >= least:
        return []
    return [
        Finding(
            "enterprise.revenue",
            terms.clause("minimum_revenue"),
            f"上年度主营业务收入 {say_money(revenue)}，要求不少于 {say_money(least)}。",
            "本年度不能申领。数字填错的，请按审计报告更正。",
            "revenue",
            title="收入没有达到要求",
        )
    ]


def check_violation(violated_on: date | None, day: date, terms: EditionTerms) -> list[Finding]:
    """Refused while a serious fiscal violation lies within the edition's years (S19/4.1.2)."""
    if violated_on is None or terms.violation_years is None:
        return []
    free_from = _years_later(violated_on, terms.violation_years)
    if day >= free_from:
        return []
    return [
        Finding(
            "enterprise.violation",
            terms.clause("violation_years"),
            f"{violated_on.isoformat()} 有财政资金方面的严重违法违规记录，未满 {terms.violation_years} 年。",
            f"{free_from.isoformat()} 起可以申请；认为记录有误的，请向所在市主管部门提出更正。",
            title="五年内有违法违规记录",
        )
    ]


def check_amounts(case: AssessmentCase, terms: EditionTerms) -> list[Finding]:
    """Amounts that can be paid from: positive, to the cent, and something left after what is unrelated."""
    clause = "T18/5.3.5" if terms.method == "tier" else "S19/5.3.6"
    found = [
        *_check_money("contract_amount", case.contract_amount, clause, terms),
        *_check_money("unrelated_amount", case.unrelated_amount, clause, terms),
        *_check_money("cap_used", case.cap_used, clause, terms),
        *_check_money("cap", case.enterprise_cap, clause, terms),
    ]
    for position, line in enumerate(case.cost_lines):
        found += _check_money(f"cost_lines.{position}", line.amount, clause, terms)
    return found or _check_base(case, clause)


def _check_money(name: str, amount: Decimal | None, clause: str, terms: EditionTerms) -> list[Finding]:
    if not amount:  # nothing, or nought
        return []
    if not amount.is_finite() or not ZERO <= amount < _LARGEST:
        return [
            Finding(
                "amount.unusable", clause, "金额要是不小于 0 的数。", "请按合同填写，单位是元。", name, title="金额不对"
            )
        ]
    if not amount % terms.smallest:
        return []
    return [
        Finding(
            "amount.places",
            terms.clause("amount_places"),
            f"金额最多 {terms.amount_places} 位小数，填的是 {amount}。",
            "请写到分为止。",
            name,
            title="小数位数太多",
        )
    ]


def _check_base(case: AssessmentCase, clause: str) -> list[Finding]:
    if case.contract_amount == ZERO:
        return [
            Finding(
                "contract.amount_zero",
                clause,
                "合同额是 0。",
                "请填写这项应用的合同金额。",
                "contract_amount",
                title="没有合同额",
            )
        ]
    if case.unrelated_amount > case.contract_amount:
        return [
            Finding(
                "contract.unrelated_above_total",
                clause,
                f"无关内容 {say_money(case.unrelated_amount)}，比合同总额 {say_money(case.contract_amount)} 还多。",
                "请核对两个金额。",
                "unrelated_amount",
                title="扣除的比合同还多",
            )
        ]
    if case.declared == ZERO:
        return [
            Finding(
                "contract.nothing_related",
                clause,
                "合同金额全部与这项应用无关。",
                "请换用购买这项应用的合同，或改正扣除金额。",
                "unrelated_amount",
                title="没有可以奖补的金额",
            )
        ]
    return []


def _check_class(case: AssessmentCase, terms: EditionTerms) -> list[Finding]:
    if terms.method != "rate" or terms.region_of(case.city) is None:
        return []
    if terms.rate_for(case.product_class, case.city, case.pilot) is not None:
        return []
    return [
        Finding(
            "product.class_missing",
            "D/1",
            "这项产品还没有定为 A 类或 B 类，算不出比例。",
            "产品类别由省里审核产品时确定；试算时请选择 A 类或 B 类。",
            "class",
            title="产品类别未定",
        )
    ]


def _check_devices(case: AssessmentCase, terms: EditionTerms) -> list[Finding]:
    if terms.method != "rate" or case.item.per_device is None or case.devices is None or case.devices > 0:
        return []
    return [
        Finding(
            "devices.none",
            "S19/annex.note2",
            f"第 {case.item.number} 项按台计，填的台数是 {case.devices}。",
            "请填写合同约定接入的设备台数。",
            "devices",
            title="没有接入设备",
        )
    ]


def _check_tier(case: AssessmentCase, terms: EditionTerms) -> list[Finding]:
    """2018: without a size tier there is no amount."""
    if terms.method != "tier" or check_revenue(case.revenue, terms):
        return []
    tier = terms.tier_for(case.revenue)
    if tier is not None and case.item.number in tier.items:
        return []
    return [
        Finding(
            "tier.unknown",
            terms.clause("tiers"),
            "2018 年按企业规模档位定额，这里还不知道属于哪一档。",
            "请填写上年度主营业务收入。",
            "revenue",
            title="不知道企业规模",
        )
    ]


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)
