"""The finance bureau sees batches and confirms payments, line by line or by the bank's results."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from platform_site.accounts.queries import day_of
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.attachments import excel
from platform_site.kit.findings import Finding, Refusal
from settlement.documents import RESULT_HEADINGS, register_sheet
from settlement.domain import record_failure, record_payment
from settlement.enums import BankOutcome
from settlement.forms.money import FailureForm, PaymentRecordForm, ResultRow, ResultsForm, read_results
from settlement.models import Batch, BatchLine
from settlement.pages.city_batches import batch_facts, batch_list, own_batch
from settlement.queries.batches import line_by_number


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """What became of one row of the bank's results."""

    row: ResultRow
    findings: list[Finding]


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    return render(request, "finance/batches.html", batch_list(request))


@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    row = own_batch(request, batch_id)
    if request.GET.get("export"):
        return excel(register_sheet(row), row.number)
    return _page(request, row, ResultsForm())


def _page(
    request: HttpRequest,
    row: Batch,
    form: ResultsForm,
    answers: list[RowAnswer] | None = None,
    line_form: tuple[int, PaymentRecordForm] | None = None,
) -> HttpResponse:
    context = {
        **batch_facts(row),
        "form": form,
        "answers": answers or [],
        "failed_answers": sum(bool(answer.findings) for answer in answers or []),
        "line_form": line_form,
    }
    bad = bool(form.errors or line_form)
    return render(request, "finance/batch.html", context, status=422 if bad else 200)


@require_http_methods(["GET", "POST"])
def batch_line(request: HttpRequest, batch_id: int, line_id: int) -> HttpResponse:
    """Record one line: paid, or sent back by the bank."""
    row = own_batch(request, batch_id)
    line = row.lines.select_related("redemption__voucher__enterprise", "result").filter(pk=line_id).first()
    if line is None:
        raise Http404
    failed = request.POST.get("outcome", request.GET.get("outcome")) == BankOutcome.FAILED
    form_class = FailureForm if failed else PaymentRecordForm
    form = form_class(request.POST or None, initial={"paid_on": day_of(clock.now())})
    if request.method == "POST" and form.is_valid():
        verb = record_failure if failed else record_payment
        try:
            verb(line=line, by=request.actor, at=clock.now(), **form.cleaned_data)  # type: ignore[attr-defined]
            return redirect("finance:batch", row.pk)
        except Refusal as refusal:
            form.add_refusal(refusal)
    context = {"batch": row, "line": line, "form": form, "failed": failed}
    return render(request, "finance/batch_line.html", context, status=422 if form.errors else 200)


@require_POST
def batch_results(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The bank's results as a file: every row on its own, the good ones count, the others say why not."""
    row = own_batch(request, batch_id)
    form = ResultsForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        rows = read_results(form.cleaned_data["file"].read(), RESULT_HEADINGS)
    except ValueError as error:
        form.add_error("file", str(error))
        return _page(request, row, form)
    answers = [RowAnswer(one, _recorded(row, one, request.actor)) for one in rows]  # type: ignore[attr-defined]
    row.refresh_from_db(fields=["version"])
    return _page(request, own_batch(request, batch_id), ResultsForm(), answers)


def _recorded(batch: Batch, row: ResultRow, by: Actor) -> list[Finding]:
    if row.problem:
        return [_unread(row, row.problem)]
    line = line_by_number(batch, row.number)
    if line is None:
        return [_unread(row, f"这一批里没有 {row.number or '（空）'}。")]
    try:
        _record(line, row, by)
    except Refusal as refusal:
        return refusal.findings
    return []


def _record(line: BatchLine, row: ResultRow, by: Actor) -> None:
    if row.paid_on is None:
        raise ValueError("a row without a day was not sorted out")
    at = clock.now()
    if row.outcome == BankOutcome.FAILED:
        record_failure(line=line, reason=row.reason, bank_reference=row.reference, paid_on=row.paid_on, by=by, at=at)
    else:
        record_payment(line=line, bank_reference=row.reference, paid_on=row.paid_on, amount=row.amount, by=by, at=at)


def _unread(row: ResultRow, why: str) -> Finding:
    return Finding(
        "results.row",
        "S19/5.4.14",
        f"第 {row.place} 行：{why}",
        "改好这一行再上传，其他行不会重复登记。",
        title="没有登记",
    )
