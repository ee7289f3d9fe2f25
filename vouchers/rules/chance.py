"""What can honestly be said about the chance of a waiting application, in words and with its basis.

Nothing here is a promise: it carries forward what was given back until now. Where nothing was, it says so."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from catalog.rules.wording import say_money

ZERO = Decimal("0.00")
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Line:
    """The queue before one application in one dimension. Amounts in yuan; `available`: what is left there now."""

    name: str
    ahead: int
    ahead_amount: Decimal
    own: Decimal
    available: Decimal

    @property
    def short(self) -> Decimal:
        """Yuan that must become free before it is this one's turn; 0: nothing is short here."""
        return max(self.ahead_amount + self.own - self.available, ZERO)


@dataclass(frozen=True, slots=True)
class Given:
    """What a dimension reserved and gave back in a period, yuan. `days`: whole days since its opening."""

    title: str
    days: int
    reserved: Decimal
    released: Decimal


@dataclass(frozen=True, slots=True)
class Chance:
    """expected: yuan that the basis lets expect until the closing; None: there is no basis. `likely` None likewise."""

    name: str
    short: Decimal
    expected: Decimal | None
    likely: bool | None
    where: str
    basis: str
    outlook: str


def chance_of(line: Line, now: Given, earlier: Iterable[Given], days_left: int) -> Chance:
    """By this period's pace once a whole day has passed and something came back; else by the share that came back in
    earlier periods. `days_left`: whole days until the closing."""
    where = _where(line)
    per_day = _per_day(now)
    past = [one for one in earlier if one.reserved > ZERO]
    if per_day:
        expected, basis = per_day * days_left, _pace_basis(now, per_day)
    elif past:
        reserved, released = _sum(one.reserved for one in past), _sum(one.released for one in past)
        expected = max((now.reserved * released / reserved).quantize(CENT, ROUND_DOWN) - now.released, ZERO)
        basis = _past_basis(past, reserved, released)
    else:
        basis = f"{line.name}的额度还没有释放过，没有可以推算的依据。"
        return Chance(line.name, line.short, None, None, where, basis, "轮不轮得到，现在说不准。")
    likely = expected >= line.short
    return Chance(line.name, line.short, expected, likely, where, basis, _outlook(expected, days_left, likely))


def _per_day(now: Given) -> Decimal:
    if now.days < 1:
        return ZERO
    return (now.released / now.days).quantize(CENT, ROUND_DOWN)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _where(line: Line) -> str:
    ahead = f"前面还有 {line.ahead} 件共 {say_money(line.ahead_amount)}" if line.ahead else "前面没有别的申请"
    return f"{line.name}：{ahead}，现在余 {say_money(line.available)}，连同本件还差 {say_money(line.short)}。"


def _pace_basis(now: Given, per_day: Decimal) -> str:
    return (
        f"本期到现在 {now.days} 天，这里一共释放 {say_money(now.released)}，平均每天 {say_money(per_day)}"
        "（撤回、不予发券、失效、调低、兑现时少用的）。"
    )


def _past_basis(past: list[Given], reserved: Decimal, released: Decimal) -> str:
    percent = (released * 100 / reserved).quantize(Decimal("0.1"), ROUND_DOWN)
    titles = "、".join(one.title for one in past)
    amounts = f"占用过 {say_money(reserved)}，后来释放 {say_money(released)}（{percent}%）"
    return f"本期还没有可以推算的释放；{titles}在这里{amounts}。"


def _outlook(expected: Decimal, days_left: int, likely: bool) -> str:
    turn = "有可能轮到本件" if likely else "可能轮不到本件"
    return f"照这样推算，到截止还有 {days_left} 天，大约还会释放 {say_money(expected)}，{turn}。"
