"""The fast replay against the slow truth: `serve_in_order` over the whole queue after every event."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from vouchers.rules.queue import Claim, serve_in_order
from vouchers.rules.replay import QueueReplay
from vouchers.rules.tallest import Tallest

BUDGETS, SUPPLIERS = ("city:1", "city:2", "pilot:1"), ("supplier:1", "supplier:2", "supplier:3")
amounts = st.integers(1, 60).map(lambda n: Decimal(n) * 10)
arrivals = st.tuples(
    st.just("arrive"), st.sampled_from(BUDGETS), st.sampled_from(SUPPLIERS), amounts, st.integers(0, 2)
)
releases = st.tuples(st.just("release"), st.integers(0, 60))
leavings = st.tuples(st.just("leave"), st.integers(0, 60))
lowerings = st.tuples(st.just("lower"), st.integers(0, 60), st.integers(1, 9))
grants = st.tuples(st.just("grant"), st.sampled_from(BUDGETS + SUPPLIERS), amounts)
takings = st.tuples(st.just("take"), st.sampled_from(BUDGETS + SUPPLIERS), st.integers(1, 10))
transfers = st.tuples(st.just("transfer"), st.sampled_from(BUDGETS), st.sampled_from(BUDGETS), amounts)
freeings = st.one_of(releases, leavings, lowerings, grants, takings, transfers)
several = st.tuples(st.just("several"), st.lists(freeings, max_size=4))  # one event that frees in more than one place
histories = st.lists(st.one_of(arrivals, arrivals, arrivals, freeings, several), max_size=120)


@dataclass
class SlowQueue:
    available: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(BUDGETS + SUPPLIERS, Decimal("200.00")))
    waiting: dict[int, Claim] = field(default_factory=dict)

    def settle(self) -> list[int]:
        served, waiting = serve_in_order(self.waiting.values(), self.available)
        self.waiting = {claim.event: claim for claim in waiting}
        return [claim.event for claim in served]


@dataclass
class Both:
    """Tells the slow and the fast one the same; gives whom the fast one served."""

    slow: SlowQueue = field(default_factory=SlowQueue)
    fast: QueueReplay = field(default_factory=QueueReplay)
    reserved: dict[int, Claim] = field(default_factory=dict)

    def tell(self, event: int, step) -> list[int]:
        at_once = getattr(self, step[0])(event, *step[1:]) or []
        return [claim.event for claim in [*at_once, *self.fast.settle()]]

    def arrive(self, event, budget, supplier, amount, priority):
        claim = Claim(event, event, amount, (budget, supplier), event, priority)
        self.slow.waiting[event] = claim
        return [claim] if self.fast.arrive(claim) else []

    def several(self, event, steps):
        for step in steps:
            getattr(self, step[0])(event, *step[1:])

    def release(self, event, pick):
        if not self.reserved:
            return
        claim = self.reserved.pop(sorted(self.reserved)[pick % len(self.reserved)])
        for name in claim.dimensions:
            self.slow.available[name] += claim.amount
        self.fast.give_back(claim.dimensions, claim.amount)

    def leave(self, event, pick):
        if not self.slow.waiting:
            return
        gone = sorted(self.slow.waiting)[pick % len(self.slow.waiting)]
        del self.slow.waiting[gone]
        self.fast.leave(gone)

    def lower(self, event, pick, tenths):
        if not self.slow.waiting:
            return
        chosen = sorted(self.slow.waiting)[pick % len(self.slow.waiting)]
        less = self.slow.waiting[chosen].amount * tenths / 10
        self.slow.waiting[chosen] = replace(self.slow.waiting[chosen], amount=less)
        self.fast.lower(chosen, less)

    def grant(self, event, name, amount):
        self.slow.available[name] += amount
        self.fast.grant(name, amount)

    def take(self, event, name, tenths):
        amount = self.slow.available[name] * tenths / 10
        self.slow.available[name] -= amount
        self.fast.grant(name, -amount)

    def transfer(self, event, source, target, amount):
        if source == target or not self.fast.fits([(source, -amount), (target, amount)]):
            return
        for name, change in ((source, -amount), (target, amount)):
            self.slow.available[name] += change
            self.fast.grant(name, change)


@given(histories)
def test_the_fast_replay_serves_whom_a_walk_of_the_whole_queue_serves_after_every_event(history):
    both = Both()
    for name, amount in both.slow.available.items():
        both.fast.grant(name, amount)
    for event, step in enumerate(history):
        before = dict(both.slow.waiting)
        served = both.tell(event, step)
        now = before | both.slow.waiting
        assert served == both.slow.settle()
        both.reserved |= {one: now[one] for one in served}
        assert {name: both.fast.available(name) for name in both.slow.available} == both.slow.available
        assert {claim.event: claim for claim in both.fast.waiting()} == both.slow.waiting


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), max_size=60), st.integers(0, 40))
def test_the_tree_of_maxima_finds_the_first_amount_above_a_limit(rows, limit):
    tallest, plain = Tallest(), []
    for slot, amount in rows:
        if slot < len(plain):
            plain[slot] = Decimal(amount)
            tallest.change(slot, Decimal(amount))
        else:
            plain.append(Decimal(amount))
            assert tallest.append(Decimal(amount)) == len(plain) - 1
        above = [slot for slot, one in enumerate(plain) if one > limit]
        assert tallest.first_above(Decimal(limit)) == (above[0] if above else None)
        assert tallest.largest == max(plain)
