"""What kind of value every number of an edition takes, in which group it is edited, and within which limits.

The limits keep out slips of the hand (a rate of 800 %), not policy: they are wide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """`shape`: choice, money, share, factor, count, flag, day, edition, items, cities, order, or one of the tables
    rates, regions, costs, tiers, shares_by, money_by, counts_by. `optional`: may say nothing. `choices`: key and word.
    """

    shape: str
    optional: bool = False
    choices: Choices = ()
    least: int = 0
    most: int = 366


_CLASSES: Choices = (("A", "A 类"), ("B", "B 类"))
_LIMITS: Choices = (("national", "国家级平台和电信运营商"), ("other", "其他供应商"))
_TARGETS: Choices = (("enterprises", "企业"), ("suppliers", "供应商"), ("platforms", "平台"))
_SETTLED: Choices = (
    ("carried_over", "上批结转"),
    ("pilot", "集群试点"),
    ("excellent_supplier", "优秀供应商牵头"),
    ("other", "其他"),
)
_WAITING: Choices = (("pilot", "集群试点"), ("arrival", "提交先后"))
_FLAG, _DAYS, _MONEY = Kind("flag"), Kind("count"), Kind("money", optional=True)
_FEW = Kind("count", most=1000)

GROUPS: dict[str, tuple[str, dict[str, Kind]]] = {
    "rates": (
        "奖补比例",
        {
            "method": Kind("choice", choices=(("rate", "按合同额的比例"), ("tier", "按企业规模定额"))),
            "rates": Kind("rates"),
            "amount_places": Kind("count", most=2),
            "over_issue_factor": Kind("factor", least=1, most=10),
        },
    ),
    "regions": ("地区和城市", {"regions": Kind("regions"), "excluded_cities": Kind("cities")}),
    "caps": (
        "上限和奖励",
        {
            "enterprise_cap": _MONEY,
            "cap_span": Kind("choice", choices=(("period", "每期"), ("year", "每年"))),
            "pilot_enterprise_cap_max": _MONEY,
            "bonus_amount": _MONEY,
            "bonus_in_cap": _FLAG,
            "bonus_quota": Kind("choice", choices=(("none", "另列，不占地市和供应商额度"),)),
        },
    ),
    "tiers": (
        "规模档位和费用",
        {"tiers_are_sample": _FLAG, "tiers": Kind("tiers"), "eligible_costs": Kind("costs")},
    ),
    "who": (
        "谁能申请",
        {
            "earliest_contract_day": Kind("day"),
            "minimum_revenue": _MONEY,
            "violation_years": Kind("count", optional=True, most=30),
            "maintenance_items": Kind("items"),
            "unredeemed_limit": Kind("count", optional=True, least=1, most=100),
            "unreviewed_hold_working_days": _DAYS,
            "max_open_unreviewed": Kind("count", most=100),
        },
    ),
    "flow": (
        "办理步骤",
        {
            "supplier_confirms_application": _FLAG,
            "pool_members_reviewed": _FLAG,
            "products_carried_from": Kind("edition", optional=True),
        },
    ),
    "days": (
        "时间",
        {
            "announce_opening_days": _DAYS,
            "announce_closing_days": _DAYS,
            "implementation_days": _DAYS,
            "review_working_days": Kind("count", least=1),
            "returned_keep_working_days": Kind("count", least=1),
            "supplier_confirm_working_days": Kind("count", least=1),
            "objection_reply_working_days": Kind("count", least=1),
            "notice_days": Kind("count", least=1),
            "notice_days_minimum": _DAYS,
        },
    ),
    "payment": (
        "兑现和结算",
        {
            "payment_share": Kind("shares_by", choices=_CLASSES),
            "invoices_equal_contract": _FLAG,
            "invoices_equal_payments": _FLAG,
            "settlement_order": Kind("order", choices=_SETTLED),
        },
    ),
    "quota": (
        "额度和目标",
        {
            "supplier_limits": Kind("money_by", optional=True, choices=_LIMITS),
            "waiting_order": Kind("order", choices=_WAITING),
            "city_matching": _FLAG,
            "targets": Kind("counts_by", optional=True, choices=_TARGETS, most=10_000_000),
        },
    ),
    "pilots": (
        "集群试点",
        {
            "pilot_uses_city_quota": _FLAG,
            "pilot_enterprises_min": _FEW,
            "pilot_joint_min": _FEW,
            "pilot_showcases_min": _FEW,
            "pilot_city_share_max": Kind("share", optional=True),
            "pilot_local_share_min": Kind("share", optional=True),
        },
    ),
}
KINDS: dict[str, Kind] = {key: kind for _, kinds in GROUPS.values() for key, kind in kinds.items()}
GROUP_OF: dict[str, str] = {key: group for group, (_, kinds) in GROUPS.items() for key in kinds}


def groups() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(key, title, parameter keys) in the order of the editor."""
    for group, (title, kinds) in GROUPS.items():
        yield group, title, tuple(kinds)
