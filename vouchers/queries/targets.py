"""How far the scheme is on its way to the targets that an edition sets (S19/1, S19/8.1), over all periods so far."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from catalog.rules.parameter_kinds import KINDS
from catalog.rules.terms import EditionTerms
from suppliers.enums import SupplierKind
from suppliers.queries import listed_suppliers
from vouchers.queries.enterprises import enterprises_with_voucher


@dataclass(frozen=True, slots=True)
class Target:
    """label: what is counted; counted: how, in words."""

    label: str
    value: int
    target: int
    counted: str


def targets_of(terms: EditionTerms) -> list[Target]:
    """Those that the edition sets, enterprises first."""
    return [
        Target(word, _COUNTED[name].reckon(), terms.targets[name], _COUNTED[name].words)
        for name, word in KINDS["targets"].choices
        if name in terms.targets
    ]


class _Counted(NamedTuple):
    """How one target is counted, and the same in words."""

    reckon: Callable[[], int]
    words: str


def _platforms() -> int:
    return listed_suppliers().filter(kind=SupplierKind.PLATFORM).count()


_COUNTED = {
    "enterprises": _Counted(
        lambda: enterprises_with_voucher().count(), "拿到过服务券、没有作废的企业，各期合计，一家算一次"
    ),
    "suppliers": _Counted(lambda: listed_suppliers().count(), "现在在库的供应商"),
    "platforms": _Counted(_platforms, "其中的平台商"),
}
