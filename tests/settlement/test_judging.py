"""When the verdict is judged and passed on to the city: at night, soon after new data, and on demand."""

import io
from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from monitoring import tasks as monitoring_tasks
from monitoring.domain import fold, simulate_season
from monitoring.models import Verdict
from platform_site.outbox.domain import deliver_all
from platform_site.outbox.models import Job
from platform_site.working_calendar.queries import SHANGHAI
from settlement import domain, tasks
from tests.journeys.wrong import at
from tests.settlement.test_claim import refused
from tests.settlement.test_pages import as_, opened
from tests.settlement.world import PLATFORM, Case, claimed, confirmed, later, watched

OVER = 33


def sent(case: Case, *, days: int = 30, quiet: int = 0) -> None:
    """Data of whole days, waiting to be counted."""
    simulate_season(
        source=case.set_up.source,
        first_day=(case.at + timedelta(days=2)).date(),
        days=days,
        by=PLATFORM,
        at=later(case, OVER),
        quiet_devices=quiet,
    )


def asked() -> list[str]:
    return list(Job.objects.filter(task="settlement.judge_confirmed").values_list("task", flat=True))


def test_the_nights_order_is_judge_then_pass_on():
    judge, note = (
        monitoring_tasks.SCHEDULE["monitoring-judge"]["schedule"],
        tasks.SCHEDULE["settlement-note-verdicts"]["schedule"],
    )
    assert (judge.hour, judge.minute) == ({2}, {10})
    assert (2 in note.hour, min(note.minute) > 10) == (True, True)


def test_counted_days_lead_to_the_citys_desk_within_minutes(case: Case):
    confirmed(case)
    sent(case)
    with at(later(case, OVER)):
        monitoring_tasks.fold_batches()
        assert (case.fresh().state, asked()) == ("confirmed", ["settlement.judge_confirmed"])
        deliver_all(at=later(case, OVER))
    assert (case.fresh().state, case.redemption.verdict.outcome) == ("monitored", "passed")


def test_what_is_missing_is_left_to_the_night(case: Case):
    confirmed(case)
    sent(case, quiet=10)
    with at(later(case, OVER)):
        monitoring_tasks.fold_batches()
        deliver_all(at=later(case, OVER))
        assert (case.fresh().state, Verdict.objects.count()) == ("confirmed", 0)
        monitoring_tasks.judge_all()
        deliver_all(at=later(case, OVER))
    assert (case.fresh().state, case.redemption.verdict.outcome) == ("monitored", "failed")


def test_todays_data_ask_for_no_verdict(case: Case):
    confirmed(case)
    today = (case.at + timedelta(days=2)).astimezone(SHANGHAI).date()
    evening = datetime.combine(today, time(20), tzinfo=SHANGHAI)
    simulate_season(source=case.set_up.source, first_day=today, days=1, by=PLATFORM, at=evening)
    assert fold(at=evening).readings > 0
    assert asked() == []


def test_a_passed_verdict_is_not_judged_again_for_every_batch(case: Case):
    watched(case)
    Job.objects.all().delete()
    simulate_season(
        source=case.set_up.source, first_day=later(case, 34).date(), days=2, by=PLATFORM, at=later(case, 37)
    )
    assert fold(at=later(case, 37)).days > 0
    assert asked() == []


def test_one_command_simulates_judges_and_passes_on(case: Case):
    confirmed(case)
    written = io.StringIO()
    with at(later(case, OVER)):
        call_command("simulate_telemetry", voucher=case.voucher.number, days=30, judge=True, stdout=written)
    assert written.getvalue().splitlines()[-1] == "passed: 已达标"
    assert (case.fresh().state, case.redemption.verdict.outcome) == ("monitored", "passed")


def test_without_the_flag_a_worker_passes_it_on(case: Case):
    confirmed(case)
    written = io.StringIO()
    with at(later(case, OVER)):
        call_command("simulate_telemetry", voucher=case.voucher.number, days=30, stdout=written)
        assert written.getvalue().splitlines()[-1].startswith("as it stands passed: 已达标")
        assert case.fresh().state == "confirmed"
        deliver_all(at=later(case, OVER))
    assert case.fresh().state == "monitored"


def test_enterprise_and_city_judge_at_once_and_nobody_else(case: Case, other: Case, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    confirmed(case)
    sent(case)
    row, moment = case.fresh(), later(case, OVER)
    with pytest.raises(PermissionDenied):
        domain.judge_again(redemption=row, by=case.world.supplier_actor, at=moment)
    with at(moment):
        _, text = opened(case.actor, "enterprise:redemption", row.pk)
        assert "立即判定" in text
        assert as_(other.actor).post(reverse("enterprise:redemption_judge", args=[row.pk])).status_code == 404
        assert as_(case.actor).post(reverse("enterprise:redemption_judge", args=[row.pk])).status_code == 302
        assert (case.fresh().state, case.redemption.verdict.outcome) == ("monitored", "passed")
        reviewer = case.city["reviewer"]
        _, text = opened(reviewer, "city:redemption", row.pk)
        assert "立即判定" in text
        assert as_(reviewer).post(reverse("city:redemption_step", args=[row.pk, "judge"])).status_code == 302
    assert Verdict.objects.get().computed_at > moment


def test_there_is_nothing_to_judge_before_the_supplier_confirms(case: Case):
    row = claimed(case)
    assert refused(lambda: domain.judge_again(redemption=row, by=case.actor, at=later(case))) == ["verdict.not_now"]
