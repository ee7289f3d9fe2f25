"""Queue and ledger through the real commands and the allocator on PostgreSQL, beside a model in plain Python.

The model is written from the words of platform default 4, not from `vouchers.rules.queue`: whoever lacks quota in a
dimension waits and holds back all later ones that need it; clients of a pilot use its budget instead of their city's
and come first among those who wait. After every step balances, states and the replayed movements agree."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from pytest_django import DjangoDbBlocker

from platform_site.kit import clock
from platform_site.kit.findings import Finding
from tests.concurrency.crowd import CITIES, Applicant, Crowd, make_crowd
from tests.vouchers.shared_world import rolled_back
from tests.vouchers.world import FOSHAN, SETUP, grant, issue, make_enterprise, make_form, make_world
from vouchers import domain
from vouchers.models import ApplicationDraft, Voucher
from vouchers.queries.applications import application_of
from vouchers.queries.ledger import ledger_differences, ledger_replay

ENTERPRISES, EACH, SUPPLIERS, CLIENTS = 12, 2, 3, 4
TOTALS = ("30000.00", "90000.00", "60000.00")
REASON = Finding("test.price", "S19/7.5.1", "合同价格明显偏高。", "", title="价格")
ZERO = Decimal("0.00")


@dataclass
class Waiting:
    """One in the model's queue. pilot: a pilot's client."""

    voucher: int
    amount: Decimal
    needs: tuple[str, str]
    pilot: bool


@dataclass
class Model:
    """Yuan per dimension, who waits in which order, who holds what, what was paid."""

    total: dict[str, Decimal] = field(default_factory=dict)
    queue: list[Waiting] = field(default_factory=list)
    holds: dict[int, Waiting] = field(default_factory=dict)
    paid: dict[str, Decimal] = field(default_factory=dict)

    def reserved(self, name: str) -> Decimal:
        return sum((one.amount for one in self.holds.values() if name in one.needs), ZERO)

    def free(self, name: str) -> Decimal:
        return self.total.get(name, ZERO) - self.reserved(name) - self.paid.get(name, ZERO)

    def settle(self) -> None:
        """Once through the queue. Whatever an earlier one that still waits lacks by now, no later one may touch."""
        waits: list[Waiting] = []
        for one in [one for one in self.queue if one.pilot] + [one for one in self.queue if not one.pilot]:
            taken = {name for other in waits for name in other.needs if self.free(name) < other.amount}
            if taken.isdisjoint(one.needs) and all(self.free(name) >= one.amount for name in one.needs):
                self.holds[one.voucher] = one
            else:
                waits.append(one)
        self.queue = [one for one in self.queue if one in waits]  # as they came

    def drop(self, voucher: int) -> None:
        self.queue = [one for one in self.queue if one.voucher != voucher]
        self.holds.pop(voucher, None)


class QueueMachine(RuleBasedStateMachine):
    """Each step is a command of the platform and one of the model."""

    crowd: Crowd
    pilot: int

    def __init__(self) -> None:
        super().__init__()
        self.block = rolled_back()
        self.block.__enter__()
        self.model = Model()
        self.fresh = [(one, pk) for one in self.crowd.applicants for pk in one.voucher_ids]
        self.owner: dict[int, Applicant] = {pk: one for one, pk in self.fresh}

    def teardown(self) -> None:
        self.block.__exit__(None, None, None)

    # -- what stands where -----------------------------------------------------------------------------------------

    def voucher(self, pk: int) -> Voucher:
        return Voucher._default_manager.select_related("contract", "enterprise", "period").get(pk=pk)

    def needs(self, voucher: Voucher) -> tuple[str, str]:
        place = f"pilot:{voucher.pilot_id}" if voucher.pilot_id else f"city:{voucher.city_id}"
        return place, f"supplier:{voucher.quota_supplier_id}"

    def chosen(self, number: int, *states: str) -> Voucher | None:
        rows = Voucher._default_manager.filter(state__in=states, period=self.crowd.world.period).order_by("pk")
        found = list(rows.values_list("pk", flat=True))
        return self.voucher(found[number % len(found)]) if found else None

    def _agree(self) -> None:
        self.model.settle()
        domain.allocate(period_id=self.crowd.world.period.pk)
        sums = ledger_replay(self.crowd.world.period)
        for name, balance in sums.items():
            assert balance.total == self.model.total.get(name, ZERO), name
            assert balance.reserved == self.model.reserved(name), name
            assert balance.consumed == self.model.paid.get(name, ZERO), name
        assert ledger_differences(self.crowd.world.period) == {}
        states = dict(Voucher._default_manager.filter(pk__in=self.owner).values_list("pk", "state"))
        assert {pk for pk, state in states.items() if state == "waiting"} == {one.voucher for one in self.model.queue}
        holding = {pk for pk, state in states.items() if state in ("under_review", "returned", "issued", "redeeming")}
        assert holding == set(self.model.holds)

    # -- steps -------------------------------------------------------------------------------------------------------

    @initialize(cities=st.integers(0, 200), suppliers=st.integers(20, 200), pilot=st.integers(0, 150))
    def plan(self, cities: int, suppliers: int, pilot: int) -> None:
        lines = {f"city:{code}": Decimal(cities * 1000) for code in CITIES}
        lines |= {f"pilot:{self.pilot}": Decimal(pilot * 1000)}
        lines |= {f"supplier:{one.supplier_id}": Decimal(suppliers * 1000) for one in self.crowd.products}
        lines = {name: amount for name, amount in lines.items() if amount}
        grant(self.crowd.world, list(lines.items()))
        self.model.total |= lines
        self._agree()

    @precondition(lambda self: self.fresh)
    @rule(number=st.integers(0, 99), several=st.integers(1, 6))
    def apply(self, number: int, several: int) -> None:
        for _ in range(min(several, len(self.fresh))):
            one, pk = self.fresh.pop(number % len(self.fresh))
            voucher = self.voucher(pk)
            domain.submit_prepared(voucher=voucher, key=f"machine-{pk}", by=one.actor, at=clock.now())
            waiting = Waiting(pk, voucher.prepared_amount, self.needs(voucher), bool(voucher.pilot_id))
            self.model.queue.append(waiting)
            self._agree()

    @rule(number=st.integers(0, 99), more=st.integers(1, 80))
    def grant_more(self, number: int, more: int) -> None:
        pilot_and_its_supplier = (f"pilot:{self.pilot}", f"supplier:{self.crowd.world.supplier.pk}")
        names = [*(f"city:{code}" for code in CITIES), *pilot_and_its_supplier]
        name = names[number % len(names)]
        self.model.total[name] = self.model.total.get(name, ZERO) + Decimal(more * 1000)
        grant(self.crowd.world, [(name, self.model.total[name])])
        self._agree()

    @rule(source=st.sampled_from(CITIES), into=st.sampled_from(CITIES), share=st.integers(1, 4))
    def transfer(self, source: str, into: str, share: int) -> None:
        giver, taker = f"city:{source}", f"city:{into}"
        amount = (self.model.free(giver) / share).quantize(Decimal("1.00"), "ROUND_DOWN")
        if source == into or amount <= ZERO:
            return
        world, lines = self.crowd.world, [(giver, -amount), (taker, amount)]
        plan = domain.reallocate_quota(
            period=world.period, lines=lines, reason="调剂", by=world.officer, at=clock.now()
        )
        domain.sign_plan(plan=plan, by=world.approver, at=clock.now())
        self.model.total[giver] -= amount
        self.model.total[taker] = self.model.total.get(taker, ZERO) + amount
        self._agree()

    @rule(number=st.integers(0, 99))
    def withdraw(self, number: int) -> None:
        if (voucher := self.chosen(number, "waiting", "under_review", "returned")) is not None:
            domain.withdraw(voucher=voucher, by=self.owner[voucher.pk].actor, at=clock.now())
            self.model.drop(voucher.pk)
            self._agree()

    @rule(number=st.integers(0, 99))
    def refuse(self, number: int) -> None:
        if (voucher := self.chosen(number, "under_review")) is not None:
            people, at = self.crowd.world.city(voucher.city_id), clock.now()
            domain.propose_decision(voucher=voucher, proposal="refuse", findings=[REASON], by=people["reviewer"], at=at)
            domain.decide_application(voucher=voucher, agree=True, by=people["approver"], at=at)
            self.model.drop(voucher.pk)
            self._agree()

    @rule(number=st.integers(0, 99))
    def issue(self, number: int) -> None:
        if (voucher := self.chosen(number, "under_review")) is not None:
            issue(self.crowd.world, voucher)
            self._agree()

    @rule(number=st.integers(0, 99), share=st.integers(1, 4))
    def pay(self, number: int, share: int) -> None:
        if (voucher := self.chosen(number, "issued")) is None:
            return
        held = self.model.holds[voucher.pk]
        paid = (held.amount / share).quantize(Decimal("0.01"), "ROUND_DOWN")
        redeeming = domain.mark_redeeming(voucher=voucher, by=SETUP, at=clock.now())
        domain.settle(voucher=redeeming, paid_amount=paid, by=SETUP, at=clock.now())
        self.model.drop(voucher.pk)
        for name in held.needs:
            self.model.paid[name] = self.model.paid.get(name, ZERO) + paid
        self._agree()

    @rule(number=st.integers(0, 99))
    def give_back(self, number: int) -> None:
        if (voucher := self.chosen(number, "under_review")) is not None:
            by = self.crowd.world.city(voucher.city_id)["reviewer"]
            domain.return_application(
                voucher=voucher, findings=[REASON], still_open={REASON.code}, by=by, at=clock.now()
            )
            self._agree()

    @rule(number=st.integers(0, 99))
    def correct_lower(self, number: int) -> None:
        if (voucher := self.chosen(number, "returned")) is None:
            return
        form = application_of(voucher)
        total = form.total / 2
        form = replace(form, total=total, costs=(replace(form.costs[0], amount=total),))
        key = f"lower-{voucher.pk}-{voucher.version}"
        domain.resubmit(voucher=voucher, form=form, key=key, by=self.owner[voucher.pk].actor, at=clock.now())
        self.model.holds[voucher.pk].amount = self.voucher(voucher.pk).prepared_amount
        self._agree()

    @rule()
    def lapse(self) -> None:
        late = clock.now() + timedelta(days=60)
        returned = list(Voucher._default_manager.filter(state="returned").values_list("pk", flat=True))
        domain.lapse_overdue(by=SETUP, at=late)
        for pk in returned:
            self.model.drop(pk)
        self._agree()


def _pilot_with_clients(crowd: Crowd) -> int:
    """A pilot that runs, its clients among the applicants, each with an application made ready. Gives its id."""
    world, at = crowd.world, clock.now()
    pilot = domain.register_pilot(
        name="五金集群", period=world.period, city_code=FOSHAN, lead_supplier=world.supplier, by=world.officer, at=at
    )
    domain.review_pilot(pilot=pilot, by=world.officer, at=at)
    pilot = domain.start_pilot(pilot=pilot, by=world.approver, at=at)
    for number in range(CLIENTS):
        enterprise, actor = make_enterprise(world)
        domain.admit_client(pilot=pilot, enterprise=enterprise, cap=Decimal("1000000.00"), by=world.officer, at=at)
        form = make_form(world, actor, total=TOTALS[number % len(TOTALS)], pilot_id=pilot.pk)
        draft = domain.save_draft(enterprise=enterprise, period=world.period, data={}, by=actor, at=at)
        domain.prepare_application(draft=draft, form=form, by=actor, at=at)
        prepared = ApplicationDraft._default_manager.get(pk=draft.pk).prepared_id
        crowd.applicants.insert(2 * number, Applicant(enterprise.pk, actor, (prepared,)))
    return pilot.pk


def _walk(blocker: DjangoDbBlocker, *, examples: int, steps: int) -> None:
    with blocker.unblock(), rolled_back():
        crowd = make_crowd(
            make_world(city_total=""), enterprises=ENTERPRISES, each=EACH, totals=TOTALS, suppliers=SUPPLIERS
        )
        machine = type("Machine", (QueueMachine,), {"crowd": crowd, "pilot": _pilot_with_clients(crowd)})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples, stateful_step_count=steps, suppress_health_check=list(HealthCheck), deadline=None
            ),
        )


def test_commands_and_model_agree_at_every_step(django_db_setup: None, django_db_blocker: DjangoDbBlocker):
    _walk(django_db_blocker, examples=5, steps=20)


@pytest.mark.soak
def test_commands_and_model_agree_over_long_walks(django_db_setup: None, django_db_blocker: DjangoDbBlocker):
    _walk(django_db_blocker, examples=200, steps=60)
