"""Ceilings: the item's cap, the enterprise's own cap, and rounding down."""

from decimal import ROUND_DOWN, Decimal

from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.terms import EditionTerms


def enterprise_ceiling(case: AssessmentCase, terms: EditionTerms) -> Decimal | None:
    """What the enterprise may get in all: its own figure, at most the pilots' maximum (S19/5.6.21), else the edition's;
    in 2018 its size tier's total (T18/4.4.2). None: no ceiling is set."""
    if terms.method == "tier":
        tier = terms.tier_for(case.revenue)
        return tier.total if tier else None
    if case.enterprise_cap is None:
        return terms.enterprise_cap
    highest = terms.pilot_enterprise_cap_max
    return case.enterprise_cap if highest is None else min(case.enterprise_cap, highest)


def remaining(case: AssessmentCase, terms: EditionTerms) -> Decimal | None:
    """What is left of the ceiling after earlier vouchers (S19/4.4.3), never below zero. None: no ceiling."""
    return left_of(enterprise_ceiling(case, terms), case)


def left_of(ceiling: Decimal | None, case: AssessmentCase) -> Decimal | None:
    return None if ceiling is None else max(ceiling - case.cap_used, ZERO)


def round_down(amount: Decimal, terms: EditionTerms) -> Decimal:
    """Cut to the edition's places (D/2)."""
    return amount.quantize(terms.smallest, rounding=ROUND_DOWN)


def bonus_amount(case: AssessmentCase, terms: EditionTerms, amount: Decimal) -> Decimal:
    """The one-off bonus (S19/4.4.5), a line of its own; cut to what is left only where the edition counts it in."""
    if not case.bonus or terms.bonus_amount is None or amount <= ZERO:
        return ZERO
    left = remaining(case, terms)
    if not terms.bonus_in_cap or left is None:
        return terms.bonus_amount
    return min(terms.bonus_amount, max(left - amount, ZERO))
