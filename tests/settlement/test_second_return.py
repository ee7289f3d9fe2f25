"""A return is not the end: the verdict stays open, and what was answered is not asked again in silence (S19/6.2)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.domain import fold, simulate_season
from platform_site.kit.findings import Finding, Refusal
from settlement import domain
from tests.journeys.wrong import at
from tests.settlement.test_claim import hand_in, refused
from tests.settlement.test_pages import as_, opened
from tests.settlement.world import PLATFORM, Case, checked, later, ticks, watched
from vouchers.rules.returns import marked, repeat_findings

BY_HAND = Finding("review.reason", "S19/5.4.9", "验收报告缺第 3 页。", "请补传。", title="地市审核提出")
INVOICE = Finding("invoice.unread", "S19/5.4.9", "票面没有读出。", "请上传原件。", title="票面没有读出")


def returned(case: Case, *reasons: Finding, **more: object) -> None:
    checked(case, opinion="return", checked={}, findings=reasons, **more)
    domain.decide_redemption(redemption=case.fresh(), by=case.city["approver"], at=later(case))
    assert case.fresh().state == "returned"


def corrected(case: Case) -> None:
    hand_in(case, at=later(case))
    assert case.fresh().state == "under_review"


def test_after_a_return_more_data_come_in_and_the_claim_is_approved(case: Case):
    """Too few devices in use; returned; corrected and used for another month; judged again; frozen at the approval."""
    assert watched(case, quiet=10).verdict.outcome == "failed"
    returned(case, BY_HAND)
    verdict = case.redemption.verdict
    assert (verdict.frozen_at, verdict.outcome) == (None, "failed")

    corrected(case)
    month_on, first = later(case, 75), (case.at + timedelta(days=43)).date()
    simulate_season(source=case.set_up.source, first_day=first, days=30, by=PLATFORM, at=month_on, seed="again")
    fold(at=month_on)

    row = case.fresh()
    domain.check_redemption(
        redemption=row, opinion="approve", checked=ticks(row, month_on), by=case.city["reviewer"], at=month_on
    )
    assert (case.fresh().verdict.outcome, case.redemption.verdict.frozen_at) == ("passed", None)
    domain.decide_redemption(redemption=case.fresh(), by=case.city["approver"], at=month_on)
    row = case.fresh()
    assert (row.state, row.verdict.outcome, row.verdict.frozen_at) == ("approved", "passed", month_on)


def test_handing_in_again_judges_again(case: Case):
    watched(case, quiet=10)
    returned(case, BY_HAND)
    first = (case.at + timedelta(days=43)).date()
    over = later(case, 75)
    simulate_season(source=case.set_up.source, first_day=first, days=30, by=PLATFORM, at=over, seed="again")
    fold(at=over)
    hand_in(case, at=over)
    assert (case.fresh().verdict.outcome, case.redemption.verdict.computed_at) == ("passed", over)


def test_a_second_return_names_an_answered_reason_only_as_still_open(case: Case):
    watched(case)
    returned(case, BY_HAND, INVOICE)
    corrected(case)
    again = {"opinion": "return", "checked": {}}
    with pytest.raises(Refusal) as refusal:
        checked(case, findings=[INVOICE], **again)
    found = refusal.value.findings[0]
    assert (found.code, found.clause, "票面没有读出" in found.reason) == ("return.repeated", "S19/6.2", True)
    assert "仍未解决" in found.remedy
    new = replace(BY_HAND, reason="付款凭证没有盖章。")
    returned(case, INVOICE, new, still_open={"invoice.unread"})
    assert [one["title"] for one in case.redemption.findings] == ["仍未解决：票面没有读出", "地市审核提出"]
    assert [len(one["findings"]) for one in case.redemption.returns] == [2, 2]
    corrected(case)
    assert refused(lambda: checked(case, findings=[BY_HAND], **again)) == ["return.repeated"]


def test_reasons_written_by_hand_are_the_same_when_they_say_the_same():
    earlier = [{"findings": [BY_HAND.as_dict()]}]
    spaced, new = replace(BY_HAND, reason="验收报告 缺第 3 页。"), replace(BY_HAND, reason="缺章。")
    assert [found.code for found in repeat_findings([spaced], earlier, ())] == ["return.repeated"]
    assert repeat_findings([new], earlier, ()) == []
    assert repeat_findings([spaced], [], ()) == []
    assert repeat_findings([spaced], earlier, {"review.reason"}) == []
    assert [one.title for one in marked([spaced], earlier, {"review.reason"})] == ["仍未解决：地市审核提出"]
    assert marked([INVOICE], earlier, {"invoice.unread"}) == [INVOICE]


def test_the_page_shows_the_earlier_reasons_and_asks_for_the_mark(case: Case, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    watched(case)
    returned(case, BY_HAND)
    corrected(case)
    reviewer, row = case.city["reviewer"], case.fresh()
    page = reverse("city:redemption", args=[row.pk])
    typed = {"opinion": "return", "version": row.version, "reason": BY_HAND.reason, "reason_clause": "S19/5.4.9"}
    with at(later(case)):
        _, text = opened(reviewer, "city:redemption", row.pk)
        assert ("第 1 次退回的理由" in text, BY_HAND.reason in text, 'name="reason_open"' in text) == (True,) * 3
        answer = as_(reviewer).post(page, typed)
        assert (answer.status_code, "理由与上次重复" in answer.content.decode()) == (422, True)
        assert as_(reviewer).post(page, typed | {"reason_open": "on"}).status_code == 302
    assert case.fresh().opinion_findings[0]["title"] == "仍未解决：地市审核提出"
