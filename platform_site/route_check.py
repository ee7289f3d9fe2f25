"""Every route says who may come in: an undeclared one fails the start-up check (guard 10)."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import URLPattern, URLResolver, get_resolver

from platform_site.kit.routes import Declaration


def all_routes(
    resolver: URLResolver | None = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """(path pattern, full name, view) of every route, third-party ones included."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from all_routes(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            yield pattern, f"{space}{entry.name or ''}", entry.callback


def declaration_of(view: Any) -> Declaration | None:
    """What the route declared, or None."""
    return getattr(view, "declaration", None)


def check_routes(**_: Any) -> list[CheckMessage]:
    """One error per route without a declaration."""
    return [
        Error(
            f"route {pattern!r} ({name}) declares no roles",
            hint="make it with platform_site.kit.routes.route",
            id="platform.E001",
        )
        for pattern, name, view in all_routes()
        if declaration_of(view) is None
    ]
