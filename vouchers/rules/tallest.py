"""Amounts in the order they came, and the first of them above a limit: a tree of maxima in a flat list."""

from decimal import Decimal

ZERO = Decimal("0.00")


class Tallest:
    """Slots are numbered from 0 and are never given twice; whoever has left counts as 0.00. Adding, changing and
    finding cost the logarithm of the number of slots."""

    __slots__ = ("_count", "_leaves", "_tree")

    def __init__(self) -> None:
        self._leaves = 1
        self._tree = [ZERO, ZERO]
        self._count = 0

    @property
    def largest(self) -> Decimal:
        return self._tree[1]

    def append(self, amount: Decimal) -> int:
        """Gives the slot."""
        if self._count == self._leaves:
            self._double()
        slot = self._count
        self._count += 1
        self.change(slot, amount)
        return slot

    def change(self, slot: int, amount: Decimal) -> None:
        tree, node = self._tree, slot + self._leaves
        tree[node] = amount
        node //= 2
        while node:
            left, right = tree[2 * node], tree[2 * node + 1]
            higher = left if left >= right else right
            if tree[node] == higher:
                return
            tree[node] = higher
            node //= 2

    def first_above(self, limit: Decimal) -> int | None:
        """The lowest slot whose amount exceeds `limit`; None: all fit."""
        tree, node = self._tree, 1
        if tree[1] <= limit:
            return None
        while node < self._leaves:
            node *= 2
            if tree[node] <= limit:
                node += 1
        return node - self._leaves

    def _double(self) -> None:
        amounts = self._tree[self._leaves :]
        self._leaves *= 2
        self._tree = [ZERO] * self._leaves + amounts + [ZERO] * len(amounts)
        for node in range(self._leaves - 1, 0, -1):
            self._tree[node] = max(self._tree[2 * node], self._tree[2 * node + 1])
