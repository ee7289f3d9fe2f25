"""The enterprise's claim: one form, rows of invoices and payments, and the draft as typed."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from platform_site.kit.findings import Refusal
from platform_site.kit.forms import CountInput, FileInput, MoneyFormField, PlatformForm
from settlement.enums import FILE_LABELS, FileKind
from settlement.models import Redemption, RedemptionFile
from settlement.queries.claim import Claim, InvoiceRow, PaymentRow
from settlement.rules.claim import ClaimTerms
from settlement.rules.invoice_key import invoice_key

MAX_ROWS = 60
ACCEPT = ".pdf,.jpg,.jpeg,.png,.ofd,.xml"
MAX_BYTES = 20 * 1024 * 1024
DRAFT_FIELDS = (
    "claimed_amount",
    "delivered_modules",
    "delivered_devices",
    "accepted_on",
    "acceptance_note",
    "model_description",
    "proposals",
    "bank_account_name",
    "bank_name",
    "bank_account",
    "bonus_claimed",
)


class ClaimForm(PlatformForm):
    claimed_amount = MoneyFormField(label="申请兑现金额", help_text="默认为券面金额；可以调低，不能调高。")
    delivered_modules = forms.MultipleChoiceField(
        label="已交付的功能模块", required=False, widget=forms.CheckboxSelectMultiple, help_text="与验收报告一致。"
    )
    delivered_devices = forms.IntegerField(
        label="已交付设备数", required=False, min_value=0, max_value=1_000_000, widget=CountInput(unit="台")
    )
    accepted_on = forms.DateField(label="验收日期", required=False)
    acceptance_note = forms.CharField(label="验收说明", required=False, max_length=2000, widget=forms.Textarea)
    model_description = forms.CharField(
        label="工业大数据模型",
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text="模型名称，解决什么问题。",
    )
    proposals = forms.CharField(
        label="降本方案",
        required=False,
        max_length=4000,
        widget=forms.Textarea,
        help_text="一行一份，写明做法和节省多少。",
    )
    bank_account_name = forms.CharField(label="收款户名", max_length=120)
    bank_name = forms.CharField(label="开户行", max_length=120)
    bank_account = forms.RegexField(
        label="账号",
        regex=r"^[0-9 -]{8,40}$",
        max_length=40,
        error_messages={"invalid": "账号只有数字，请核对。"},
    )
    bonus_claimed = forms.BooleanField(
        label="同时申请两化融合奖补",
        required=False,
        help_text="通过两化融合贯标评定、没有拿过省级贯标资金的企业，一次性另计；要上传证明。",
    )

    def __init__(self, *args: Any, redemption: Redemption, terms: ClaimTerms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modules = [*redemption.voucher.contract.modules, *redemption.voucher.contract.other_modules]
        self.fields["delivered_modules"].choices = [  # type: ignore[attr-defined]
            (name, name) for name in dict.fromkeys(modules)
        ]
        if not terms.needs_model:
            del self.fields["model_description"]
        if not terms.proposals_min:
            del self.fields["proposals"]
        if terms.bonus_amount is None:
            del self.fields["bonus_claimed"]
        if redemption.voucher.contract.devices is None:
            del self.fields["delivered_devices"]


class InvoiceForm(PlatformForm):
    number = forms.CharField(label="发票号码", max_length=20)
    code = forms.CharField(label="发票代码", max_length=12, required=False)
    issued_on = forms.DateField(label="开票日期")
    amount = MoneyFormField(label="价税合计", min_value=Decimal("0.01"))
    amount_without_tax = MoneyFormField(label="不含税金额", required=False)
    check_code = forms.CharField(label="校验码后六位", max_length=6, required=False)
    seller = forms.CharField(label="销售方", max_length=120)
    buyer = forms.CharField(label="购买方", max_length=120)

    def row(self) -> InvoiceRow:
        return InvoiceRow(**{name: self.cleaned_data[name] for name in self.fields if name in _INVOICE_NAMES})


class PaymentForm(PlatformForm):
    reference = forms.CharField(label="银行流水号", max_length=60)
    paid_on = forms.DateField(label="付款日期")
    amount = MoneyFormField(label="付款金额", min_value=Decimal("0.01"))
    payer = forms.CharField(label="付款人", max_length=120)
    payee = forms.CharField(label="收款人", max_length=120)
    explanation = forms.CharField(
        label="说明", max_length=500, required=False, help_text="付款人、收款人不是合同双方时必填，并上传证明。"
    )

    def row(self) -> PaymentRow:
        return PaymentRow(**{name: self.cleaned_data[name] for name in self.fields if name in _PAYMENT_NAMES})


_INVOICE_NAMES = frozenset(InvoiceRow.__dataclass_fields__)
_PAYMENT_NAMES = frozenset(PaymentRow.__dataclass_fields__)
InvoiceRows = formset_factory(InvoiceForm, extra=0, can_delete=True, max_num=MAX_ROWS, validate_max=True)
PaymentRows = formset_factory(PaymentForm, extra=0, can_delete=True, max_num=MAX_ROWS, validate_max=True)


class PaperForm(PlatformForm):
    """One paper at a time; its kind says where it is shown."""

    kind = forms.ChoiceField(label="种类", choices=[(kind.value, label) for kind, label in FILE_LABELS.items()])
    file = forms.FileField(
        label="文件",
        widget=FileInput(accept=".pdf,.jpg,.jpeg,.png,.ofd,.xml", max_bytes=MAX_BYTES, kinds="PDF、图片、OFD、XML"),
    )


class ClaimForms:
    """The three parts as one: filled from the draft or from what was handed in, read back as a draft or a `Claim`."""

    def __init__(
        self,
        redemption: Redemption,
        terms: ClaimTerms,
        files: list[RedemptionFile],
        data: QueryDict | None = None,
        more: tuple[int, int] = (0, 0),
    ) -> None:
        self.redemption = redemption
        initial = redemption.draft or stored(redemption)
        self.main = ClaimForm(data, initial=initial.get("form", {}), redemption=redemption, terms=terms)
        invoices = [*initial.get("invoices", []), *_unread(initial, files, redemption), *[_blank(redemption)] * more[0]]
        payments = [*initial.get("payments", []), *[_blank_payment(redemption)] * more[1]]
        self.invoices: BaseFormSet[InvoiceForm] = InvoiceRows(
            data, initial=invoices or [_blank(redemption)], prefix="invoices"
        )
        self.payments: BaseFormSet[PaymentForm] = PaymentRows(
            data, initial=payments or [_blank_payment(redemption)], prefix="payments"
        )

    def is_valid(self) -> bool:
        return all([self.main.is_valid(), self.invoices.is_valid(), self.payments.is_valid()])

    def add_refusal(self, refusal: Refusal) -> None:
        self.main.add_refusal(refusal)

    def draft(self) -> dict[str, Any]:
        """As typed, whether it makes sense or not; rows marked for removal are left out."""
        return {
            "form": {name: self.main[name].value() for name in DRAFT_FIELDS if name in self.main.fields},
            "invoices": _typed(self.invoices),
            "payments": _typed(self.payments),
        }

    def claim(self) -> Claim:
        """Of valid forms only."""
        main = self.main.cleaned_data
        named = {name: main[name] for name in DRAFT_FIELDS if name in main}
        lines = tuple(line.strip() for line in named.pop("proposals", "").splitlines() if line.strip())
        named["delivered_modules"] = tuple(named["delivered_modules"])
        named["bank_account"] = named["bank_account"].replace(" ", "").replace("-", "")
        return Claim(invoices=_rows(self.invoices), payments=_rows(self.payments), proposals=lines, **named)


def stored(redemption: Redemption) -> dict[str, Any]:
    """What was handed in, or for a new draft what is known of the enterprise."""
    enterprise = redemption.voucher.enterprise
    form = {name: getattr(redemption, name) for name in DRAFT_FIELDS}
    form["proposals"] = "\n".join(redemption.proposals)
    for name in ("bank_account_name", "bank_name", "bank_account"):
        form[name] = form[name] or getattr(enterprise, name)
    if redemption.submitted_at is None:
        form["delivered_modules"] = list(redemption.voucher.contract.modules)
        form["delivered_devices"] = redemption.voucher.contract.devices
    return {
        "form": form,
        "invoices": [_of(row, _INVOICE_NAMES) for row in redemption.invoices.all()],
        "payments": [_of(row, _PAYMENT_NAMES) for row in redemption.payments.all()],
    }


def _of(row: Any, names: frozenset[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _blank(redemption: Redemption) -> dict[str, Any]:
    return {"seller": redemption.voucher.supplier.name, "buyer": redemption.voucher.enterprise.name}


def _blank_payment(redemption: Redemption) -> dict[str, Any]:
    return {"payer": redemption.voucher.enterprise.name, "payee": redemption.voucher.supplier.name}


def _unread(initial: Mapping[str, Any], files: list[RedemptionFile], redemption: Redemption) -> list[dict[str, Any]]:
    """Invoices that the machine read from papers and nobody has typed yet: rows that fill themselves in."""
    typed = {_key(row) for row in initial.get("invoices", [])}
    found = []
    for paper in files:
        read = paper.readout if paper.kind == FileKind.INVOICE else {}
        if read.get("number") and not _red(read) and _key(read) not in typed:
            values = {name: read.get(name) for name in _INVOICE_NAMES if read.get(name)}
            found.append({**_blank(redemption), **values})
    return found


def _red(read: Mapping[str, Any]) -> bool:
    """A red invoice is a finding, never a row."""
    return any(str(read.get(name) or "").startswith("-") for name in ("amount", "amount_without_tax"))


def _key(row: Mapping[str, Any]) -> str:
    number = str(row.get("number") or "")
    return invoice_key(str(row.get("code") or ""), number) if number.strip() else ""


def _typed(rows: BaseFormSet[Any]) -> list[dict[str, Any]]:
    kept = []
    for form in rows.forms:
        values = {name: form[name].value() for name in form.fields if name != "DELETE"}
        if form["DELETE"].value() in (None, False, "") and any(values.values()):
            kept.append(values)
    return kept


def _rows(rows: BaseFormSet[Any]) -> tuple[Any, ...]:
    return tuple(form.row() for form in rows.forms if not form.cleaned_data.get("DELETE"))


class LowerForm(PlatformForm):
    amount = MoneyFormField(label="调低到", min_value=Decimal("0.01"))
    version = forms.IntegerField(widget=forms.HiddenInput)
