"""Connecting a voucher step by step, and trying a batch on the page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from monitoring.domain import choose_source_kind, pull_again, try_batch
from monitoring.enums import SourceKind, SourceState
from monitoring.forms import SourceKindForm, TrialForm
from monitoring.models import Source
from monitoring.pages.supplier import own_source
from monitoring.queries import devices_of, keys_of, pull_of, terms_of
from platform_site.kit import clock
from platform_site.kit.findings import Refusal


@dataclass(frozen=True, slots=True)
class Step:
    """state: done, now or "" (later)."""

    key: str
    label: str
    state: str = ""
    url: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def telemetry_connect(request: HttpRequest, number: str) -> HttpResponse:
    """Where the connection stands and what is next; whether data are sent or fetched is chosen here."""
    source, at = own_source(request, number), clock.now()
    pull = pull_of(source, at)
    kept = {"kind": source.kind, "address": pull.address if pull else ""}
    form = SourceKindForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            choose_source_kind(source=source, by=request.actor, at=at, **form.cleaned_data)  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "已保存。")
            return redirect("supplier:telemetry_connect", number)
    context = {
        "source": source,
        "kind_form": form,
        "steps": connect_steps(source, at),
        "devices": devices_of(source.voucher).count(),
        "terms": terms_of(source.voucher),
        "pull": source.kind == SourceKind.SUPPLIER_PULL,
        "site": request.build_absolute_uri("/").rstrip("/"),
        "sample": _sample(source, at),
    }
    return render(request, "supplier/telemetry_connect.html", context, status=422 if form.errors else 200)


@require_POST
def telemetry_pull_again(request: HttpRequest, number: str) -> HttpResponse:
    """The endpoint is mended: ask it at the next round."""
    try:
        pull_again(source=own_source(request, number), by=request.actor, at=clock.now())  # type: ignore[attr-defined]
    except Refusal as refusal:
        messages.error(request, refusal.findings[0].reason)
    else:
        messages.success(request, "下一轮就去拉取，一般在几分钟内。")
    return redirect("supplier:telemetry_voucher", number)


@require_http_methods(["GET", "POST"])
def telemetry_try(request: HttpRequest, number: str) -> HttpResponse:
    """Paste or upload a batch; every line is answered, nothing is counted."""
    source = own_source(request, number)
    form, trial = TrialForm(request.POST or None, request.FILES or None), None
    if request.method != "POST":
        form.initial["text"] = _sample(source, clock.now())
    elif form.is_valid():
        try:
            trial = try_batch(source=source, content=form.content(), by=request.actor, at=clock.now())  # type: ignore[attr-defined]
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"source": source, "form": form, "trial": trial, "steps": connect_steps(source, clock.now())}
    return render(request, "supplier/telemetry_try.html", context, status=422 if form.errors else 200)


def connect_steps(source: Source, at: datetime) -> list[Step]:
    """Devices, key, trial, first data: each done, now, or later."""
    own = reverse("supplier:telemetry_voucher", args=[source.voucher.number])
    trial_url = reverse("supplier:telemetry_try", args=[source.voucher.number])
    live = any(key.valid_until is None or key.valid_until > at for key in keys_of(source))
    listed = devices_of(source.voucher).exists() or not terms_of(source.voucher).by_device
    sent = source.state != SourceState.SET_UP
    tried = bool(source.test_result) and all(step["ok"] is not False for step in source.test_result)
    found = [
        ("devices", "登记设备", listed, f"{own}#devices"),
        ("key", "保存密钥", live, f"{own}#keys"),
        ("trial", "试一批", tried or sent, trial_url),
        ("data", "第一批数据", sent, f"{own}#batches"),
    ]
    first_open = next((key for key, _, done, _ in found if not done), "")
    return [
        Step(key, label, "done" if done else "now" if key == first_open else "", url) for key, label, done, url in found
    ]


def _sample(source: Source, at: datetime) -> str:
    """Two records as this voucher's system would send them, ready to be tried."""
    second, terms = int(at.timestamp()), terms_of(source.voucher)
    subjects: list[Any] = list(devices_of(source.voucher).values_list("device_id", flat=True)[:2])
    modules = source.voucher.contract.modules
    if terms.by_device:
        records = [f'{{"device": "{device}", "at": {second}}}' for device in subjects or ["SY-CNC-001"]]
    else:
        module = modules[0] if modules else "模块名称"
        records = [f'{{"user": "u{place:03d}", "at": {second}, "module": "{module}"}}' for place in (1, 2)]
    return "\n".join([f'{{"batch": "t-{at:%Y%m%d-%H%M%S}"}}', *records])
