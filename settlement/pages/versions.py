"""Every published version of a list, each beside the one before."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from settlement.queries.lists import as_published, public_versions, published_by_number
from settlement.rules.versions import changes


@require_GET
def notice_versions(request: HttpRequest, number: str) -> HttpResponse:
    """Newest first; what each changed against the one before."""
    row = published_by_number(number)
    if row is None:
        raise Http404
    rows, before = [], None
    for version in public_versions(row):
        lines = [as_published(line) for line in version.lines.order_by("line_no")]
        rows.append({"version": version, "changes": changes(before, lines) if before is not None else []})
        before = lines
    return render(request, "public/notice_versions.html", {"list": row, "rows": rows[::-1]})
