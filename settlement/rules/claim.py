"""The claim as plain values: what the checks look at, and what the edition asks."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class InvoiceFact:
    """amount: with tax. differing: labels of fields where the paper says otherwise. code_missing: classic, no code.

    unread: no machine has read its paper.
    """

    key: str
    number: str
    issued_on: date
    amount: Decimal
    seller: str
    buyer: str
    differing: tuple[str, ...] = ()
    code_missing: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class PaperFact:
    """An invoice's paper that a machine has read. key: of the invoice it shows; red: it takes money back."""

    name: str
    key: str
    number: str
    red: bool = False


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """proof: a paper that shows why payer or payee is another; explanation: the enterprise's words."""

    reference: str
    paid_on: date
    amount: Decimal
    payer: str
    payee: str
    explanation: str = ""
    proof: bool = False


@dataclass(frozen=True, slots=True)
class ClaimCase:
    """declared: contract total less what doesn't belong to the voucher. sellers: the supplier, then its agents.

    optional_modules: those of the contract that nobody requires. devices None: the contract counts none.
    proposals: cost-saving proposals with their figure. submitted_at: first
    handed in, None before; it decides whether the claim is in time (what was in time may be corrected later).
    """

    at: datetime
    window_from: datetime
    window_to: datetime
    submitted_at: datetime | None
    enterprise: str
    sellers: tuple[str, ...]
    product_class: str
    declared: Decimal
    voucher_amount: Decimal
    claimed: Decimal
    invoices: tuple[InvoiceFact, ...]
    payments: tuple[PaymentFact, ...]
    contract_modules: tuple[str, ...]
    optional_modules: tuple[str, ...]
    delivered_modules: tuple[str, ...]
    devices: int | None
    delivered_devices: int | None
    signed_on: date
    accepted_on: date | None
    model_description: str
    proposals: tuple[str, ...]
    bank_account: str
    bank_account_name: str
    bank_name: str
    files: tuple[str, ...]
    bonus_claimed: bool = False
    papers: tuple[PaperFact, ...] = ()

    @property
    def invoiced(self) -> Decimal:
        return sum((invoice.amount for invoice in self.invoices), Decimal("0.00"))

    @property
    def paid(self) -> Decimal:
        return sum((payment.amount for payment in self.payments), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """payment_share: fraction of the declared amount that must be paid, None: the edition sets none for the class.

    needs_model, proposals_min: what the catalog item asks of the acceptance report. capped_by_contract: T18/4.4.3.
    matching_rate: the city's own money as a fraction of the amount, None: none (T18/4.4.5).
    """

    payment_share: Decimal | None
    invoices_equal_contract: bool
    invoices_equal_payments: bool
    capped_by_contract: bool = False
    needs_model: bool = False
    proposals_min: int = 0
    bonus_amount: Decimal | None = None
    matching_rate: Decimal | None = None
    clauses: Mapping[str, str] = field(default_factory=dict)

    def clause(self, key: str) -> str:
        return self.clauses[key]


_TUPLES = ("sellers", "contract_modules", "optional_modules", "delivered_modules", "proposals", "files")


def to_json(value: ClaimCase | ClaimTerms) -> dict[str, Any]:
    """For freezing: amounts and days as text."""
    return {name: _plain(part) for name, part in asdict(value).items()}


def case_from_json(stored: Mapping[str, Any]) -> ClaimCase:
    values = dict(stored)
    for name in ("at", "window_from", "window_to"):
        values[name] = datetime.fromisoformat(values[name])
    values["submitted_at"] = datetime.fromisoformat(values["submitted_at"]) if values["submitted_at"] else None
    for name in ("declared", "voucher_amount", "claimed"):
        values[name] = Decimal(values[name])
    values["signed_on"] = date.fromisoformat(values["signed_on"])
    values["accepted_on"] = date.fromisoformat(values["accepted_on"]) if values["accepted_on"] else None
    values["invoices"] = tuple(_invoice(row) for row in values["invoices"])
    values["payments"] = tuple(_payment(row) for row in values["payments"])
    values["papers"] = tuple(PaperFact(**row) for row in values.get("papers", ()))
    for name in _TUPLES:
        values[name] = tuple(values[name])
    return ClaimCase(**values)


def terms_from_json(stored: Mapping[str, Any]) -> ClaimTerms:
    values = dict(stored)
    for name in ("payment_share", "bonus_amount", "matching_rate"):
        values[name] = None if values.get(name) is None else Decimal(values[name])
    return ClaimTerms(**values)


def _invoice(row: Mapping[str, Any]) -> InvoiceFact:
    values = {**row, "issued_on": date.fromisoformat(row["issued_on"]), "amount": Decimal(row["amount"])}
    return InvoiceFact(**{**values, "differing": tuple(row["differing"])})


def _payment(row: Mapping[str, Any]) -> PaymentFact:
    return PaymentFact(**{**row, "paid_on": date.fromisoformat(row["paid_on"]), "amount": Decimal(row["amount"])})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def plain_name(name: str) -> str:
    """Company names compared without spaces and with one kind of brackets."""
    return "".join(name.split()).replace("(", "（").replace(")", "）")
