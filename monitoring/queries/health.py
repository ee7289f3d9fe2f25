"""How sources are doing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q, Sum

from monitoring.enums import Health, SourceState
from monitoring.models import BatchReceipt, Source
from monitoring.rules.wire import words_of

LATE_AFTER = timedelta(hours=6)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Figures of the last 24 hours beside the last batch ever. lag None: nothing came yet."""

    source: Source
    health: Health
    last_at: datetime | None
    lag: timedelta | None
    batches: int
    records: int
    rejected: int
    known: int

    @property
    def rejected_share(self) -> float:
        return self.rejected / self.records if self.records else 0.0

    @property
    def lag_words(self) -> str:
        if self.lag is None:
            return ""
        hours, rest = divmod(int(self.lag.total_seconds()), 3600)
        return f"{hours // 24} 天" if hours >= 48 else f"{hours} 小时" if hours else f"{rest // 60} 分钟"


def health_of(sources: Iterable[Source], at: datetime) -> list[SourceHealth]:
    """In the order given, with one query for all."""
    sources = list(sources)
    recent = Q(received_at__gt=at - DAY)
    found = {
        row["source"]: row
        for row in BatchReceipt.objects.filter(source__in=sources)
        .values("source")
        .annotate(
            last_at=Max("received_at"),
            batches=Count("pk", filter=recent),
            received=Sum("records", filter=recent, default=0),
            refused=Sum("rejected", filter=recent, default=0),
            again=Sum("known", filter=recent, default=0),
        )
    }
    return [_health(source, found.get(source.pk), at) for source in sources]


def recent_receipts(source: Source, limit: int = 20) -> list[BatchReceipt]:
    """Newest first, repeats included."""
    return list(source.receipts.order_by("-received_at", "-pk")[:limit])


def rejections_of(source: Source, at: datetime, limit: int = 20) -> list[dict[str, Any]]:
    """Rejected records of the last 7 days by batch, with reason and remedy in words."""
    receipts = source.receipts.filter(received_at__gt=at - 7 * DAY, rejected__gt=0).order_by("-received_at")[:limit]
    rows = [{**row, "batch_id": receipt.batch_id} for receipt in receipts for row in receipt.rejections]
    return [{**row, **_words(row["code"])} for row in rows[:limit]]


def _words(code: str) -> dict[str, str]:
    reason, remedy = words_of(code)
    return {"reason": reason, "remedy": remedy}


def _health(source: Source, row: Mapping[str, Any] | None, at: datetime) -> SourceHealth:
    last_at = row["last_at"] if row else None
    lag = at - last_at if last_at else None
    return SourceHealth(
        source=source,
        health=_word(source, lag, row),
        last_at=last_at,
        lag=lag,
        batches=row["batches"] if row else 0,
        records=row["received"] if row else 0,
        rejected=row["refused"] if row else 0,
        known=row["again"] if row else 0,
    )


def _word(source: Source, lag: timedelta | None, row: Mapping[str, Any] | None) -> Health:
    if source.state == SourceState.CLOSED:
        return Health.CLOSED
    if lag is None:
        return Health.WAITING
    if lag > LATE_AFTER:
        return Health.LATE
    return Health.REJECTING if row and row["refused"] else Health.GOOD
