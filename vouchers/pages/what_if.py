"""What other quotas would have done: the province asks, a worker plays the period again, the answer stays."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from catalog.models import Period
from catalog.queries import periods_visible_to
from platform_site.accounts.models import City
from platform_site.accounts.queries import cities
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import chips_of, count_of, key_page
from vouchers.documents import what_if_workbook
from vouchers.domain import ask_what_if
from vouchers.enums import WhatIfKind, WhatIfState
from vouchers.filters import narrowed_shifts
from vouchers.forms import WhatIfFilter, WhatIfForm
from vouchers.models import WhatIfRun
from vouchers.pages.plan_shapes import chosen_period, plan_rows, tile
from vouchers.permissions import user_can_draft_quota
from vouchers.queries.quota import dimension_names
from vouchers.queries.replay_progress import progress_of
from vouchers.queries.what_if import what_if_rows, what_ifs_visible_to
from vouchers.rules.dimensions import city_dimension

ZERO = Decimal("0.00")
SHOWN, EXPORTED = 20, 100_000
SUMS = ("total", "used", "waiting_sum")
_JOB_WORDS = {
    WhatIfKind.QUOTA: {"title": "按先后重演这一期", "unit": "件事", "kept": "可以离开本页，结果会留在“额度推演”里"},
    WhatIfKind.POLICY: {"title": "逐件重新计算", "unit": "件", "kept": "可以离开本页，结果会留在“政策试算”里"},
}


@require_http_methods(["GET", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    """Ask; below it what was asked before."""
    actor = request.actor  # type: ignore[attr-defined]
    period = chosen_period(request)
    if period is None:
        return render(request, "province/what_if.html", {"period": None})
    form = WhatIfForm(request.POST or None, rows=plan_rows(period), initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            run = _ask(request, period, form)
        except Refusal as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, "正在推演，可以离开本页，结果会留在这里。")
            return redirect("province:what_if_run", pk=run.pk)
    context = {
        "period": period,
        "periods": list(periods_visible_to(actor).exclude(state="draft")),
        "form": form,
        "may_ask": user_can_draft_quota(actor),
        "runs": list(what_ifs_visible_to(actor).filter(period=period)[:SHOWN]),
    }
    return render(request, "province/what_if.html", context, status=422 if request.method == "POST" else 200)


def _initial(request: HttpRequest) -> dict[str, str]:
    """A reallocation to try may come with the address (`?source=…&target=…&amount=…`)."""
    return {name: request.GET[name] for name in ("source", "target", "amount") if name in request.GET}


def _ask(request: HttpRequest, period: Period, form: WhatIfForm) -> WhatIfRun:
    key = request.POST.get("idempotency_key", "")
    return ask_what_if(period=period, totals=form.totals(), key=key, by=request.actor, at=clock.now())  # type: ignore[attr-defined]


def run_of(request: HttpRequest, pk: int, kind: WhatIfKind = WhatIfKind.QUOTA) -> WhatIfRun:
    found = what_ifs_visible_to(request.actor, kind).filter(pk=pk).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


@require_safe
def what_if_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress while it is played; then maps before and after, figures per city and the vouchers that change."""
    run = run_of(request, pk)
    names = dimension_names(run.changes)
    context: dict[str, Any] = {
        "run": run,
        "changes": [{"name": names[key], "amount": Decimal(amount)} for key, amount in run.changes.items()],
        "job": job_of(run, "province:what_if_progress", 2 * (run.events or 0)),
    }
    if run.state == WhatIfState.DONE:
        form = WhatIfFilter(request.GET)
        found = narrowed_shifts(what_if_rows(run), form)
        if request.GET.get("export"):
            return excel(
                what_if_workbook(found.order_by("pk")[:EXPORTED].iterator(2_000)), f"what-if-{run.pk}", dated=True
            )
        page = key_page(found, request.GET, newest=False)
        context |= {"page": page, "count": count_of(found), "filter": form, "chips": chips_of(form, request.GET)}
        context |= _answer(run)
    return render(request, "province/what_if_run.html", context)


@require_safe
def what_if_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone, for the page that waits; once it is over the page loads anew."""
    run = run_of(request, pk)
    return progress_answer(request, run, job_of(run, "province:what_if_progress", 2 * (run.events or 0)))


def progress_answer(request: HttpRequest, run: WhatIfRun, job: dict[str, Any]) -> HttpResponse:
    answer = render(request, "province/what_if_progress.html", {"run": run, "job": job})
    if run.state != WhatIfState.QUEUED:
        answer["HX-Refresh"] = "true"
    return answer


def job_of(run: WhatIfRun, route: str, steps: int) -> dict[str, Any]:
    """For `c-job`. route: answers with the progress alone; steps: all there were, once it is over."""
    found = progress_of(run.pk)
    state = {WhatIfState.QUEUED: "running", WhatIfState.FAILED: "failed"}.get(WhatIfState(run.state), "done")
    over = state == "done"
    return {
        "state": state,
        "done": steps if over else found.done,
        "total": steps if over else found.steps,
        "message": run.problem if state == "failed" else "" if over or found.steps else "正在排队，等后台空出来。",
        "poll": reverse(route, args=[run.pk]),
        **_JOB_WORDS[WhatIfKind(run.kind)],
    }


def _answer(run: WhatIfRun) -> dict[str, Any]:
    """Money comes from the stored text."""
    lines = [_line(line) for line in run.result["lines"]]
    by_key = {line["dimension"]: line for line in lines}
    of_cities = [(city, by_key.get(city_dimension(city.code))) for city in cities()]
    budgets = [line for line in lines if not line["dimension"].startswith("supplier:")]
    return {
        "before": [_tile(run, city, line, "before") for city, line in of_cities],
        "after": [_tile(run, city, line, "after") for city, line in of_cities],
        "budgets": [line for line in budgets if _touched(line)],
        "suppliers": [line for line in lines if line["dimension"].startswith("supplier:") and _touched(line)],
        "sums": _sums(budgets),
        "check": run.result["check"],
        "skipped": run.result["skipped"],
        "not_taken": [(name, Decimal(amount)) for name, amount in run.result["not_taken"].items()],
    }


def _line(stored: dict[str, Any]) -> dict[str, Any]:
    money = ("total", "used", "waiting_sum")
    names = {f"{name}_{when}" for name in money for when in ("before", "after")} | {"gained_sum", "lost_sum", "granted"}
    return {key: Decimal(value) if key in names else value for key, value in stored.items()}


def _touched(line: dict[str, Any]) -> bool:
    """Changed, or somebody waits for it still: that says why the others did not change."""
    pairs = ("total", "used", "waiting")
    differs = any(line[f"{name}_before"] != line[f"{name}_after"] for name in pairs)
    return bool(differs or line["gained"] or line["lost"] or line["waiting_after"])


def _tile(run: WhatIfRun, city: City, line: dict[str, Any] | None, when: str) -> dict[str, Any]:
    """Leads to the vouchers of the city that change."""
    if line is None:
        return tile(run.period, city, ZERO, ZERO, 0)
    found = tile(run.period, city, line[f"total_{when}"], line[f"used_{when}"], line[f"waiting_{when}"])
    return found | {"url": f"?city={city.code}#changed"}


def _sums(lines: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rows = list(lines)
    names = [f"{name}_{when}" for name in (*SUMS, "waiting") for when in ("before", "after")]
    return {name: sum((row[name] for row in rows), 0) for name in [*names, "gained", "lost", "gained_sum", "lost_sum"]}
