"""Background work. The schedule is code: each app's `tasks` module names its own in a constant `SCHEDULE`.

`SCHEDULE = {"outbox sweep": {"task": "outbox.sweep", "schedule": 60.0}}` is enough to have a task called; two
schedulers running at once do no harm, since periodic jobs are keyed by job and period.
"""

import importlib.util
import os
from typing import Any

from celery import Celery, signals
from django.apps import apps
from django.conf import settings
from django.utils.module_loading import import_string
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "platform_site.settings")

app = Celery("platform")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


class ScheduledTwiceError(RuntimeError):
    """Two apps gave the same name to different jobs."""


def collect_schedule() -> dict[str, dict[str, Any]]:
    """The schedule of all apps together."""
    schedule: dict[str, dict[str, Any]] = {}
    for config in apps.get_app_configs():
        if importlib.util.find_spec(f"{config.name}.tasks") is None:
            continue
        own = getattr(importlib.import_module(f"{config.name}.tasks"), "SCHEDULE", {})
        if twice := schedule.keys() & own.keys():
            raise ScheduledTwiceError(f"{config.name}.tasks: {', '.join(sorted(twice))}")
        schedule |= own
    return schedule


@app.on_after_finalize.connect
def set_schedule(sender: Celery, **_: Any) -> None:
    sender.conf.beat_schedule = collect_schedule()


@signals.setup_logging.connect
def use_platform_log(**_: Any) -> None:
    """Keeps Celery from installing its own log format over LOGGING."""
    import_string(settings.LOGGING_CONFIG)(settings.LOGGING)
