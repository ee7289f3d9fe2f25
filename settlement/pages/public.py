"""What everybody may read and check."""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from platform_site.accounts.queries import cities, day_of
from platform_site.audit.queries import proof_of, seal_of
from platform_site.kit import clock
from platform_site.kit.attachments import excel, pdf
from platform_site.kit.page_keys import key_from
from platform_site.kit.pdf import PdfUnavailableError
from platform_site.kit.work_lists import count_of, key_page
from platform_site.notices.queries import days_left, takes_objections, unanswered_lines
from settlement.documents import notice_html, notice_pdf, notice_sheet
from settlement.domain import notice_file
from settlement.filters import SearchFilter
from settlement.models import NoticeList, NoticeListVersion
from settlement.queries import lines_of, published_lists, published_version, published_versions, verify_version
from settlement.queries.lists import (
    line_of_voucher,
    open_objections,
    published_by_fingerprint,
    published_by_number,
    published_file,
    voucher_for_everybody,
)
from settlement.queries.replies import outcomes_of

LINES_PER_PAGE = 50
MAX_CHECKED_BYTES = 20 * 1024 * 1024
PRINTED_DIGITS = 32


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Published lists, newest first; by city and words."""
    found = published_lists()
    words, city = request.GET.get("q", "").strip(), request.GET.get("city", "")
    for word in words.split():
        found = found.filter(title__icontains=word) | found.filter(number__icontains=word)
    if city:
        found = found.filter(city_id=city)
    today = day_of(clock.now())
    page = key_page(found, request.GET)
    versions = published_versions(page.rows)
    context = {
        "page": page,
        "rows": [_row(row, versions.get(row.pk), today) for row in page.rows],
        "count": count_of(found),
        "cities": cities(),
        "city": city,
        "filter": SearchFilter(request.GET),
    }
    return render(request, "public/notices.html", context)


def _row(row: NoticeList, version: NoticeListVersion | None, today: Any) -> dict[str, Any]:
    left = days_left(row.notice, today) if row.notice is not None and row.state == "published" else 0
    return {"list": row, "version": version, "left": left}


@require_GET
def notice(request: HttpRequest, number: str) -> HttpResponse:
    row, version = _published(number)
    words, at = request.GET.get("q", "").strip(), clock.now()
    found = lines_of(version, words)
    after = request.GET.get("after", "")
    lines = list((found.filter(line_no__gt=key) if (key := key_from(after)) else found)[: LINES_PER_PAGE + 1])
    held = unanswered_lines([row.notice]) if row.notice is not None else set()
    context = {
        "list": row,
        "version": version,
        "lines": [(line, line.voucher_number in held or "" in held) for line in lines[:LINES_PER_PAGE]],
        "next": lines[LINES_PER_PAGE - 1].line_no if len(lines) > LINES_PER_PAGE else "",
        "found": count_of(found),
        "total": version.grand_total,
        "days_left": days_left(row.notice, day_of(at)) if row.notice is not None else 0,
        "takes_objections": row.notice is not None and takes_objections(row.notice, at),
        "objections": open_objections(row).count(),
        "outcomes": outcomes_of(version),
        "digits": version.content_hash[:PRINTED_DIGITS],
        "seal": seal_of(version),
        "verify_url": _verify_url(request, row),
        "filter": SearchFilter(request.GET),
    }
    return render(request, "public/notice.html", context)


@require_GET
def notice_as_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The official file, made once; where the machine cannot draw PDF, the same page to print."""
    row, version = _published(number)
    url = _verify_url(request, row)
    try:
        content = notice_file(version=version, kind="pdf", draw=lambda: notice_pdf(row, version, url), at=clock.now())
    except PdfUnavailableError:
        return HttpResponse(notice_html(row, version, url).replace('href="css/', 'href="/static/css/'))
    return pdf(content, f"{row.number}-{version.version}")


@require_GET
def notice_as_excel(request: HttpRequest, number: str) -> HttpResponse:
    row, version = _published(number)
    content = notice_file(version=version, kind="xlsx", draw=lambda: notice_sheet(row, version), at=clock.now())
    return excel(content, f"{row.number}-{version.version}")


@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By number or fingerprint, or a file: is this what was published, unchanged?"""
    asked = request.GET.get("number", "").strip()
    context: dict[str, Any] = {"asked": asked, "now": clock.now()}
    if request.method == "POST":
        context |= _check_file(request)
    elif asked:
        context |= _check_number(asked)
    return render(request, "public/verify.html", context)


def _check_number(asked: str) -> dict[str, Any]:
    row = published_by_number(asked)
    version = published_version(row) if row is not None else published_by_fingerprint(asked)
    if version is not None:
        return {"result": "list", **_version_facts(version)}
    voucher = voucher_for_everybody(asked)
    if voucher is None:
        return {"result": "unknown"}
    line = line_of_voucher(voucher)
    return {"result": "voucher", "voucher": voucher, "line": line, "proof": proof_of(line) if line else None}


def _check_file(request: HttpRequest) -> dict[str, Any]:
    upload = request.FILES.get("file")
    if upload is None or upload.size is None or upload.size > MAX_CHECKED_BYTES:
        return {"result": "no_file"}
    digits = hashlib.sha256(upload.read()).hexdigest()
    known = published_file(digits)
    facts = {"file_digits": digits, "file_name": upload.name}
    if known is None:
        return {"result": "changed", **facts, **_named_in(upload.name or "")}
    return {"result": "list", "by_file": True, **facts, **_version_facts(known.list_version)}


def _named_in(name: str) -> dict[str, Any]:
    """The list that the file's name speaks of, to show both fingerprints side by side."""
    row = published_by_number("-".join(name.split(".")[0].split("-")[:3]))
    version = published_version(row) if row is not None else None
    return _version_facts(version) if version is not None else {}


def _version_facts(version: NoticeListVersion) -> dict[str, Any]:
    row = version.notice_list
    newest = published_version(row)
    return {
        "list": row,
        "version": version,
        "check": verify_version(version),
        "digits": version.content_hash[:PRINTED_DIGITS],
        "proof": proof_of(version),
        "superseded": newest is not None and newest.version != version.version,
    }


def _verify_url(request: HttpRequest, row: NoticeList) -> str:
    return request.build_absolute_uri(f"{reverse('public:verify')}?{urlencode({'number': row.number})}")


def _published(number: str) -> tuple[NoticeList, NoticeListVersion]:
    row = published_by_number(number)
    version = published_version(row) if row is not None else None
    if row is None or version is None:
        raise Http404
    return row, version
