"""What people type: the enterprise's profile, the application with its cost lines, reviews, quota plans."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from platform_site.accounts.queries import cities, counties_of
from platform_site.kit.findings import Finding
from platform_site.kit.forms import CountInput, FileInput, FilterForm, MoneyFormField, MoneyInput, PlatformForm
from suppliers.models import Product
from vouchers.enums import ContractFileKind, CostKind, EnterpriseKind, EnterpriseSize, EnterpriseState, Proposal
from vouchers.models import Enterprise, Pilot
from vouchers.queries.industries import industry_choices
from vouchers.rules.application import Application, AttachedFile, Cost

PDF_LIMIT = 20 * 1024 * 1024


# -- the enterprise --------------------------------------------------------------------------------------------------


class EnterpriseForm(PlatformForm):
    """The profile. Only its shape is checked here; what the city asks for is a policy at submission."""

    county: Any = forms.ModelChoiceField(label="县（市、区）", queryset=None, required=False)
    address = forms.CharField(label="注册地址", max_length=300)
    kind = forms.ChoiceField(label="企业类型", choices=EnterpriseKind.choices)
    industry_code = forms.ChoiceField(
        label="行业（GB/T 4754 C 门类）", required=False, help_text="设备集成、维保企业可以不选"
    )
    business_scope = forms.CharField(label="经营范围", widget=forms.Textarea, help_text="按营业执照填写")
    founded_on = forms.DateField(label="成立日期")
    size = forms.ChoiceField(label="企业规模", choices=[("", "请选择"), *EnterpriseSize.choices], required=False)
    employees = forms.IntegerField(label="职工人数", required=False, min_value=1, widget=CountInput(unit="人"))
    revenue = MoneyFormField(label="上年主营业务收入", required=False)
    contact_name = forms.CharField(label="联系人", max_length=60)
    contact_phone = forms.CharField(label="联系电话", max_length=30)
    bank_name = forms.CharField(label="开户银行", max_length=120, required=False, help_text="兑现时才用，可以以后再填")
    bank_account_name = forms.CharField(label="开户名称", max_length=200, required=False)
    bank_account = forms.CharField(label="银行账号", max_length=40, required=False)
    licence_file = forms.FileField(
        label="营业执照",
        required=False,
        widget=FileInput(accept=".pdf,.jpg,.png", max_bytes=PDF_LIMIT, kinds="PDF、图片"),
    )
    authorisation_file = forms.FileField(
        label="品牌授权书",
        required=False,
        help_text="设备集成、维保企业要有",
        widget=FileInput(accept=".pdf,.jpg,.png", max_bytes=PDF_LIMIT, kinds="PDF、图片"),
    )
    declared_no_violation = forms.BooleanField(label="本企业五年内没有财政资金方面的严重违法违规", required=False)
    declared_no_other_funds = forms.BooleanField(label="申报内容没有获得其他财政资金支持", required=False)
    commitment = forms.BooleanField(label="以上信息真实、准确，愿意承担相应责任", required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, city_code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = counties_of(city_code)  # type: ignore[attr-defined]
        self.fields["industry_code"].choices = industry_choices()  # type: ignore[attr-defined]

    def profile(self) -> dict[str, Any]:
        """Values under the names of the domain; files are added by the page."""
        data = {name: value for name, value in self.cleaned_data.items() if not name.endswith("_file")}
        county = data.pop("county")
        data.pop("version")
        return data | {"county_id": county.pk if county else None}


def profile_initial(enterprise: Enterprise) -> dict[str, Any]:
    names = [name for name in EnterpriseForm.base_fields if not name.endswith("_file")]
    return {name: getattr(enterprise, name) for name in names}


# -- the application -------------------------------------------------------------------------------------------------


class AskedByPolicy(forms.Field):
    """Shown as required; that it is missing is said by a policy, with clause and remedy."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class AskedChoice(AskedByPolicy, forms.ChoiceField):
    pass


class AskedChoices(AskedByPolicy, forms.MultipleChoiceField):
    pass


class AskedFile(AskedByPolicy, forms.FileField):
    pass


class CostLineForm(PlatformForm):
    """One cost line; an empty line is no line."""

    name = forms.CharField(label="费用名称", max_length=120, required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "请选择"), *CostKind.choices], required=False)
    amount = MoneyFormField(label="金额", required=False, widget=MoneyInput(unit=""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        filled = [name for name in ("name", "kind", "amount") if data.get(name) not in (None, "")]
        if filled and not self.errors:
            for name in {"name", "kind", "amount"} - set(filled):
                self.add_error(name, f"这一行还差{self.fields[name].label}")
        return data


CostLines = forms.formset_factory(CostLineForm, extra=0, max_num=40, absolute_max=40)


class ApplicationForm(PlatformForm):
    """The contract and the declarations. Checks that rest on a clause are policies, with their reasons and remedies."""

    contract_number = forms.CharField(label="合同编号", max_length=80, help_text="按合同原文")
    signed_on = forms.DateField(label="签订日期")
    total = MoneyFormField(label="合同总额", min_value=Decimal("0.01"))
    unrelated_amount = MoneyFormField(
        label="与这项应用无关的金额", required=False, help_text="合同里买了别的，要剔除；没有就填 0"
    )
    devices = forms.IntegerField(
        label="计划接入设备", required=False, min_value=1, max_value=1_000_000, widget=CountInput(unit="台")
    )
    place_city = AskedChoice(label="实施地市")
    place = forms.CharField(label="实施地点", max_length=300)
    modules = AskedChoices(label="合同写明交付的模块", widget=forms.CheckboxSelectMultiple)
    other_modules = forms.CharField(
        label="合同里写的其他模块", required=False, max_length=1000, help_text="不在上面的写在这里，用顿号隔开"
    )
    pilot = forms.ChoiceField(label="所属集群试点", required=False)
    bonus_claimed = forms.BooleanField(
        label="本企业已通过两化融合管理体系评定，没有拿过省贯标奖补，兑现时一并申报", required=False
    )
    declares_no_other_funds = forms.BooleanField(label="这份合同的内容没有获得其他财政资金", required=False)
    commits = forms.BooleanField(label="合同真实有效，所填内容与合同一致，愿意承担相应责任", required=False)

    def __init__(self, *args: Any, product: Product | None = None, pilots: Iterable[Pilot] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [("", "不在广东省（只限售后服务类）"), *((city.code, city.name) for city in cities())]
        self._choose("place_city", places)
        known = product.modules if product else _chosen(self.data, "modules")  # what was ticked stays to be seen
        self._choose("modules", [(name, name) for name in known])
        choices = [(str(pilot.pk), pilot.name) for pilot in pilots]
        if choices:
            self._choose("pilot", [("", "不属于试点"), *choices])
        else:
            del self.fields["pilot"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def application(
        self, *, product: Product | None, costs: Iterable[Mapping[str, Any]], files: Iterable[Mapping[str, Any]]
    ) -> Application:
        """Of what is typed well; call it after `is_valid()`. Missing values are empty, so that policies can name
        them."""
        data = self.cleaned_data
        return Application(
            product_id=product.pk if product else 0,
            supplier_id=product.supplier_id if product else 0,
            contract_number=data["contract_number"],
            signed_on=data["signed_on"],
            total=data["total"],
            unrelated_amount=data.get("unrelated_amount") or Decimal("0.00"),
            costs=tuple(Cost(c["name"], c["kind"], c["amount"]) for c in costs if c.get("amount") is not None),
            modules=tuple(data.get("modules") or ()),
            other_modules=_listed(data.get("other_modules") or ""),
            devices=data.get("devices"),
            place=data["place"],
            place_city=data.get("place_city") or "",
            files=tuple(AttachedFile(UUID(one["id"]), one["kind"]) for one in files),
            bonus_claimed=bool(data.get("bonus_claimed")),
            pilot_id=int(data["pilot"]) if data.get("pilot") else None,
            declares_no_other_funds=bool(data.get("declares_no_other_funds")),
            commits=bool(data.get("commits")),
        )


def _chosen(data: Any, name: str) -> list[str]:
    return list(data.getlist(name)) if hasattr(data, "getlist") else []


def _listed(text: str) -> tuple[str, ...]:
    for mark in "，,；;\n\r":
        text = text.replace(mark, "、")
    return tuple(dict.fromkeys(part.strip() for part in text.split("、") if part.strip()))


class ContractFileForm(PlatformForm):
    """One upload to the application."""

    file = AskedFile(
        label="选择文件",
        widget=FileInput(accept=".pdf,.jpg,.png,.ofd", max_bytes=PDF_LIMIT, kinds="PDF、OFD、图片"),
    )
    file_kind = AskedChoice(label="种类", choices=ContractFileKind.choices)


# -- reviews ---------------------------------------------------------------------------------------------------------


class ReasonsForm(PlatformForm):
    """Ticked findings of the platform, and the reviewer's own words. Each line of `own` is one reason."""

    ticked = forms.MultipleChoiceField(label="平台查出的问题", required=False, widget=forms.CheckboxSelectMultiple)
    own = forms.CharField(
        label="其他理由",
        required=False,
        widget=forms.Textarea,
        max_length=4000,
        help_text="一行一条，写清哪里不对、怎么改",
    )
    opinion = forms.CharField(label="意见", required=False, max_length=1000)
    proposal = forms.ChoiceField(label="审核意见", required=False, choices=[("", ""), *Proposal.choices])
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, found: Iterable[Finding] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = list(found)
        choices = [(str(n), finding.title or finding.reason) for n, finding in enumerate(self.found)]
        self.fields["ticked"].choices = choices  # type: ignore[attr-defined]

    def reasons(self, *, clause: str = "S19/6.2") -> list[Finding]:
        """Everything the enterprise is told, at once."""
        ticked = [self.found[int(n)] for n in self.cleaned_data["ticked"]]
        own = [
            Finding("review.reason", clause, line.strip(), "请按这一条改正后重新提交。")
            for line in self.cleaned_data["own"].splitlines()
            if line.strip()
        ]
        return [*ticked, *own]


class SignForm(PlatformForm):
    note = forms.CharField(label="签发意见", required=False, max_length=1000)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


# -- lists -----------------------------------------------------------------------------------------------------------


class ApplicationFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    item = forms.IntegerField(
        label="目录项",
        required=False,
        min_value=1,
        max_value=99,
        widget=forms.NumberInput({"placeholder": "目录第几项"}),
    )
    due = forms.ChoiceField(
        label="期限", required=False, choices=[("", "全部期限"), ("today", "今天到期"), ("late", "已超期")]
    )
    mine = forms.ChoiceField(
        label="经办", required=False, choices=[("", "全部经办"), ("me", "我经办的"), ("none", "没人经办")]
    )


class EnterpriseFilter(FilterForm):
    q = forms.CharField(label="查找", required=False, max_length=60)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部类型"), *EnterpriseKind.choices])


class ProvinceEnterpriseFilter(EnterpriseFilter):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部状态"), *EnterpriseState.choices])
    city = forms.ChoiceField(label="地市", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "全部地市"), *((city.code, city.name) for city in cities())]
        self.fields["city"].choices = choices  # type: ignore[attr-defined]


# -- quota -----------------------------------------------------------------------------------------------------------


class QuotaPlanForm(PlatformForm):
    """One amount per dimension, named `d:<dimension>`; empty ones are left as they are."""

    title = forms.CharField(label="方案名称", max_length=120)
    reason = forms.CharField(label="依据和理由", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, dimensions: Iterable[tuple[str, str, Decimal]] = (), **kwargs: Any) -> None:
        """`dimensions`: key, Chinese name, present total."""
        super().__init__(*args, **kwargs)
        self.dimensions = list(dimensions)
        for key, name, total in self.dimensions:
            field = MoneyFormField(label=name, required=False, help_text=f"现在 {total:,.2f} 元")
            field.widget.attrs["class"] = "form-control num"
            self.fields[f"d:{key}"] = field

    def lines(self) -> list[tuple[str, Decimal]]:
        data = self.cleaned_data
        return [(key, data[f"d:{key}"]) for key, _, _ in self.dimensions if data.get(f"d:{key}") is not None]

    def amount_fields(self) -> list[Any]:
        return [self[f"d:{key}"] for key, _, _ in self.dimensions]


class TransferForm(PlatformForm):
    source = forms.ChoiceField(label="调出")
    target = forms.ChoiceField(label="调入")
    amount = MoneyFormField(label="金额", min_value=Decimal("0.01"))
    reason = forms.CharField(label="理由", widget=forms.Textarea, max_length=2000)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(choices)
        for name in ("source", "target"):
            self.fields[name].choices = rows  # type: ignore[attr-defined]
