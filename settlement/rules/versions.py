"""What a correction changed: two versions of a list side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from settlement.rules.fingerprint import PublishedLine


@dataclass(frozen=True, slots=True)
class Change:
    """One voucher that differs. before, after: its whole money in each version, None where it is not on it."""

    voucher_number: str
    enterprise: str
    before: Decimal | None
    after: Decimal | None

    @property
    def kind(self) -> str:
        if self.before is None:
            return "新增"
        return "移出" if self.after is None else "改动"


def changes(before: Iterable[PublishedLine], after: Iterable[PublishedLine]) -> list[Change]:
    """By voucher number; a new place in the list alone is no change."""
    old, new = {one.voucher_number: one for one in before}, {one.voucher_number: one for one in after}
    return [
        Change(key, (new.get(key) or old[key]).enterprise, _money(old.get(key)), _money(new.get(key)))
        for key in sorted(old.keys() | new.keys())
        if _content(old.get(key)) != _content(new.get(key))
    ]


def _money(line: PublishedLine | None) -> Decimal | None:
    return None if line is None else line.amount + line.bonus + line.matching


def _content(line: PublishedLine | None) -> tuple[object, ...] | None:
    if line is None:
        return None
    return line.enterprise, line.supplier, line.product, line.amount, line.bonus, line.matching
