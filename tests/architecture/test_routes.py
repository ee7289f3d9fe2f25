"""Every route says who may come in, lets exactly those in, and shows strangers nothing."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import get_resolver

from platform_site.accounts.domain import add_member, create_organisation, create_person
from platform_site.accounts.enums import ALL_ROLES, COMPANIES, Kind, Role
from platform_site.accounts.models import User
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.routes import API_TOKEN, PUBLIC, SIGNED_IN
from platform_site.route_check import all_routes, check_routes, declaration_of

KIND_OF_ROLE = {
    Role.ENTERPRISE_ADMIN: Kind.ENTERPRISE,
    Role.ENTERPRISE_STAFF: Kind.ENTERPRISE,
    Role.SUPPLIER_ADMIN: Kind.SUPPLIER,
    Role.SUPPLIER_STAFF: Kind.SUPPLIER,
    Role.CITY_REVIEWER: Kind.CITY,
    Role.CITY_APPROVER: Kind.CITY,
    Role.COUNTY_REVIEWER: Kind.COUNTY,
    Role.BUREAU_ADMIN: Kind.CITY,
    Role.PROVINCE_OFFICER: Kind.PROVINCE,
    Role.PROVINCE_APPROVER: Kind.PROVINCE,
    Role.ALLIANCE_STAFF: Kind.ALLIANCE,
    Role.FINANCE_OFFICER: Kind.FINANCE,
    Role.EXPERT: Kind.EXPERT,
    Role.OPERATOR_STAFF: Kind.OPERATOR,
    Role.AUDITOR: Kind.PROVINCE,
    Role.SYSTEM_ADMIN: Kind.PROVINCE,
}
STRANGE = {
    "uuid": "00000000-0000-4000-8000-000000000000",
    "int": "999999",
    "str": "nobody",
    "slug": "nobody",
    "path": "no/where",
}


def address(pattern: str) -> str:
    """The pattern with ids of objects that do not exist."""
    plain = re.sub(r"<(?:(\w+):)?\w+>", lambda match: STRANGE.get(match.group(1) or "str", "nobody"), pattern)
    return "/" + re.sub(r"\(\?P<\w+>[^)]*\)|[\^$]", "nobody", plain).replace("\\Z", "")


def guarded_routes() -> Iterator[tuple[str, frozenset[str]]]:
    for pattern, _, view in all_routes(get_resolver()):
        declared = declaration_of(view)
        if declared and not declared.roles & {PUBLIC, API_TOKEN}:
            yield pattern, declared.roles


def test_every_route_declares_roles_scope_and_audit_verb() -> None:
    assert check_routes() == []


def test_declared_roles_are_roles_of_the_platform() -> None:
    unknown = {role for _, roles in guarded_routes() for role in roles} - ALL_ROLES - {SIGNED_IN}
    assert unknown == set()


@pytest.fixture
def person_of(db: None) -> dict[str, User]:
    """One person for every role, each in an organisation of its own, all foreign to everything."""
    by, at = system_actor("test"), clock.now()
    people = {}
    for number, (role, kind) in enumerate(KIND_OF_ROLE.items()):
        area, uscc = f"44{number + 1:02}00", f"91440600MA{number:08}" if kind in COMPANIES else ""
        place = create_organisation(kind=kind, name=f"单位{number}", area_code=area, uscc=uscc, by=by, at=at)
        person = create_person(
            username=f"person-{number}",
            name=f"人{number}",
            email=f"p{number}@example.test",
            password="Wen-2020-xk",
            by=by,
            at=at,
        )
        add_member(organisation=place, user=person, roles=[role], by=by, at=at)
        people[str(role)] = person
    return people


def test_nobody_signed_in_is_sent_to_the_sign_in_page(db: None, client: Client) -> None:
    strays = []
    for pattern, _ in guarded_routes():
        answer = client.get(address(pattern))
        if not (answer.status_code == 302 and answer["Location"].startswith(resolve_url(settings.LOGIN_URL))):
            strays.append((pattern, answer.status_code))
    assert strays == []


@pytest.mark.parametrize("role", sorted(str(role) for role in KIND_OF_ROLE))
def test_a_role_enters_its_routes_and_no_others_and_foreign_objects_are_not_found(
    role: str, person_of: dict[str, User]
) -> None:
    client = Client()
    client.force_login(person_of[role])
    wrong = []
    for pattern, roles in guarded_routes():
        status = client.get(address(pattern)).status_code
        mine = role in roles or SIGNED_IN in roles
        expected = {404, 405} if "<" in pattern and mine else {200, 302, 405} if mine else {403}
        if status not in expected:
            wrong.append((pattern, status, sorted(expected)))
    assert wrong == []


@pytest.mark.parametrize("role", sorted(str(role) for role in KIND_OF_ROLE))
def test_keys_in_the_address_that_are_no_numbers_change_nothing(role: str, person_of: dict[str, User]) -> None:
    client = Client()
    client.force_login(person_of[role])
    plain = [address(pattern) for pattern, roles in guarded_routes() if role in roles and "<" not in pattern]
    before = {path: client.get(path).status_code for path in plain}
    odd = "?after=%C2%B2&before=99999999999999999999999&page=%C2%B2&city=%C2%B2"
    assert {path: client.get(path + odd).status_code for path in plain} == before
    assert 500 not in before.values()
