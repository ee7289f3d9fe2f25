"""What another policy would make of a period's applications: the province tries an edition or its own numbers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from catalog.forms import AmountsForm, Offer, ParameterForm
from catalog.models import CatalogVersion, Edition, Period
from catalog.queries import (
    editions_visible_to,
    items_of,
    periods_visible_to,
    published_editions,
    trial_catalog,
    trial_parameters,
)
from catalog.rules.terms import Parameter, read_value
from platform_site.kit import clock
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Refusal
from platform_site.kit.work_lists import chips_of, count_of, key_page
from vouchers.documents import policy_trial_workbook
from vouchers.domain import ask_policy_what_if
from vouchers.enums import WhatIfKind, WhatIfState
from vouchers.filters import narrowed_shifts
from vouchers.forms import PolicyTrialFilter
from vouchers.models import WhatIfRun
from vouchers.pages.plan_shapes import chosen_period
from vouchers.pages.trial_shapes import answer_of
from vouchers.pages.what_if import EXPORTED, SHOWN, job_of, progress_answer, run_of
from vouchers.permissions import user_can_draft_quota
from vouchers.queries.what_if import what_if_rows, what_ifs_visible_to

PROGRESS = "province:policy_what_if_progress"
# What can be changed by hand: all that an amount hangs on, by the way it is worked out.
_ALWAYS = ("rates", "enterprise_cap", "pilot_enterprise_cap_max", "regions", "excluded_cities")
_BY_TIER = ("tiers", "regions", "excluded_cities")


@require_http_methods(["GET", "POST"])
def policy_what_if(request: HttpRequest) -> HttpResponse:
    """Choose period and edition, change numbers, ask; below it what was asked before."""
    actor = request.actor  # type: ignore[attr-defined]
    period = chosen_period(request)
    if period is None:
        return render(request, "province/policy_what_if.html", {"period": None})
    edition = _edition(request, period)
    numbers, amounts = _forms(request, period, edition)
    if request.method == "POST" and numbers.is_valid() and (amounts is None or amounts.is_valid()):
        try:
            run = _ask(request, period, edition, numbers, amounts)
        except Refusal as refusal:
            _show(refusal, numbers, amounts)
        else:
            messages.success(request, "正在试算，可以离开本页，结果会留在这里。")
            return redirect("province:policy_what_if_run", pk=run.pk)
    context = {
        "period": period,
        "edition": edition,
        "periods": list(periods_visible_to(actor).exclude(state="draft")),
        "editions": list(editions_visible_to(actor).exclude(state="withdrawn")),
        "numbers": numbers,
        "amounts": amounts,
        "may_ask": user_can_draft_quota(actor),
        "runs": list(what_ifs_visible_to(actor, WhatIfKind.POLICY).filter(period=period)[:SHOWN]),
    }
    return render(request, "province/policy_what_if.html", context, status=422 if request.method == "POST" else 200)


def _edition(request: HttpRequest, period: Period) -> Edition:
    seen = editions_visible_to(request.actor)  # type: ignore[attr-defined]
    return seen.filter(code=request.GET.get("edition", "")).first() or period.edition


def _forms(request: HttpRequest, period: Period, edition: Edition) -> tuple[ParameterForm, AmountsForm | None]:
    """Without amounts where the edition has no catalog yet."""
    rows = {row.key: row for row in trial_parameters(period, edition)}
    try:
        catalog: CatalogVersion | None = trial_catalog(period, edition)
    except CatalogVersion.DoesNotExist:
        catalog = None
    items = list(items_of(catalog)) if catalog else []
    keys = _BY_TIER if rows["method"].value == "tier" else _ALWAYS
    regions = rows["regions"].value
    offer = Offer(
        cities=tuple((code, name) for region in regions for code, name in region["cities"].items()),
        items=tuple((str(item.number), f"{item.number}　{item.name}") for item in items),
        editions=tuple((one.code, one.title) for one in published_editions()),
        regions=tuple((region["region"], region["title"]) for region in regions),
    )
    data = request.POST or None
    numbers = ParameterForm(data, rows=[rows[key] for key in keys], offer=offer, numbers_only=True)
    return numbers, AmountsForm(data, items=items) if items else None


def _ask(
    request: HttpRequest, period: Period, edition: Edition, numbers: ParameterForm, amounts: AmountsForm | None
) -> WhatIfRun:
    return ask_policy_what_if(
        period=period,
        edition=edition,
        values={row.key: row.value for row in numbers.parameters() if _differs(row, numbers.rows[row.key])},
        amounts=amounts.changes() if amounts else {},
        key=request.POST.get("idempotency_key", ""),
        by=request.actor,  # type: ignore[attr-defined]
        at=clock.now(),
    )


def _differs(typed: Parameter, row: Parameter) -> bool:
    """By what it means: a rate without a class is the same whether the row says so or is silent. What cannot be read
    is left to the command."""
    try:
        return bool(read_value(row.key, typed.value) != read_value(row.key, row.value))
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return True


def _show(refusal: Refusal, numbers: ParameterForm, amounts: AmountsForm | None) -> None:
    """Findings about an item stand at its amount, all others at their number."""
    for finding in refusal.findings:
        at_item = amounts is not None and finding.field in amounts.fields
        form = amounts if at_item and amounts is not None else numbers
        form.add_refusal(Refusal(finding))


@require_safe
def policy_what_if_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Progress while it is worked out; then sums before and after, their spread, and the applications that change."""
    run = run_of(request, pk, WhatIfKind.POLICY)
    context: dict[str, Any] = {"run": run, "job": job_of(run, PROGRESS, run.events or 0)}
    context["edition"] = editions_visible_to(request.actor).filter(code=run.changes["edition"]).first()  # type: ignore[attr-defined]
    if run.state == WhatIfState.DONE:
        form = PolicyTrialFilter(request.GET)
        found = narrowed_shifts(what_if_rows(run), form)
        if request.GET.get("export"):
            book = policy_trial_workbook(found.order_by("pk")[:EXPORTED].iterator(2_000))
            return excel(book, f"policy-trial-{run.pk}", dated=True)
        page = key_page(found, request.GET, newest=False)
        context |= {"page": page, "count": count_of(found), "filter": form, "chips": chips_of(form, request.GET)}
        context |= answer_of(run)
    return render(request, "province/policy_what_if_run.html", context)


@require_safe
def policy_what_if_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress alone; once it is over the page loads anew."""
    run = run_of(request, pk, WhatIfKind.POLICY)
    return progress_answer(request, run, job_of(run, PROGRESS, run.events or 0))
