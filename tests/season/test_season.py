"""The demo season, played once: amounts can be computed again, ledgers replay, sums agree, every desk has work."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Sum
from pytest_django import DjangoDbBlocker

from catalog.models import Period
from catalog.queries import terms_for
from catalog.rules.assessment import assess, assessment_from_json
from catalog.rules.case import case_from_json
from platform_site.accounts.models import User
from platform_site.kit import clock
from platform_site.management.season.names import Names
from platform_site.management.season.story import SIZES
from platform_site.outbox.queries import open_jobs
from settlement.domain import recheck
from settlement.enums import NoticeListState, RedemptionState
from settlement.models import Batch, NoticeList, PaymentLedger, Redemption
from settlement.queries import verify_version
from tests.databases import WorkerDatabase
from vouchers.enums import VoucherState
from vouchers.models import Voucher
from vouchers.queries import ledger_differences


@pytest.fixture(scope="module", autouse=True)
def season(worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Really committed, as a newcomer's first start does it."""
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        call_command("play_season", size="small", verbosity=0)
        yield
        worker_database.renew()


def test_every_assessment_computed_again_from_its_frozen_inputs_gives_the_same_amount() -> None:
    vouchers = Voucher.objects.select_related("edition", "period").order_by("pk")
    again = {v.number: assess(case_from_json(v.case), terms_for(v.edition, v.period)).amount for v in vouchers}
    frozen = {v.number: assessment_from_json(v.assessment).amount for v in vouchers}
    stored = {v.number: v.current_amount for v in vouchers}
    assert again == frozen == stored
    assert len(stored) > 50


def test_every_approved_redemption_computed_again_gives_the_same_amount() -> None:
    decided = Redemption.objects.filter(approved_amount__isnull=False)
    assert [r.number for r in decided if not recheck(r)] == []
    assert decided.count() > 10


def test_replaying_the_quota_movements_gives_the_balances() -> None:
    assert {period.code: ledger_differences(period) for period in Period.objects.all()} == {
        period.code: {} for period in Period.objects.all()
    }


def test_what_was_paid_is_the_same_sum_on_vouchers_batches_and_ledger() -> None:
    ledger = PaymentLedger.objects.aggregate(sum=Sum("amount"))["sum"]
    vouchers = Voucher.objects.filter(state=VoucherState.SETTLED).aggregate(sum=Sum("paid_amount"))["sum"]
    lines = Redemption.objects.filter(state=RedemptionState.PAID).aggregate(sum=Sum("approved_amount"))["sum"]
    assert ledger == vouchers == lines
    assert ledger > Decimal("100000.00")
    assert Batch.objects.count() > 5


def test_every_published_list_verifies() -> None:
    published = NoticeList.objects.exclude(state__in=[NoticeListState.DRAFT, NoticeListState.REVOKED])
    checks = [verify_version(version) for row in published for version in row.versions.all()]
    assert [check for check in checks if not check.intact] == []
    assert len(checks) > 5


def test_all_cities_take_part_and_shenzhen_not_under_the_rules_of_2020() -> None:
    assert Voucher.objects.values("city_id").distinct().count() == 21
    assert Voucher.objects.filter(edition__code="2020", city_id="440300").count() == 0


def test_vouchers_wait_at_every_desk_of_the_open_period() -> None:
    now = clock.now()
    period = Period.objects.get(apply_from__lte=now, apply_to__gt=now)
    states = set(Voucher.objects.filter(period=period).values_list("state", flat=True))
    expected = {
        "waiting",
        "under_review",
        "returned",
        "issued",
        "redeeming",
        "settled",
        "refused",
        "withdrawn",
        "given_up",
    }
    assert expected - states == set()
    claims = set(Redemption.objects.filter(period=period).values_list("state", flat=True))
    assert {
        "draft",
        "submitted",
        "confirmed",
        "under_review",
        "on_notice",
        "approved",
        "paid",
        "payable",
    } - claims == set()


def test_the_season_leaves_the_clock_at_zero_and_no_job_open() -> None:
    assert clock.offset() == timedelta(0)
    assert open_jobs() == 0


def test_every_role_of_the_readme_can_sign_in() -> None:
    logins = set(User.objects.filter(password__startswith="pbkdf2").values_list("username", flat=True))
    logins |= {user.username for user in User.objects.all() if user.has_usable_password()}
    wanted = {
        "enterprise", "supplier", "city-reviewer", "city-approver", "province-officer", "province-approver", "finance",
        "operator", "auditor",
    }  # fmt: skip
    assert wanted - logins == set()


def test_invented_names_are_the_same_for_the_same_seed() -> None:
    first, second = Names(7), Names(7)
    assert [first.factory("佛山市", "440606") for _ in range(5)] == [
        second.factory("佛山市", "440606") for _ in range(5)
    ]
    assert set(SIZES) == {"small", "medium", "large"}
