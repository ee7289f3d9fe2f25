"""What an edition's numbers are called and how they read on a page."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from catalog.rules.wording import NO_BREAK, say_money, say_share

LABELS = {
    "method": "计算方法",
    "rates": "奖补比例",
    "regions": "地区划分",
    "excluded_cities": "不含的城市",
    "enterprise_cap": "每家企业上限",
    "cap_span": "上限按什么算",
    "pilot_enterprise_cap_max": "试点企业上限最高",
    "bonus_amount": "贯标奖励",
    "bonus_in_cap": "贯标奖励计入企业上限",
    "bonus_quota": "贯标奖励由哪项额度承担",
    "eligible_costs": "费用种类",
    "tiers": "企业规模档位",
    "tiers_are_sample": "档位表是样例",
    "amount_places": "金额小数位数",
    "earliest_contract_day": "合同最早签订日",
    "minimum_revenue": "上年度主营业务收入下限",
    "violation_years": "违法违规记录的年限",
    "maintenance_items": "设备集成运维企业可申请的项目",
    "unredeemed_limit": "累计未兑现达到几次不再受理",
    "supplier_confirms_application": "申请先由供应商确认",
    "pool_members_reviewed": "资源池成员还要审核",
    "products_carried_from": "产品沿用哪一年的审核",
    "unreviewed_hold_working_days": "未审核企业占位",
    "max_open_unreviewed": "未审核企业同时在办的申请",
    "announce_opening_days": "开始日期提前公布",
    "announce_closing_days": "截止日期提前公布",
    "implementation_days": "发券后留给实施的时间",
    "review_working_days": "审核时限",
    "returned_keep_working_days": "退回后保留名次",
    "supplier_confirm_working_days": "供应商答复时限",
    "objection_reply_working_days": "对异议作说明的时限",
    "notice_days": "公示期",
    "notice_days_minimum": "公示期最短",
    "payment_share": "兑现时的付款比例",
    "invoices_equal_contract": "发票总额等于合同额",
    "invoices_equal_payments": "发票等于实付",
    "settlement_order": "结算顺序",
    "over_issue_factor": "超发系数",
    "supplier_limits": "供应商起始限额",
    "waiting_order": "候补顺序",
    "city_matching": "市级可以配套",
    "targets": "总目标",
    "pilot_uses_city_quota": "试点占用地市额度",
    "pilot_enterprises_min": "试点至少服务企业",
    "pilot_joint_min": "试点至少共同服务企业",
    "pilot_showcases_min": "试点至少标杆企业",
    "pilot_city_share_max": "试点最多占地市切块",
    "pilot_local_share_min": "试点当地企业占比不少于",
}
_WORDS = {
    "rate": "按合同额的比例",
    "tier": "按企业规模定额",
    "period": "每期",
    "year": "每年",
    "none": "另列，不占地市和供应商额度",
    "carried_over": "结转的",
    "pilot": "集群试点",
    "excellent_supplier": "优秀供应商牵头的",
    "other": "其他",
    "arrival": "提交先后",
    "national": "国家级平台和电信运营商",
    "enterprises": "企业",
    "suppliers": "供应商",
    "platforms": "平台",
}
_WORKING = f"{NO_BREAK}个工作日"
_UNITS = {
    "violation_years": f"{NO_BREAK}年",
    "amount_places": f"{NO_BREAK}位",
    "unredeemed_limit": f"{NO_BREAK}次",
    "max_open_unreviewed": f"{NO_BREAK}件",
    "unreviewed_hold_working_days": _WORKING,
    "review_working_days": _WORKING,
    "returned_keep_working_days": _WORKING,
    "supplier_confirm_working_days": _WORKING,
    "objection_reply_working_days": _WORKING,
    "announce_opening_days": f"{NO_BREAK}天",
    "announce_closing_days": f"{NO_BREAK}天",
    "implementation_days": f"{NO_BREAK}天",
    "notice_days": f"{NO_BREAK}天",
    "notice_days_minimum": f"{NO_BREAK}天",
    "pilot_enterprises_min": f"{NO_BREAK}家",
    "pilot_joint_min": f"{NO_BREAK}家",
    "pilot_showcases_min": f"{NO_BREAK}家",
}
NOTHING = "没有规定"


def label_of(key: str) -> str:
    return LABELS.get(key, key)


def unit_of(key: str) -> str:
    """天, 件 …; "" where the value carries its own."""
    return _UNITS.get(key, "").strip(NO_BREAK)


def say_value(key: str, value: Any) -> str:
    """One parameter's JSON value as a person reads it."""
    if value is None or value == [] or value == {}:
        return "没有" if key == "excluded_cities" else NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if key in _SAYINGS:
        return _SAYINGS[key](value)
    if isinstance(value, int):
        return f"{value}{_UNITS.get(key, '')}"
    return _WORDS.get(str(value), str(value))


def _money(value: Any) -> str:
    return say_money(Decimal(value))


def _share(value: Any) -> str:
    return say_share(Decimal(value))


def _rates(rows: list[Mapping[str, Any]]) -> str:
    """A 类 80%，B 类 40%; or the regions' shares."""
    names = {"prd": "珠三角", "other": "粤东西北"}
    parts = []
    for row in rows:
        who = f"{row['class']}{NO_BREAK}类" if row["class"] else names.get(row["region"] or "", "")
        parts.append(f"{'集群试点' if row['pilot'] else who} {_share(row['rate'])}")
    return "，".join(parts)


def _regions(rows: list[Mapping[str, Any]]) -> str:
    return "；".join(f"{row['title']} {len(row['cities'])} 市：{'、'.join(row['cities'].values())}" for row in rows)


def _tiers(rows: list[Mapping[str, Any]]) -> str:
    return "，".join(f"{row['title']}全年 {_money(row['total'])}" for row in rows)


def _costs(rows: list[Mapping[str, Any]]) -> str:
    barred = "、".join(row["title"] for row in rows if not row["eligible"])
    return f"计入：{'、'.join(row['title'] for row in rows if row['eligible'])}；不计入：{barred}"


def _named_money(value: Mapping[str, Any]) -> str:
    return "，".join(f"{_WORDS.get(key, key)} {_money(amount)}" for key, amount in value.items())


def _payment(value: Mapping[str, Any]) -> str:
    return "，".join(f"{key}{NO_BREAK}类不少于 {_share(share)}" for key, share in value.items())


def _words(value: list[str]) -> str:
    return " → ".join(_WORDS.get(word, word) for word in value)


def _items(value: list[int]) -> str:
    return "、".join(f"第 {number} 项" for number in value)


def _targets(value: Mapping[str, int]) -> str:
    return "，".join(f"{_WORDS.get(key, key)} {number:,} 家" for key, number in value.items())


def _excluded(value: list[str]) -> str:
    return "、".join({"440300": "深圳"}.get(code, code) for code in value)


_SAYINGS: dict[str, Callable[[Any], str]] = {
    "rates": _rates,
    "regions": _regions,
    "excluded_cities": _excluded,
    "tiers": _tiers,
    "eligible_costs": _costs,
    "enterprise_cap": _money,
    "pilot_enterprise_cap_max": _money,
    "bonus_amount": _money,
    "minimum_revenue": _money,
    "supplier_limits": _named_money,
    "payment_share": _payment,
    "over_issue_factor": lambda value: f"{Decimal(value).normalize():f}{NO_BREAK}倍",
    "pilot_city_share_max": _share,
    "pilot_local_share_min": _share,
    "settlement_order": _words,
    "waiting_order": _words,
    "maintenance_items": _items,
    "products_carried_from": lambda value: f"{value} 年",
    "targets": _targets,
}
