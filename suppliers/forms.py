"""What people fill in on this floor. Forms check shape; rules are the domain's, its findings come back here."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms

from catalog.models import Item
from platform_site.kit.findings import Finding
from platform_site.kit.forms import FileInput, PlatformForm
from suppliers.enums import (
    AGENT_KINDS,
    LEGAL_FORMS,
    OFFER_KINDS,
    OUTCOMES,
    PRODUCT_CLASSES,
    QUOTA_CLASSES,
    SUPPLIER_KINDS,
    FileKind,
    OfferKind,
)
from suppliers.models import Product, Supplier
from suppliers.rules.profile import SupplierProfile

MEGABYTE = 1024 * 1024
REASON_ROWS = 6


def _picker() -> FileInput:
    return FileInput(accept=".pdf,.jpg,.jpeg,.png", max_bytes=20 * MEGABYTE, kinds="PDF、JPG、PNG")


def evidence_field(label: str, hint: str = "") -> forms.FileField:
    """PDF or picture; what is missing is named on submitting."""
    return forms.FileField(label=label, required=False, help_text=hint, widget=_picker())


def lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


class NeededLater(forms.CharField):
    """Shown as needed; a draft may be saved without it, submitting names what is missing with its clause."""

    def validate(self, value: Any) -> None:
        """Empty is let through here."""


class NeededFile(forms.FileField):
    """As `NeededLater`, for the evidence that everybody hands in."""

    def validate(self, value: Any) -> None:
        """Empty is let through here."""


class NeededChoices(forms.MultipleChoiceField):
    """As `NeededLater`; what was chosen must still be among the choices."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class SupplierForm(PlatformForm):
    """The supplier's own record."""

    kind = forms.ChoiceField(label="供应商类型", choices=SUPPLIER_KINDS)
    legal_form = forms.ChoiceField(label="单位性质", choices=LEGAL_FORMS)
    founded_on = forms.DateField(label="成立日期", required=False)
    website = forms.URLField(label="网址", required=False, assume_scheme="https")
    address = forms.CharField(label="办公地址", max_length=200, required=False)
    introduction = NeededLater(
        label="单位简介",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": "5"}),
        help_text="主营业务、核心团队、服务过的工业企业。",
    )
    contact_name = NeededLater(label="联系人", max_length=60)
    contact_phone = NeededLater(label="联系电话", max_length=30)
    contact_email = forms.EmailField(label="联系邮箱", required=False)
    parent_name = forms.CharField(label="总公司名称", max_length=120, required=False)
    parent_uscc = forms.CharField(label="总公司统一社会信用代码", max_length=24, required=False)
    licence = NeededFile(label="营业执照", help_text="事业单位传法人证书", widget=_picker())
    platform_capability = evidence_field("平台服务能力证明", "类型为平台商的要有")
    group = evidence_field("集团关系证明", "填了总公司的要有")
    other = evidence_field("其他材料", "资质、案例、荣誉")

    FILES = (FileKind.LICENCE, FileKind.PLATFORM_CAPABILITY, FileKind.GROUP, FileKind.OTHER)

    def profile(self) -> SupplierProfile:
        names = SupplierProfile.__dataclass_fields__
        return SupplierProfile(**{name: self.cleaned_data[name] for name in names})

    @staticmethod
    def initial_of(supplier: Supplier) -> dict[str, Any]:
        return {name: getattr(supplier, name) for name in SupplierProfile.__dataclass_fields__}


class ProductForm(PlatformForm):
    """One product of one item; the item's modules are the choices."""

    name = forms.CharField(label="产品名称", max_length=120, help_text="与软件著作权和以后签的合同一致。")
    modules = NeededChoices(label="目录所列模块", widget=forms.CheckboxSelectMultiple)
    optional_modules = forms.MultipleChoiceField(
        label="选项功能", required=False, widget=forms.CheckboxSelectMultiple, help_text="不作要求，可以计入合同额。"
    )
    further_modules = forms.CharField(
        label="另有的功能模块",
        required=False,
        widget=forms.Textarea,
        help_text="每行一个。合同里的模块要在这里列出的范围之内。",
    )
    model_name = NeededLater(label="工业大数据模型", max_length=200, help_text="模型名称和它解决的问题。")
    situations = NeededLater(label="触发工单的情形", widget=forms.Textarea, help_text="每行一种。")
    channels = NeededChoices(label="告警通知方式", widget=forms.CheckboxSelectMultiple)
    introduction = forms.CharField(label="产品说明", max_length=2000, required=False, widget=forms.Textarea)
    price_note = forms.CharField(label="价格说明", max_length=400, required=False, help_text="怎样收费，例如按台按年。")
    offer = forms.ChoiceField(label="产品来源", choices=OFFER_KINDS, initial=OfferKind.OWN)
    partner_name = forms.CharField(label="合作伙伴名称", max_length=120, required=False)
    partner_uscc = forms.CharField(label="合作伙伴统一社会信用代码", max_length=24, required=False)
    origin: forms.ModelChoiceField[Product] = forms.ModelChoiceField(
        label="合作伙伴的产品", queryset=None, required=False, empty_label="没有"
    )
    own_work = forms.BooleanField(label="软件由本单位开发、由本单位实施，不转包", required=False)
    ownership_file = evidence_field("知识产权证明", "软件著作权登记证书等")
    cooperation_file = evidence_field("合作证明", "合作伙伴的产品要有，双方盖章")
    model_file = evidence_field("模型说明")
    other_file = evidence_field("其他材料")

    FILES = {
        "ownership_file": FileKind.INTELLECTUAL_PROPERTY,
        "cooperation_file": FileKind.COOPERATION,
        "model_file": FileKind.MODEL,
        "other_file": FileKind.OTHER,
    }

    def __init__(self, *args: Any, item: Item, partners: Any, may_offer_partners: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.fields["modules"].choices = [(name, name) for name in item.modules]  # type: ignore[attr-defined]
        self.fields["optional_modules"].choices = [(name, name) for name in item.optional_modules]  # type: ignore[attr-defined]
        self.fields["origin"].queryset = partners  # type: ignore[attr-defined]
        self._keep_what_the_item_asks(may_offer_partners)

    def _keep_what_the_item_asks(self, may_offer_partners: bool) -> None:
        asked = self.item.requirements
        channels = asked.get("notify_by", ())
        self.fields["channels"].choices = [(name, name) for name in channels]  # type: ignore[attr-defined]
        unwanted = [] if self.item.optional_modules else ["optional_modules"]
        unwanted += [] if asked.get("needs_model") else ["model_name", "model_file"]
        unwanted += [] if asked.get("work_order_situations") else ["situations"]
        unwanted += [] if channels else ["channels"]
        unwanted += (
            [] if may_offer_partners else ["offer", "partner_name", "partner_uscc", "origin", "cooperation_file"]
        )
        for name in unwanted:
            del self.fields[name]

    def all_modules(self) -> tuple[str, ...]:
        data = self.cleaned_data
        return (*data["modules"], *data.get("optional_modules", ()), *lines_of(data["further_modules"]))

    @staticmethod
    def initial_of(product: Product, item: Item) -> dict[str, Any]:
        known = {*item.modules, *item.optional_modules}
        return {
            "name": product.name,
            "modules": product.modules,
            "optional_modules": product.modules,
            "further_modules": "\n".join(module for module in product.modules if module not in known),
            "model_name": product.model_name,
            "situations": "\n".join(product.situations),
            "channels": product.channels,
            "introduction": product.introduction,
            "price_note": product.price_note,
            "offer": product.offer,
            "partner_name": product.partner_name,
            "partner_uscc": product.partner_uscc,
            "origin": product.origin_id,
            "own_work": product.own_work,
        }


class AgentForm(PlatformForm):
    name = forms.CharField(label="单位名称", max_length=120)
    uscc = forms.CharField(label="统一社会信用代码", max_length=24)
    kind = forms.ChoiceField(label="关系", choices=AGENT_KINDS)


class ReviewForm(PlatformForm):
    """Outcome, opinion and up to six reasons; each reason says what to do about it."""

    outcome = forms.ChoiceField(label="审核结果", widget=forms.RadioSelect)
    opinion = forms.CharField(
        label="审核意见",
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        help_text="不通过、暂停、下架等要写明理由，供应商能看到。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, outcomes: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = dict(OUTCOMES)
        self.fields["outcome"].choices = [(outcome, words[outcome]) for outcome in outcomes]  # type: ignore[attr-defined, index]

    def reasons(self) -> list[Finding]:
        """From the rows `reason` and `remedy` of the page; empty rows are left out."""
        pairs = zip(self.data.getlist("reason"), self.data.getlist("remedy"), strict=False)  # type: ignore[attr-defined]
        return [
            Finding(code="review.reason", clause="S19/6.2", reason=reason.strip()[:500], remedy=remedy.strip()[:500])
            for reason, remedy in list(pairs)[:REASON_ROWS]
            if reason.strip()
        ]

    def reason_rows(self) -> list[tuple[str, str]]:
        """What was typed, for showing the form again; always all rows."""
        get: Callable[[str], list[str]] = getattr(self.data, "getlist", lambda _: [])
        typed = list(zip(get("reason"), get("remedy"), strict=False))[:REASON_ROWS]
        return typed + [("", "")] * (REASON_ROWS - len(typed))


class SupplierReviewForm(ReviewForm):
    """The province's: limits and marks besides."""

    quota_class = forms.ChoiceField(
        label="限额档次", choices=QUOTA_CLASSES, widget=forms.RadioSelect, help_text="由省里认定，与供应商类型无关。"
    )
    priority = forms.BooleanField(label="优秀供应商（发放和结算优先）", required=False)
    platform_capability = forms.BooleanField(label="通过平台服务能力审核", required=False)

    field_order = ("outcome", "quota_class", "priority", "platform_capability", "opinion", "version")


class ProductReviewForm(ReviewForm):
    product_class = forms.ChoiceField(
        label="类别",
        choices=PRODUCT_CLASSES,
        required=False,
        widget=forms.RadioSelect,
        help_text="目录没有写明类别，由产品审核确定；通过时必须选。",
    )

    field_order = ("outcome", "product_class", "opinion", "version")


class SignForm(PlatformForm):
    """The second person's."""

    answer = forms.CharField(
        label="复核意见", max_length=1000, required=False, widget=forms.Textarea, help_text="退回承办人时要写。"
    )
