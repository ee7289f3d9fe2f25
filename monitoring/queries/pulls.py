"""Reading how the fetching of logs goes."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from monitoring.enums import BREAKERS, Breaker, SourceKind, SourceState
from monitoring.models import Pull, Source
from monitoring.rules.pull_address import Network, networks_of
from monitoring.rules.pull_pace import breaker


@dataclass(frozen=True, slots=True)
class PullHealth:
    """What the supplier is shown. last_at None: never answered yet; last_code "": the last answer was good."""

    address: str
    cursor: str
    breaker: Breaker
    due_at: datetime
    failures: int
    last_at: datetime | None
    last_code: str
    last_words: str
    last_records: int

    @property
    def breaker_label(self) -> str:
        return dict(BREAKERS)[self.breaker]


def pull_of(source: Source, at: datetime) -> PullHealth | None:
    """None: the source has no endpoint. It stays readable when the source went back to sending."""
    row = Pull.objects.filter(source=source).first()
    if row is None:
        return None
    return PullHealth(
        address=row.address,
        cursor=row.cursor,
        breaker=breaker(row.failures, row.due_at, at),
        due_at=row.due_at,
        failures=row.failures,
        last_at=row.last_at,
        last_code=row.last_code,
        last_words=row.last_words,
        last_records=row.last_records,
    )


def sources_to_pull(at: datetime) -> list[int]:
    """Ids of sources whose endpoint is due, longest waiting first."""
    due = Pull.objects.filter(source__kind=SourceKind.SUPPLIER_PULL, due_at__lte=at)
    return list(due.exclude(source__state=SourceState.CLOSED).order_by("due_at").values_list("source_id", flat=True))


def networks_allowed() -> tuple[Network, ...]:
    """Inside networks that the platform's operator lets it ask."""
    return networks_of(settings.PULL_PRIVATE_NETWORKS)
