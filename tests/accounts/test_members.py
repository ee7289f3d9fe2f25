"""Members: roles, delegation, the last administrator, and what the database itself refuses."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from platform_site.accounts import domain, queries
from platform_site.accounts.models import Membership
from platform_site.accounts.permissions import user_can_approve, user_can_work_on
from platform_site.audit.queries import trail_of
from platform_site.kit.findings import Refusal
from tests.accounts.people import AT, SETUP, actor, company, member, person

pytestmark = pytest.mark.usefixtures("places")


def test_an_actor_carries_the_roles_and_the_area_of_the_membership() -> None:
    held = member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin")
    acting = actor(held)
    assert (acting.organisation_kind, acting.area_code, acting.membership_id) == ("city", "440600", held.pk)
    assert acting.roles == {"city_reviewer", "bureau_admin"}
    assert acting.delegated is False


def test_without_choice_the_oldest_membership_in_force_acts() -> None:
    first = member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin")
    second = member(queries.bureau_of("440100"), "li", "city_approver")
    assert queries.actor_for(first.user, at=AT).membership_id == first.pk
    assert queries.actor_for(first.user, second.pk, at=AT).membership_id == second.pk
    stranger = member(queries.bureau_of("440100"), "wang", "city_approver")
    assert queries.actor_for(first.user, stranger.pk, at=AT).membership_id == first.pk


def test_the_last_administrator_can_neither_be_removed_nor_lose_the_role() -> None:
    _, admin = company()
    with pytest.raises(Refusal) as refused:
        domain.remove_member(membership=admin, by=actor(admin), at=AT)
    assert refused.value.codes() == ["accounts.last_admin"]
    with pytest.raises(Refusal) as refused:
        domain.change_roles(membership=admin, roles=["enterprise_staff"], by=actor(admin), at=AT)
    assert refused.value.codes() == ["accounts.last_admin"]
    member(admin.organisation, "zhang", "enterprise_admin")
    domain.remove_member(membership=admin, by=actor(admin), at=AT)
    assert queries.memberships_of(admin.user_id, AT) == []


def test_an_administrator_of_one_company_cannot_touch_another() -> None:
    _, mine = company(1)
    _, other = company(2)
    with pytest.raises(PermissionDenied):
        domain.remove_member(membership=other, by=actor(mine), at=AT)
    with pytest.raises(PermissionDenied):
        domain.invite_member(
            organisation=other.organisation,
            email="x@example.com",
            name="x",
            roles=["enterprise_staff"],
            by=actor(mine),
            at=AT,
        )


def test_a_delegate_cannot_hold_an_approving_role() -> None:
    """S19/8"""
    bureau = queries.bureau_of("440600")
    with pytest.raises(Refusal) as refused:
        domain.add_member(
            organisation=bureau,
            user=person("agent"),
            roles=["delegate", "city_approver"],
            until=date(2020, 12, 31),
            scope=["application_review"],
            by=SETUP,
            at=AT,
        )
    assert refused.value.codes() == ["delegate.no_approval"]
    assert [finding.clause for finding in refused.value.findings] == ["S19/8"]


def test_a_delegate_has_tasks_and_a_term_and_never_approves() -> None:
    """S19/8, T18/7"""
    bureau = queries.bureau_of("440600")
    held = domain.delegate_work(
        organisation=bureau,
        user=person("agent"),
        tasks=["application_review"],
        until=date(2020, 6, 30),
        entrusted_to="某会计师事务所",
        by=SETUP,
        at=AT,
    )
    acting = actor(held)
    assert acting.roles == {"delegate", "city_reviewer"}
    assert acting.delegated is True
    assert user_can_approve(acting) is False
    assert user_can_work_on(acting, "application_review") is True
    assert user_can_work_on(acting, "redemption_review") is False
    last_moment, day_after = AT.replace(day=30, hour=15, minute=59), AT.replace(day=30, hour=16)
    assert [one.pk for one in queries.memberships_of(held.user_id, last_moment)] == [held.pk]
    assert queries.memberships_of(held.user_id, day_after) == []


def test_delegation_without_tasks_and_term_is_refused_with_both_reasons() -> None:
    """S19/8"""
    with pytest.raises(Refusal) as refused:
        domain.add_member(
            organisation=queries.bureau_of("440600"), user=person("agent"), roles=["delegate"], by=SETUP, at=AT
        )
    assert refused.value.codes() == ["delegate.term", "delegate.scope"]


def test_the_database_refuses_a_delegate_who_approves() -> None:
    bureau = queries.bureau_of("440600")
    with pytest.raises(IntegrityError, match="membership_delegate_never_approves"), transaction.atomic():
        Membership.objects.create(
            user=person("agent"),
            organisation=bureau,
            roles=["delegate", "city_approver"],
            since=AT,
            until=date(2020, 12, 31),
            delegated_from=bureau,
        )


def test_the_auditor_holds_no_other_role() -> None:
    with pytest.raises(Refusal) as refused:
        member(queries.province_bureau(), "shen", "auditor", "province_officer")
    assert refused.value.codes() == ["role.stands_alone"]


def test_a_company_cannot_give_itself_a_bureau_role() -> None:
    _, admin = company()
    with pytest.raises(Refusal) as refused:
        domain.change_roles(membership=admin, roles=["enterprise_admin", "city_approver"], by=actor(admin), at=AT)
    assert refused.value.codes() == ["role.not_here"]


def test_handing_over_to_a_colleague_moves_all_roles_at_once() -> None:
    _, admin = company()
    colleague = member(admin.organisation, "zhang", "enterprise_staff")
    domain.hand_over(membership=admin, to=colleague, by=actor(admin), at=AT)
    colleague.refresh_from_db()
    admin.refresh_from_db()
    assert colleague.roles == ["enterprise_admin", "enterprise_staff"]
    assert admin.active is False
    assert [entry.event for entry in trail_of(admin)][:2] == ["accounts.member_removed", "accounts.handed_over"]


def test_handing_over_to_a_member_of_another_house_is_refused() -> None:
    _, admin = company(1)
    _, stranger = company(2)
    with pytest.raises(Refusal) as refused:
        domain.hand_over(membership=admin, to=stranger, by=actor(admin), at=AT)
    assert refused.value.codes() == ["hand_over.nobody"]


def test_a_bureau_sees_the_companies_of_its_own_city_only() -> None:
    here, _ = company(1, area_code="440600")
    company(2, area_code="440100")
    official = actor(member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin"))
    assert list(queries.helped_companies(official)) == [here]
    seen = queries.organisations_visible_to(official).filter(kind="enterprise")
    assert list(seen) == [here]


def test_ended_members_and_closed_organisations_act_no_more() -> None:
    organisation, admin = company()
    domain.close_organisation(organisation=organisation, ground="注销", by=SETUP, at=AT)
    assert queries.actor_for(admin.user, at=AT + timedelta(hours=1)).roles == frozenset()
