"""Public notices: their days, who publishes, how they end (platform default 6)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from platform_site.accounts.queries import bureau_of, province_bureau
from platform_site.kit.actor import Actor, system_actor
from platform_site.notices.domain import close_due_notices, close_notice, publish_notice
from platform_site.notices.models import PublicNotice
from platform_site.notices.queries import days_left, open_notice_of, takes_objections
from platform_site.outbox.models import Job
from tests.accounts import people
from tests.suppliers.refused import refused

SUBJECT = ("settlement.noticelist", "7")
PLATFORM = system_actor("结束公示")


def at(day: date, hour: int = 10) -> datetime:
    """That hour in Shanghai."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def by(db: None) -> Actor:
    people.set_up()
    return people.actor(people.member(bureau_of("440600"), "approver", "city_approver"))


def publish(by: Actor, day: date, days: int = 7, **more: object) -> PublicNotice:
    return publish_notice(subject=SUBJECT, title="兑现清单公示", days=days, by=by, at=at(day), **more)


@pytest.mark.parametrize(
    ("published", "days", "last"),
    [
        (date(2020, 9, 21), 7, date(2020, 9, 28)),  # a Monday: the publication day is not counted
        (date(2020, 9, 20), 7, date(2020, 9, 27)),  # ends on the Sunday that is worked before the holiday
        (date(2020, 9, 24), 7, date(2020, 10, 9)),  # would end on National Day: rolls over all of 1 to 8 October
        (date(2020, 9, 25), 7, date(2020, 10, 9)),
        (date(2020, 10, 1), 7, date(2020, 10, 9)),
        (date(2020, 10, 2), 7, date(2020, 10, 9)),
        (date(2020, 10, 3), 7, date(2020, 10, 10)),  # a Saturday that is worked after the holiday
        (date(2020, 10, 4), 7, date(2020, 10, 12)),  # a Sunday: rolls to Monday
        (date(2020, 9, 25), 5, date(2020, 9, 30)),
    ],
)
def test_days_over_the_national_holiday_of_2020(by: Actor, published: date, days: int, last: date) -> None:
    notice = publish(by, published, days)
    assert (notice.opens_on, notice.closes_on) == (published + timedelta(days=1), last)


def test_the_day_of_publication_is_shanghais(by: Actor) -> None:
    late = datetime(2020, 9, 21, 16, 30, tzinfo=UTC)  # half past midnight on the 22nd
    notice = publish_notice(subject=SUBJECT, title="公示", days=7, by=by, at=late)
    assert notice.opens_on == date(2020, 9, 23)


def test_objections_are_taken_from_the_publication_to_the_end_of_the_last_day(by: Actor) -> None:
    notice = publish(by, date(2020, 9, 21))
    last = datetime(2020, 9, 28, 15, 59, 59, tzinfo=UTC)
    moments = [at(date(2020, 9, 21)), last, last + timedelta(seconds=1)]
    assert [takes_objections(notice, moment) for moment in moments] == [True, True, False]
    days = [date(2020, 9, 21), date(2020, 9, 22), date(2020, 9, 28), date(2020, 9, 29)]
    assert [days_left(notice, day) for day in days] == [7, 7, 1, 0]


def test_a_notice_has_at_least_a_day(by: Actor) -> None:
    with refused("notice.no_days"):
        publish(by, date(2020, 9, 21), 0)


def test_one_subject_has_one_open_notice(by: Actor) -> None:
    publish(by, date(2020, 9, 21))
    with refused("notice.already_open"):
        publish(by, date(2020, 9, 22))


def test_a_corrected_notice_replaces_the_open_one_with_a_new_period(by: Actor) -> None:
    first = publish(by, date(2020, 9, 21))
    second = publish(by, date(2020, 9, 23), replaces=first)
    first.refresh_from_db()
    assert (first.state, open_notice_of(SUBJECT), second.closes_on) == ("superseded", second, date(2020, 9, 30))


def test_a_closed_notice_is_not_replaced(by: Actor) -> None:
    first = publish(by, date(2020, 9, 21))
    close_notice(notice=first, by=PLATFORM, at=at(date(2020, 9, 29)))
    with refused("notice.not_open"):
        publish(by, date(2020, 9, 30), replaces=first)


def test_closing_too_early_is_refused(by: Actor) -> None:
    notice = publish(by, date(2020, 9, 21))
    with refused("notice.still_running"):
        close_notice(notice=notice, by=PLATFORM, at=at(date(2020, 9, 28), 23))


def test_due_notices_close_once_and_tell_their_owner(by: Actor) -> None:
    notice = publish(by, date(2020, 9, 21), on_close="settlement.close_notice_list")
    moments = [at(date(2020, 9, 28)), at(date(2020, 9, 29)), at(date(2020, 9, 30))]
    closed = [close_due_notices(by=PLATFORM, at=moment) for moment in moments]
    notice.refresh_from_db()
    assert (closed, notice.state) == ([0, 1, 0], "closed")
    jobs = list(Job.objects.filter(task="settlement.close_notice_list").values_list("kwargs", flat=True))
    assert jobs == [{"notice_id": notice.pk}]


def test_companies_and_entrusted_staff_do_not_publish(by: Actor) -> None:
    company = people.actor(people.company(5)[1])
    with refused("permission.publish"):
        publish(company, date(2020, 9, 21))
    entrusted = people.domain.add_member(
        organisation=province_bureau(),
        user=people.person("entrusted"),
        roles=["delegate", "province_officer"],
        until=date(2020, 12, 31),
        entrusted_to="某服务中心",
        scope=["statistics"],
        by=people.SETUP,
        at=people.AT,
    )
    with refused("permission.publish"):
        publish(people.actor(entrusted), date(2020, 9, 21))


def test_the_database_refuses_a_second_open_notice(by: Actor) -> None:
    notice = publish(by, date(2020, 9, 21))
    notice.pk = None
    with pytest.raises(IntegrityError, match="notice_one_open_per_subject"), transaction.atomic():
        notice.save(force_insert=True)


def test_the_database_refuses_illegal_edges(by: Actor) -> None:
    notice = publish(by, date(2020, 9, 21))
    close_notice(notice=notice, by=PLATFORM, at=at(date(2020, 9, 29)))
    with pytest.raises(IntegrityError, match="illegal state edge"), transaction.atomic():
        PublicNotice.objects.filter(pk=notice.pk).update(state="open")
