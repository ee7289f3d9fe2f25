"""What the public reads and writes: announcements, objections and their answers."""

import uuid

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.pace import within_pace
from platform_site.kit.page_keys import key_from
from platform_site.notices.domain import file_objection
from platform_site.notices.enums import ANNOUNCEMENT_KINDS
from platform_site.notices.forms import ObjectionForm
from platform_site.notices.models import Objection, PublicNotice
from platform_site.notices.policies import TOO_OFTEN
from platform_site.notices.queries import (
    announcements as readable_announcements,
)
from platform_site.notices.queries import (
    find_announcements,
    objection_by_receipt,
    public_notices,
    takes_objections,
)

PAGE = 20


@require_GET
def announcements(request: HttpRequest) -> HttpResponse:
    """Newest first; `?q=`, `?kind=`; `?after=` turns the page by key."""
    words, kind = request.GET.get("q", "").strip(), request.GET.get("kind", "")
    found = find_announcements(readable_announcements(), words, kind)
    after = request.GET.get("after", "")
    rows = list((found.filter(pk__lt=key) if (key := key_from(after)) else found)[: PAGE + 1])
    tabs = [{"label": "全部", "url": "?", "current": not kind}]
    tabs += [{"label": word, "url": f"?kind={key}", "current": kind == key} for key, word in ANNOUNCEMENT_KINDS]
    context = {"rows": rows[:PAGE], "tabs": tabs, "next_cursor": rows[PAGE - 1].pk if len(rows) > PAGE else ""}
    return render(request, "public/announcements.html", context)


@require_GET
def announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    found = readable_announcements().filter(pk=announcement_id).first()
    if found is None:
        raise Http404
    return render(request, "public/announcement.html", {"announcement": found})


@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, notice_id: int, line_key: str = "") -> HttpResponse:
    """Against one line of a notice, or against the whole. Signing in is not needed (P18/annex1.9)."""
    notice = public_notices().filter(pk=notice_id).first()
    if notice is None or (line_key and line_key not in notice.lines):
        raise Http404
    form = ObjectionForm(request.POST or None, request.FILES or None)
    hurried = request.method == "POST" and not _in_pace(request)
    if hurried:
        form.add_findings([TOO_OFTEN])
    if request.method == "POST" and form.is_valid():
        filed = _filed(request, notice, line_key, form)
        if filed is not None:
            return redirect("public:objection_receipt", filed.key)
    context = {
        "form": form,
        "notice": notice,
        "line": notice.lines.get(line_key, ""),
        "open": takes_objections(notice, clock.now()),
    }
    status = 429 if hurried else 422 if request.method == "POST" else 200
    return render(request, "public/objection.html", context, status=status)


def _in_pace(request: HttpRequest) -> bool:
    """Objections have a pace of their own, per address: a person has time for it, a script has not."""
    sender = request.META.get("REMOTE_ADDR", "")
    return within_pace(f"objection:{sender}", limit=settings.OBJECTIONS_PER_HOUR, seconds=3600)


def _filed(request: HttpRequest, notice: PublicNotice, line_key: str, form: ObjectionForm) -> Objection | None:
    data = form.cleaned_data
    try:
        return file_objection(
            notice=notice,
            line_key=line_key,
            name=data["name"],
            contact=data["contact"],
            statement=data["statement"],
            evidence=data["evidence"],
            key=request.POST.get("idempotency_key", ""),
            by=request.actor,  # type: ignore[attr-defined]
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_refusal(refusal)
        return None


@require_GET
def objection_receipt(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """For whoever holds the address: number, state and answer, without name and contact."""
    try:
        found = objection_by_receipt(key)
    except Objection.DoesNotExist as missing:
        raise Http404 from missing
    context = {"objection": found, "line": found.notice.lines.get(found.line_key, "")}
    return render(request, "public/objection_receipt.html", context)
