"""A person who signs in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from platform_site.accounts.enums import MailChoice


class UserManager(BaseUserManager["User"]):
    """What Django's and allauth's machinery expect; the platform itself uses `domain.create_person`."""

    def create_user(self, username: str, email: str = "", password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person, however many memberships. There are no superusers: rights come from memberships alone.

    `name` is the real name shown beside what the person did; `email` empty means the person has no mailbox here.
    """

    username = models.CharField(
        "登录名",
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": "这个登录名已有人使用，请换一个。"},
    )
    email = models.EmailField("电子邮箱", blank=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机号码", max_length=20, blank=True)
    mail_choice = models.CharField("邮件提醒", max_length=12, choices=MailChoice, default=MailChoice.DAILY)
    is_active = models.BooleanField("可登录", default=True)
    date_joined = models.DateTimeField("注册时间", default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "name"]

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_login_once"),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
