"""Is the platform well? For load balancers, compose files and the operator."""

import hmac

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from platform_site.kit import clock
from platform_site.outbox.queries import oldest_open, open_jobs
from vouchers.queries import decisions_lag_seconds


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer; figures of the queue and the outbox beside it. 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        figures = {
            "outbox_open": open_jobs(),
            "outbox_oldest_seconds": round(oldest_open(clock.now()), 1),
            "allocator_lag_seconds": round(decisions_lag_seconds(clock.now()), 3),
        }
    except DatabaseError as error:
        return JsonResponse({"status": "down", "database": type(error).__name__}, status=503)
    cache.set("health", "well", 5)
    return JsonResponse({"status": "up", **figures})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics for the holder of METRICS_TOKEN; without a token set there is no such page."""
    expected = getattr(settings, "METRICS_TOKEN", "")
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not expected or not hmac.compare_digest(expected, given):
        raise Http404
    return ExportToDjangoView(request)
