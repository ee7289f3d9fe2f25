"""What is wrong with a claim, all at once, and what it pays."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from catalog.rules.assessment import Assessment, AssessmentStep
from catalog.rules.wording import say_money, say_share
from platform_site.kit.findings import Finding
from settlement.rules import delivery_checks, money_checks, paper_checks
from settlement.rules.claim import ClaimCase, ClaimTerms
from settlement.rules.matching import matching_amount

ZERO = Decimal("0.00")
Check = Callable[[ClaimCase, ClaimTerms], Iterator[Finding]]


_CHECKS: tuple[Check, ...] = (*money_checks.CHECKS, *paper_checks.CHECKS, *delivery_checks.CHECKS)


def check_claim(case: ClaimCase, terms: ClaimTerms) -> list[Finding]:
    """Every finding: "bad" stops the claim, "warn" is for the reviewer's eye, "ok" is the reviewer's checklist."""
    return [finding for check in _CHECKS for finding in check(case, terms)]


def bad(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == "bad"]


def payable(case: ClaimCase, terms: ClaimTerms) -> Assessment:
    """The amount of a claim that passed: the claim within the voucher; bonus and matching are lines of their own."""
    steps = [
        AssessmentStep("voucher", ("D/3",), "券面金额", ZERO, case.voucher_amount, "发券时确定，之后不再增加"),
        _claim_step(case),
    ]
    if terms.capped_by_contract:
        steps.append(_contract_step(case, terms, steps[-1].amount_out))
    amount = steps[-1].amount_out
    deciding = next((step for step in reversed(steps) if step.amount_out < step.amount_in), steps[0])
    marked = [step._replace(binds=step is deciding) for step in steps]
    bonus = terms.bonus_amount if case.bonus_claimed and terms.bonus_amount is not None else ZERO
    return Assessment(amount, bonus, (*marked, *_bonus_step(case, terms, bonus), *_matching_step(case, terms, amount)))


def matching_of(case: ClaimCase, terms: ClaimTerms) -> Decimal:
    """The city's own money for a claim that passed (T18/4.4.5)."""
    return matching_amount(payable(case, terms).amount, case.declared, terms.matching_rate)


# ---- steps -----------------------------------------------------------------------------------------------------------


def _claim_step(case: ClaimCase) -> AssessmentStep:
    lowered = case.claimed < case.voucher_amount
    text = f"企业申请 {say_money(case.claimed)}" + ("，低于券面，按申请兑现" if lowered else "，与券面相同")
    return AssessmentStep(
        "claim", ("D/3",), "申请金额", case.voucher_amount, min(case.claimed, case.voucher_amount), text
    )


def _contract_step(case: ClaimCase, terms: ClaimTerms, amount: Decimal) -> AssessmentStep:
    text = f"申报合同额 {say_money(case.declared)}"
    return AssessmentStep(
        "contract", (terms.clause("contract"),), "不超过合同额", amount, min(amount, case.declared), text
    )


def _bonus_step(case: ClaimCase, terms: ClaimTerms, bonus: Decimal) -> list[AssessmentStep]:
    if not case.bonus_claimed:
        return []
    text = f"通过两化融合贯标且没有拿过省贯标奖补，一次性 {say_money(bonus)}，单独列出"
    return [AssessmentStep("bonus", (terms.clause("bonus_amount"),), "两化融合奖补（另列）", ZERO, bonus, text)]


def _matching_step(case: ClaimCase, terms: ClaimTerms, amount: Decimal) -> list[AssessmentStep]:
    if terms.matching_rate is None:
        return []
    own = matching_amount(amount, case.declared, terms.matching_rate)
    text = f"本市另配 {say_share(terms.matching_rate)}，{say_money(own)}，单独列出；券额加配套不超过合同额"
    return [AssessmentStep("matching", (terms.clause("city_matching"),), "市级配套（另列）", ZERO, own, text)]
