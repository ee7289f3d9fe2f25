"""Forms of people who come in: sign-up, joining by invitation, own profile."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from platform_site.accounts import policies, queries
from platform_site.accounts.enums import Kind, MailChoice
from platform_site.accounts.forms.sign_in import PASSWORD_RULE
from platform_site.kit.findings import Finding
from platform_site.kit.forms import PlatformForm

OUTSIDE = "outside"
_phone = RegexValidator(r"^\+?[0-9][0-9 \-]{6,18}$", "电话号码只用数字和短横线，例如 13800000000 或 020-80000000。")


def _password(label: str, hint: str = "") -> forms.CharField:
    """Kept through a returned page, so that one wrong digit elsewhere costs no typing; the page is never cached."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True)
    return forms.CharField(label=label, help_text=hint, widget=widget, strip=False, max_length=128)


class _NewPerson(PlatformForm):
    name = forms.CharField(label="姓名", max_length=60, help_text="真实姓名，办理记录上写这个名字。")
    phone = forms.CharField(
        label="电话", max_length=20, validators=[_phone], widget=forms.TextInput({"type": "tel", "autocomplete": "tel"})
    )
    username = forms.CharField(
        label="登录名",
        max_length=60,
        required=False,
        help_text="不填就用邮箱登录。",
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "off"}),
    )
    password = _password("密码", PASSWORD_RULE)
    password_again = _password("再输一遍密码")

    def _check_repeat(self, data: dict[str, Any]) -> None:
        first, second = data.get("password"), data.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", "两次输入的密码不一样，请重新输入。")

    def _add_fresh(self, findings: list[Finding]) -> None:
        """Findings for fields that have no error yet: an empty field is not called wrong a second time."""
        self.add_findings([finding for finding in findings if finding.field not in self.errors])


class SignUpForm(_NewPerson):
    """All faults at once: the policies are asked here already, and again by the command."""

    kind = forms.ChoiceField(
        label="我们是",
        choices=[
            (Kind.ENTERPRISE.value, "企业：申领服务券、购买上云上平台服务"),
            (Kind.SUPPLIER.value, "供应商：提供平台、应用和服务"),
        ],
        widget=forms.RadioSelect,
    )
    organisation_name = forms.CharField(label="单位全称", max_length=120, help_text="与营业执照一致。")
    uscc = forms.CharField(
        label="统一社会信用代码",
        max_length=40,
        help_text="营业执照右上角的 18 位代码。",
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    area_code = forms.ChoiceField(label="登记地", help_text="营业执照登记机关所在的地级以上市。")
    email = forms.EmailField(label="邮箱", max_length=150, widget=forms.EmailInput({"autocomplete": "email"}))

    field_order = (
        *("kind", "organisation_name", "uscc", "area_code"),
        *("name", "phone", "email", "username", "password", "password_again"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area_code"]
        cities = [(city.code, city.name) for city in queries.cities()]
        field.choices = [("", "请选择"), *cities, (OUTSIDE, "广东省外（仅供应商）")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("area_code") == OUTSIDE:
            data["area_code"] = ""
        self._check_repeat(data)
        email = data.get("email", "")
        self._add_fresh(
            policies.company_findings(
                kind=data.get("kind", ""),
                name=data.get("organisation_name", ""),
                uscc=data.get("uscc", ""),
                area_code=data.get("area_code", ""),
            )
            + policies.person_findings(
                username=data.get("username") or email,
                name=data.get("name", ""),
                email=email,
                password=data.get("password", ""),
            )
        )
        return data

    def arguments(self) -> dict[str, Any]:
        """What `domain.sign_up` takes."""
        return {key: value for key, value in self.cleaned_data.items() if key != "password_again"}


class JoinForm(_NewPerson):
    """A newcomer with a letter: the mailbox is known."""

    field_order = ("name", "phone", "username", "password", "password_again")

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_repeat(data)
        findings = policies.person_findings(
            username=data.get("username") or self.email,
            name=data.get("name", ""),
            email=self.email,
            password=data.get("password", ""),
        )
        self._add_fresh(findings)
        return data

    def arguments(self) -> dict[str, Any]:
        """What `domain.join_by_invitation` takes beside the token."""
        return {key: value for key, value in self.cleaned_data.items() if key != "password_again"}


class ProfileForm(PlatformForm):
    name = forms.CharField(label="姓名", max_length=60, help_text="办理记录上写这个名字；已有的记录不变。")
    phone = forms.CharField(label="电话", max_length=20, required=False, validators=[_phone])
    mail_choice = forms.ChoiceField(label="消息怎样发到邮箱", choices=MailChoice.choices, widget=forms.RadioSelect)
