"""A reason to keep."""

from django import forms

from platform_site.kit.forms import PlatformForm
from settlement.forms.review import CLAUSES


class ReasonTextForm(PlatformForm):
    title = forms.CharField(label="短名", max_length=40)
    clause = forms.ChoiceField(label="条款", choices=CLAUSES)
    reason = forms.CharField(label="理由", max_length=1000, widget=forms.Textarea)
    remedy = forms.CharField(label="怎么办", required=False, max_length=500)
    office = forms.BooleanField(label="全单位可用", required=False)
