"""The log: one JSON line per request, job and event, for people's tools. Never with the values of local variables."""

from typing import Any

import structlog

_STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]
# Locals may hold passwords and bank accounts.
_TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))
_JSON = {
    "()": structlog.stdlib.ProcessorFormatter,
    "foreign_pre_chain": _STEPS,
    "processors": [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        _TRACEBACKS,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
}


def json_logging(level: str) -> dict[str, Any]:
    """Django's LOGGING; structlog is told to hand its events to it."""
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_STEPS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": _JSON},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},  # django-structlog writes one line per request
            "django.db.backends": {"level": "INFO"},  # SQL carries people's data
            "fontTools": {"level": "ERROR"},
            "weasyprint": {"level": "ERROR"},
        },
    }
