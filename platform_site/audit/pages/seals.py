"""The seals: roots for everybody, checks for the auditor."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from platform_site.audit.queries import latest_checks, latest_seals, seals_before
from platform_site.kit.page_keys import key_from

PAGE = 50


@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    """Newest first; `?format=json` for machines that keep the heads on another host; `?before=` turns the page."""
    if request.GET.get("format") == "json":
        return JsonResponse({"heads": {str(seal.number): seal.head for seal in latest_seals(1_000)}})
    before = key_from(request.GET.get("before", ""))
    found = seals_before(before, PAGE + 1)
    context = {"seals": found[:PAGE], "next_before": found[PAGE - 1].number if len(found) > PAGE else None}
    return render(request, "audit/seals.html", context)


@require_safe
def seals_checked(request: HttpRequest) -> HttpResponse:
    """The same for the auditor, with what the nightly checks found."""
    before = key_from(request.GET.get("before", ""))
    found = seals_before(before, PAGE + 1)
    context = {
        "seals": found[:PAGE],
        "next_before": found[PAGE - 1].number if len(found) > PAGE else None,
        "checks": latest_checks(10),
    }
    return render(request, "audit/seals_checked.html", context)
