"""What is typed to ask money back and to record what came in."""

from django import forms

from platform_site.kit.forms import MoneyFormField, PlatformForm
from platform_site.kit.money import ZERO
from settlement.rules.clawback import GROUNDS, Parts


class DemandForm(PlatformForm):
    """Amounts begin with what was paid."""

    amount = MoneyFormField(label="追回服务券金额")
    bonus = MoneyFormField(label="追回两化融合奖补")
    matching = MoneyFormField(label="追回市级配套")
    clause = forms.ChoiceField(label="依据", choices=list(GROUNDS.items()))
    reason = forms.CharField(
        label="原因", max_length=2000, widget=forms.Textarea, help_text="写明查到的事实，企业会看到。"
    )
    due_on = forms.DateField(label="缴回期限")

    def parts(self) -> Parts:
        data = self.cleaned_data
        return Parts(data["amount"] or ZERO, data["bonus"] or ZERO, data["matching"] or ZERO)


class ReceiptForm(PlatformForm):
    received = MoneyFormField(label="到账金额", help_text="可以分几次缴回，每次登记一笔。")
    bank_reference = forms.CharField(label="银行流水号", max_length=60)
    received_on = forms.DateField(label="到账日期")
