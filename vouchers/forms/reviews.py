"""Reviews and signatures."""

from collections.abc import Iterable
from typing import Any

from django import forms

from platform_site.kit.findings import Finding
from platform_site.kit.forms import PlatformForm
from vouchers.enums import Proposal
from vouchers.rules.returns import BY_HAND


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
    own_open = forms.BooleanField(label="上面手写的、上次退回已经写过的，核对过，仍未解决", required=False)
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
            Finding(BY_HAND, clause, line.strip(), "请按这一条改正后重新提交。")
            for line in self.cleaned_data["own"].splitlines()
            if line.strip()
        ]
        return [*ticked, *own]

    def still_open(self) -> set[str]:
        """Codes that may be named a second time: what the platform finds again in the corrected form is not resolved;
        of what is written by hand the reviewer says so (S19/6.2)."""
        by_hand = {BY_HAND} if self.cleaned_data["own_open"] else set()
        return {self.found[int(n)].code for n in self.cleaned_data["ticked"]} | by_hand


class SignForm(PlatformForm):
    note = forms.CharField(label="签发意见", required=False, max_length=1000)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AnswerForm(PlatformForm):
    """The supplier's word about an application."""

    action = forms.ChoiceField(choices=[("confirm", "确认无误"), ("object", "不确认")])
    reason = forms.CharField(
        label="哪里不对",
        required=False,
        max_length=1000,
        widget=forms.Textarea,
        help_text="不确认的才要写：合同文本或填报信息的哪一处不对，应当是什么",
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
