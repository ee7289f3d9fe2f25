"""Over the whole corpus: fields are read right, or the paper is reported as unread. None wrong silently."""

import time
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from settlement import domain
from settlement.domain import InvoiceRow
from settlement.domain.claim_rows import write_claim
from settlement.domain.read_invoice import read_invoice
from settlement.forms.claim import ClaimForms
from settlement.policies import claim_findings
from settlement.queries import claim_terms
from settlement.queries.redemptions import files_of, other_uses
from settlement.rules.readout import Readout
from tests.settlement.invoice_corpus import BUYER, Paper, Truth, corpus, truths
from tests.settlement.world import Case, claim_of, draft, file

SLOWEST = 6.0  # seconds a paper, on a busy machine


def stated(read: Readout) -> dict[str, object]:
    """What the reader says, without what it leaves open."""
    names = ("code", "number", "issued_on", "amount", "amount_without_tax", "check_code", "seller")
    return {name: value for name in names if (value := getattr(read, name))}


def true_values(truth: Truth) -> dict[str, object]:
    return {
        "code": truth.code,
        "number": truth.number,
        "issued_on": truth.issued_on,
        "amount": truth.amount,
        "amount_without_tax": truth.without,
        "check_code": truth.check[-6:],
        "seller": truth.seller,
    }


def outcome(paper: Paper) -> str:
    read = read_invoice(paper.content, paper.content_type)
    if read is None:
        return "unread"
    said = stated(read)
    right = all(true_values(paper.truth)[name] == value for name, value in said.items())
    return "read" if right and {"number", "issued_on"} <= said.keys() else "wrong"


def test_the_corpus_is_read_right_or_reported_as_unread(seed: int, record_property):
    papers = corpus(seed)
    started = time.monotonic()
    outcomes = [(paper, outcome(paper)) for paper in papers]
    spent = time.monotonic() - started
    record_property("outcomes", dict(Counter(told for _, told in outcomes)))
    allowed = {"read": {"read"}, "unread": {"unread"}, "either": {"read", "unread"}}
    wrong = [(paper.name, told) for paper, told in outcomes if told not in allowed[paper.expect]]
    assert (wrong, len(papers) >= 60, spent < SLOWEST * len(papers)) == ([], True, True)
    assert sum(told == "read" for _, told in outcomes) >= 50


def test_red_invoices_are_read_with_the_one_they_take_back(seed: int):
    red = [paper for paper in corpus(seed) if paper.name == "red.xml"]
    read = [read_invoice(paper.content, paper.content_type) for paper in red]
    assert [one is not None and one.red for one in read] == [True] * len(red)


# -- with the typed form ----------------------------------------------------------------------------------------------


def blue(case: Case, **changes: object) -> Truth:
    """A fully digital invoice over the whole contract."""
    amount = case.voucher.contract.declared_amount
    tax = (amount * 6 / 106).quantize(amount)
    first = next(one for one in truths(case.voucher.pk) if not one.code)
    values = {"without": amount - tax, "tax": tax, "seller": case.voucher.supplier.name, "issued_on": case.at.date()}
    return replace(first, **(values | changes))


def attach(case: Case, truth: Truth, name: str = "发票.xml") -> None:
    content = truth.xml().replace(BUYER.encode(), case.enterprise.name.encode())
    stored = file(case.actor, name, content, "application/xml")
    domain.attach_file(redemption=case.redemption, file=stored, kind="invoice", by=case.actor, at=case.at)


def row(truth: Truth, case: Case, **changes: object) -> InvoiceRow:
    typed = InvoiceRow(truth.number, truth.issued_on, truth.amount, truth.seller, case.enterprise.name, truth.code)
    return replace(typed, **changes)


def findings(case: Case, *rows: InvoiceRow) -> dict[str, Finding]:
    """Of the claim as handed in with these invoices; the hand-in may be refused."""
    claim = claim_of(case, invoices=rows)
    try:
        domain.claim_redemption(redemption=case.redemption, claim=claim, by=case.actor, at=case.at)
    except Refusal as refusal:
        return {finding.code: finding for finding in refusal.findings}
    return {finding.code: finding for finding in claim_findings(case.fresh(), case.at)}


def test_what_is_typed_as_read_has_no_finding(case: Case):
    draft(case, papers=("payment", "acceptance"))
    truth = blue(case)
    attach(case, truth)
    found = findings(case, row(truth, case))
    assert [code for code, one in found.items() if one.severity != "ok"] == []


def test_fields_fill_themselves(case: Case):
    made = draft(case, papers=("payment", "acceptance"))
    truth = blue(case)
    attach(case, truth)
    forms = ClaimForms(made, claim_terms(case.voucher), files_of(made))
    shown = forms.invoices.forms[0].initial
    assert (shown["number"], shown["amount"], shown["seller"]) == (truth.number, str(truth.amount), truth.seller)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": Decimal("1.00")}, "价税合计"),
        ({"issued_on": date(2020, 1, 1)}, "开票日期"),
        ({"seller": "别的公司"}, "销售方"),
    ],
)
def test_what_is_typed_otherwise_is_a_finding(case: Case, changes: dict[str, object], words: str):
    draft(case, papers=("payment", "acceptance"))
    truth = blue(case)
    attach(case, truth)
    case.redemption.refresh_from_db()
    found = _all_findings(case, row(truth, case, **changes))
    assert words in found["invoice.readout_differs"].reason


def _all_findings(case: Case, *rows: InvoiceRow) -> dict[str, Finding]:
    """Warnings too, whatever else is wrong: the rows are written without handing in."""
    write(case, *rows)
    return {finding.code: finding for finding in claim_findings(case.fresh(), case.at)}


@command
def write(case: Case, *rows: InvoiceRow) -> None:
    write_claim(case.redemption, claim_of(case, invoices=rows), case.actor, case.at)


def test_a_number_that_differs_from_the_paper_is_refused(case: Case):
    draft(case, papers=("payment", "acceptance"))
    truth = blue(case)
    attach(case, truth)
    assert "invoice.paper_not_listed" in findings(case, row(truth, case, number="9" * 20))


def test_what_nobody_has_read_is_for_the_reviewers_eye(case: Case):
    draft(case)
    found = findings(case, row(blue(case), case))
    assert found["invoice.unread"].severity == "warn"


def test_a_red_invoice_pays_nothing(case: Case):
    draft(case, papers=("payment", "acceptance"))
    truth = blue(case)
    attach(case, truth)
    red = replace(truth, number="8" * 20, without=-truth.without, tax=-truth.tax, cancels=truth.number)
    attach(case, red, "红字.xml")
    assert {"invoice.red", "invoice.red_flushed"} <= findings(case, row(truth, case)).keys()


def test_one_invoice_is_used_once_over_all_cities_and_the_other_case_is_told_only_to_its_own_side(
    case: Case, other: Case
):
    draft(case, papers=("payment", "acceptance"))
    truth = blue(case)
    attach(case, truth)
    assert "invoice.not_used" in findings(case, row(truth, case))
    draft(other, papers=("payment", "acceptance"))
    refused = findings(other, row(truth, other))["invoice.used_elsewhere"]
    assert "另一家企业" in refused.reason
    assert case.fresh().number not in refused.reason
    write(other, row(truth, other))
    officer, stranger = case.city["reviewer"], other.actor
    assert [(use.how, use.redemption) for use in other_uses(other.fresh(), officer)] == [("used", case.fresh())]
    assert [(use.how, use.redemption) for use in other_uses(other.fresh(), stranger)] == [("used", None)]


def test_a_red_invoice_in_another_claim_is_found(case: Case, other: Case):
    draft(other, papers=())
    truth = blue(case)
    red = replace(truth, number="7" * 20, without=-truth.without, tax=-truth.tax, cancels=truth.number)
    attach(other, red, "红字.xml")
    draft(case, papers=("payment", "acceptance"))
    attach(case, truth)
    assert "另一家企业" in findings(case, row(truth, case))["invoice.red_flushed"].reason
