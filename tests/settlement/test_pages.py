"""Pages as their people see them; strangers get nothing."""

import pytest
from django.test import Client
from django.urls import reverse

from platform_site.accounts.models import User
from platform_site.kit.actor import Actor
from settlement.models import Batch, NoticeList
from tests.settlement.world import (
    Case,
    checked,
    claimed,
    draft,
    payable,
    signed_batch,
    treasurer,
    watched,
)

BACKEND = "platform_site.accounts.backends.SignInBackend"


@pytest.fixture(autouse=True)
def _one_factor(settings) -> None:
    """Officials come without a second factor here; it has its own tests."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def as_(actor: Actor) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(pk=actor.user_id), backend="platform_site.accounts.backends.SignInBackend")
    return client


def opened(actor: Actor, name: str, *args: object, query: str = "") -> tuple[int, str]:
    answer = as_(actor).get(reverse(name, args=args) + query)
    return answer.status_code, answer.content.decode() if answer["Content-Type"].startswith("text") else ""


def test_the_enterprise_sees_its_vouchers_form_and_claim(case: Case):
    status, text = opened(case.actor, "enterprise:redemptions")
    assert (status, case.voucher.number in text) == (200, True)
    assert opened(case.actor, "enterprise:redeem", case.voucher.pk)[0] == 200
    row = draft(case)
    status, text = opened(case.actor, "enterprise:redemption_edit", row.pk)
    assert (status, "invoices-0-number" in text) == (200, True)
    claimed_row = claimed(case)
    assert opened(case.actor, "enterprise:redemption", claimed_row.pk)[0] == 200
    assert opened(case.world.supplier_actor, "supplier:confirmations")[0] == 200
    assert opened(case.world.supplier_actor, "supplier:confirmation", claimed_row.pk)[0] == 200


def test_a_stranger_gets_a_404_for_somebody_elses_claim(case: Case, other: Case):
    row = claimed(case)
    assert opened(other.actor, "enterprise:redemption", row.pk)[0] == 404


def test_the_city_sees_list_and_review(case: Case):
    row = watched(case)
    reviewer = case.city["reviewer"]
    status, text = opened(reviewer, "city:redemptions")
    assert (status, row.number in text) == (200, True)
    status, text = opened(reviewer, "city:redemption", row.pk)
    assert (status, "签名并送复核" in text) == (200, True)
    checked(case)
    status, text = opened(case.city["approver"], "city:redemption", row.pk)
    assert (status, "退给经办" in text) == (200, True)
    assert opened(reviewer, "city:redemptions", query="?view=all&export=1")[0] == 200


def test_a_tab_counts_what_it_shows(case: Case):
    """What was checked waits for the second person alone: the first tab neither shows nor counts it."""
    watched(case)
    assert _counts(case) == ["1", "0", "1"]
    checked(case)
    assert _counts(case) == ["0", "1", "0"]


def _counts(case: Case) -> list[str]:
    """To be checked, to be signed, and how many rows the first tab has."""
    page = as_(case.city["reviewer"]).get(reverse("city:redemptions")).context
    return [*(tab["count"] for tab in page["tabs"][:2]), page["count"]]


def test_lists_batches_and_notice_are_shown(case: Case):
    payable(case)
    made = NoticeList.objects.get()
    reviewer = case.city["reviewer"]
    for name, args in [
        ("city:notice_lists", ()),
        ("city:notice_list", (made.pk,)),
        ("city:objections", ()),
        ("city:batches", ()),
    ]:
        assert opened(reviewer, name, *args)[0] == 200, name
    batch = signed_batch(case)
    assert opened(reviewer, "city:batch", batch.pk)[0] == 200
    payer = treasurer()
    for name, args in [
        ("finance:batches", ()),
        ("finance:batch", (batch.pk,)),
        ("finance:batch_line", (batch.pk, batch.lines.get().pk)),
    ]:
        assert opened(payer, name, *args)[0] == 200, name
    public = Client()
    for path in (reverse("public:notices"), reverse("public:notice", args=[made.number]), reverse("public:verify")):
        assert public.get(path).status_code == 200, path
    assert "真实有效" in public.get(reverse("public:verify"), {"number": made.number}).content.decode()
    assert Batch.objects.count() == 1


def test_draft_claims_are_invisible_to_supplier_and_city(case: Case):
    row = draft(case)
    assert opened(case.world.supplier_actor, "supplier:confirmation", row.pk)[0] == 404
    assert opened(case.city["reviewer"], "city:redemption", row.pk)[0] == 404
