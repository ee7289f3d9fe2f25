"""May it happen now: what stands between a draft and its publication."""

from catalog.policies.editions import (
    check_catalog,
    check_complete,
    check_effective,
    check_item_clause,
    check_parameters,
)
from catalog.policies.periods import (
    check_apply_window,
    check_closable,
    check_notice_days,
    check_own_values,
    check_period_order,
    check_publishable,
    check_redemption_window,
    check_signer,
)
from catalog.policies.two_people import check_reason, check_second_person

__all__ = [
    "check_apply_window",
    "check_catalog",
    "check_closable",
    "check_complete",
    "check_effective",
    "check_item_clause",
    "check_notice_days",
    "check_own_values",
    "check_parameters",
    "check_period_order",
    "check_publishable",
    "check_reason",
    "check_redemption_window",
    "check_second_person",
    "check_signer",
]
