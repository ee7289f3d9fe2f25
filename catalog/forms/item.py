"""Input of a catalog's draft: the version, all amounts at once, one item's text and values."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from catalog.models import CatalogVersion, Item
from catalog.rules.item_checks import COUNTED
from platform_site.kit.findings import Refusal
from platform_site.kit.forms import CountInput, MoneyFormField, PlatformForm, dress, finding_error

NOTIFY_BY = "notify_by"
_PLAIN = ("name", "cap", "per_device", "pilot_only", "post_sale", "notes", "clause_id")
NEW_GROUP = ""


class DraftCatalogForm(PlatformForm):
    origin = forms.ChoiceField(label="照哪个版本起草", help_text="项目全部抄过来，再逐项改")
    code = forms.SlugField(label="代码", max_length=16, help_text="字母、数字和短横，例如 2021；定了不能改")
    title = forms.CharField(label="名称", max_length=80)

    def __init__(self, data: Mapping[str, Any] | None, *, origins: Iterable[CatalogVersion]) -> None:
        super().__init__(data)
        self.origins = {version.code: version for version in origins}
        field = self.fields["origin"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(code, version.title) for code, version in self.origins.items()]


class ReasonForm(PlatformForm):
    """Why something is sent back or withdrawn."""

    reason = forms.CharField(label="理由", max_length=200, help_text="会留在记录里")


class PublishForm(PlatformForm):
    effective_from = forms.DateField(label="施行日期", help_text="这一天起的申领期才能用；今天或以后")


class AmountsForm(PlatformForm):
    """Caps and amounts per device of all items."""

    def __init__(self, data: Mapping[str, Any] | None, *, items: Iterable[Item]) -> None:
        super().__init__(data)
        self.items = list(items)
        for item in self.items:
            named = f"第 {item.number} 项"
            cap, per_device = f"cap_{item.number}", f"per_device_{item.number}"
            self.fields[cap] = MoneyFormField(label=f"{named}上限", initial=item.cap)
            self.fields[per_device] = MoneyFormField(label=f"{named}每台金额", initial=item.per_device, required=False)
            dress(self.fields[cap])
            dress(self.fields[per_device])

    def changes(self) -> dict[int, dict[str, Any]]:
        """Only what differs from the draft."""
        typed = {
            item.number: {
                "cap": self.cleaned_data[f"cap_{item.number}"],
                "per_device": self.cleaned_data[f"per_device_{item.number}"],
            }
            for item in self.items
        }
        kept = {item.number: {"cap": item.cap, "per_device": item.per_device} for item in self.items}
        return {number: facts for number, facts in typed.items() if facts != kept[number]}

    def add_refusal(self, refusal: Refusal) -> None:
        """A lone changed item's findings carry no number."""
        lone = next(iter(self.changes()), None)
        for finding in refusal.findings:
            name = finding.field if finding.field in self.fields else f"{finding.field}_{lone}"
            self.add_error(name if name in self.fields else None, finding_error(finding))

    @property
    def lines(self) -> list[tuple[Item, forms.BoundField, forms.BoundField]]:
        return [(item, self[f"cap_{item.number}"], self[f"per_device_{item.number}"]) for item in self.items]


class ItemForm(PlatformForm):
    name = forms.CharField(label="名称", max_length=80)
    cap = MoneyFormField(label="上限")
    per_device = MoneyFormField(label="每台金额", required=False, help_text="按台计的项目才填")
    pilot_only = forms.BooleanField(label="只用于集群试点", required=False)
    post_sale = forms.BooleanField(
        label="设备售后服务类", required=False, help_text="设备可以在省外；设备集成运维企业可以申请"
    )
    scene = forms.CharField(label="应用场景", widget=forms.Textarea)
    modules = forms.CharField(label="功能模块", widget=forms.Textarea({"rows": 8}), help_text="一行一项")
    optional_modules = forms.CharField(
        label="选项功能", widget=forms.Textarea, required=False, help_text="一行一项；计入合同额，不作要求"
    )
    needs_model = forms.BooleanField(label="要写明工业大数据模型", required=False)
    notify_by = forms.CharField(label="告警方式", required=False, help_text="用顿号隔开，例如 邮件、短信、APP")
    notes = forms.CharField(label="备注", widget=forms.Textarea, required=False)
    clause_id = forms.CharField(
        label="依据",
        max_length=24,
        widget=forms.TextInput({"list": "clauses", "autocomplete": "off"}),
        help_text="条款的代码，可从列表里选",
    )

    def __init__(self, data: Mapping[str, Any] | None, *, item: Item | None) -> None:
        """item None: one that is new."""
        super().__init__(data, initial=_initial(item) if item else None)
        self.kept = dict(item.requirements) if item else {}
        for key, label in COUNTED.items():
            widget = CountInput(unit="项" if key == "min_modules" else "")
            field = forms.IntegerField(
                label=label, required=False, min_value=1, initial=self.kept.get(key), widget=widget
            )
            self.fields[key] = field
            dress(field)

    @property
    def counted(self) -> list[forms.BoundField]:
        return [self[key] for key in COUNTED]

    def facts(self) -> dict[str, Any]:
        """For the command. Requirements that the form does not show stay as they are."""
        cleaned = self.cleaned_data
        facts = {name: cleaned[name] for name in _PLAIN}
        lines = {name: _lines(cleaned[name]) for name in ("modules", "optional_modules")}
        return facts | lines | {"scene": cleaned["scene"].strip(), "requirements": self._requirements()}

    def _requirements(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        wanted = {key: value for key, value in self.kept.items() if key not in (*COUNTED, "needs_model", NOTIFY_BY)}
        wanted |= {key: cleaned[key] for key in COUNTED if cleaned[key] is not None}
        if cleaned["needs_model"]:
            wanted["needs_model"] = True
        named = [word.strip() for word in cleaned[NOTIFY_BY].split("、") if word.strip()]
        return wanted | ({NOTIFY_BY: named} if named else {})


class NewItemForm(ItemForm):
    """An item that joins the draft: besides all that an item has, its group and why it joins."""

    group = forms.ChoiceField(label="一级目录", required=False)
    group_key = forms.SlugField(label="新的一级目录代码", max_length=16, required=False, help_text="另设一级目录才填")
    group_name = forms.CharField(label="新的一级目录名称", max_length=40, required=False)
    reason = forms.CharField(label="为什么增加", max_length=200, help_text="会留在记录里，复核的人看得到")

    def __init__(self, data: Mapping[str, Any] | None, *, groups: Iterable[tuple[str, str]]) -> None:
        super().__init__(data, item=None)
        self.groups = dict(groups)
        field = self.fields["group"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [*self.groups.items(), (NEW_GROUP, "另设一个")]

    def facts(self) -> dict[str, Any]:
        chosen = self.cleaned_data["group"]
        key, name = (
            (chosen, self.groups[chosen])
            if chosen
            else (self.cleaned_data["group_key"], self.cleaned_data["group_name"].strip())
        )
        return super().facts() | {"group_key": key, "group": name}


def _initial(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in (*_PLAIN, "scene")} | {
        "modules": "\n".join(item.modules),
        "optional_modules": "\n".join(item.optional_modules),
        "needs_model": bool(item.requirements.get("needs_model")),
        NOTIFY_BY: "、".join(item.requirements.get(NOTIFY_BY, ())),
    }


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]
