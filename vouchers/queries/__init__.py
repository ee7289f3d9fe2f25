"""Reads of the voucher floor. Everything a person sees starts at one of the `…_visible_to(actor)`."""

from vouchers.queries.enterprises import (
    enterprise_of,
    enterprises_visible_to,
    enterprises_with_voucher,
    reviewing_bureaus,
)
from vouchers.queries.ledger import allocator_lag, decisions_lag_seconds, ledger_differences
from vouchers.queries.life_line import LifeLine, life_line
from vouchers.queries.quota import (
    Outlook,
    QueuePosition,
    balances_visible_to,
    cap_used,
    outlook,
    queue_board,
    queue_position,
)
from vouchers.queries.surroundings import enterprise_cap, product_facts, surroundings
from vouchers.queries.vouchers import (
    drafts_visible_to,
    has_vouchers,
    prepared_visible_to,
    reviews_of,
    unredeemed_count,
    vouchers_visible_to,
)

__all__ = [
    "LifeLine",
    "Outlook",
    "QueuePosition",
    "allocator_lag",
    "balances_visible_to",
    "cap_used",
    "decisions_lag_seconds",
    "drafts_visible_to",
    "enterprise_cap",
    "enterprise_of",
    "enterprises_visible_to",
    "enterprises_with_voucher",
    "has_vouchers",
    "ledger_differences",
    "life_line",
    "outlook",
    "prepared_visible_to",
    "product_facts",
    "queue_board",
    "queue_position",
    "reviewing_bureaus",
    "reviews_of",
    "surroundings",
    "unredeemed_count",
    "vouchers_visible_to",
]
