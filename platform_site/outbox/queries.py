"""Reading the outbox."""

from datetime import datetime

from platform_site.outbox.models import Job


def open_jobs() -> int:
    """How many jobs are not done."""
    return Job.objects.filter(done_at=None).count()


def oldest_open(at: datetime) -> float:
    """Age of the oldest open job, seconds; 0 when nothing is open."""
    first = Job.objects.filter(done_at=None).order_by("id").values_list("created_at", flat=True).first()
    return max((at - first).total_seconds(), 0.0) if first else 0.0
