"""allauth's forms with the platform's controls and words."""

from typing import Any

from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as CodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms

from platform_site.kit.forms import PlatformFormMixin

PASSWORD_RULE = "至少 10 位，不要全是数字，不要用姓名、登录名或常见密码。"  # noqa: S105  a hint


class _Worded(PlatformFormMixin):
    """Labels and hints by field name; placeholders go, the label says it."""

    words: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            label, hint = self.words.get(name, (field.label, ""))
            field.label, field.help_text = label, hint


class SignInForm(_Worded, LoginForm):
    words = {"login": ("登录名或邮箱", ""), "password": ("密码", "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class AskResetForm(_Worded, ResetPasswordForm):
    words = {"email": ("注册时的邮箱", "")}


class NewPasswordForm(_Worded, ResetPasswordKeyForm):
    words = {"password1": ("新密码", PASSWORD_RULE), "password2": ("再输一遍新密码", "")}


class ChangeOwnPasswordForm(_Worded, ChangePasswordForm):
    words = {
        "oldpassword": ("当前密码", ""),
        "password1": ("新密码", PASSWORD_RULE),
        "password2": ("再输一遍新密码", ""),
    }


class PasswordAgainForm(_Worded, ReauthenticateForm):
    words = {"password": ("密码", "")}


class NewEmailForm(_Worded, AddEmailForm):
    words = {"email": ("新邮箱", "新邮箱收到确认信、点开链接后才生效。")}


class _Code(_Worded):
    words = {"code": ("验证码", "手机验证器显示的 6 位数字，或一个恢复码。")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: forms.Field = self.fields["code"]  # type: ignore[attr-defined]
        field.widget.attrs |= {"autofocus": "", "autocapitalize": "off", "spellcheck": "false"}


class CodeForm(_Code, AuthenticateForm):
    pass


class CodeAgainForm(_Code, CodeReauthenticateForm):
    pass


class SwitchOnForm(_Code, ActivateTOTPForm):
    words = {"code": ("验证码", "扫码后，手机上显示的 6 位数字。")}
