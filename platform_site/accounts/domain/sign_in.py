"""Signing in: allauth with our words, secrets encrypted, officials keep their second factor."""

import base64
import hashlib
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest

from platform_site.accounts.queries import needs_second_factor

_MISMATCH = "登录名（或邮箱）和密码对不上。请核对后再试；忘记密码可以用邮箱重新设置。"


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is our own page; e-mail subjects carry no prefix; errors say what to do."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "account_inactive": "这个账号已停用。请联系本单位管理员。",
        "email_password_mismatch": _MISMATCH,
        "username_password_mismatch": _MISMATCH,
        "invalid_login": _MISMATCH,
        "too_many_login_attempts": "试的次数太多，请过一会儿再登录。",
        "enter_current_password": "当前密码不对，请重新输入。",
        "incorrect_password": "密码不对，请重新输入。",
        "invalid_password_reset": "这个重设链接已经用过或过期，请重新申请。",
        "email_taken": "这个邮箱不能使用，可能已属于另一个账号。",
        "duplicate_email": "这就是您现在的邮箱。",
        "same_as_current": "这就是您现在的邮箱。",
        "rate_limited": "操作太频繁，请过一会儿再试。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def format_email_subject(self, subject: str) -> str:
        return subject


class SecondFactorAdapter(DefaultMFAAdapter):
    """The shared secret of a second factor is not readable in a copy of the database."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "验证码不对。请看手机上现在显示的 6 位数字，并确认手机时间是自动校准的。",
        "cannot_delete_authenticator": "您的岗位必须使用双重验证，不能关闭；换手机请先添加新的，或请单位管理员重置。",
        "unverified_email": "请先验证邮箱，再开启双重验证；这样手机丢失时还能找回账号。",
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not needs_second_factor(authenticator.user_id)


def _box() -> Fernet:
    key = hashlib.sha256(f"second-factor:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
