"""The pages about people: who sees and does what, in every portal."""

import pytest
from django.test import Client
from django.urls import reverse

from platform_site.accounts import queries
from platform_site.accounts.models import Invitation, Membership
from tests.accounts.people import company, member

pytestmark = pytest.mark.usefixtures("places")


@pytest.fixture
def admin(client: Client) -> Membership:
    _, admin = company(1)
    client.force_login(admin.user)
    return admin


@pytest.fixture
def city_admin(client: Client) -> Membership:
    held = member(queries.bureau_of("440600"), "li", "city_reviewer", "bureau_admin")
    client.force_login(held.user)
    return held


def test_a_foreign_member_is_not_found_whatever_is_tried(client: Client, admin: Membership) -> None:
    _, other = company(2)
    answers = [
        client.get(reverse("enterprise:staff_member", args=[other.pk])).status_code,
        client.post(reverse("enterprise:staff_end", args=[other.pk])).status_code,
        client.get(reverse("enterprise:staff_hand_over", args=[other.pk])).status_code,
        client.post(reverse("enterprise:staff_reset_second_factor", args=[other.pk])).status_code,
    ]
    assert answers == [404, 404, 404, 404]
    other.refresh_from_db()
    assert other.active is True


def test_ordinary_members_see_their_colleagues_and_no_buttons(client: Client, admin: Membership) -> None:
    clerk = member(admin.organisation, "zhang", "enterprise_staff")
    client.force_login(clerk.user)
    page = client.get(reverse("enterprise:staff"))
    assert page.status_code == 200
    assert admin.user.name in page.content.decode()
    assert reverse("enterprise:staff_invite") not in page.content.decode()
    assert client.get(reverse("enterprise:staff_invite")).status_code == 403


def test_the_wrong_portal_is_closed(client: Client, admin: Membership) -> None:
    assert client.get(reverse("city:staff")).status_code == 403
    assert Client().get(reverse("city:staff")).status_code == 302


def test_inviting_through_the_page_shows_the_open_letter_and_withdrawing_closes_it(
    client: Client, admin: Membership
) -> None:
    typed = {"name": "新同事", "email": "new@example.com", "roles": ["enterprise_staff"]}
    page = client.post(reverse("enterprise:staff_invite"), typed, follow=True)
    assert "new@example.com" in page.content.decode()
    letter = Invitation.objects.get()
    client.post(reverse("enterprise:staff_withdraw", args=[letter.pk]))
    letter.refresh_from_db()
    assert letter.withdrawn_at is not None


def test_ending_the_last_administrator_through_the_page_is_explained(client: Client, admin: Membership) -> None:
    page = client.post(reverse("enterprise:staff_end", args=[admin.pk]), follow=True)
    assert "最后一位管理员" in page.content.decode()


def test_a_bureau_entrusts_work_with_tasks_and_term(client: Client, city_admin: Membership) -> None:
    """S19/8"""
    typed = {
        "name": "周明",
        "email": "zhou@example.com",
        "entrusted_to": "某会计师事务所",
        "until": "2999-12-31",
        "scope": ["application_review", "monitoring"],
    }
    assert client.post(reverse("city:staff_delegate"), typed).status_code == 302
    letter = Invitation.objects.get()
    assert (letter.roles, letter.scope) == (["city_reviewer", "delegate"], ["application_review", "monitoring"])


def test_companies_have_no_delegation_page(client: Client, admin: Membership) -> None:
    assert client.get("/enterprise/staff/delegate/").status_code == 404


def test_recovery_finds_companies_of_the_own_city_only(client: Client, city_admin: Membership) -> None:
    here, _ = company(3, area_code="440600")
    there, _ = company(4, area_code="440100")
    page = client.get(reverse("city:recoveries"), {"q": "机械"}).content.decode()
    assert (here.name in page, there.name in page) == (True, False)
    assert client.get(reverse("city:recovery_open", args=[there.pk])).status_code == 404
    typed = {"name": "新", "phone": "1370000000", "email": "n@example.com", "ground": "查验执照"}
    assert client.post(reverse("city:recovery_open", args=[here.pk]), typed).status_code == 302
    assert Invitation.objects.get().purpose == "recovery"


def test_the_province_invites_the_first_administrator_of_a_bureau(client: Client) -> None:
    held = member(queries.province_bureau(), "he", "province_officer", "bureau_admin")
    client.force_login(held.user)
    bureau = queries.bureau_of("441900")
    assert "东莞市工业和信息化局" in client.get(reverse("province:bureaus")).content.decode()
    typed = {"name": "黎安", "email": "li@example.com", "roles": ["bureau_admin", "city_approver"]}
    assert client.post(reverse("province:bureau_invite", args=[bureau.pk]), typed).status_code == 302
    assert Invitation.objects.get().organisation == bureau


def test_a_citys_administrator_sees_no_bureaus_of_the_province(client: Client, city_admin: Membership) -> None:
    page = client.get(reverse("province:bureaus"))
    assert list(page.context["bureaus"]) == []
    assert client.get(reverse("province:bureau_invite", args=[queries.province_bureau().pk])).status_code == 404


def test_switching_takes_only_ones_own_memberships(client: Client, admin: Membership) -> None:
    _, other = company(2)
    second = member(queries.bureau_of("440100"), admin.user.username, "city_reviewer", "bureau_admin")
    assert client.post(reverse("accounts:switch"), {"membership": other.pk}).status_code == 404
    client.post(reverse("accounts:switch"), {"membership": second.pk})
    assert client.get(reverse("city:staff")).status_code == 200
    assert client.get(reverse("enterprise:staff")).status_code == 403


def test_the_profile_is_changed_by_oneself(client: Client, admin: Membership) -> None:
    typed = {"name": "新名字", "phone": "13611112222", "mail_choice": "never"}
    assert client.post(reverse("accounts:profile"), typed).status_code == 302
    admin.user.refresh_from_db()
    assert (admin.user.name, admin.user.mail_choice) == ("新名字", "never")
    assert "新名字" in client.get(reverse("accounts:profile")).content.decode()


def test_handing_over_from_the_own_profile(client: Client, admin: Membership) -> None:
    colleague = member(admin.organisation, "zhang", "enterprise_staff")
    assert client.post(reverse("accounts:hand_over"), {"to": str(colleague.pk)}).status_code == 302
    admin.refresh_from_db()
    assert admin.active is False


def test_an_accepted_invitation_opens_the_new_place(client: Client, admin: Membership) -> None:
    page = client.get(reverse("accounts:invitation", args=["forged"]))
    assert page.status_code == 410


@pytest.mark.parametrize("size", [1, 3])
def test_the_staff_list_asks_the_database_as_often_for_three_as_for_one(
    client: Client, admin: Membership, size: int, django_assert_num_queries
) -> None:
    for number in range(size):
        member(admin.organisation, f"zhang{number}", "enterprise_staff")
    client.get(reverse("enterprise:staff"))
    with django_assert_num_queries(QUERIES):
        assert len(client.get(reverse("enterprise:staff")).context["members"]) == size + 1


# user, actor, organisation, members, invitations
QUERIES = 5


def test_visitors_cost_no_query(client: Client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        client.get(reverse("account_login"))
