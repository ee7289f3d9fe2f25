"""Signing in and out, lockout, password reset, second factor."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse

from platform_site.accounts import domain, queries
from platform_site.accounts.models import Membership, User
from tests.accounts.people import PASSWORD, company, member

pytestmark = pytest.mark.usefixtures("places")
LOGIN = "/account/login/"


def _sign_in(client: Client, login: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": login, "password": password})


def _totp(user: User) -> str:
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def _code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def admin() -> Membership:
    return company(1)[1]


@pytest.mark.parametrize("login", ["enterprise1", "ENTERPRISE1@example.com"])
def test_login_name_and_address_both_open_the_door(client: Client, admin: Membership, login: str) -> None:
    assert _sign_in(client, login).status_code == 302
    assert client.session["_auth_user_id"] == str(admin.user_id)


def test_a_wrong_password_is_answered_kindly_and_the_name_stays(client: Client, admin: Membership) -> None:
    response = _sign_in(client, "enterprise1", "wrong")
    page = response.content.decode()
    assert "对不上" in page
    assert 'value="enterprise1"' in page


@pytest.mark.parametrize("login", ["enterprise1", "nobody-here"])
def test_five_wrong_passwords_lock_the_door_for_known_and_unknown_names_alike(
    client: Client, admin: Membership, login: str
) -> None:
    answers = [_sign_in(client, login, "wrong").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = _sign_in(client, login, PASSWORD)
    assert locked.status_code == 429
    assert "登录暂停" in locked.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_lock_of_one_name_leaves_others_in(client: Client, admin: Membership) -> None:
    for _ in range(5):
        _sign_in(client, "enterprise1", "wrong")
    company(2)
    assert _sign_in(Client(), "enterprise2").status_code == 302


def test_a_password_is_reset_by_a_letter_whose_link_works_once(client: Client, admin: Membership) -> None:
    client.post("/account/password/reset/", {"email": admin.user.email})
    link = re.search(r"https?://testserver(\S+)", mail.outbox[0].body).group(1)
    page = client.get(link, follow=True)
    new = {"password1": "xin-mi-ma-2020-zhe", "password2": "xin-mi-ma-2020-zhe"}
    done = client.post(page.redirect_chain[-1][0], new, follow=True)
    assert "请用新密码登录" in done.content.decode()
    assert _sign_in(Client(), "enterprise1", "xin-mi-ma-2020-zhe").status_code == 302
    assert "已经用过或过期" in Client().get(link).content.decode()


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client: Client, admin: Membership) -> None:
    known = client.post("/account/password/reset/", {"email": admin.user.email}, follow=True)
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.com"}, follow=True)
    assert known.redirect_chain == unknown.redirect_chain
    assert len(mail.outbox) == 1


def test_a_second_factor_is_asked_for_after_the_password(client: Client, admin: Membership) -> None:
    secret = _totp(admin.user)
    assert _sign_in(client, "enterprise1").url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": _code(secret)}).status_code == 302
    assert client.session["_auth_user_id"] == str(admin.user_id)


def test_the_second_factors_secret_is_not_readable_in_the_database(admin: Membership) -> None:
    secret = _totp(admin.user)
    stored = Authenticator.objects.get(user=admin.user).data["secret"]
    assert secret not in stored
    assert Authenticator.objects.get(user=admin.user).wrap().validate_code(_code(secret)) is True


def test_switching_the_second_factor_on_through_the_pages(client: Client, admin: Membership) -> None:
    admin.user.emailaddress_set.update(verified=True)
    _sign_in(client, "enterprise1")
    again = client.get(reverse("mfa_activate_totp")).url
    page = client.post(again, {"password": PASSWORD, "next": reverse("mfa_activate_totp")}, follow=True)
    secret = page.context["form"].secret
    done = client.post(reverse("mfa_activate_totp"), {"code": _code(secret)}, follow=True)
    assert done.status_code == 200
    assert done.redirect_chain[-1][0] == reverse("mfa_view_recovery_codes")
    assert len(done.context["unused_codes"]) == 10
    assert queries.has_second_factor(admin.user_id) is True


def test_officials_are_led_to_the_second_factor_where_it_is_required(client: Client, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = True
    official = member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin")
    client.force_login(official.user)
    assert client.get("/city/staff/").url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    _totp(official.user)
    assert client.get("/city/staff/").status_code == 200


def test_companies_may_go_without_a_second_factor(client: Client, settings, admin: Membership) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = True
    client.force_login(admin.user)
    assert client.get("/enterprise/staff/").status_code == 200


def test_an_official_cannot_take_the_required_second_factor_off(client: Client, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = True
    official = member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin")
    _totp(official.user)
    _sign_in(client, "li")
    secret = Authenticator.objects.get(user=official.user).wrap()
    client.post(reverse("mfa_authenticate"), {"code": _code(_decrypted(secret))})
    again = client.post(reverse("mfa_deactivate_totp")).url
    page = client.post(again, {"password": PASSWORD, "next": reverse("mfa_deactivate_totp")}, follow=True)
    assert "必须使用双重验证" in page.content.decode()
    assert queries.has_second_factor(official.user_id) is True


def _decrypted(wrapped) -> str:
    return domain.sign_in.SecondFactorAdapter().decrypt(wrapped.instance.data["secret"])


def test_an_inactive_person_is_nobody(client: Client, admin: Membership) -> None:
    client.force_login(admin.user)
    User.objects.filter(pk=admin.user_id).update(is_active=False)
    assert client.get("/enterprise/staff/").status_code == 302


OWN_PAGES = ("account_email", "account_change_password", "account_reauthenticate", "mfa_index", "accounts:profile")
FACTOR_PAGES = ("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_deactivate_totp", "mfa_reauthenticate")


def test_every_account_page_answers_in_chinese(client: Client, admin: Membership) -> None:
    admin.user.emailaddress_set.update(verified=True)
    _sign_in(client, "enterprise1")
    again = reverse("account_reauthenticate")
    client.post(again, {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    client.post(reverse("mfa_generate_recovery_codes"))
    pages = {name: client.get(reverse(name)) for name in (*OWN_PAGES, *FACTOR_PAGES, "account_logout")}
    english = {name: _english(page.content.decode()) for name, page in pages.items() if page.status_code == 200}
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 200)
    assert {name: words for name, words in english.items() if words} == {}
    assert client.get(reverse("mfa_download_recovery_codes")).content.decode().count("\n") >= 10


def test_visitors_pages_answer_in_chinese(client: Client) -> None:
    names = ("account_login", "account_reset_password", "account_reset_password_done", "account_inactive")
    names += ("account_reset_password_from_key_done", "account_email_verification_sent", "accounts:sign_up")
    pages = {name: client.get(reverse(name)) for name in names}
    english = {name: _english(page.content.decode()) for name, page in pages.items()}
    assert {name: words for name, words in english.items() if words} == {}


def _english(page: str) -> list[str]:
    """Words of three and more Latin letters in the text that people read; names of people and keys do not count."""
    body = "<main" + page.split('<main id="main"')[1].split("</main>")[0]
    text = re.sub(r"<(svg|title)\b.*?</\1>|<[^>]+>|&\w+;", " ", body, flags=re.DOTALL)
    known = {"TOTP", "enterprise1", "example", "com"}
    return [word for word in re.findall(r"\b[A-Za-z][a-z]{2,}\b", text) if word not in known and not word.isupper()]


def test_weak_passwords_are_refused_in_chinese(client: Client, admin: Membership) -> None:
    _sign_in(client, "enterprise1")
    typed = {"oldpassword": PASSWORD, "password1": "12345", "password2": "12345"}
    page = client.post(reverse("account_change_password"), typed).content.decode()
    assert _english(page) == []
    assert "密码" in page


def test_letters_about_the_account_are_in_chinese(client: Client, admin: Membership) -> None:
    _sign_in(client, "enterprise1")
    new = {"oldpassword": PASSWORD, "password1": "xin-mi-ma-2020-zhe", "password2": "xin-mi-ma-2020-zhe"}
    client.post(reverse("account_change_password"), new)
    client.post("/account/password/reset/", {"email": admin.user.email})
    assert [letter.subject for letter in mail.outbox] == ["您的密码已更改", "设置新密码"]
    assert [letter.body.startswith("您好：") for letter in mail.outbox] == [True, True]


def test_nothing_inline_on_the_account_pages(client: Client) -> None:
    for name in ("account_login", "accounts:sign_up", "account_reset_password"):
        page = client.get(reverse(name)).content.decode()
        assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|\sstyle=|\son\w+=", page) == []
