"""What an enterprise says about itself."""

from typing import Any

from django import forms

from platform_site.accounts.queries import counties_of
from platform_site.kit.forms import CountInput, FileInput, MoneyFormField, PlatformForm
from vouchers.enums import EnterpriseKind, EnterpriseSize
from vouchers.models import Enterprise
from vouchers.queries.industries import industry_choices

PDF_LIMIT = 20 * 1024 * 1024


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
