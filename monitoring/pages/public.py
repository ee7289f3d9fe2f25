"""The protocol for whoever connects, readable without signing in: one text, one client, one curl example."""

from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_safe

from monitoring.connectors import telemetry_client
from monitoring.enums import REJECT_WORDS
from monitoring.rules import wire
from monitoring.rules.pull_page import PAGE_RECORDS
from monitoring.rules.signature import SKEW_SECONDS

CLIENT = Path(telemetry_client.__file__)
CURL = CLIENT.with_name("telemetry_curl.sh")


@require_safe
def telemetry_protocol(request: HttpRequest) -> HttpResponse:
    """How to connect and send. The code shown is the code that the tests run."""
    context = {
        "site": request.build_absolute_uri("/").rstrip("/"),
        "skew": SKEW_SECONDS,
        "max_body": wire.MAX_BODY // 1024 // 1024,
        "max_unpacked": wire.MAX_UNPACKED // 1024 // 1024,
        "max_records": wire.MAX_RECORDS,
        "page_records": PAGE_RECORDS,
        "rejects": [{"code": str(code), "reason": why, "remedy": fix} for code, (why, fix) in REJECT_WORDS.items()],
        "client": CLIENT.read_text(encoding="utf-8"),
        "curl": CURL.read_text(encoding="utf-8"),
    }
    return render(request, "public/telemetry_protocol.html", context)


@require_GET
def telemetry_client_file(request: HttpRequest) -> FileResponse:
    """The example client as a download."""
    return FileResponse(CLIENT.open("rb"), as_attachment=True, filename=CLIENT.name, content_type="text/x-python")
