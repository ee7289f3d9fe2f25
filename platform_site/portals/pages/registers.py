"""Registers for those who look at everything."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platform_site.accounts.queries import cities
from platform_site.kit.page_keys import key_from
from vouchers.enums import VoucherState
from vouchers.queries import vouchers_visible_to

PAGE = 50


@require_safe
def vouchers(request: HttpRequest) -> HttpResponse:
    """All vouchers, newest first; filters `q`, `state`, `city` and the key `before` stand in the URL."""
    rows = vouchers_visible_to(request.actor).select_related("enterprise", "product", "supplier", "city")  # type: ignore[attr-defined]
    chosen = {key: request.GET.get(key, "").strip() for key in ("q", "state", "city", "before")}
    if chosen["q"]:
        rows = rows.filter(contract__search_text__contains=chosen["q"].lower())
    if chosen["state"] in VoucherState.values:
        rows = rows.filter(state=chosen["state"])
    if key_from(chosen["city"]):
        rows = rows.filter(city_id=chosen["city"])
    if before := key_from(chosen["before"]):
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return render(
        request,
        "portals/vouchers.html",
        {
            "vouchers": found[:PAGE],
            "chosen": chosen,
            "states": VoucherState.choices,
            "cities": cities(),
            "next_before": found[PAGE - 1].pk if len(found) > PAGE else None,
        },
    )
