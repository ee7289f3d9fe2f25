"""Routes let in whom they declare, and nobody else."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.routes import API_TOKEN, PUBLIC, SIGNED_IN, Declaration, route
from tests.accounts.people import company, set_up

REVIEWER = Actor(user_id=1, organisation_id=1, roles=frozenset({"city_reviewer"}))
NOBODY_YET = Actor(user_id=2)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def visit(actor: Actor, roles: Any, **headers: str) -> HttpResponse:
    request: Any = RequestFactory().get("/somewhere/?page=2", headers=headers)
    request.actor = actor
    return route("somewhere/", page, name="somewhere", roles=roles, scope="none").callback(request)


def test_a_stranger_signs_in_first_and_comes_back() -> None:
    answer = visit(ANONYMOUS, {"city_reviewer"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/somewhere/%3Fpage%3D2")


def test_a_stranger_inside_a_page_is_led_to_sign_in_as_a_whole_page() -> None:
    answer = visit(ANONYMOUS, SIGNED_IN, **{"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/account/login/")


@pytest.mark.parametrize("actor", [REVIEWER, NOBODY_YET])
def test_a_wrong_role_is_refused(actor: Actor) -> None:
    with pytest.raises(PermissionDenied):
        visit(actor, {"city_approver", "province_officer"})


@pytest.mark.parametrize(
    ("actor", "roles"),
    [
        (REVIEWER, {"city_reviewer", "city_approver"}),
        (REVIEWER, "city_reviewer"),
        (NOBODY_YET, SIGNED_IN),
        (ANONYMOUS, PUBLIC),
        (ANONYMOUS, API_TOKEN),
    ],
)
def test_whoever_is_declared_comes_in(actor: Actor, roles: Any) -> None:
    assert visit(actor, roles).content == b"in"


def test_the_declaration_can_be_read_from_the_view() -> None:
    made = route("a/", page, name="a", roles=("x", "y"), scope="own city", audit="thing.done")
    view: Any = made.callback
    assert view.declaration == Declaration(frozenset({"x", "y"}), "own city", "thing.done")


@pytest.mark.django_db
def test_the_real_site_answers_a_wrong_role_with_403(client) -> None:
    set_up()
    _, membership = company()
    client.force_login(membership.user)
    assert client.get("/auditor/audit/").status_code == 403
