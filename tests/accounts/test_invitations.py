"""Invitations, handover by letter and recovery."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from platform_site.accounts import domain, queries
from platform_site.accounts.models import Invitation
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.findings import Refusal
from platform_site.messages.models import Message
from platform_site.outbox.domain import deliver_all
from tests.accounts.people import AT, PASSWORD, actor, company, member, person

pytestmark = pytest.mark.usefixtures("places")


def _letter(**changes: object) -> tuple[Invitation, Actor]:
    _, admin = company()
    acting = actor(admin)
    values = {"email": "New@Example.com", "name": "新同事", "roles": ["enterprise_staff"]} | changes
    return domain.invite_member(organisation=admin.organisation, by=acting, at=AT, **values), acting


def _join(letter: Invitation, at=AT):
    return domain.join_by_invitation(
        token=domain.invitation_token(letter),
        username="",
        name="新同事",
        phone="13900000000",
        password=PASSWORD,
        by=ANONYMOUS,
        at=at,
    )


def test_a_newcomer_joins_by_the_letter_and_the_mailbox_counts_as_verified() -> None:
    letter, _ = _letter()
    joined = _join(letter)
    assert (joined.organisation_id, joined.roles) == (letter.organisation_id, ["enterprise_staff"])
    assert joined.user.email == "new@example.com"
    assert queries.email_verified(joined.user_id) is True


def test_a_letter_is_used_once() -> None:
    letter, _ = _letter()
    _join(letter)
    with pytest.raises(Refusal) as refused:
        _join(letter)
    assert refused.value.codes() == ["invitation.used"]


def test_a_letter_ends_after_its_term() -> None:
    letter, _ = _letter()
    with pytest.raises(Refusal) as refused:
        _join(letter, at=letter.expires_at)
    assert refused.value.codes() == ["invitation.expired"]


def test_a_withdrawn_and_a_replaced_letter_open_nothing() -> None:
    letter, acting = _letter()
    again = domain.invite_member(
        organisation=letter.organisation,
        email=letter.email,
        name="新同事",
        roles=["enterprise_staff"],
        by=acting,
        at=AT,
    )
    with pytest.raises(Refusal) as refused:
        _join(letter)
    assert refused.value.codes() == ["invitation.unknown"]
    domain.withdraw_invitation(invitation=again, by=acting, at=AT)
    with pytest.raises(Refusal) as refused:
        _join(again)
    assert refused.value.codes() == ["invitation.unknown"]


def test_somebody_elses_account_cannot_accept_the_letter() -> None:
    letter, _ = _letter()
    thief = queries.actor_for(person("thief"))
    with pytest.raises(Refusal) as refused:
        domain.accept_invitation(token=domain.invitation_token(letter), by=thief, at=AT)
    assert refused.value.codes() == ["invitation.other_person"]


def test_a_forged_token_is_as_unknown_as_an_old_one() -> None:
    letter, _ = _letter()
    token = domain.invitation_token(letter)
    with pytest.raises(Refusal) as refused:
        domain.accept_invitation(token=token[:-2] + "xx", by=ANONYMOUS, at=AT)
    assert refused.value.codes() == ["invitation.unknown"]


def test_the_letter_is_mailed_with_a_link_that_works(client) -> None:
    letter, acting = _letter()
    Invitation.objects.update(expires_at=AT + timedelta(days=9000))
    deliver_all(at=AT)
    assert [sent.to for sent in mail.outbox] == [["new@example.com"]]
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    page = client.get(link.split("localhost:8000")[1])
    assert page.status_code == 200
    assert letter.organisation.name in page.content.decode()
    assert acting.label in mail.outbox[0].body


def test_handing_over_by_letter_ends_the_old_place_only_on_acceptance() -> None:
    _, admin = company()
    letter = domain.hand_over(membership=admin, email="next@example.com", name="接任", by=actor(admin), at=AT)
    assert isinstance(letter, Invitation)
    admin.refresh_from_db()
    assert admin.active is True
    joined = _join(letter)
    admin.refresh_from_db()
    assert (admin.active, joined.roles) == (False, ["enterprise_admin"])


def test_the_citys_official_recovers_a_company_whose_contact_is_gone() -> None:
    organisation, admin = company(area_code="440600")
    official = actor(member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin"))
    domain.open_recovery(
        organisation=organisation,
        name="新联系人",
        phone="13700000000",
        email="next@example.com",
        ground="查验执照，回拨登记电话",
        ends_previous=True,
        by=official,
        at=AT,
    )
    assert list(Message.objects.values_list("user_id", flat=True)) == [admin.user_id]
    joined = _join(Invitation.objects.get())
    admin.refresh_from_db()
    assert (joined.roles, admin.active) == (["enterprise_admin"], False)


@pytest.mark.parametrize("roles", [("city_reviewer", "bureau_admin")])
def test_another_citys_official_cannot_recover_it(roles: tuple[str, ...]) -> None:
    organisation, _ = company(area_code="440600")
    official = actor(member(queries.bureau_of("440100"), "li", *roles))
    with pytest.raises(PermissionDenied):
        domain.open_recovery(
            organisation=organisation,
            name="x",
            phone="1",
            email="x@example.com",
            ground="x",
            ends_previous=True,
            by=official,
            at=AT,
        )
    assert Invitation.objects.count() == 0
