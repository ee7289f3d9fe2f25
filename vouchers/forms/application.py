"""The application with its contract, its cost lines and its files."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms

from platform_site.accounts.queries import cities
from platform_site.kit.forms import CountInput, FileInput, MoneyFormField, MoneyInput, PlatformForm
from suppliers.models import Product
from vouchers.enums import ContractFileKind, CostKind
from vouchers.forms.enterprise import PDF_LIMIT
from vouchers.models import Pilot
from vouchers.rules.application import Application, AttachedFile, Cost


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
        widget=FileInput(accept=".pdf,.docx,.jpg,.png,.ofd", max_bytes=PDF_LIMIT, kinds="PDF、Word、OFD、图片"),
    )
    file_kind = AskedChoice(label="种类", choices=ContractFileKind.choices)
