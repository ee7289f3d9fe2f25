"""A period from draft to publication: two people, announced in time, one window at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from catalog import queries
from catalog.domain import amend_period, close_period, draft_edition, publish_period, sign_period
from catalog.models import Edition, Period
from catalog.policies import check_apply_window
from catalog.rules.city_matching import check_matching
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.kit.findings import Refusal
from platform_site.notices.models import Announcement
from tests.catalog.conftest import APPROVER, OFFICER, moment
from tests.catalog.policy_data import terms

Made = Callable[..., Period]
ENTERPRISE = Actor(user_id=7, label="企业", roles=frozenset({"enterprise_admin"}))


def refused(command: Callable[..., object], **arguments: object) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as caught:
        command(**arguments)
    return [(finding.code, finding.clause) for finding in caught.value.findings]


def test_whoever_drafts_cannot_sign(drafted: Made) -> None:
    """D/four_eyes"""
    period = drafted(by=APPROVER)
    assert refused(sign_period, period=period, by=APPROVER, at=moment("2020-05-15T10:00:00")) == [
        ("period.same_person", "D/four_eyes")
    ]


def test_the_database_refuses_the_same_person_too(drafted: Made) -> None:
    """D/four_eyes"""
    period = drafted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.filter(pk=period.pk).update(signed_by=OFFICER.user_id)


def test_nothing_is_published_unsigned(drafted: Made) -> None:
    """D/four_eyes"""
    assert refused(publish_period, period=drafted(), by=OFFICER, at=moment("2020-05-15T10:00:00")) == [
        ("period.unsigned", "D/four_eyes")
    ]


def test_a_change_after_the_signature_takes_the_signature_away(drafted: Made) -> None:
    """D/four_eyes"""
    period = sign_period(period=drafted(), by=APPROVER, at=moment("2020-05-15T10:00:00"))
    changed = amend_period(period=period, changes={"title": "另一名称"}, by=OFFICER, at=moment("2020-05-15T11:00:00"))
    assert (changed.signed_by, changed.title) == (None, "另一名称")


def test_opening_is_announced_three_days_ahead(cities: None, drafted: Made) -> None:
    """S19/6.1"""
    period = sign_period(period=drafted(), by=APPROVER, at=moment("2020-05-15T10:00:00"))
    late = moment("2020-05-23T00:00:00")
    assert refused(publish_period, period=period, by=OFFICER, at=late) == [("period.announced_too_late", "S19/6.1")]
    published = publish_period(period=period, by=OFFICER, at=moment("2020-05-22T23:59:59"))
    assert (published.state, published.announced_at) == ("published", moment("2020-05-22T23:59:59"))
    assert Announcement.objects.get(period_code="2020").title == "2020 年服务券：申领和兑现安排"


def test_assumptions_are_confirmed_before_opening(drafted: Made) -> None:
    """N20/5.1"""
    period = sign_period(period=drafted(assumptions_confirmed=False), by=APPROVER, at=moment("2020-05-15T10:00:00"))
    assert refused(publish_period, period=period, by=OFFICER, at=moment("2020-05-15T10:00:00")) == [
        ("period.assumptions_open", "N20/5.1")
    ]


def test_a_2018_period_cannot_open_with_the_sample_table_and_needs_thirty_days(drafted: Made) -> None:
    """T18/4.4.2 T18/5.6.17 T18/5.6.18"""
    period = drafted(
        edition="2018",
        code="2018",
        clause="T18/5.6.18",
        apply_from=moment("2018-06-01T10:00:00"),
        apply_to=moment("2018-06-20T17:00:00"),
        redeem_from=moment("2018-06-10T10:00:00"),
        redeem_to=moment("2018-10-01T17:00:00"),
    )
    sign_period(period=period, by=APPROVER, at=moment("2018-05-31T10:00:00"))
    assert refused(publish_period, period=period, by=OFFICER, at=moment("2018-05-31T10:00:00")) == [
        ("period.sample_tiers", "T18/4.4.2"),
        ("period.announced_too_late", "T18/5.6.18"),
        ("period.too_late_to_issue", "T18/5.6.17"),
    ]


def test_windows_that_end_before_they_begin_are_refused_by_command_and_database(drafted: Made) -> None:
    """S19/6.1"""
    early = moment("2020-05-01T10:00:00")
    with pytest.raises(Refusal) as caught:
        drafted(apply_to=early)
    assert caught.value.codes() == ["period.order"]
    period = drafted()
    with pytest.raises(IntegrityError), transaction.atomic():
        Period.objects.filter(pk=period.pk).update(apply_to=early)


def test_two_periods_never_take_applications_at_once(published: Made) -> None:
    """S19/5.3.7"""
    published()
    with pytest.raises(Refusal) as caught:
        published(code="2020b", title="重叠的一期")
    assert caught.value.codes() == ["period.overlaps"]


def test_the_window_is_open_to_the_microsecond(published: Made) -> None:
    """N20/1"""
    period = published()
    begin, end, tick = period.apply_from, period.apply_to, timedelta(microseconds=1)
    assert [queries.open_period(at) for at in (begin - tick, begin, end - tick, end)] == [None, period, period, None]
    assert [f.code for f in check_apply_window(period, begin - timedelta(seconds=1))] == ["window.apply_before"]
    after = check_apply_window(period, end)
    assert [(f.code, f.clause) for f in after] == [("window.apply_after", "N20/1")]
    assert "2020-09-30 17:00:00" in after[0].reason


def test_the_public_sees_no_drafts(drafted: Made) -> None:
    drafted()
    assert list(queries.periods_visible_to(ANONYMOUS)) == []
    assert [period.code for period in queries.periods_visible_to(OFFICER)] == ["2020"]
    assert queries.current_period(moment("2020-06-01T10:00:00")) is None


def test_the_current_period_is_the_open_one_or_the_next(published: Made) -> None:
    period = published()
    for at in ("2020-05-16T00:00:00", "2020-06-01T00:00:00", "2020-12-01T00:00:00"):
        assert queries.current_period(moment(at)) == period
    assert list(queries.redeeming_periods(moment("2020-12-01T00:00:00"))) == [period]


def test_a_period_may_set_only_what_the_edition_lets_vary(drafted: Made) -> None:
    """D/6 S19/5.3.6"""
    period = drafted(parameters={"notice_days": {"value": 9}, "maintenance_items": {"value": [22, 23]}})
    terms = queries.terms_of_period(period)
    assert (terms.notice_days, terms.maintenance_items) == (9, frozenset({22, 23}))
    assert queries.terms_for(period.edition).notice_days == 7
    with pytest.raises(Refusal) as caught:
        drafted(code="x", parameters={"enterprise_cap": {"value": "1.00"}, "notice_days": {"value": -1}})
    assert sorted(caught.value.codes()) == ["period.bad_value", "period.fixed_value"]


def test_a_notice_period_below_the_minimum_is_not_published(drafted: Made) -> None:
    """S19/5.4.14"""
    period = drafted(parameters={"notice_days": {"value": 0}})
    sign_period(period=period, by=APPROVER, at=moment("2020-05-15T10:00:00"))
    assert refused(publish_period, period=period, by=OFFICER, at=moment("2020-05-15T10:00:00")) == [
        ("period.notice_too_short", "S19/5.4.14")
    ]


def test_a_period_is_closed_after_its_last_day_only(published: Made) -> None:
    """S19/6.1"""
    period = published()
    assert refused(close_period, period=period, by=OFFICER, at=moment("2021-02-08T16:59:59")) == [
        ("period.still_running", "S19/6.1")
    ]
    assert close_period(period=period, by=OFFICER, at=moment("2021-02-08T17:00:00")).state == "closed"


def test_a_published_period_is_no_draft_any_more(published: Made) -> None:
    period = published()
    assert refused(
        amend_period, period=period, changes={"title": "x"}, by=OFFICER, at=moment("2020-05-16T10:00:00")
    ) == [("period.published_already", "S19/6.1")]


@pytest.mark.parametrize("actor", [ENTERPRISE, ANONYMOUS, replace(APPROVER, delegated=True), OFFICER])
def test_only_an_approver_of_the_province_signs_and_never_entrusted_staff(drafted: Made, actor: Actor) -> None:
    """S19/8"""
    with pytest.raises(PermissionDenied):
        sign_period(period=drafted(), by=actor, at=moment("2020-05-15T10:00:00"))


def test_a_form_opened_before_somebody_elses_change_is_stale(drafted: Made) -> None:
    period = drafted()
    seen = period.version
    amend_period(period=period, changes={"title": "新名称"}, by=OFFICER, at=moment("2020-05-15T11:00:00"))
    assert refused(sign_period, period=period, by=APPROVER, at=moment("2020-05-15T12:00:00"), version=seen) == [
        ("stale", "D/stale")
    ]


def test_windows_are_set_and_kept_to_the_second(published: Made) -> None:
    """N20/1"""
    begin = moment("2020-05-25T10:00:07")
    period = published(apply_from=begin)
    assert check_apply_window(period, begin - timedelta(seconds=1))[0].code == "window.apply_before"
    assert check_apply_window(period, begin) == []


def test_a_period_begins_no_earlier_than_its_edition(drafted: Made) -> None:
    """S19/4.4.4"""
    Edition.objects.filter(code="2020").update(effective_from=date(2020, 5, 26))
    period = sign_period(period=drafted(), by=APPROVER, at=moment("2020-05-15T10:00:00"))
    assert refused(publish_period, period=period, by=OFFICER, at=moment("2020-05-15T10:00:00")) == [
        ("period.before_edition", "S19/4.4.4")
    ]


def test_a_period_takes_only_a_published_edition_and_catalog(drafted: Made) -> None:
    """S19/4.4.4"""
    at = moment("2020-05-15T10:00:00")
    parent = queries.published_edition("2020")
    open_edition = draft_edition(parent=parent, code="2021", title="2021 年", by=OFFICER, at=at)
    period = drafted()
    amend_period(period=period, changes={"edition": open_edition}, by=OFFICER, at=at)
    sign_period(period=period, by=APPROVER, at=at)
    assert refused(publish_period, period=period, by=OFFICER, at=at) == [("period.not_published", "S19/4.4.4")]


def test_cities_add_their_own_money_only_where_the_edition_lets_them(drafted: Made) -> None:
    """T18/4.4.5 S19/4.1.3"""
    rates = {"city_matching_rates": {"value": {"440600": "0.20", "441400": "0.3333"}}}
    period = drafted(edition="2018", code="2018", clause="T18/5.6.18", parameters=rates)
    assert queries.matching_rate(period, "440600") == Decimal("0.20")
    assert queries.matching_rate(period, "440100") is None
    with pytest.raises(Refusal) as caught:
        drafted(parameters=rates)
    assert [(f.code, f.clause) for f in caught.value.findings] == [("period.matching_off", "S19/4.1.3")]


@pytest.mark.parametrize("share", ["0", "1.01", "-0.1", "NaN", "viel", 0.2])
def test_a_share_that_is_none_is_refused_at_its_city(drafted: Made, share: object) -> None:
    """T18/4.4.5"""
    with pytest.raises(Refusal) as caught:
        drafted(edition="2018", code="2018", parameters={"city_matching_rates": {"value": {"440600": share}}})
    assert [(f.code, f.field) for f in caught.value.findings] == [("period.matching_bad", "matching_440600")]


def test_a_city_the_edition_leaves_out_adds_nothing() -> None:
    """N20/2 T18/4.4.5"""
    allowed = replace(terms("2020"), city_matching=True)
    found = check_matching({"440300": "0.10", "440100": "0.10", "110000": "0.10"}, allowed)
    assert [f.field for f in found] == ["matching_440300", "matching_110000"]
