"""Payloads are deleted by date; receipts and activity days stay."""

from datetime import datetime, timedelta

from monitoring.models import Batch
from platform_site.accounts.queries import day_of

KEPT_DAYS = 400  # a period, its settlement and the spot checks after it


def expire_payloads(*, at: datetime) -> int:
    """Delete counted payloads that are older; one not counted is never deleted. Returns how many."""
    limit = day_of(at) - timedelta(days=KEPT_DAYS)
    deleted, _ = Batch.objects.filter(received_on__lt=limit, folded_at__isnull=False).delete()
    return deleted
