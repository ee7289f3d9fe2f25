"""The explained amount: every step with its clause, what went in, what came out, and a sentence for the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from catalog.rules.caps import bonus_amount, enterprise_ceiling, left_of, remaining, round_down
from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.devices import device_ceiling, devices_needed
from catalog.rules.eligibility import check_case
from catalog.rules.terms import EditionTerms
from catalog.rules.wording import plain, say_money, say_share
from platform_site.kit.findings import Finding


class AssessmentStep(NamedTuple):
    """One rung of the ladder. binds: this step decides the amount. skipped: it does not apply, the amount passes.

    A named tuple, because seven are made for each of a hundred thousand cases: a frozen dataclass costs thrice as much.
    """

    key: str
    clauses: tuple[str, ...]
    title: str
    amount_in: Decimal
    amount_out: Decimal
    text: str
    binds: bool = False
    skipped: bool = False

    @property
    def clause(self) -> str:
        """All keys in one text, as chips take them."""
        return ",".join(self.clauses)

    @property
    def skip(self) -> bool:
        return self.skipped


@dataclass(frozen=True, slots=True)
class Assessment:
    """amount: the voucher's, in yuan, rounded down. bonus: a line of its own, never part of `amount`.
    A case that may not be subsidised has amount and bonus 0.00 and says why in `findings`."""

    amount: Decimal
    bonus: Decimal
    steps: tuple[AssessmentStep, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def allowed(self) -> bool:
        return not any(finding.severity == "bad" for finding in self.findings)


def assess(case: AssessmentCase, terms: EditionTerms) -> Assessment:
    """The amount of one voucher under one edition. Raises ValueError when case and terms are of different editions
    (S19/4.4.4, T18/4.4.4)."""
    if case.edition != terms.code:
        raise ValueError(f"case of edition {case.edition} assessed under {terms.code}")
    findings = check_case(case, terms)
    if findings:
        return Assessment(ZERO, ZERO, (), tuple(findings))
    steps = _decisive_marked(_climb(case, terms))
    amount = steps[-1].amount_out
    findings = _nothing_left(case, terms, amount)
    bonus = bonus_amount(case, terms, amount)
    return Assessment(amount, bonus, (*steps, *_bonus_step(case, terms, amount, bonus)), tuple(findings))


def _climb(case: AssessmentCase, terms: EditionTerms) -> list[AssessmentStep]:
    steps: list[AssessmentStep] = []
    amount = case.contract_amount
    for rung in _BY_TIER if terms.method == "tier" else _BY_RATE:
        steps.append(rung(case, terms, amount))
        amount = steps[-1].amount_out
    return steps


def _base(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    base = case.declared
    if case.unrelated_amount:
        text = f"合同 {say_money(amount)}，扣除与这项应用无关的 {say_money(case.unrelated_amount)}"
    else:
        text = f"合同 {say_money(amount)}，全部用于这项应用"
    return AssessmentStep("base", ("S19/5.3.6",), "申报合同额", amount, base, text)


def _eligible_base(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    """2018: only the eligible cost lines count; without lines everything declared does."""
    kinds = {kind.kind: kind for kind in terms.eligible_costs}
    barred = [line for line in case.cost_lines if line.kind not in kinds or not kinds[line.kind].eligible]
    counted = sum((line.amount for line in case.cost_lines if line not in barred), ZERO)
    base = min(counted, case.declared) if case.cost_lines else case.declared
    text = f"合同 {say_money(amount)}，可计入的上云费用 {say_money(base)}"
    if barred:
        names = "、".join(dict.fromkeys(kinds[line.kind].title if line.kind in kinds else line.kind for line in barred))
        text += f"；{names}不计入"
    return AssessmentStep("base", (terms.clause("eligible_costs"),), "上云费用", amount, base, text)


def _rate(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    rate = terms.rate_for(case.product_class, case.city, case.pilot)
    if rate is None:
        raise LookupError("no rate fits; check_case lets no such case pass")
    if rate.pilot:
        why = "属产业集群试点"
    elif rate.region:
        region = terms.region_of(case.city)
        why = f"{terms.city_name(case.city)}属{region.title if region else ''}"
    else:
        why = f"{rate.product_class} 类应用" if rate.product_class else "各类应用一样"
    text = f"{why}，按 {say_share(rate.share)} 计算"
    return AssessmentStep(
        "rate", (rate.clause,), f"乘奖补比例 {say_share(rate.share)}", amount, amount * rate.share, text
    )


def _tier(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    tier = terms.tier_for(case.revenue)
    if tier is None:
        raise LookupError("no tier fits; check_case lets no such case pass")
    text = f"{tier.title}企业，第 {case.item.number} 项定额 {say_money(tier.items[case.item.number])}"
    if terms.tiers_are_sample:
        text += "（档位表是样例）"
    return AssessmentStep(
        "tier", (terms.clause("tiers"),), "按企业规模定额", amount, tier.items[case.item.number], text
    )


def _item_cap(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    cap = case.item.cap
    text = f"“{case.item.name}”每张券最高 {say_money(cap)}，{_compared(amount, cap)}"
    return AssessmentStep("item_cap", ("S19/4.4.2", case.item.clause), "不超过目录上限", amount, min(amount, cap), text)


def _devices(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    clauses, title, per_device = ("S19/annex.note2", case.item.clause), "设备台数金额", case.item.per_device
    if per_device is None:
        return AssessmentStep(
            "devices", ("S19/annex.note2",), title, amount, amount, "这一项不按台数计算", skipped=True
        )
    if case.devices is None:
        need = devices_needed(amount, per_device)
        text = f"没有填台数。每台 {say_money(per_device)}，兑现这个金额至少要接入 {need} 台"
        return AssessmentStep("devices", clauses, title, amount, amount, text, skipped=True)
    ceiling = device_ceiling(per_device, case.devices)
    text = f"{case.devices} 台，每台 {say_money(per_device)}，共 {say_money(ceiling)}，{_compared(amount, ceiling)}"
    return AssessmentStep("devices", clauses, title, amount, min(amount, ceiling), text)


def _contract(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    clause = "T18/4.4.3" if terms.method == "tier" else "S19/4.4.2"
    base = case.declared
    if terms.method == "tier":
        base = _eligible_base(case, terms, case.contract_amount).amount_out
    text = f"{'上云费用' if terms.method == 'tier' else '申报合同额'} {say_money(base)}，{_compared(amount, base)}"
    return AssessmentStep("contract", (clause,), "不超过合同额", amount, min(amount, base), text)


def _left(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    span = "年" if terms.cap_span == "year" else "期"
    clauses: tuple[str, ...] = (terms.clause("enterprise_cap"), _order_clause(terms))
    title = f"不超过企业本{span}余额"
    ceiling = enterprise_ceiling(case, terms)
    left = left_of(ceiling, case)
    if ceiling is None or left is None:
        return AssessmentStep(
            "left", clauses[:1], title, amount, amount, f"没有规定每家企业每{span}的上限", skipped=True
        )
    if case.enterprise_cap is not None and ceiling != terms.enterprise_cap:
        clauses = (terms.clause("pilot_enterprise_cap_max"), *clauses)
    used = f"已用 {say_money(case.cap_used)}，还剩 {say_money(left)}"
    text = f"本企业每{span}最高 {say_money(ceiling)}，{used}，{_compared(amount, left)}"
    return AssessmentStep("left", tuple(dict.fromkeys(clauses)), title, amount, min(amount, left), text)


def _rounding(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> AssessmentStep:
    rounded = round_down(amount, terms)
    text = "没有尾数，金额不变" if rounded == amount else "不足一分的部分舍去"
    return AssessmentStep("rounding", (terms.clause("amount_places"),), "向下取到分", amount, rounded, text)


def _bonus_step(case: AssessmentCase, terms: EditionTerms, amount: Decimal, bonus: Decimal) -> list[AssessmentStep]:
    """Present only when claimed: a line of its own, so the voucher's amount passes this rung as it is."""
    if not case.bonus:
        return []
    clauses, title = (terms.clause("bonus_amount"),), "贯标奖励（另列，不改券额）"
    if terms.bonus_amount is None:
        return [AssessmentStep("bonus", clauses, title, amount, amount, "本年度没有这项奖励", skipped=True)]
    if not bonus:
        text = "这张券没有可以奖补的金额，或者企业上限已经用完，奖励也不能领"
        return [AssessmentStep("bonus", clauses, title, amount, amount, text, skipped=True)]
    counted = "计入" if terms.bonus_in_cap else "不计入"
    text = f"通过两化融合贯标且没有拿过省贯标奖补，另外一次性奖 {say_money(bonus)}，单独列一行，{counted}企业上限"
    return [AssessmentStep("bonus", clauses, title, amount, amount, text)]


_BY_RATE = (_base, _rate, _item_cap, _devices, _contract, _left, _rounding)
_BY_TIER = (_eligible_base, _tier, _contract, _left, _rounding)


_SHARES, _CEILINGS = frozenset(("rate", "tier")), frozenset(("item_cap", "devices", "contract", "left"))


def _compared(amount: Decimal, ceiling: Decimal) -> str:
    return "没有超过" if amount <= ceiling else "超过的部分不补"


def _order_clause(terms: EditionTerms) -> str:
    return "T18/4.4.2" if terms.method == "tier" else "S19/4.4.3"


def _decisive_marked(steps: list[AssessmentStep]) -> list[AssessmentStep]:
    """The last ceiling that cut the amount decides; where none did, the rate or the tier itself."""
    deciding = next(place for place, step in enumerate(steps) if step.key in _SHARES)
    for place, step in enumerate(steps):
        if step.key in _CEILINGS and step.amount_out < step.amount_in:
            deciding = place
    steps[deciding] = steps[deciding]._replace(binds=True)
    return steps


def _nothing_left(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> list[Finding]:
    if amount > ZERO:
        return []
    if remaining(case, terms) == ZERO:
        span = "年" if terms.cap_span == "year" else "期"
        return [
            Finding(
                "cap.exhausted",
                terms.clause("enterprise_cap"),
                f"本企业本{span}的奖补已用 {say_money(case.cap_used)}，没有余额了。",
                f"下一{span}再申请；有申请撤回或没有通过的，余额会恢复。",
                "cap_used",
                title=f"本{span}上限已用完",
            )
        ]
    return [
        Finding(
            "amount.below_cent",
            terms.clause("amount_places"),
            "算下来不足一分。",
            "请核对合同金额。",
            "contract_amount",
            title="没有可以奖补的金额",
        )
    ]


def assessment_to_json(assessment: Assessment) -> dict[str, Any]:
    """The form that is frozen on a voucher, shown by the ladder and answered by the API; amounts as text."""
    return {
        "amount": plain(assessment.amount),
        "bonus": plain(assessment.bonus),
        "steps": [_step_to_json(step) for step in assessment.steps],
        "findings": [finding.as_dict() for finding in assessment.findings],
    }


def answer_to_json(assessment: Assessment) -> dict[str, Any]:
    """What interface and command answer, the same for both; amounts as text in yuan.

    Each step's `in` is the `out` of the one before, the last `out` is the amount. `clause`: the first of the step's.
    """
    return {
        "amount": plain(assessment.amount),
        "bonus": plain(assessment.bonus),
        "steps": [
            {"clause": step.clauses[0], "in": plain(step.amount_in), "out": plain(step.amount_out), "text": step.text}
            for step in assessment.steps
        ],
        "findings": [
            {"clause": finding.clause, "reason": finding.reason, "remedy": finding.remedy}
            for finding in assessment.findings
        ],
    }


def assessment_from_json(data: Mapping[str, Any]) -> Assessment:
    return Assessment(
        amount=Decimal(data["amount"]),
        bonus=Decimal(data["bonus"]),
        steps=tuple(_step_from_json(step) for step in data["steps"]),
        findings=tuple(Finding(**finding) for finding in data["findings"]),
    )


def _step_to_json(step: AssessmentStep) -> dict[str, Any]:
    return {
        "key": step.key,
        "clause": step.clause,
        "title": step.title,
        "amount_in": plain(step.amount_in),
        "amount_out": plain(step.amount_out),
        "text": step.text,
        "binds": step.binds,
        "skip": step.skipped,
    }


def _step_from_json(data: Mapping[str, Any]) -> AssessmentStep:
    return AssessmentStep(
        key=data["key"],
        clauses=tuple(data["clause"].split(",")),
        title=data["title"],
        amount_in=Decimal(data["amount_in"]),
        amount_out=Decimal(data["amount_out"]),
        text=data["text"],
        binds=data["binds"],
        skipped=data["skip"],
    )
