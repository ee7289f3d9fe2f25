"""Money that comes back after the payment: two people, in parts, once per bank reference, in the ledger."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from platform_site.accounts.models import User
from settlement import domain
from settlement.models import Clawback, PaymentLedger
from settlement.queries.clawbacks import clawbacks_visible_to, owed, paid_parts, received_parts
from settlement.rules.clawback import Parts, spread
from tests.settlement.test_claim import refused
from tests.settlement.world import Case, later, pay, payable, signed_batch, treasurer

D = Decimal


@pytest.fixture
def paid(case: Case) -> Case:
    payable(case)
    pay(signed_batch(case), treasurer(), case)
    case.fresh()
    return case


def proposed(case: Case, **changes: object) -> Clawback:
    values = {
        "parts": paid_parts(case.redemption), "reason": "发票与事实不符", "clause": "S19/7.5.1",
        "due_on": later(case, 100).date(),
    } | changes  # fmt: skip
    return domain.propose_clawback(redemption=case.redemption, by=case.city["reviewer"], at=later(case, 70), **values)


def ordered(case: Case, **changes: object) -> Clawback:
    return domain.order_clawback(clawback=proposed(case, **changes), by=case.city["approver"], at=later(case, 71))


def receive(clawback: Clawback, case: Case, amount: str, reference: str):
    day = later(case, 80)
    return domain.record_receipt(
        clawback=clawback, received=D(amount), bank_reference=reference, received_on=day.date(), by=treasurer(), at=day
    )


def test_all_of_it_comes_back_in_two_parts_and_the_ledger_says_so(paid: Case):
    """S19/7.5.1"""
    clawback = ordered(paid)
    assert (paid.fresh().state, clawback.total) == ("recovering", D("10500.00"))
    receive(clawback, paid, "4000.00", "ZH1")
    assert (paid.fresh().state, owed(clawback)) == ("recovering", D("6500.00"))
    receive(clawback, paid, "6500.00", "ZH2")
    clawback.refresh_from_db()
    assert (paid.fresh().state, clawback.state, owed(clawback)) == ("recovered", "collected", D("0.00"))
    kinds = PaymentLedger.objects.filter(redemption=paid.redemption).order_by("pk").values_list("kind", "amount")
    assert list(kinds) == [("payment", D("10500.00")), ("recovery", D("4000.00")), ("recovery", D("6500.00"))]


def test_the_same_receipt_again_changes_nothing_and_a_used_reference_is_refused(paid: Case):
    clawback = ordered(paid)
    first = receive(clawback, paid, "4000.00", "ZH1")
    assert receive(clawback, paid, "4000.00", "ZH1").pk == first.pk
    assert received_parts(clawback).total == D("4000.00")
    assert refused(lambda: receive(clawback, paid, "1.00", "ZH1")) == ["receipt.reference_used"]
    payment = PaymentLedger.objects.get(kind="payment")
    assert refused(lambda: receive(clawback, paid, "1.00", payment.bank_reference)) == ["receipt.reference_used"]


def test_who_proposes_does_not_sign_and_nothing_is_due_before_the_signature(paid: Case):
    clawback = proposed(paid)
    step = lambda by: domain.order_clawback(clawback=clawback, by=by, at=later(paid, 71))  # noqa: E731
    assert refused(lambda: step(paid.city["reviewer"])) == ["signature.same_person", "signature.not_approver"]
    assert refused(lambda: receive(clawback, paid, "1.00", "ZH1")) == ["clawback.not_open"]
    assert paid.fresh().state == "paid"
    with pytest.raises(IntegrityError, match="clawback_two_people"), transaction.atomic():
        Clawback.objects.filter(pk=clawback.pk).update(signed_by=clawback.proposed_by)


def test_the_province_may_propose_and_sign_too(paid: Case):
    clawback = proposed(paid)
    domain.order_clawback(clawback=clawback, by=paid.world.approver, at=later(paid, 71))
    assert paid.fresh().state == "recovering"


def test_everything_wrong_with_a_demand_is_said_at_once(paid: Case):
    wrong = {"parts": Parts(D("10500.01")), "reason": " ", "clause": "X", "due_on": date(2019, 1, 1)}
    codes = ["clawback.too_much", "clawback.no_reason", "clawback.no_clause", "clawback.due"]
    assert refused(lambda: proposed(paid, **wrong)) == codes
    assert refused(lambda: proposed(paid, parts=Parts())) == ["clawback.nothing"]


def test_only_what_was_paid_comes_back_and_only_once(paid: Case, other: Case):
    proposed(paid)
    assert refused(lambda: proposed(paid)) == ["clawback.not_paid"]
    payable(other)
    assert "clawback.not_paid" in refused(lambda: proposed(other, parts=Parts(D("1.00"))))


def test_a_withdrawn_demand_leaves_the_payment_as_it_was(paid: Case):
    clawback = proposed(paid)
    step = lambda reason: domain.withdraw_clawback(  # noqa: E731
        clawback=clawback, reason=reason, by=paid.city["reviewer"], at=later(paid, 71)
    )
    assert refused(lambda: step(" ")) == ["clawback.no_reason"]
    step("核实无误")
    assert paid.fresh().state == "paid"
    assert proposed(paid).number != clawback.number


def test_more_than_is_owed_is_refused(paid: Case):
    clawback = ordered(paid, parts=Parts(D("100.00")))
    assert refused(lambda: receive(clawback, paid, "100.01", "ZH1")) == ["receipt.amount"]


@pytest.mark.parametrize(
    ("received", "parts"),
    [
        ("60.00", ("60.00", "0.00", "0.00")),
        ("110.00", ("100.00", "10.00", "0.00")),
        ("135.00", ("100.00", "30.00", "5.00")),
    ],
)
def test_a_part_goes_to_the_voucher_first_then_the_bonus_then_the_citys_own(received, parts):
    found = spread(D(received), Parts(D("100.00"), D("30.00"), D("5.00")))
    assert (found.amount, found.bonus, found.matching) == tuple(map(D, parts))


def test_city_finance_and_enterprise_see_it_when_it_concerns_them_and_no_other_city_ever(paid: Case, other: Case):
    clawback = proposed(paid)
    finance, stranger = treasurer(), paid.world.city("440100")["reviewer"]
    seen = lambda actor: list(clawbacks_visible_to(actor))  # noqa: E731
    assert [seen(by) for by in (paid.city["reviewer"], finance, paid.actor, stranger)] == [[clawback], [], [], []]
    domain.order_clawback(clawback=clawback, by=paid.city["approver"], at=later(paid, 71))
    assert [seen(by) for by in (finance, paid.actor, other.actor)] == [[clawback], [clawback], []]


def sign_in(client: Client, actor) -> None:
    client.force_login(User.objects.get(pk=actor.user_id))


def test_the_pages_lead_from_the_demand_to_the_last_receipt(paid: Case, client: Client):
    sign_in(client, paid.city["reviewer"])
    address = f"{reverse('city:clawback_new')}?number={paid.redemption.number}"
    assert "10,500.00" in client.get(address).content.decode()
    due = str(later(paid, 100).date() + timedelta(days=4000))
    form = {"amount": "10500", "bonus": "0", "matching": "0", "clause": "S19/7.5.1", "reason": "不实", "due_on": due}
    answer = client.post(address, form)
    clawback = Clawback.objects.get()
    assert answer.url == reverse("city:clawback", args=[clawback.pk])
    assert client.post(address, form).status_code == 422
    sign_in(client, paid.city["approver"])
    assert client.post(reverse("city:clawback_step", args=[clawback.pk, "order"])).status_code == 302
    finance = treasurer()
    sign_in(client, finance)
    receipts = reverse("finance:clawback_receipt", args=[clawback.pk])
    day = "2020-01-02"
    assert client.post(receipts, {"received": "20000", "bank_reference": "Z", "received_on": day}).status_code == 422
    assert client.post(receipts, {"received": "10500", "bank_reference": "Z", "received_on": day}).status_code == 302
    assert "已全部追回" in client.get(reverse("finance:clawback", args=[clawback.pk])).content.decode()
    sign_in(client, paid.actor)
    page = client.get(reverse("enterprise:redemption", args=[paid.redemption.pk])).content.decode()
    assert "需要缴回" in page
    sign_in(client, paid.world.city("440100")["reviewer"])
    assert client.get(reverse("city:clawback", args=[clawback.pk])).status_code == 404
