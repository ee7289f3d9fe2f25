"""Interface and data: what suppliers see of their telemetry."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from monitoring.domain import add_devices, judge_on_demand, remove_device, revoke_key, rotate_key
from monitoring.enums import SUPPLIER_KINDS, Health
from monitoring.forms import DevicesForm
from monitoring.models import Source
from monitoring.queries import (
    device_counts,
    devices_of,
    health_of,
    keys_of,
    pull_of,
    recent_receipts,
    rejections_of,
    sources_visible_to,
    verdict_view,
)
from platform_site.kit import clock
from platform_site.kit.findings import Refusal
from platform_site.kit.page_keys import key_from

PAGE = 50
SHOWN_BATCHES = 10
HEALTH_LOOK = {
    Health.GOOD: ("正常", "ok"),
    Health.REJECTING: ("有拒收", "warn"),
    Health.LATE: ("延迟", "warn"),
    Health.WAITING: ("等待首批数据", "wait"),
    Health.CLOSED: ("已结束", ""),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One voucher in the list."""

    source: Source
    health: Any
    label: str
    tone: str
    devices: int


@require_safe
def telemetry(request: HttpRequest) -> HttpResponse:
    """All connected vouchers with their health, newest first; `?after=` turns the page by key."""
    found = sources_visible_to(request.actor).filter(kind__in=SUPPLIER_KINDS)  # type: ignore[attr-defined]
    after = request.GET.get("after", "")
    page = found.order_by("-pk")
    sources = list((page.filter(pk__lt=key) if (key := key_from(after)) else page)[: PAGE + 1])
    lines = _lines(sources[:PAGE])
    context = {
        "lines": lines,
        "counts": _counts(lines),
        "next_after": sources[PAGE - 1].pk if len(sources) > PAGE else None,
    }
    return render(request, "supplier/telemetry.html", context)


@never_cache
@require_safe
def telemetry_voucher(request: HttpRequest, number: str) -> HttpResponse:
    """One voucher: batches, rejected records, sandbox, devices, keys, heat map."""
    return _voucher_page(request, own_source(request, number), DevicesForm())


@require_POST
def telemetry_devices(request: HttpRequest, number: str) -> HttpResponse:
    """List more devices."""
    source, form = own_source(request, number), DevicesForm(request.POST)
    if not form.is_valid():
        return _voucher_page(request, source, form, status=422)
    try:
        added = add_devices(source=source, devices=form.rows(), by=_actor(request), at=clock.now())
    except Refusal as refusal:
        form.add_refusal(refusal)
        return _voucher_page(request, source, form, status=422)
    messages.success(request, f"已登记 {added} 台设备")
    return redirect("supplier:telemetry_voucher", number)


@require_POST
def telemetry_device_removed(request: HttpRequest, number: str) -> HttpResponse:
    """Take one device off the list."""
    source, device_id = own_source(request, number), request.POST.get("device", "")
    try:
        remove_device(source=source, device_id=device_id, by=_actor(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    else:
        messages.success(request, f"已移除 {device_id}")
    return redirect("supplier:telemetry_voucher", number)


@never_cache
@require_POST
def telemetry_key(request: HttpRequest, number: str) -> HttpResponse:
    """A new key, shown on this one page and never again; a repeated form shows the list instead."""
    source, form_key = own_source(request, number), request.POST.get("idempotency_key", "")
    try:
        issued = rotate_key(source=source, by=_actor(request), at=clock.now(), key=form_key)
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
        issued = None
    if issued is None:
        return redirect("supplier:telemetry_voucher", number)
    return render(request, "supplier/telemetry_key.html", {"source": source, "issued": issued})


@require_POST
def telemetry_key_revoked(request: HttpRequest, number: str) -> HttpResponse:
    """End a key at once."""
    source, key_id = own_source(request, number), request.POST.get("key_id", "")
    revoke_key(source=source, key_id=key_id, by=_actor(request), at=clock.now())
    messages.success(request, "密钥已停用")
    return redirect("supplier:telemetry_voucher", number)


@require_POST
def telemetry_judge(request: HttpRequest, number: str) -> HttpResponse:
    """Count what has come in and judge now."""
    try:
        verdict = judge_on_demand(source=own_source(request, number), by=_actor(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    else:
        messages.success(request, f"已按最新数据判定：{verdict.explanation['headline']}")
    return redirect("supplier:telemetry_voucher", number)


def _voucher_page(request: HttpRequest, source: Source, form: DevicesForm, status: int = 200) -> HttpResponse:
    at = clock.now()
    context = {
        "source": source,
        "line": _lines([source])[0],
        "receipts": recent_receipts(source, SHOWN_BATCHES),
        "rejections": rejections_of(source, at),
        "devices": list(devices_of(source.voucher)),
        "keys": [_key_line(key, at) for key in keys_of(source)],
        "form": form,
        "view": verdict_view(source.voucher, at),
        "pull": pull_of(source, at),
        "trial_url": reverse("supplier:telemetry_try", args=[source.voucher.number]),
    }
    return render(request, "supplier/telemetry_voucher.html", context, status=status)


def _key_line(key: Any, at: Any) -> Mapping[str, Any]:
    live = key.valid_until is None or key.valid_until > at
    return {"key": key, "live": live, "current": key.valid_until is None}


def own_source(request: HttpRequest, number: str) -> Source:
    """The source of a voucher of this supplier, sent or fetched; anything else is 404."""
    found = sources_visible_to(_actor(request)).filter(kind__in=SUPPLIER_KINDS, voucher__number=number).first()
    if found is None:
        raise Http404
    return found


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _lines(sources: list[Source]) -> list[Line]:
    devices = device_counts(sources)
    return [
        Line(one.source, one, *HEALTH_LOOK[one.health], devices.get(one.source.voucher_id, 0))
        for one in health_of(sources, clock.now())
    ]


def _counts(lines: list[Line]) -> list[dict[str, Any]]:
    """Lamps above the list: how many vouchers are in which health."""
    found = []
    for health, (label, tone) in HEALTH_LOOK.items():
        number = sum(line.health.health == health for line in lines)
        if number:
            found.append({"label": label, "tone": tone, "value": number})
    return found
