"""The enterprise sees whether its use suffices."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from monitoring.queries import source_of, verdict_view
from monitoring.queries.sources import monitored_voucher
from platform_site.kit import clock
from vouchers.models import Voucher


@require_safe
def adoption(request: HttpRequest, number: str) -> HttpResponse:
    """Verdict, what is missing, heat map. A foreign voucher is 404."""
    try:
        voucher = monitored_voucher(request.actor, number)  # type: ignore[attr-defined]
    except Voucher.DoesNotExist as missing:
        raise Http404 from missing
    view = verdict_view(voucher, clock.now())
    return render(request, "enterprise/adoption.html", {"voucher": voucher, "view": view, "source": source_of(voucher)})
