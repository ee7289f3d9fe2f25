"""The reviewer's page and desk: few clicks, next case at hand, reasons kept, a clock that is heard."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from platform_site.accounts.models import User
from platform_site.accounts.queries import bureau_of
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding
from platform_site.messages.models import Message
from settlement import domain
from settlement.models import Invoice, ReasonText, Redemption
from settlement.policies import claim_findings
from settlement.queries.review import next_case, reason_texts, reviews_due
from settlement.rules.readout import Readout
from settlement.rules.review import attention_findings
from settlement.tasks import escalate_reviews
from tests.settlement.test_claim import refused
from tests.settlement.world import PLATFORM, Case, later, ticks, watched
from tests.vouchers.world import FOSHAN, official


@pytest.fixture
def _in_season(case: Case, other: Case) -> Iterator[None]:
    """Pages read the clock: it stands where the review of these claims takes place."""
    clock.dial(later(case) - clock.now())
    yield
    clock.dial(timedelta(0))


def enter(client: Client, actor: Actor) -> None:
    client.force_login(User.objects.get(pk=actor.user_id))


def read(row: Redemption) -> Redemption:
    """As if a machine had read the papers of its invoices just as they were typed."""
    for invoice in row.invoices.all():
        same = Readout("qr", "", invoice.code, invoice.number, invoice.issued_on)
        Invoice.objects.filter(pk=invoice.pk).update(readout=same.as_json())
    return row


def keep(by: Actor, case: Case, title: str = "缺验收章", *, office: bool = False) -> ReasonText:
    return domain.keep_reason(
        title=title, clause="S19/5.4.9", reason="验收报告没有盖章。", remedy="请补盖公章。", office=office, by=by,
        at=later(case),
    )  # fmt: skip


@pytest.mark.parametrize(("severity", "needed"), [("ok", 0), ("info", 1), ("warn", 1), ("bad", 1)])
def test_whatever_is_not_fine_needs_a_look(severity: str, needed: int):
    found = attention_findings([Finding("x", "S19/5.4.11", "看一下", severity=severity, title="某项")])
    assert [finding.code for finding in found] == ["check.needs_a_look"] * needed


@pytest.mark.usefixtures("_in_season")
def test_from_the_list_to_the_decision_in_under_ten_clicks(case: Case, client: Client):
    """Open, tick what is fine, opinion, sign; open, sign: six."""
    row = watched(case)
    enter(client, case.city["reviewer"])
    address = reverse("city:redemption", args=[row.pk])
    clicks = [client.get(address)]
    clicks.append(client.post(address, {"tick": "ok", "version": row.version, "note": "打到一半"}))
    page = clicks[-1].content.decode()
    assert "打到一半" in page
    fine = [finding for finding in claim_findings(row, later(case)) if finding.severity == "ok"]
    assert page.count(" checked>") == len(fine) > 3
    form = {"opinion": "approve", "checked": list(ticks(row, later(case))), "version": row.version}
    clicks.append(client.post(address, form))
    assert clicks[-1].status_code == 302
    enter(client, case.city["approver"])
    clicks.append(client.get(address))
    clicks.append(client.post(reverse("city:redemption_sign", args=[row.pk]), {"version": case.fresh().version}))
    assert (case.fresh().state, len(clicks)) == ("approved", 5)


def test_the_next_case_is_at_hand_for_whoever_checks_and_whoever_signs(case: Case, other: Case):
    first, second = watched(case), watched(other)
    reviewer, approver = case.city["reviewer"], case.city["approver"]
    assert next_case(reviewer, first, to_sign=False) == second
    assert next_case(reviewer, second, to_sign=False) == first
    assert next_case(approver, first, to_sign=True) is None
    domain.check_clean(redemption=read(second), by=reviewer, at=later(case))
    assert next_case(approver, first, to_sign=True) == second
    assert next_case(reviewer, second, to_sign=True) is None
    assert next_case(reviewer, second, to_sign=False) == first


@pytest.mark.usefixtures("_in_season")
def test_in_bulk_only_what_has_nothing_to_look_at_is_signed_each_with_its_result(
    case: Case, other: Case, client: Client
):
    clean, doubtful = read(watched(case)), watched(other)
    enter(client, case.city["reviewer"])
    page = client.post(
        reverse("city:redemptions_bulk"), {"action": "check_clean", "ids": [clean.pk, doubtful.pk]}
    ).content.decode()
    assert "办成 1 件，没有办成 1 件" in page
    assert (case.fresh().opinion, other.fresh().opinion) == ("approve", "")
    assert "要看一下" in page


def test_reasons_are_kept_for_oneself_or_for_the_office_and_put_into_a_return(case: Case, client: Client):
    reviewer, approver = case.city["reviewer"], case.city["approver"]
    own, shared = keep(reviewer, case), keep(reviewer, case, "缺回单", office=True)
    assert set(reason_texts(reviewer)) == {own, shared}
    assert list(reason_texts(approver)) == [shared]
    assert list(reason_texts(case.world.city("440100")["reviewer"])) == []
    assert refused(lambda: keep(reviewer, case)) == ["reason_text.taken"]
    assert refused(lambda: keep(reviewer, case, " ")) == ["reason_text.no_title"]
    row = watched(case)
    enter(client, reviewer)
    address = reverse("city:redemption", args=[row.pk])
    client.post(address, {"opinion": "return", "texts": [own.pk, shared.pk], "version": row.version})
    assert [one["title"] for one in case.fresh().opinion_findings] == ["缺回单", "缺验收章"]


def test_nobody_removes_what_is_anothers(case: Case, client: Client):
    own = keep(case.city["reviewer"], case)
    with pytest.raises(PermissionDenied):
        domain.remove_reason(text=own, by=case.city["approver"], at=later(case))
    enter(client, case.city["approver"])
    assert client.post(reverse("city:reason_text_remove", args=[own.pk])).status_code == 404
    enter(client, case.city["reviewer"])
    assert own.title in client.get(reverse("city:reason_texts")).content.decode()
    assert client.post(reverse("city:reason_text_remove", args=[own.pk])).status_code == 302
    assert list(ReasonText.objects.all()) == []


def test_approver_and_office_hear_once_when_a_day_is_left_and_once_when_it_is_over(case: Case):
    """S19/6.2"""
    watched(case)
    admin = official(bureau_of(FOSHAN), "bureau_admin")
    reviewer, approver = case.city["reviewer"], case.city["approver"]
    row = domain.take_up_redemption(redemption=case.fresh(), by=reviewer, at=later(case))
    due = row.review_due_at
    said = lambda at: domain.escalate_review(redemption=row, by=PLATFORM, at=at)  # noqa: E731
    assert [said(due - timedelta(days=6)), said(due - timedelta(hours=1)), said(due - timedelta(hours=1))] == [
        False, True, False,
    ]  # fmt: skip
    assert [said(due + timedelta(seconds=1)), said(due + timedelta(days=9))] == [True, False]
    about = Message.objects.filter(link=f"/city/redemptions/{row.pk}/", title__contains="审核")
    for words in ("审核只剩 1 个工作日", "审核已超过期限"):
        people = set(about.filter(title__endswith=words).values_list("user_id", flat=True))
        assert {admin.user_id, approver.user_id} <= people
        assert reviewer.user_id not in people
    assert list(reviews_due(due)) == []
    assert list(reviews_due(due + timedelta(days=1))) == [row]
    assert escalate_reviews() == 0
