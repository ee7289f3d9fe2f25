"""Reading the audit."""

from platform_site.audit.queries.entries import entries_visible_to, search_entries, trail_of
from platform_site.audit.queries.seals import (
    Proof,
    latest_checks,
    latest_seals,
    newest_seal,
    proof_of,
    seal_of,
    seals_before,
    seals_of_chain,
)
from platform_site.audit.queries.verify import Damage, Report, verify_chain

__all__ = [
    "Damage",
    "Proof",
    "Report",
    "entries_visible_to",
    "latest_checks",
    "latest_seals",
    "newest_seal",
    "proof_of",
    "seal_of",
    "seals_before",
    "seals_of_chain",
    "search_entries",
    "trail_of",
    "verify_chain",
]
