"""The queue's rule against a simple model: at every moment, walk everybody from the beginning."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from vouchers.rules.ledger import Sums, replay
from vouchers.rules.queue import Barrier, Claim, barrier_of, may_be_served, serve_in_order, take

CITIES, SUPPLIERS = ("city:1", "city:2"), ("supplier:1", "supplier:2")
amounts = st.integers(1, 60).map(lambda n: Decimal(n) * 10)
arrivals = st.tuples(st.just("arrive"), st.sampled_from(CITIES), st.sampled_from(SUPPLIERS), amounts, st.booleans())
releases = st.tuples(st.just("release"), st.integers(0, 30))
grants = st.tuples(st.just("grant"), st.sampled_from(CITIES + SUPPLIERS), amounts)
histories = st.lists(st.one_of(arrivals, arrivals, releases, grants), max_size=40)


@dataclass
class Model:
    """Plain words: in order, whoever fits is served unless somebody before them lacks one of their dimensions."""

    available: dict[str, Decimal]
    waiting: list[Claim]

    def settle(self) -> list[int]:
        served = []
        for claim in sorted(self.waiting, key=Claim.place):
            before = [other for other in self.waiting if other.place() < claim.place() and other.event not in served]
            lacked = {d for other in before for d in other.dimensions if other.amount > self.available[d]}
            fits = all(claim.amount <= self.available[d] for d in claim.dimensions)
            if fits and lacked.isdisjoint(claim.dimensions):
                take(claim, self.available)
                served.append(claim.event)
        self.waiting = [claim for claim in self.waiting if claim.event not in served]
        return served


class Allocator:
    """As `vouchers.domain.allocation` uses the rule: one look at arrival, a walk when something became free."""

    def __init__(self, available: dict[str, Decimal]) -> None:
        self.available = available
        self.waiting: list[Claim] = []
        self.barrier = Barrier()

    def arrive(self, claim: Claim) -> list[int]:
        if may_be_served(claim, self.available, self.barrier):
            take(claim, self.available)
            return [claim.event]
        self.waiting.append(claim)
        self.barrier.add(claim)
        return []

    def settle(self) -> list[int]:
        served, self.waiting = serve_in_order(self.waiting, self.available)
        self.barrier = barrier_of(self.waiting)
        return [claim.event for claim in served]


@given(histories)
def test_looking_once_at_arrival_serves_whom_walking_everybody_serves(history):
    start = {d: Decimal(200) for d in CITIES + SUPPLIERS}
    model, allocator = Model(dict(start), []), Allocator(dict(start))
    served: dict[int, Claim] = {}
    claims: dict[int, Claim] = {}
    for event, step in enumerate(history):
        if step[0] == "arrive":
            claim = Claim(event, event, step[3], (step[1], step[2]), event, 0 if step[4] else 1)
            claims[event] = claim
            model.waiting.append(claim)
            answer = allocator.arrive(claim)
        else:
            _free(step, model, allocator, served)
            answer = allocator.settle()
        assert answer == model.settle()
        served |= {one: claims[one] for one in answer}
        assert allocator.available == model.available
        assert min(model.available.values()) >= 0


def _free(step, model: Model, allocator: Allocator, served: dict[int, Claim]) -> None:
    freed = {step[1]: step[2]} if step[0] == "grant" else {}
    if step[0] == "release" and served:
        claim = served.pop(sorted(served)[step[1] % len(served)])
        freed = dict.fromkeys(claim.dimensions, claim.amount)
    for dimension, amount in freed.items():
        model.available[dimension] += amount
        allocator.available[dimension] += amount


@given(st.lists(st.tuples(amounts, st.booleans()), max_size=20))
def test_within_one_dimension_nobody_overtakes(rows):
    """Served ones form a prefix of the queue of their dimension and class."""
    claims = [
        Claim(n, n, amount, ("city:1", f"supplier:{n}"), n, 0 if first else 1) for n, (amount, first) in enumerate(rows)
    ]
    available = {"city:1": Decimal(500)} | {f"supplier:{n}": Decimal(10_000) for n in range(len(rows))}
    served, waiting = serve_in_order(claims, available)
    order = sorted(claims, key=Claim.place)
    assert [*served, *waiting] == order


@given(st.lists(st.tuples(st.sampled_from(["grant", "reserve", "release", "consume"]), amounts), max_size=30))
def test_the_replay_adds_up_like_plain_sums(rows):
    sums = replay(("city:1", kind, amount) for kind, amount in rows).get("city:1", Sums())
    by_kind = {
        kind: sum((a for k, a in rows if k == kind), Decimal(0)) for kind in ("grant", "reserve", "release", "consume")
    }
    assert sums.total == by_kind["grant"]
    assert sums.consumed == by_kind["consume"]
    assert sums.reserved == by_kind["reserve"] - by_kind["release"] - by_kind["consume"]
