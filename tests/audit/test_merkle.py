"""The tree of the seal: every leaf counts, its place too, and its proof leads to the root."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from platform_site.audit.rules.merkle import chained, inclusion_proof, merkle_root, root_of_proof, row_digest


def digests(count: int) -> list[str]:
    return [hashlib.sha256(str(number).encode()).hexdigest() for number in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7, 8, 9, 31, 100])
def test_every_leaf_has_a_proof_that_leads_to_the_root_and_no_other_leaf_passes_with_it(count: int):
    leaves = digests(count)
    root = merkle_root(leaves)
    for position, leaf in enumerate(leaves):
        steps = inclusion_proof(leaves, position)
        assert root_of_proof(leaf, steps) == root
        assert root_of_proof(hashlib.sha256(b"other").hexdigest(), steps) != root
        for place, step in enumerate(steps):
            turned = [
                *steps[:place],
                replace(step, side="left" if step.side == "right" else "right"),
                *steps[place + 1 :],
            ]
            assert root_of_proof(leaf, turned) != root


def test_a_changed_a_missing_a_doubled_and_a_moved_leaf_give_another_root():
    leaves = digests(9)
    others = [leaves[:-1], [*leaves, leaves[-1]], [leaves[1], leaves[0], *leaves[2:]], [leaves[8], *leaves[1:]]]
    assert merkle_root(leaves) not in {merkle_root(other) for other in others}


def test_a_node_never_passes_for_a_leaf():
    leaves = digests(4)
    upper = [merkle_root(leaves[:2]), merkle_root(leaves[2:])]
    assert merkle_root(upper) != merkle_root(leaves)


def test_the_same_moment_and_amount_have_one_spelling_and_others_another():
    at = datetime(2020, 8, 12, 9, 30, tzinfo=UTC)
    china = at.astimezone(timezone(timedelta(hours=8)))
    row = {"at": at, "amount": Decimal("1.50"), "data": {"b": 1, "a": [2]}, "none": None}
    same = row | {"at": china, "data": {"a": [2], "b": 1}}
    assert row_digest("t", row) == row_digest("t", same)
    for name, value in (
        ("amount", Decimal("1.51")),
        ("none", ""),
        ("data", {"a": [2]}),
        ("at", at + timedelta(microseconds=1)),
    ):
        assert row_digest("t", row | {name: value}) != row_digest("t", row)
    assert row_digest("other", row) != row_digest("t", row)


def test_the_chain_depends_on_number_root_count_and_everything_before():
    base = ("0" * 64, "1" * 64, 5)
    assert len({chained(1, *base), chained(2, *base), chained(1, "2" * 64, *base[1:]), chained(1, *base[:2], 6)}) == 4
