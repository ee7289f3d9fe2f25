"""The typed form becomes rows: invoices tied to the papers that show them, payments, delivery, account."""

from dataclasses import asdict
from datetime import datetime

from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, refuse_if
from platform_site.kit.money import ZERO
from settlement.domain.draft import attach_file
from settlement.models import Invoice, Payment, Redemption
from settlement.queries.claim import Claim, InvoiceRow
from settlement.rules.invoice_key import invoice_key


def write_claim(redemption: Redemption, claim: Claim, by: Actor, at: datetime) -> None:
    """Replace the typed part of the claim by this form."""
    for name in _TYPED:
        setattr(redemption, name, getattr(claim, name))
    redemption.delivered_modules = list(claim.delivered_modules)
    redemption.proposals = [text for text in claim.proposals if text.strip()]
    redemption.claimed_amount = redemption.voucher_amount if claim.claimed_amount is None else claim.claimed_amount
    refuse_if(_ceiling_findings(redemption))
    redemption.save(update_fields=[*_TYPED, "delivered_modules", "proposals", "claimed_amount"])
    for file_id, kind in claim.files:
        attach_file(redemption=redemption, file=StoredFile.objects.get(pk=file_id), kind=kind, by=by, at=at)
    _write_rows(redemption, claim)


_TYPED = (
    "accepted_on",
    "bank_account_name",
    "bank_name",
    "bank_account",
    "delivered_devices",
    "acceptance_note",
    "model_description",
    "bonus_claimed",
)


def _ceiling_findings(redemption: Redemption) -> list[Finding]:
    """The database refuses more than the voucher; said here in words, before it."""
    if ZERO <= redemption.claimed_amount <= redemption.voucher_amount:
        return []
    return [
        Finding(
            "claim.amount",
            "D/3",
            f"申请 {redemption.claimed_amount:,.2f} 元，券面 {redemption.voucher_amount:,.2f} 元。",
            "申请金额不能超过券面；可以调低。",
            "claimed_amount",
            title="申请金额不对",
        )
    ]


def _write_rows(redemption: Redemption, claim: Claim) -> None:
    refuse_if(_double_findings(claim))
    read = {row.read_key: row for row in redemption.files.filter(kind="invoice").exclude(read_key="")}
    redemption.invoices.all().delete()
    redemption.payments.all().delete()
    for invoice in claim.invoices:
        key = invoice_key(invoice.code, invoice.number)
        paper = read.get(key)
        Invoice.objects.create(
            redemption=redemption, key=key, file=paper, readout=paper.readout if paper else {}, **asdict(invoice)
        )
    for payment in claim.payments:
        Payment.objects.create(redemption=redemption, **asdict(payment))


def _double_findings(claim: Claim) -> list[Finding]:
    keys = [invoice_key(row.code, row.number) for row in claim.invoices]
    references = [row.reference for row in claim.payments]
    found = [
        Finding(
            "invoice.twice",
            "S19/5.4.9",
            f"发票 {_number_of(claim.invoices, key)} 填了两次。",
            "删去重复的一行。",
            "invoices",
            title="同一张发票填了两次",
        )
        for key in sorted({key for key in keys if keys.count(key) > 1})
    ]
    return found + [
        Finding(
            "payment.twice",
            "S19/5.4.9",
            f"流水号 {reference} 填了两次。",
            "删去重复的一行。",
            "payments",
            title="同一笔付款填了两次",
        )
        for reference in sorted({name for name in references if references.count(name) > 1})
    ]


def _number_of(rows: tuple[InvoiceRow, ...], key: str) -> str:
    return next(row.number for row in rows if invoice_key(row.code, row.number) == key)
