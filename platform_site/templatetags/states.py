"""One table from states to label, tone and icon, so that a state looks the same on every page."""

from dataclasses import dataclass
from typing import Any

from django import template

register = template.Library()


@dataclass(frozen=True, slots=True)
class Look:
    label: str
    tone: str = ""
    icon: str = "circle-dot"


_DRAFT = Look("草稿", "", "pencil")
_RETURNED = Look("退回补正", "warn", "arrow-back-up")
_REVIEW = Look("审核中", "active", "eye")
_REFUSED = Look("不予通过", "bad", "circle-x")
_HELD = Look("核查中止", "warn", "lock")
_WITHDRAWN = Look("已撤回", "", "arrow-back")
_VOID = Look("已作废", "", "ban")
_APPROVED = Look("已通过", "ok", "circle-check")
_ON_NOTICE = Look("公示中", "active", "speakerphone")
_SIGNED = Look("待复核", "active", "signature")

_VOUCHER = {
    "draft": _DRAFT,
    "arrived": Look("待受理", "active", "inbox"),
    "waiting": Look("候补", "wait", "hourglass"),
    "under_review": _REVIEW,
    "returned": _RETURNED,
    "proposed": _SIGNED,
    "issued": Look("已获券", "ok", "ticket"),
    "redeeming": Look("兑现中", "active", "receipt"),
    "settled": Look("已兑付", "ok", "circle-check"),
    "withdrawn": _WITHDRAWN,
    "refused": _REFUSED,
    "lapsed": Look("已失效", "", "clock-exclamation"),
    "given_up": Look("已放弃", "", "arrow-back"),
    "void": _VOID,
    "held": _HELD,
}
_REDEMPTION = {
    "draft": _DRAFT,
    "submitted": Look("待供应商确认", "active", "user-check"),
    "rejected": Look("供应商不确认", "warn", "user-off"),
    "escalated": Look("已转地市协调", "warn", "flag"),
    "confirmed": Look("待监测判定", "active", "activity-heartbeat"),
    "monitored": Look("待审核", "active", "inbox"),
    "under_review": _REVIEW,
    "returned": _RETURNED,
    "proposed": _SIGNED,
    "approved": Look("审核通过", "ok", "circle-check"),
    "refused": _REFUSED,
    "listed": Look("已列入清单", "active", "list-details"),
    "on_notice": _ON_NOTICE,
    "disputed": Look("异议处理", "warn", "message-exclamation"),
    "dropped": Look("移出清单", "bad", "circle-x"),
    "postponed": Look("暂缓兑付", "wait", "player-pause"),
    "payable": Look("待兑付", "active", "coins"),
    "paying": Look("付款中", "active", "cash"),
    "paid": Look("已兑付", "ok", "circle-check"),
    "failed": Look("付款未成功", "warn", "alert-triangle"),
    "carried_over": Look("结转优先", "wait", "arrow-forward"),
    "recovering": Look("追缴中", "bad", "rotate-clockwise"),
    "recovered": Look("已追缴", "", "check"),
    "withdrawn": _WITHDRAWN,
    "void": _VOID,
    "held": _HELD,
}
_NOTICE_LIST = {
    "draft": _DRAFT,
    "signed": Look("已复核，待发布", "active", "signature"),
    "published": _ON_NOTICE,
    "corrected": Look("已更正", "warn", "replace"),
    "closed": Look("公示结束", "", "check"),
    "partly_settled": Look("部分兑付", "active", "coins"),
    "settled": Look("全部兑付", "ok", "circle-check"),
    "revoked": Look("已撤销", "bad", "ban"),
}
_LISTING = {
    "draft": _DRAFT,
    "submitted": Look("待审核", "active", "inbox"),
    "city_review": Look("地市初审", "active", "eye"),
    "province_review": Look("省级审核", "active", "eye"),
    "under_review": _REVIEW,
    "returned": _RETURNED,
    "listed": Look("已上架", "ok", "circle-check"),
    "approved": _APPROVED,
    "suspended": Look("暂停", "warn", "player-pause"),
    "dropped": Look("已取消", "bad", "circle-x"),
    "delisted": Look("已下架", "", "archive"),
    "refused": _REFUSED,
    "withdrawn": _WITHDRAWN,
}
_POOL = {
    "called": Look("征集中", "active", "speakerphone"),
    "applied": Look("已申报", "active", "inbox"),
    "returned": _RETURNED,
    "recommended": Look("已推荐", "active", "arrow-forward"),
    "paper": Look("书面评审", "active", "file-description"),
    "defence": Look("答辩", "active", "messages"),
    "visit": Look("现场核查", "active", "map-pin"),
    "proposed": Look("拟入库", "active", "signature"),
    "on_notice": _ON_NOTICE,
    "admitted": Look("已入库", "ok", "circle-check"),
    "refused": _REFUSED,
    "dropped": Look("已出库", "bad", "circle-x"),
}
_PILOT = {
    "applied": Look("已申报", "active", "inbox"),
    "reviewed": Look("已评审", "active", "clipboard-check"),
    "running": Look("实施中", "active", "player-play"),
    "fulfilled": Look("已完成", "ok", "trophy"),
    "failed": Look("未达目标", "bad", "circle-x"),
    "refused": _REFUSED,
}
_BATCH = {
    "draft": _DRAFT,
    "built": Look("待复核", "active", "signature"),
    "signed": Look("已送财政", "active", "send"),
    "sent": Look("已送财政", "active", "send"),
    "paying": Look("付款中", "active", "cash"),
    "partly_paid": Look("部分已付", "warn", "coins"),
    "paid": Look("已付清", "ok", "circle-check"),
    "closed": Look("已结清", "ok", "circle-check"),
    "settled": Look("已结清", "ok", "circle-check"),
    "cancelled": _VOID,
}
_CLAWBACK = {
    "proposed": _SIGNED,
    "ordered": Look("追缴中", "bad", "rotate-clockwise"),
    "collected": Look("已全部追回", "ok", "check"),
    "withdrawn": _WITHDRAWN,
}
_PERIOD = {
    "draft": _DRAFT,
    "signed": Look("已复核", "active", "signature"),
    "announced": Look("已公告，未开始", "wait", "calendar-event"),
    "open": Look("申领中", "ok", "circle-dot"),
    "closed": Look("申领已截止", "", "clock"),
    "redeeming": Look("兑现中", "active", "receipt"),
    "finished": Look("已结束", "", "check"),
    "published": Look("已发布", "ok", "circle-check"),
    "superseded": Look("已被替代", "", "replace"),
}
_EDITION = {
    "draft": _DRAFT,
    "handed_in": Look("待复核", "active", "signature"),
    "signed": Look("已复核，待公布", "active", "circle-check"),
    "published": Look("已公布", "ok", "circle-check"),
    "withdrawn": _WITHDRAWN,
}
_SCHEME_SET = {
    **_EDITION,
    "signed": Look("已复核，待施行", "active", "circle-check"),
    "published": Look("已施行", "ok", "circle-check"),
}
_REVIEW_OF_VERDICT = {
    "open": Look("待地市答复", "active", "inbox"),
    "upheld": Look("理由成立", "ok", "circle-check"),
    "rejected": Look("理由不成立", "", "circle-x"),
    "withdrawn": _WITHDRAWN,
}
_OBJECTION = {
    "filed": Look("待答复", "active", "inbox"),
    "submitted": Look("待受理", "active", "inbox"),
    "accepted": Look("处理中", "active", "eye"),
    "answered": Look("已答复", "ok", "message"),
    "upheld": Look("异议成立", "bad", "circle-x"),
    "dismissed": Look("异议不成立", "", "check"),
    "rejected": Look("异议不成立", "", "check"),
    "withdrawn": _WITHDRAWN,
}
_SIGN = {
    "open": Look("待核实", "warn", "search"),
    "looked_at": Look("核实中", "active", "eye"),
    "proposed": Look("排除待复核", "active", "user-check"),
    "dismissed": Look("已排除", "ok", "circle-check"),
    "confirmed": Look("属实", "bad", "flag"),
}
_QUESTION = {
    "asked": Look("等待说明", "warn", "message"),
    "answered": Look("已说明", "ok", "message"),
}
_TABLES: dict[str, dict[str, Look]] = {
    "voucher": _VOUCHER,
    "redemption": _REDEMPTION,
    "notice_list": _NOTICE_LIST,
    "supplier": {
        **_LISTING,
        "listed": Look("已入库", "ok", "circle-check"),
        "dropped": Look("已淘汰", "bad", "circle-x"),
    },
    "product": _LISTING,
    "enterprise": {**_LISTING, "approved": Look("企业信息已审核", "ok", "circle-check")},
    "pool": _POOL,
    "pilot": _PILOT,
    "batch": _BATCH,
    "clawback": _CLAWBACK,
    "period": _PERIOD,
    "edition": _EDITION,
    "scheme_set": _SCHEME_SET,
    "verdict_review": _REVIEW_OF_VERDICT,
    "objection": _OBJECTION,
    "sign": _SIGN,
    "question": _QUESTION,
}

KINDS = tuple(_TABLES.values())


def look_of(kind: str, value: Any) -> Look:
    """An unknown state shows its own name rather than nothing."""
    state = str(getattr(value, "value", value))
    return _TABLES.get(kind, {}).get(state, Look(state))


@register.simple_tag
def state_look(kind: str, value: Any) -> Look:
    return look_of(kind, value)
