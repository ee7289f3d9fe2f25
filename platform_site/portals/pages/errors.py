"""Error pages: what happened and where to go on."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg2.errors import LockNotAvailable

RETRY_AFTER = "5"  # seconds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """No context processors: they may be what failed. A lock waited for in vain is no error: 503, try again."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError) and isinstance(error.__cause__, LockNotAvailable):
        busy = render(None, "503.html", status=503)  # type: ignore[arg-type]
        busy["Retry-After"] = RETRY_AFTER
        return busy
    return render(None, "500.html", status=500)  # type: ignore[arg-type]
