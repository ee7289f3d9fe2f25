"""What cities add of their own money, per period (T18/4.4.5); off where the edition forbids it (S19/4.1.3)."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from catalog.rules.terms import EditionTerms
from platform_site.kit.findings import Finding

MATCHING = "city_matching_rates"


def check_matching(rates: Mapping[str, Any], terms: EditionTerms) -> list[Finding]:
    """`rates`: city code to a share of the voucher's amount, as text ("0.20")."""
    clause = terms.clause("city_matching")
    if rates and not terms.city_matching:
        return [
            Finding(
                "period.matching_off",
                clause,
                "这个政策版本没有市级配套，不能填配套比例。",
                "请去掉配套比例，或选有市级配套的政策版本。",
                MATCHING,
                title="没有市级配套",
            )
        ]
    cities = {code for region in terms.regions for code in region.cities} - terms.excluded_cities
    return [_bad(code, terms, clause) for code, share in rates.items() if code not in cities or not _is_share(share)]


def matching_shares(parameters: Mapping[str, Any]) -> dict[str, Decimal]:
    """The shares a period's own values hold; none when it says nothing."""
    return {code: Decimal(share) for code, share in parameters.get(MATCHING, {}).get("value", {}).items()}


def _is_share(value: Any) -> bool:
    try:
        return isinstance(value, str) and 0 < Decimal(value) <= 1
    except InvalidOperation:
        return False


def _bad(code: str, terms: EditionTerms, clause: str) -> Finding:
    return Finding(
        "period.matching_bad",
        clause,
        f"{terms.city_name(code)}的配套比例要大于 0、不超过 100%，而且只能是参加本期的城市。",
        "请改成券额的百分之几，例如 20；不配套就不填。",
        f"matching_{code}",
        title="配套比例有误",
    )
