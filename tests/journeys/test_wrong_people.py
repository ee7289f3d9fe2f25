"""Sign-up, and the two people of every decision."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from catalog import domain as catalog
from catalog.queries import catalog_of, published_edition
from platform_site.accounts.domain import delegate_work
from platform_site.accounts.queries import actor_for, bureau_of
from platform_site.kit import clock
from platform_site.kit.actor import Actor
from tests.accounts.people import PASSWORD, company_number
from tests.journeys.wrong import as_, refused
from tests.vouchers.world import FOSHAN, SETUP, World, _person, apply
from vouchers import domain
from vouchers.models import QuotaPlan, Voucher


def _sign_up(**changes: str):
    typed = {
        "kind": "enterprise",
        "organisation_name": "佛山晨光机械有限公司",
        "uscc": company_number(700001),
        "area_code": FOSHAN,
        "name": "陈晨",
        "phone": "0757-83000000",
        "email": "chen@example.com",
        "username": "",
        "password": PASSWORD,
        "password_again": PASSWORD,
    } | changes
    return Client().post("/account/sign-up/", typed), typed


def _another_digit(code: str) -> str:
    return code[:-1] + ("1" if code[-1] != "1" else "2")


@pytest.mark.parametrize(
    ("changes", "reason", "remedy"),
    [
        ({"uscc": _another_digit(company_number(700001))}, "校验码对不上", "营业执照"),
        ({"area_code": "outside"}, "广东", "供应商"),
    ],
    ids=["a-company-number-with-a-wrong-check-digit", "an-enterprise-from-outside-the-province"],
)
def test_a_company_that_cannot_sign_up_is_told_why(world: World, changes, reason: str, remedy: str) -> None:
    """S19/4.1.1"""
    answer, typed = _sign_up(**changes)
    kept = [typed[name] for name in ("organisation_name", "uscc", "name", "phone", "email")]
    refused(answer, clause="S19/4.1.1", reason=reason, remedy=remedy, kept=kept)


# -- applications ----------------------------------------------------------------------------------------------------


@pytest.fixture
def voucher(world: World, enterprise) -> Voucher:
    """Under review, a proposal made by somebody who is reviewer and approver at once."""
    found = apply(world, *enterprise).voucher
    both = world.city(FOSHAN)["both"]
    domain.propose_decision(voucher=found, proposal="approve", opinion="符合", by=both, at=clock.now())
    return found


def _sign(actor: Actor, voucher: Voucher, **more: object):
    typed = {"action": "sign", "note": "金额与合同一致", **more}
    return as_(actor).post(f"/city/applications/{voucher.pk}/", typed)


def test_whoever_reviewed_cannot_sign(world: World, voucher: Voucher) -> None:
    answer = _sign(world.city(FOSHAN)["both"], voucher)
    refused(answer, clause="D/four_eyes", reason="不能是同一个人", remedy="请由另一位签发人办理")
    assert Voucher.objects.get(pk=voucher.pk).state == "under_review"


def test_a_delegate_reviews_but_never_signs(world: World, voucher: Voucher) -> None:
    person = _person()
    held = delegate_work(
        organisation=bureau_of(FOSHAN),
        user=person,
        tasks=["application_review"],
        until=(clock.now() + timedelta(days=30)).date(),
        entrusted_to="某会计师事务所",
        by=SETUP,
        at=clock.now(),
    )
    answer = _sign(actor_for(person, held), voucher)
    refused(answer, clause="S19/8", reason="受托人员可以审核，不能签发", remedy="请由本单位的签发人办理")
    assert Voucher.objects.get(pk=voucher.pk).state == "under_review"


def test_a_form_that_somebody_else_overtook_is_stale(world: World, voucher: Voucher) -> None:
    answer = _sign(world.city(FOSHAN)["approver"], voucher, version=voucher.version - 1)
    page = answer.content.decode()
    assert (answer.status_code, "别人" in page or "已经变化" in page or "更新" in page) == (422, True), page[-4000:]
    assert Voucher.objects.get(pk=voucher.pk).state == "under_review"


def test_a_return_without_reasons_is_refused(world: World, enterprise) -> None:
    found = apply(world, *enterprise).voucher
    answer = as_(world.city(FOSHAN)["reviewer"]).post(
        f"/city/applications/{found.pk}/", {"action": "return", "own": "", "opinion": "请看合同第 2 页"}
    )
    refused(answer, clause="S19/6.2", reason="要写明理由", remedy="一次写全", kept=("请看合同第 2 页",))


# -- the province ----------------------------------------------------------------------------------------------------


def test_a_quota_plan_is_not_signed_by_its_author(world: World) -> None:
    lines = [(f"city:{FOSHAN}", Decimal("6000000.00"))]
    plan = domain.plan_quota(
        period=world.period, title="追加", reason="进度快", lines=lines, by=world.approver, at=clock.now()
    )
    answer = as_(world.approver).post(f"/province/quota/plans/{plan.pk}/", {"action": "sign"})
    refused(answer, clause="D/four_eyes", reason="这份方案是您拟定的", remedy="请由另一位签发人签发")
    assert QuotaPlan.objects.get(pk=plan.pk).state == "draft"


def test_a_transfer_cannot_take_what_is_used(world: World, enterprise) -> None:
    apply(world, *enterprise)
    typed = {f"c:city:{FOSHAN}": "-4,900,000.00", "c:city:440100": "4,900,000.00", "reason": "佛山进度慢"}
    answer = as_(world.officer).post("/province/quota/transfer/", typed)
    refused(answer, clause="S19/7.3", reason="", remedy="", kept=("-4,900,000.00", "佛山进度慢"))


def _period(world: World, *, lead: int):
    at, edition = clock.now(), published_edition("2020")
    return catalog.draft_period(
        edition=edition,
        catalog_version=catalog_of(edition),
        code="2020-2",
        title="2020 年第二期",
        apply_from=at + timedelta(days=lead),
        apply_to=at + timedelta(days=60),
        redeem_from=at + timedelta(days=61),
        redeem_to=at + timedelta(days=200),
        clause="S19/6.1",
        assumptions_confirmed=True,
        by=world.approver,
        at=at,
    )


def test_a_period_is_not_published_with_too_short_notice(world: World) -> None:
    made = _period(world, lead=2)
    other = world.officer
    catalog.amend_period(period=made, changes={"title": "2020 年第二期"}, by=other, at=clock.now())
    catalog.sign_period(period=made, by=world.approver, at=clock.now())
    answer = as_(other).post(f"/province/periods/{made.pk}/publish/")
    refused(answer, clause="S19/6.1", reason="要至少提前 3 天公布", remedy="或以后")
    made.refresh_from_db()
    assert made.state == "draft"


def test_a_period_is_not_signed_by_its_author(world: World) -> None:
    made = _period(world, lead=10)
    answer = as_(world.approver).post(f"/province/periods/{made.pk}/sign/")
    refused(answer, clause="D/four_eyes", reason="您本人起草的", remedy="请另一位有复核权限的同事")
