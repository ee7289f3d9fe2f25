"""Reads of monitoring. Lists that a person sees begin at `…_visible_to(actor)`."""

from monitoring.queries.adoption import (
    Judged,
    VerdictView,
    assessed,
    doubts_of,
    heat_map,
    verdict_of,
    verdict_view,
)
from monitoring.queries.feeds import deliveries_visible_to, watch_list
from monitoring.queries.health import SourceHealth, health_of, recent_receipts, rejections_of
from monitoring.queries.pulls import PullHealth, pull_of, sources_to_pull
from monitoring.queries.schemes import terms_for, terms_of
from monitoring.queries.sources import (
    device_counts,
    devices_of,
    devices_taken,
    key_of,
    keys_of,
    keys_of_operator,
    source_ids_of,
    source_of,
    sources_to_fold,
    sources_visible_to,
    vouchers_to_judge,
    waits_for_verdict,
)

__all__ = [
    "Judged",
    "PullHealth",
    "SourceHealth",
    "VerdictView",
    "assessed",
    "deliveries_visible_to",
    "device_counts",
    "devices_of",
    "devices_taken",
    "doubts_of",
    "health_of",
    "heat_map",
    "key_of",
    "keys_of",
    "keys_of_operator",
    "pull_of",
    "recent_receipts",
    "rejections_of",
    "source_ids_of",
    "source_of",
    "sources_to_fold",
    "sources_to_pull",
    "sources_visible_to",
    "terms_for",
    "terms_of",
    "verdict_of",
    "verdict_view",
    "vouchers_to_judge",
    "waits_for_verdict",
    "watch_list",
]
