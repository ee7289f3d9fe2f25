"""Reads of settlement; lists and lookups of the edges begin at `…_visible_to(actor)`."""

from settlement.queries.batches import batches_visible_to, lines_of_batch, paid_of_batch, sum_of_batch
from settlement.queries.claim import Claim, InvoiceRow, PaymentRow, claim_case, claim_terms
from settlement.queries.lists import (
    lines_of,
    newest_version,
    notice_lists_visible_to,
    objections_visible_to,
    published_lists,
    published_version,
    published_versions,
    verify_version,
)
from settlement.queries.redemptions import redeemable_vouchers, redemption_of, redemptions_visible_to

__all__ = [
    "Claim",
    "InvoiceRow",
    "PaymentRow",
    "batches_visible_to",
    "claim_case",
    "claim_terms",
    "lines_of",
    "lines_of_batch",
    "newest_version",
    "notice_lists_visible_to",
    "objections_visible_to",
    "paid_of_batch",
    "published_lists",
    "published_version",
    "published_versions",
    "redeemable_vouchers",
    "redemption_of",
    "redemptions_visible_to",
    "sum_of_batch",
    "verify_version",
]
