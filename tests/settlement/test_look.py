"""Where the verdict asks a person to look, agreeing needs a written reason that the approver sees (S19/5.4.13)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from monitoring.domain import answer_review, contest_verdict, fold, judge_adoption, simulate_season
from monitoring.models import Verdict
from platform_site.audit.queries import trail_of
from platform_site.kit.findings import Finding, Refusal
from settlement import domain
from settlement.models import Redemption
from settlement.policies import verdict_findings
from settlement.rules.review import LOOK_REASON_LENGTH, look_findings
from tests.journeys.wrong import at
from tests.settlement.test_claim import refused
from tests.settlement.test_pages import as_, opened
from tests.settlement.world import PLATFORM, Case, checked, confirmed, later, ticks, watched

OUTSIDE = "198.51.100.7"  # RFC 5737: stands for another province
UNUSED = Finding("review.reason", "S19/5.4.9", "系统没有人用。", "请使用。")
REASON = "十二日到佛山厂区看过，十台设备都在，省外地址是供应商机房的出口。"


def seen_outside(case: Case, *, first: int = 2, days: int = 30, seed: str = "2020") -> None:
    """Thirty days of use, every record from an address outside Guangdong."""
    over = case.at + timedelta(days=first + days + 1)
    simulate_season(
        source=case.set_up.source,
        first_day=(case.at + timedelta(days=first)).date(),
        days=days,
        by=PLATFORM,
        at=over,
        seed=seed,
        address=OUTSIDE,
    )
    fold(at=over)
    judge_adoption(voucher=case.voucher, at=over, by=PLATFORM)
    domain.note_verdict(redemption=case.fresh(), by=PLATFORM, at=over)


@pytest.fixture
def doubtful(case: Case) -> Case:
    confirmed(case)
    seen_outside(case)
    assert (case.fresh().state, case.redemption.verdict.outcome) == ("monitored", "look")
    return case


def decide(case: Case) -> object:
    return domain.decide_redemption(redemption=case.fresh(), by=case.city["approver"], at=later(case))


def test_agreeing_without_a_reason_is_refused_with_clause_and_remedy(doubtful: Case):
    for reason in ("", "看过了", " 看 过 了 " * 2):
        with pytest.raises(Refusal) as refusal:
            checked(doubtful, look_reason=reason)
        found = refusal.value.findings[0]
        assert (found.code, found.clause, found.field) == ("verdict.look_no_reason", "S19/5.4.13", "look_reason")
        assert "省外地址较多" in found.reason
        assert str(LOOK_REASON_LENGTH) in found.remedy
    assert doubtful.fresh().checked_by is None


def test_with_a_reason_the_approver_may_agree_and_the_reason_is_frozen(doubtful: Case):
    row = checked(doubtful, look_reason=REASON)
    assert row.look["reason"] == REASON
    assert [doubt["code"] for doubt in row.look["findings"]] == ["adoption.address_outside"]
    decide(doubtful)
    done = doubtful.fresh()
    assert (done.state, done.verdict.frozen_at, done.case["look"]) == ("approved", later(doubtful), row.look)
    assert domain.recheck(done) is True
    approval = next(entry for entry in trail_of(done) if entry.event == "redemption.approved")
    assert approval.data["look"] == REASON


def test_returning_and_refusing_need_no_such_reason(doubtful: Case):
    row = checked(doubtful, opinion="refuse", checked={}, findings=[UNUSED], fault="enterprise")
    assert (row.opinion, row.look) == ("refuse", {})


def test_sent_back_the_reviewer_writes_the_reason_anew(doubtful: Case):
    row = checked(doubtful, look_reason=REASON)
    domain.send_back_to_reviewer(redemption=row, note="请附照片", by=doubtful.city["approver"], at=later(doubtful))
    assert doubtful.fresh().look == {}
    assert refused(lambda: checked(doubtful)) == ["verdict.look_no_reason"]


def test_a_doubt_that_comes_up_after_the_form_check_stops_the_signature(case: Case):
    assert watched(case).verdict.outcome == "passed"
    assert checked(case).look == {}
    seen_outside(case, first=2, days=30, seed="elsewhere")
    assert refused(lambda: decide(case)) == ["verdict.look_no_reason"]
    assert Verdict.objects.get().frozen_at is None


def test_a_reason_covers_only_the_doubts_it_was_written_for():
    doubts = [{"code": name, "title": name, "reason": ""} for name in ("adoption.a", "adoption.b")]
    look = {"reason": REASON, "findings": doubts[:1]}
    assert [found.code for found in look_findings(doubts, look)] == ["verdict.look_new_doubt"]
    assert look_findings(doubts[:1], look) == []
    assert look_findings([], {}) == []


def test_failed_and_not_enough_stay_refusals_whatever_is_written(case: Case):
    for outcome in ("failed", "not_enough"):
        row = Redemption(verdict=Verdict(outcome=outcome), look={"reason": REASON, "findings": []})
        assert [found.code for found in verdict_findings(row)] == ["decision.verdict_not_passed"]
    watched(case, quiet=9)
    assert checked(case, look_reason=REASON).look == {}
    assert refused(lambda: decide(case)) == ["decision.verdict_not_passed"]


def test_the_citys_page_says_what_to_look_at_and_shows_the_approver_the_reason(doubtful: Case, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    with at(later(doubtful)):
        _reviewed_on_the_page(doubtful)
        _, text = opened(doubtful.city["approver"], "city:redemption", doubtful.fresh().pk)
    assert ("经办的核实情况" in text, REASON in text) == (True, True)


def _reviewed_on_the_page(case: Case) -> None:
    reviewer, row = case.city["reviewer"], case.fresh()
    _, text = opened(reviewer, "city:redemption", row.pk)
    wanted = ("监测须人工核实，同意前逐条核实", "省外地址较多", 'name="look_reason"')
    assert [words for words in wanted if words not in text] == []
    typed = {"opinion": "approve", "version": row.version, "checked": list(ticks(row, later(case)))}
    page = reverse("city:redemption", args=[row.pk])
    answer = as_(reviewer).post(page, typed)
    assert (answer.status_code, "没有写明核实情况" in answer.content.decode()) == (422, True)
    assert as_(reviewer).post(page, typed | {"look_reason": REASON}).status_code == 302


def test_the_city_decides_only_when_whoever_contests_is_answered(doubtful: Case):
    checked(doubtful, look_reason=REASON)
    review = contest_verdict(
        voucher=doubtful.voucher,
        statement="省外地址是供应商机房的出口。",
        evidence=SimpleUploadedFile("log.csv", b"at,device\n1,2\n"),
        by=doubtful.actor,
        at=later(doubtful),
        key="contest",
    )
    with pytest.raises(Refusal) as refusal:
        decide(doubtful)
    assert refusal.value.codes() == ["decision.verdict_in_question"]
    by = doubtful.city["reviewer"]
    answer_review(review=review, upheld=False, answer="按实际地址核实。", by=by, at=later(doubtful))
    decide(doubtful)
    assert doubtful.fresh().state == "approved"
