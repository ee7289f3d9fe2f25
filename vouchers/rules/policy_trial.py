"""A period's real applications assessed again under other numbers, by the one rule (S19/4.4).

What people did stays as it was: who applied, in which order, with which contract, who withdrew. Only the amounts are
worked out anew, and with them what each application leaves of its enterprise's cap to those after it (S19/4.4.3).

The frozen case says what had been used of the cap when the amount was fixed. To that comes, with its sign, what the
enterprise's earlier applications would take more or less, of those that had not fallen away by then. So under the same
numbers every case is assessed exactly as it was and the amount is the present one; `Outcome.agrees` says whether it is.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from catalog.rules.assessment import Assessment, assess
from catalog.rules.caps import enterprise_ceiling
from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.terms import EditionTerms, ItemTerms
from platform_site.kit.findings import Finding
from vouchers.enums import Shift


class PastApplication(Struct, frozen=True, gc=False):
    """One application as it stands. present: yuan it is worth now, a difference that still waits included; 0.00 where
    the cap was used up. counted: in the sums; not, what was withdrawn, refused, lapsed, given up or made void.
    decided: not, nothing was used of the cap before it. fell: when it fell away; None: it stands, or it was refused
    because of the cap alone. fixed: when its case was last assessed; needed only where one of the enterprise's fell.
    """

    voucher: int
    enterprise: int
    case: AssessmentCase
    present: Decimal
    city: str
    size: str
    counted: bool
    decided: bool
    fell: datetime | None = None
    fixed: datetime | None = None


class Outcome(Struct, frozen=True, gc=False):
    """before, after: yuan under the present and the other numbers. shift: a `Shift` by its plain value, None: the same.
    findings: what refuses it, where nothing refuses it now. agrees: assessed again under the present numbers it is what
    it is."""

    before: Decimal
    after: Decimal
    shift: str | None
    agrees: bool
    findings: tuple[Finding, ...]


class Trial:
    """Takes the applications one by one: an enterprise's together, in the order in which they were decided.

    items: terms by number that take the place of the frozen ones. closed: there are no other items, so an application
    for one that is missing fails.
    """

    def __init__(
        self, present: EditionTerms, other: EditionTerms, items: Mapping[int, ItemTerms], *, closed: bool
    ) -> None:
        self.present, self.other, self.items, self.closed = present, other, items, closed
        self._enterprise: int | None = None
        self._standing = ZERO
        self._fallen: list[tuple[datetime, Decimal]] = []

    def take(self, one: PastApplication) -> Outcome:
        if one.enterprise != self._enterprise:
            self._enterprise, self._standing, self._fallen = one.enterprise, ZERO, []
        case = one.case
        now = assess(case, self.present)
        agrees = now.amount == one.present
        if not agrees and ZERO < one.present < now.amount:
            case = self._as_fixed(one)
            agrees = assess(case, self.present).amount == one.present
        then = self._other(case, one)
        before, after = one.present, then.amount
        if before == after:
            return Outcome(before, after, None, agrees, ())
        self._remember(one, after - before)
        return Outcome(before, after, _shift(before, after), agrees, () if after else then.findings)

    def _as_fixed(self, one: PastApplication) -> AssessmentCase:
        """It could have risen when an earlier one fell away, but was issued before: the earlier cap stands."""
        ceiling = enterprise_ceiling(one.case, self.present)
        return one.case if ceiling is None else replace(one.case, cap_used=ceiling - one.present)

    def _other(self, case: AssessmentCase, one: PastApplication) -> Assessment:
        item = self.items.get(case.item.number, None if self.closed else case.item)
        if item is None:
            return Assessment(ZERO, ZERO, (), (_gone(case.item, self.other),))
        shifted = self._shifted(one)
        if shifted or item is not case.item or self.other.code != case.edition:
            used = max(case.cap_used + shifted, ZERO) if shifted else case.cap_used
            case = replace(case, edition=self.other.code, item=item, cap_used=used)
        return assess(case, self.other)

    def _shifted(self, one: PastApplication) -> Decimal:
        """What those before it take more (positive) or less than they do now, yuan."""
        if not one.decided:
            return ZERO
        if not self._fallen or one.fixed is None:
            return self._standing
        return self._standing + sum((more for fell, more in self._fallen if fell > one.fixed), ZERO)

    def _remember(self, one: PastApplication, more: Decimal) -> None:
        if not one.decided:
            return
        if one.fell is None:
            self._standing += more
        else:
            self._fallen.append((one.fell, more))


# Members cost a call each time their value is asked for.
_PASSES, _FAILS, _MORE, _LESS = (shift.value for shift in (Shift.PASSES, Shift.FAILS, Shift.MORE, Shift.LESS))


def _shift(before: Decimal, after: Decimal) -> str:
    if not before:
        return _PASSES
    if not after:
        return _FAILS
    return _MORE if after > before else _LESS


def _gone(item: ItemTerms, terms: EditionTerms) -> Finding:
    reason = f"{terms.code} 年的目录里没有第 {item.number} 项“{item.name}”。"
    return Finding("item.unknown", "S19/4.4.1", reason, "请在产品目录里查项目序号。", "item", title="没有这个项目")
