"""The whole line of a voucher, for everyone who may see it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from monitoring.queries import verdict_view
from platform_site.accounts.enums import Role
from platform_site.kit import clock
from platform_site.portals.queries.line import voucher_line
from platform_site.portals.queries.search import found_by
from settlement.queries.evidence_bundle import bundles_visible_to
from vouchers.models import Voucher


@require_safe
def voucher(request: HttpRequest, number: str) -> HttpResponse:
    """Where it stands, whose turn, until when, why; amount, adoption, papers and record. Foreign vouchers are 404."""
    at = clock.now()
    try:
        line = voucher_line(request.actor, number, at)  # type: ignore[attr-defined]
    except Voucher.DoesNotExist as missing:
        raise Http404 from missing
    adoption = verdict_view(line.voucher, at) if line.redemption else None
    bundled = request.actor.has(Role.AUDITOR)  # type: ignore[attr-defined]
    context = {"line": line, "adoption": adoption, "bundled": bundled, "bundle": None}
    if bundled:
        context["bundle"] = bundles_visible_to(request.actor).filter(voucher=line.voucher).first()  # type: ignore[attr-defined]
    return render(request, "portals/voucher.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """By application, receipt or redemption number, enterprise or USCC; one hit opens at once."""
    wanted = request.GET.get("q", "").strip()
    hits = found_by(request.actor, wanted)  # type: ignore[attr-defined]
    if len(hits) == 1 and wanted:
        return redirect(reverse("portals:voucher", args=[hits[0].number]))
    return render(request, "portals/search.html", {"q": wanted, "hits": hits})
