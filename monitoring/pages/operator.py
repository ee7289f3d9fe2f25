"""The telecom operators' desk: deliver connection records, see what was wrong, take the list of devices to watch."""

import csv
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from monitoring.connectors.operator_feed import COLUMNS
from monitoring.domain import deliver_feed, rotate_operator_key
from monitoring.forms import FeedForm
from monitoring.models import FeedDelivery
from monitoring.queries import deliveries_visible_to, keys_of_operator, watch_list
from platform_site.accounts.queries import organisations_visible_to
from platform_site.kit import clock
from platform_site.kit.findings import Refusal

SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """Upload a file; below, what was delivered before."""
    if request.method != "POST":
        return _page(request, FeedForm())
    form = FeedForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    upload = form.cleaned_data["file"]
    try:
        delivery = deliver_feed(
            organisation=_organisation(request),
            name=upload.name,
            content=upload.read(),
            by=_actor(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _page(request, form, status=422)
    return redirect("operator:feed_delivery", delivery.pk)


@require_safe
def feed_delivery(request: HttpRequest, delivery_id: int) -> HttpResponse:
    """One delivery with an error per row."""
    delivery = deliveries_visible_to(_actor(request)).filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404
    return render(request, "operator/feed_delivery.html", {"delivery": delivery})


@require_GET
def feed_watch_list(request: HttpRequest) -> HttpResponse:
    """The devices to watch as CSV, in the columns that are delivered back."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="watch-list.csv"'
    table = csv.writer(response)
    table.writerow(COLUMNS)
    for device in watch_list(_actor(request)).iterator():
        table.writerow([device.voucher.number, device.device_id, "", "", device.address or ""])
    return response


@never_cache
@require_POST
def feed_key(request: HttpRequest) -> HttpResponse:
    """A new key for the operator's own system, shown this once."""
    organisation, form_key = _organisation(request), request.POST.get("idempotency_key", "")
    try:
        issued = rotate_operator_key(organisation=organisation, by=_actor(request), at=clock.now(), key=form_key)
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
        issued = None
    if issued is None:
        return redirect("operator:feed")
    return render(request, "operator/feed_key.html", {"issued": issued})


def _page(request: HttpRequest, form: FeedForm, status: int = 200) -> HttpResponse:
    actor = _actor(request)
    deliveries: list[FeedDelivery] = list(deliveries_visible_to(actor)[:SHOWN])
    context = {
        "form": form,
        "deliveries": deliveries,
        "watched": watch_list(actor).count(),
        "keys": keys_of_operator(actor.organisation_id),
        "columns": COLUMNS,
    }
    return render(request, "operator/feed.html", context, status=status)


def _organisation(request: HttpRequest) -> Any:
    return organisations_visible_to(_actor(request)).get(pk=_actor(request).organisation_id)


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]
