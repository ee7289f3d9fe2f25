"""Reading the audit."""

from platform_site.audit.queries.entries import entries_visible_to, search_entries, trail_of
from platform_site.audit.queries.evidence_archive import archive_damages
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
from platform_site.audit.queries.verify import Damage, Report, manifest_signature, verify_chain

__all__ = [
    "Damage",
    "Proof",
    "Report",
    "archive_damages",
    "entries_visible_to",
    "latest_checks",
    "latest_seals",
    "manifest_signature",
    "newest_seal",
    "proof_of",
    "seal_of",
    "seals_before",
    "seals_of_chain",
    "search_entries",
    "trail_of",
    "verify_chain",
]
