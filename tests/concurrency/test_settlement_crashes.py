"""kill -9 of web, worker and PostgreSQL while money goes out: every voucher is paid exactly once and none is lost."""

import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from platform_site.messages.models import Message
from settlement.domain import sign_notice_list
from tests.concurrency.stage import Stage, signed_in, until
from tests.settlement.world import Case, approved, compiled, issued, later, published, treasurer
from tests.vouchers.world import make_world

PAYABLE = "SELECT count(*) FROM settlement_redemption WHERE state = 'payable'"
DONE_JOBS = "SELECT count(*) FROM outbox_job WHERE done_at IS NOT NULL"
AMOUNT = Decimal("10500.00")


class Play:
    """Redemptions on published lists, and the three people who pay them, each signed in."""

    def __init__(self, lists: int, each: int) -> None:
        call_command("load_monitoring", verbosity=0)
        self.world = make_world(items=(5,))
        self.cases: list[Case] = []
        for _ in range(lists):
            group = [issued(self.world) for _ in range(each)]
            for case in group:
                approved(case)
            published(group[0])
            self.cases += group
        self.number = len(self.cases)
        city = self.cases[0].city
        self.reviewer, self.approver, self.finance = map(signed_in, (city["reviewer"], city["approver"], treasurer()))


@pytest.fixture
def stage(fresh_database: None) -> Iterator[Stage]:
    made = Stage(Path(settings.VAR_DIR) / "crash-stage")
    yield made
    made.end()


def raised(stage: Stage, play: Play) -> None:
    connections.close_all()
    stage.begin(connection.settings_dict)
    stage.later(timedelta(days=100))
    stage.start("web")
    stage.start("worker")


def close_lists(stage: Stage, play: Play, kills: int, chance: random.Random) -> None:
    """The notice periods end: one job per list for the worker, which is shot again and again."""
    stage.ask_for("notices.close_due")
    for _ in range(kills):
        shoot_worker(stage, chance)
        stage.later(timedelta(minutes=12))  # so long nobody heard of the job: the sweep offers it again
        stage.ask_for("outbox.sweep")
    if kills:
        stage.later(timedelta(minutes=12))
        stage.ask_for("notices.close_due")
        stage.ask_for("outbox.sweep")
    until(lambda: stage.value(PAYABLE) == play.number, "every line is payable")


def shoot_worker(stage: Stage, chance: random.Random) -> None:
    """When something was just done, or after a while."""
    before = stage.value(DONE_JOBS)
    until(lambda: chance.random() < 0.04 or stage.value(DONE_JOBS) > before, "something happens or enough waiting")
    stage.kill("worker")


def pay_all(stage: Stage, play: Play, web: int, postgres: int, chance: random.Random) -> None:
    """Batch, second signature, every line: a request each, and something is shot while it is under way."""
    period = str(play.world.period.pk)
    shots = ["web"] * web + ["postgres"] * postgres
    chance.shuffle(shots)

    def sent(path: str, who: str, **data: str) -> int:
        if shots:
            return stage.post_under_fire(shots.pop(), chance.uniform(0, 0.12), path, who, **data)
        return stage.post(path, who, **data)

    sent("/city/batches/", play.reviewer, period=period, budget="1000000")
    batch = stage.value("SELECT id FROM settlement_batch WHERE state = 'draft'")
    sent(f"/city/batches/{batch}/steps/sign/", play.approver)
    lines = [row[0] for row in stage.rows("SELECT id FROM settlement_batchline ORDER BY order_no")]
    for line in lines * (1 + len(shots) // len(lines)):
        form = {"outcome": "paid", "bank_reference": f"YH{line}", "paid_on": "2020-01-02"}
        sent(f"/finance/batches/{batch}/lines/{line}/", play.finance, **form)


def check(stage: Stage, play: Play) -> None:
    """Counted from the database of the stage alone."""
    ledger = stage.rows(
        "SELECT redemption_id, count(*), sum(amount) FROM settlement_paymentledger GROUP BY 1 ORDER BY 1"
    )
    expected = sorted((case.redemption.pk, 1, AMOUNT) for case in play.cases)
    assert ledger == expected
    assert stage.rows("SELECT DISTINCT state FROM settlement_redemption WHERE state <> 'listed'") == [("paid",)]
    paid = "SELECT count(*) FROM vouchers_voucher WHERE state = 'settled' AND paid_amount = amount"
    assert stage.value(paid) == play.number
    assert stage.value("SELECT count(*) FROM settlement_bankresult") == play.number
    assert stage.value("SELECT count(*) FROM audit_entry WHERE event = 'batch.payment_recorded'") == play.number
    assert stage.rows("SELECT state, total FROM settlement_batch WHERE state <> 'cancelled'") == [
        ("settled", AMOUNT * play.number)
    ]
    assert stage.value(
        "SELECT sum(amount) FROM vouchers_quotamovement WHERE kind = 'consume' AND dimension LIKE 'city:%'"
    ) == (AMOUNT * play.number)


TOLD = Message._meta.db_table
PUBLISH = """
import django; django.setup()
from platform_site.accounts.models import Membership
from platform_site.accounts.queries import actor_for
from platform_site.kit import clock
from settlement.domain import publish_notice_list
from settlement.models import NoticeList
member = Membership.objects.select_related("user", "organisation").get(pk={member})
publish_notice_list(notice_list=NoticeList.objects.get(), by=actor_for(member.user, member), at=clock.now())
"""
CLOSE = "import django; django.setup(); from platform_site.notices.tasks import close_due; close_due()"


def test_a_list_published_and_ended_while_the_broker_is_down_is_carried_on_afterwards(stage: Stage):
    call_command("load_monitoring", verbosity=0)
    case = issued(make_world(items=(5,)))
    approved(case)
    sign_notice_list(notice_list=compiled(case), by=case.city["approver"], at=later(case, 41))
    connections.close_all()
    stage.begin(connection.settings_dict)
    stage.later(timedelta(days=50))
    stage.stop_service("valkey")
    stage.run("-c", PUBLISH.format(member=case.city["reviewer"].membership_id))
    assert stage.value(f"SELECT count(*) FROM {TOLD} WHERE title LIKE '%正在公示'") == 1
    stage.later(timedelta(days=30))
    stage.run("-c", CLOSE)
    left = "SELECT count(*) FROM outbox_job WHERE task = 'settlement.close_notice_list' AND done_at IS NULL"
    assert (stage.value(left), stage.value(PAYABLE)) == (1, 0)
    stage.services.start()
    stage.start("worker")
    stage.ask_for("outbox.sweep")
    until(lambda: stage.value(PAYABLE) == 1, "the job left behind is carried out")


def test_two_kills_and_one_of_the_database_pay_everything_once(stage: Stage, seed: int):
    play, chance = Play(lists=1, each=2), random.Random(seed)
    raised(stage, play)
    close_lists(stage, play, kills=1, chance=chance)
    pay_all(stage, play, web=1, postgres=1, chance=chance)
    check(stage, play)
    assert stage.kills == {"worker": 1, "web": 1, "postgres": 1}


@pytest.mark.soak
def test_sixty_kills_and_five_of_the_database_pay_everything_once(stage: Stage, seed: int):
    play, chance = Play(lists=6, each=4), random.Random(seed)
    raised(stage, play)
    close_lists(stage, play, kills=20, chance=chance)
    pay_all(stage, play, web=40, postgres=5, chance=chance)
    check(stage, play)
    assert stage.kills == {"worker": 20, "web": 40, "postgres": 5}
