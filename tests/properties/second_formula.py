"""The voucher's amount written a second time: plain whole-cent arithmetic from the documents, nothing of the product.

Numbers stand here as the documents give them; only the sample of the 2018 tiers is read from its file, since the annex
it stands for is not among the documents.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from platform_site.kit.yaml_files import read_yaml

PRD = {"4401", "4403", "4404", "4406", "4407", "4412", "4413", "4419", "4420"}
REST = {"4402", "4405", "4408", "4409", "4414", "4415", "4416", "4417", "4418", "4451", "4452", "4453"}
CAPS_WAN = [8, 18, 5, 15, 10, 20, 25, 15, 5, 25, 5, 10, 25, 15, 20, 25, 3, 5, 3, 5, 5, 25, 10, 30, 30]
CENTS_PER_DEVICE = {5: 150_000, 22: 150_000, 23: 80_000}
WAN = 1_000_000  # cents
EDITIONS = Path(__file__).resolve().parents[2] / "fixtures" / "policy"


@dataclass(frozen=True)
class PlainCase:
    """Amounts in cents; `lines`: (kind, cents); None is not told."""

    edition: str
    city: str
    item: int
    contract: int
    product_class: str | None = None
    unrelated: int = 0
    lines: tuple[tuple[str, int], ...] = ()
    devices: int | None = None
    pilot: bool = False
    cap: int | None = None
    used: int = 0
    bonus: bool = False
    revenue: int | None = None
    kind: str | None = None
    signed: date | None = None


def expected(case: PlainCase) -> tuple[int, int]:
    """(amount, bonus) in cents."""
    if refused(case):
        return 0, 0
    amount = by_tier(case) if case.edition == "2018" else by_rate(case)
    return amount, 10 * WAN if case.bonus and amount and case.edition != "2018" else 0


def refused(case: PlainCase) -> bool:
    city, post_sale = case.city[:4], {22} if case.edition != "2018" else set()
    return any(
        [
            city not in PRD | REST,
            case.edition == "2020" and city == "4403",
            case.item == 25 and not case.pilot,
            case.kind == "maintenance" and case.item not in post_sale,
            case.signed is not None and case.signed < date(2018, 3, 20),
            case.contract <= 0,
            case.unrelated >= case.contract,
            case.edition == "2019" and case.product_class is None,
            case.edition == "2018" and (case.revenue is None or case.revenue < 1000 * WAN),
            case.edition != "2018" and case.item in CENTS_PER_DEVICE and case.devices == 0,
        ]
    )


def by_rate(case: PlainCase) -> int:
    percent = {"A": 80, "B": 40}[case.product_class] if case.edition == "2019" else 70
    if case.edition == "2020" and (case.pilot or case.city[:4] in REST):
        percent = 80
    ceilings = [(case.contract - case.unrelated) * percent // 100, CAPS_WAN[case.item - 1] * WAN]
    if case.item in CENTS_PER_DEVICE and case.devices is not None:
        ceilings.append(CENTS_PER_DEVICE[case.item] * case.devices)
    own = 30 * WAN if case.cap is None else min(case.cap, 100 * WAN)
    return max(0, min(*ceilings, own - case.used))


def by_tier(case: PlainCase) -> int:
    fixed, total = tier_of(case.revenue, case.item)
    costs = case.contract - case.unrelated
    if case.lines:
        costs = min(costs, sum(cents for kind, cents in case.lines if kind not in ("automation", "offline_software")))
    return max(0, min(fixed, costs, total - case.used))


def tier_of(revenue: int, item: int) -> tuple[int, int]:
    row = next(row for row in tiers() if row["below"] is None or revenue < row["below"])
    return row["items"][item], row["total"]


@cache
def tiers() -> list[dict]:
    rows = read_yaml(EDITIONS / "2018.yaml")["parameters"]["tiers"]["value"]
    return [
        {
            "below": None if row["revenue_below"] is None else cents(row["revenue_below"]),
            "total": cents(row["total"]),
            "items": {number: cents(amount) for number, amount in row["items"].items()},
        }
        for row in rows
    ]


def cents(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0"))
