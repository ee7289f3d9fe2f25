"""Signing a company up, through the page."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from platform_site.accounts.models import Organisation, User
from platform_site.audit.models import Entry
from tests.accounts.people import PASSWORD, company, company_number

pytestmark = pytest.mark.usefixtures("places")
PAGE = "/account/sign-up/"


def _typed(**changes: str) -> dict[str, str]:
    return {
        "kind": "enterprise",
        "organisation_name": "佛山晨光机械有限公司",
        "uscc": company_number(7),
        "area_code": "440600",
        "name": "陈晨",
        "phone": "0757-83000000",
        "email": "chen@example.com",
        "username": "",
        "password": PASSWORD,
        "password_again": PASSWORD,
    } | changes


def _codes(response) -> list[str]:
    return sorted(error.code for errors in response.context["form"].errors.as_data().values() for error in errors)


def test_a_company_signs_up_and_is_signed_in(client: Client) -> None:
    response = client.post(PAGE, _typed())
    assert response.status_code == 302
    user = User.objects.get(email="chen@example.com")
    membership = user.memberships.get()
    organisation = membership.organisation
    assert (organisation.kind, organisation.area_code, organisation.uscc) == ("enterprise", "440600", company_number(7))
    assert organisation.parent.name == "佛山市工业和信息化局"
    assert membership.roles == ["enterprise_admin"]
    assert client.session["_auth_user_id"] == str(user.pk)
    assert [sent.to for sent in mail.outbox] == [["chen@example.com"]]
    assert Entry.objects.filter(event="accounts.signed_up", actor_user_id=user.pk).count() == 1


def test_a_bad_company_number_loses_nothing_that_was_typed(client: Client) -> None:
    """S19/4.1.1"""
    bad = company_number(7)[:-1] + ("1" if company_number(7)[-1] != "1" else "2")
    typed = _typed(uscc=bad)
    response = client.post(PAGE, typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert _codes(response) == ["uscc.check_digit"]
    assert [value for name, value in typed.items() if value and f'value="{value}"' not in page] == []
    assert "校验码对不上" in page
    assert User.objects.count() == 0
    assert "no-store" in response["Cache-Control"]


def test_all_faults_are_named_at_once(client: Client) -> None:
    response = client.post(PAGE, _typed(uscc="123", email="x", password="1234567890", password_again="1", name=""))
    assert set(response.context["form"].errors) == {"uscc", "email", "password", "password_again", "name"}


def test_an_enterprise_from_outside_the_province_is_told_the_clause(client: Client) -> None:
    """S19/4.1.1"""
    response = client.post(PAGE, _typed(area_code="outside"))
    assert _codes(response) == ["area.not_in_guangdong"]
    assert "2019方案 四(一)1" in response.content.decode()


def test_a_supplier_may_come_from_outside_the_province(client: Client) -> None:
    assert client.post(PAGE, _typed(kind="supplier", area_code="outside")).status_code == 302
    organisation = Organisation.objects.get(kind="supplier")
    assert (organisation.area_code, organisation.parent) == ("", None)


def test_a_registered_company_is_told_what_to_do_and_no_names(client: Client) -> None:
    """D/accounts"""
    organisation, admin = company(1)
    response = client.post(PAGE, _typed(uscc=organisation.uscc))
    page = response.content.decode()
    assert _codes(response) == ["uscc.registered"]
    assert "账号找回" in page
    assert [secret for secret in (admin.user.name, admin.user.email, organisation.name) if secret in page] == []


def test_the_same_company_may_be_enterprise_and_supplier(client: Client) -> None:
    organisation, _ = company(1)
    assert client.post(PAGE, _typed(kind="supplier", uscc=organisation.uscc)).status_code == 302
    assert sorted(Organisation.objects.filter(uscc=organisation.uscc).values_list("kind", flat=True)) == [
        "enterprise",
        "supplier",
    ]


def test_an_address_that_has_an_account_is_told_to_sign_in(client: Client) -> None:
    _, admin = company(1)
    response = client.post(PAGE, _typed(email=admin.user.email.upper()))
    assert _codes(response) == ["person.email_taken", "person.login_taken"] or _codes(response) == [
        "person.email_taken"
    ]
    assert reverse("account_login") in response.content.decode()
