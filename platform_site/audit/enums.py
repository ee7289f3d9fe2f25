"""Names of audit events in Chinese, from `fixtures/audit/events.yaml`; a test holds that every event has one."""

from functools import lru_cache
from pathlib import Path

from platform_site.kit.yaml_files import read_yaml

EVENTS = Path(__file__).resolve().parents[2] / "fixtures" / "audit" / "events.yaml"


@lru_cache(maxsize=1)
def event_names() -> dict[str, str]:
    return dict(read_yaml(EVENTS))


def event_name(event: str) -> str:
    """The event in Chinese, or its key where nobody named it."""
    return event_names().get(event, event)
