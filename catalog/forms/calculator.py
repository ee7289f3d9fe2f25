"""Input of the calculator."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from catalog.models import Edition, Item
from catalog.rules.terms import EditionTerms
from platform_site.kit.forms import CountInput, MoneyInput, PlatformForm

Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class ChosenProduct:
    """An approved product: its item's number and its class ("A", "B", None: the edition has no classes)."""

    pk: int
    name: str
    supplier: str
    item: int
    product_class: str | None


class CalculatorForm(PlatformForm):
    """Nothing here is refused by the form itself: the assessment names every fault with its clause. A chosen product
    says item and class; they are not asked then."""

    edition = forms.ChoiceField(label="政策", widget=forms.Select({"data-action": "submit"}))
    city = forms.ChoiceField(label="企业所在地", help_text="看营业执照上的登记地")
    item = forms.ChoiceField(label="应用产品类别")
    product_class = forms.ChoiceField(
        label="产品类别",
        help_text="问供应商，或查产品页；不影响金额的年度可以不选",
        choices=[("", "不知道"), ("A", "A 类"), ("B", "B 类")],
        required=False,
    )
    contract_amount = forms.CharField(label="合同额", widget=MoneyInput, help_text="合同写的总额")
    unrelated_amount = forms.CharField(
        label="其中：与这项应用无关的", widget=MoneyInput, required=False, help_text="没有就不填"
    )
    devices = forms.CharField(
        label="接入设备", widget=CountInput(unit="台"), required=False, help_text="按台计的项目才填"
    )
    cap_used = forms.CharField(label="本期已核定的其他券", widget=MoneyInput, required=False, help_text="没有就不填")
    revenue = forms.CharField(label="上年度主营业务收入", widget=MoneyInput, required=False)
    pilot = forms.BooleanField(label="这份合同在集群试点里", required=False)
    bonus = forms.BooleanField(label="通过了两化融合贯标，没有拿过省贯标奖补", required=False)

    def __init__(
        self,
        data: Mapping[str, Any],
        *,
        editions: Iterable[Edition],
        items: Iterable[Item],
        terms: EditionTerms,
        product: ChosenProduct | None = None,
    ) -> None:
        begun = any(data.get(name) for name in ("city", "item", "contract_amount"))  # nothing is missing before that
        super().__init__(data if begun else None, initial={name: data[name] for name in data})
        self._choose("edition", [(edition.code, edition.title) for edition in editions])
        self._choose("city", [("", "请选择"), *_cities(terms)])
        self._choose("item", [("", "请选择"), *_items(items)])
        self.known: dict[str, Any] = {}
        if product is not None:
            self.fields["product"] = forms.CharField(widget=forms.HiddenInput, required=False)
            self.initial["product"] = product.pk
            self.known = {"item": str(product.item), "product_class": product.product_class}
        for name in {*self._not_asked(terms), *self.known} & set(self.fields):
            del self.fields[name]
        barred = [kind.title for kind in terms.eligible_costs if not kind.eligible]
        if barred:
            self.fields["unrelated_amount"].label = f"其中：{'、'.join(barred)}等不补的"

    def case_data(self) -> dict[str, Any]:
        """As the assessment reads it; what was not asked is left out."""
        names = {"product_class": "class"}
        typed = {name: self[name].value() for name in self.fields if name != "product"} | self.known
        return {names.get(name, name): value for name, value in typed.items() if value not in (None, "", False)}

    @property
    def filled(self) -> bool:
        return all(self.known.get(name) or self[name].value() for name in ("city", "item", "contract_amount"))

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _not_asked(self, terms: EditionTerms) -> list[str]:
        """Questions that this edition or item doesn't ask."""
        hidden = ["devices"] if terms.method == "tier" else []
        hidden += ["bonus"] if terms.bonus_amount is None else []
        hidden += ["revenue"] if terms.method == "rate" else ["product_class", "pilot"]
        if terms.method == "rate" and all(rate.product_class is None for rate in terms.rates):
            hidden.append("product_class")
        return hidden


def _cities(terms: EditionTerms) -> Choices:
    """Grouped by region; a city the edition leaves out can be chosen, and is then told why."""
    return [
        (
            region.title,
            [
                (code, f"{name}市（本年度不含）" if code in terms.excluded_cities else f"{name}市")
                for code, name in region.cities.items()
            ],
        )
        for region in terms.regions
    ]


def _items(items: Iterable[Item]) -> Choices:
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in items:
        groups.setdefault(item.group, []).append((str(item.number), f"{item.number}　{item.name}"))
    return list(groups.items())
