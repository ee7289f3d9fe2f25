"""The claim of a redemption as plain values for the rules."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from catalog.models import Item
from catalog.queries import item_in, terms_for
from platform_site.accounts.queries.acting import SHANGHAI
from settlement.enums import RedemptionState
from settlement.models import Invoice, Payment, Redemption, RedemptionFile
from settlement.queries.matching import matching_rate
from settlement.rules.claim import ClaimCase, ClaimTerms, InvoiceFact, PaperFact, PaymentFact
from settlement.rules.invoice_key import is_digital
from settlement.rules.readout import compare, from_json
from suppliers.models import Agent
from vouchers.models import Voucher


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice as typed. amount: with tax."""

    number: str
    issued_on: date
    amount: Decimal
    seller: str
    buyer: str
    code: str = ""
    amount_without_tax: Decimal | None = None
    check_code: str = ""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as typed, from the bank slip."""

    reference: str
    paid_on: date
    amount: Decimal
    payer: str
    payee: str
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The whole form. claimed_amount None: the voucher's full amount. files: stored files with their kind, added to
    those attached before."""

    invoices: tuple[InvoiceRow, ...]
    payments: tuple[PaymentRow, ...]
    delivered_modules: tuple[str, ...]
    accepted_on: date | None
    bank_account_name: str
    bank_name: str
    bank_account: str
    claimed_amount: Decimal | None = None
    delivered_devices: int | None = None
    acceptance_note: str = ""
    model_description: str = ""
    proposals: tuple[str, ...] = ()
    bonus_claimed: bool = False
    files: tuple[tuple[UUID, str], ...] = ()


def item_of(voucher: Voucher) -> Item:
    """The catalog item of the voucher's own catalog version (S19/4.4.4)."""
    return item_in(voucher.catalog_version, voucher.product.item_number)


def claim_terms(voucher: Voucher) -> ClaimTerms:
    """What the voucher's own edition and item ask; T18 alone caps by the contract again."""
    terms, item = terms_for(voucher.edition, voucher.period), item_of(voucher)
    clauses = {key: terms.clause(key) for key in _KEYS}
    clauses |= {"acceptance": "S19/5.4.9", "contract": "T18/4.4.3", "item": item.clause_id}
    return ClaimTerms(
        payment_share=terms.payment_share.get(voucher.product.product_class),
        invoices_equal_contract=terms.invoices_equal_contract,
        invoices_equal_payments=terms.invoices_equal_payments,
        capped_by_contract=terms.method == "tier",
        needs_model=bool(item.requirements.get("needs_model")),
        proposals_min=int(item.requirements.get("savings_proposals", 0)),
        bonus_amount=terms.bonus_amount,
        matching_rate=matching_rate(voucher.period, voucher.enterprise.city_id),
        clauses={**clauses, "window": voucher.period.clause_id},
    )


_KEYS = ("payment_share", "invoices_equal_contract", "invoices_equal_payments", "bonus_amount", "city_matching")


def claim_case(redemption: Redemption, at: datetime) -> ClaimCase:
    """The stored claim at a moment."""
    voucher, period = redemption.voucher, redemption.period
    contract, enterprise, supplier = voucher.contract, voucher.enterprise, voucher.supplier
    files = list(redemption.files.select_related("file").order_by("pk"))
    kinds = tuple(sorted({paper.kind for paper in files}))
    return ClaimCase(
        at=at.astimezone(SHANGHAI),
        window_from=period.redeem_from,
        window_to=period.redeem_to,
        submitted_at=redemption.submitted_at,
        enterprise=enterprise.name,
        sellers=(supplier.name, *_agents(supplier.pk)),
        product_class=voucher.product.product_class,
        declared=contract.declared_amount,
        voucher_amount=redemption.voucher_amount,
        claimed=redemption.claimed_amount,
        invoices=tuple(_invoice_fact(invoice) for invoice in redemption.invoices.all()),
        payments=tuple(_payment_fact(payment, "explanation" in kinds) for payment in redemption.payments.all()),
        contract_modules=tuple(contract.modules),
        optional_modules=tuple(item_of(voucher).optional_modules),
        delivered_modules=tuple(redemption.delivered_modules),
        devices=contract.devices,
        delivered_devices=redemption.delivered_devices,
        signed_on=contract.signed_on,
        accepted_on=redemption.accepted_on,
        model_description=redemption.model_description,
        proposals=tuple(redemption.proposals),
        bank_account=redemption.bank_account,
        bank_account_name=redemption.bank_account_name,
        bank_name=redemption.bank_name,
        files=kinds,
        bonus_claimed=redemption.bonus_claimed,
        papers=tuple(_paper_fact(paper) for paper in files if paper.read_key),
    )


def comparisons(invoice: Invoice) -> list[object]:
    """Line by line what the paper says and what was typed; empty for an unread invoice."""
    read = from_json(invoice.readout)
    return list(compare(read, typed_values(invoice))) if read else []


def typed_values(invoice: Invoice) -> dict[str, object]:
    names = ("code", "number", "issued_on", "amount", "amount_without_tax", "check_code", "seller", "buyer")
    return {name: getattr(invoice, name) for name in names}


def is_correcting(redemption: Redemption) -> bool:
    return redemption.state == RedemptionState.RETURNED


def _agents(supplier_id: int) -> list[str]:
    found = Agent.objects.filter(supplier_id=supplier_id, removed_at__isnull=True)
    return list(found.order_by("pk").values_list("name", flat=True))


def _invoice_fact(invoice: Invoice) -> InvoiceFact:
    read = from_json(invoice.readout)
    lines = compare(read, typed_values(invoice)) if read else []
    return InvoiceFact(
        key=invoice.key,
        number=invoice.number,
        issued_on=invoice.issued_on,
        amount=invoice.amount,
        seller=invoice.seller,
        buyer=invoice.buyer,
        differing=tuple(line.label for line in lines if line.same is False),
        code_missing=not invoice.code and not is_digital(invoice.number),
        unread=read is None,
    )


def _paper_fact(paper: RedemptionFile) -> PaperFact:
    read = from_json(paper.readout)
    return PaperFact(
        name=paper.file.name, key=paper.read_key, number=read.number if read else "", red=read is not None and read.red
    )


def _payment_fact(payment: Payment, proof: bool) -> PaymentFact:
    return PaymentFact(
        reference=payment.reference,
        paid_on=payment.paid_on,
        amount=payment.amount,
        payer=payment.payer,
        payee=payment.payee,
        explanation=payment.explanation,
        proof=proof,
    )
