"""Province and cities write announcements and take them down; the same pages under both portals."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.page_keys import key_from
from platform_site.notices.domain import announce, withdraw_announcement
from platform_site.notices.forms import AnnouncementForm, WithdrawalForm
from platform_site.notices.permissions import may_publish
from platform_site.notices.queries import announcements_visible_to

PAGE = 20


def _portal(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.namespace if match else "city"


@require_http_methods(["GET", "POST"])
def announcements(request: HttpRequest) -> HttpResponse:
    """The bureau's own announcements, withdrawn ones too, and the form for a new one."""
    actor = request.actor  # type: ignore[attr-defined]
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key = request.POST.get("idempotency_key", "")
        try:
            announce(**form.cleaned_data, key=key, by=actor, at=clock.now())
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已发布，公开页面可以看到。")
            return redirect(f"{_portal(request)}:announcements")
    found = announcements_visible_to(actor)
    after = request.GET.get("after", "")
    rows = list((found.filter(pk__lt=older) if (older := key_from(after)) else found)[: PAGE + 1])
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "next_cursor": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "may_publish": may_publish(actor),
        "withdraw_route": f"{_portal(request)}:announcement_withdraw",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "notices/announcements.html", context, status=status)


@require_POST
def announcement_withdraw(request: HttpRequest, announcement_id: int) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = announcements_visible_to(actor).filter(pk=announcement_id, publisher_id=actor.organisation_id).first()
    if found is None:
        raise Http404
    form = WithdrawalForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        withdraw_announcement(announcement=found, reason=reason, by=actor, at=clock.now())
    except Refusal as refusal:
        messages.error(request, f"{refusal.findings[0].reason}{refusal.findings[0].remedy}")
    else:
        messages.success(request, "已撤下。")
    return redirect(f"{_portal(request)}:announcements")
