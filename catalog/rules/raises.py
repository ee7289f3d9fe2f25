"""What would raise an amount: each way is tried with the same formula, so the figure named is the figure one gets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from msgspec.structs import replace

from catalog.rules.assessment import Assessment, assess
from catalog.rules.caps import enterprise_ceiling
from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.devices import devices_needed
from catalog.rules.terms import EditionTerms
from catalog.rules.wording import say_money, say_share
from platform_site.kit.findings import Finding


@dataclass(frozen=True, slots=True)
class Raise:
    """A way to a higher amount. key: devices, contract, class, pilot, left. amount: what it would come to, in yuan."""

    key: str
    clause: str
    title: str
    text: str
    amount: Decimal

    def as_finding(self) -> Finding:
        """As pages show it beside other observations."""
        return Finding(f"raise.{self.key}", self.clause, self.text, title=self.title, severity="info")


def ways_to_raise(case: AssessmentCase, terms: EditionTerms) -> list[Raise]:
    """The ways that really raise the amount, the highest first; none where nothing does. Refused cases too: a pilot."""
    assessment = assess(case, terms)
    found = [way for make in _WAYS for way in make(case, terms, assessment) if way.amount > assessment.amount]
    return sorted(found, key=lambda way: -way.amount)


def why_not_higher(case: AssessmentCase, terms: EditionTerms) -> str:
    """One sentence on the ceiling that decides; "" where the rate itself does or nothing is granted."""
    assessment = assess(case, terms)
    deciding = next((step.key for step in assessment.steps if step.binds), "")
    if not assessment.allowed:
        return ""
    return {
        "item_cap": f"已经到了第 {case.item.number} 项的上限，合同再大也不会增加。",
        "tier": f"第 {case.item.number} 项按企业规模定额，合同再大也不会增加。",
        "left": "决定金额的是本企业的余额，合同和台数再多也不会增加。",
        "devices": "决定金额的是接入的台数。",
    }.get(deciding, "")


def _by_devices(case: AssessmentCase, terms: EditionTerms, assessment: Assessment) -> Iterator[Raise]:
    per_device = case.item.per_device
    if terms.method != "rate" or per_device is None or case.devices is None:
        return
    amount = assess(replace(case, devices=None), terms).amount
    count = devices_needed(amount, per_device)
    text = f"现在 {case.devices} 台；接入 {count} 台，每台 {say_money(per_device)}，可以到 {say_money(amount)}。"
    text += "兑现时按实际接入的台数核对，台数不够的不要多报。"
    yield Raise("devices", "S19/annex.note2", "多接入设备", text, amount)


def _by_contract(case: AssessmentCase, terms: EditionTerms, assessment: Assessment) -> Iterator[Raise]:
    """The contract at which another ceiling takes over."""
    rate = terms.rate_for(case.product_class, case.city, case.pilot)
    if not assessment.allowed or terms.method != "rate" or rate is None or not rate.share:
        return
    boundless = replace(case, contract_amount=case.unrelated_amount + case.item.cap / rate.share + 1)
    amount = assess(replace(boundless, contract_amount=_cents_up(boundless.contract_amount)), terms).amount
    needed = _cents_up(amount / rate.share) + case.unrelated_amount
    text = f"同一项应用的合同额到 {say_money(needed)} 时是 {say_money(amount)}，再大就不再增加。"
    text += "合同按真实需要签，不要为奖补做大金额。"
    yield Raise(
        "contract", rate.clause, "合同额更大", text, assess(replace(case, contract_amount=needed), terms).amount
    )


def _by_costs(case: AssessmentCase, terms: EditionTerms, assessment: Assessment) -> Iterator[Raise]:
    """2018: the fixed amount of the tier is never above the eligible costs."""
    tier = terms.tier_for(case.revenue)
    if not assessment.allowed or terms.method != "tier" or tier is None:
        return
    fixed = tier.items[case.item.number]
    amount = assess(replace(case, contract_amount=fixed, unrelated_amount=ZERO, cost_lines=()), terms).amount
    text = f"可计入的上云费用到 {say_money(amount)} 时，按 {say_money(amount)} 补；自动化装备和不上云的软件不算。"
    yield Raise("contract", "T18/4.4.3", "上云费用更多", text, amount)


def _by_class(case: AssessmentCase, terms: EditionTerms, assessment: Assessment) -> Iterator[Raise]:
    for name in dict.fromkeys(rate.product_class for rate in terms.rates if rate.product_class):
        rate = terms.rate_for(name, case.city, case.pilot)
        if rate is None or name == case.product_class:
            continue
        amount = assess(replace(case, product_class=name), terms).amount
        text = f"买 {name} 类产品按 {say_share(rate.share)} 算，是 {say_money(amount)}。"
        text += "产品是哪一类由省里定，产品页上写着。"
        yield Raise("class", rate.clause, f"换 {name} 类产品", text, amount)


def _by_pilot(case: AssessmentCase, terms: EditionTerms, assessment: Assessment) -> Iterator[Raise]:
    if case.pilot or terms.method != "rate":
        return
    inside = replace(case, pilot=True)
    rate, amount = terms.rate_for(case.product_class, case.city, True), assess(inside, terms).amount
    if rate is None:
        return
    clause = case.item.clause if case.item.pilot_only else rate.clause
    text = f"合同属于产业集群试点的，按 {say_share(rate.share)} 算，是 {say_money(amount)}。试点由省里公布，要先加入。"
    yield Raise("pilot", clause, "加入产业集群试点", text, amount)


def _by_remainder(case: AssessmentCase, terms: EditionTerms, assessment: Assessment) -> Iterator[Raise]:
    ceiling = enterprise_ceiling(case, terms)
    if ceiling is None or not case.cap_used or not assessment.steps:
        return
    span, amount = ("年" if terms.cap_span == "year" else "期"), assess(replace(case, cap_used=ZERO), terms).amount
    text = f"本企业每{span}最高 {say_money(ceiling)}，已用 {say_money(case.cap_used)}。"
    text += f"先申请的撤回或没有通过的，还没发的券会补足，最多 {say_money(amount)}。"
    clause = "T18/4.4.2" if terms.method == "tier" else "S19/4.4.3"
    yield Raise("left", clause, "余额恢复", text, amount)


_Way = Callable[[AssessmentCase, EditionTerms, Assessment], Iterator[Raise]]
_WAYS: tuple[_Way, ...] = (_by_devices, _by_contract, _by_costs, _by_class, _by_pilot, _by_remainder)


def _cents_up(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), rounding=ROUND_CEILING)
