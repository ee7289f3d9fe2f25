"""Where a voucher stands, whose turn it is, until when, and what binds it: the head of every voucher page."""

from dataclasses import dataclass
from datetime import date, datetime

from platform_site.accounts.queries import day_of
from platform_site.working_calendar.queries import working_days_between
from vouchers.enums import VoucherState
from vouchers.models import Voucher
from vouchers.queries.supplier_answers import supplier_word

V = VoucherState
_TURNS = {
    V.ARRIVED: ("平台", "正在按送达先后核定额度，不用您操作", ""),
    V.WAITING: ("平台排队", "额度够了自动转入审核，不用您操作", "wait"),
    V.UNDER_REVIEW: ("市级主管部门", "正在审核，您不用操作", ""),
    V.RETURNED: ("企业", "请按退回的理由逐条补正后重新提交", "warn"),
    V.ISSUED: ("企业", "按合同实施，付款、验收后申请兑现", "ok"),
    V.REDEEMING: ("兑现办理中", "进度看兑现页", "ok"),
    V.SETTLED: ("已办结", "奖补已经兑付", "ok"),
    V.HELD: ("省、市核查", "核查期间暂缓办理，不会因此过期", "warn"),
    V.WITHDRAWN: ("已结束", "企业已撤回", ""),
    V.REFUSED: ("已结束", "没有通过，理由见下", "bad"),
    V.LAPSED: ("已结束", "申请已失效，理由见下", "bad"),
    V.GIVEN_UP: ("已结束", "企业已放弃", ""),
    V.VOID: ("已结束", "服务券已作废，理由见下", "bad"),
}
_STEPS = (
    ("提交申请", {V.DRAFT}),
    ("核定额度", {V.ARRIVED, V.WAITING}),
    ("市级审核", {V.UNDER_REVIEW, V.RETURNED}),
    ("发券", {V.ISSUED, V.HELD}),
    ("兑现", {V.REDEEMING}),
    ("兑付", {V.SETTLED}),
)
_LAST_STEP = {V.WITHDRAWN: 2, V.REFUSED: 2, V.LAPSED: 2, V.GIVEN_UP: 3, V.VOID: 3}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class LifeLine:
    """steps: the whole line. left: working days to the deadline, None without one. tone: of the present step."""

    steps: tuple[Step, ...]
    turn: str
    turn_note: str
    tone: str
    deadline: str
    deadline_note: str
    deadline_at: datetime | None
    left: int | None


def life_line(voucher: Voucher, *, at: datetime) -> LifeLine:
    """Also for the whole-line page above; `at` decides how many working days are left."""
    state = V(voucher.state)
    turn, note, tone = _TURNS.get(state, ("企业", "", ""))
    label, deadline_note = _deadline_words(voucher, state)
    due = voucher.deadline_at if label else None
    if (word := supplier_word(voucher, at)) and word.awaited:
        turn, note, due = "供应商", "正在核对合同文本和填报信息，确认后地市才能发券", word.due
        label, deadline_note = _moment(day_of(due)), "逾期没有答复的，地市直接审核"
    left = working_days_between(day_of(at), day_of(due)) if due else None
    return LifeLine(
        steps=_steps(voucher, state),
        turn=turn,
        turn_note=note,
        tone=tone,
        deadline=label or "没有期限",
        deadline_note=deadline_note,
        deadline_at=due,
        left=left,
    )


def _steps(voucher: Voucher, state: VoucherState) -> tuple[Step, ...]:
    times = (voucher.arrived_at, voucher.decided_at, None, voucher.issued_at, None, None)
    here = next((n for n, (_, states) in enumerate(_STEPS) if state in states), _LAST_STEP.get(state, 0))
    over = state == V.SETTLED
    return tuple(
        Step(label, _day(times[n]), "done" if n < here or over else "now" if n == here else "todo")
        for n, (label, _) in enumerate(_STEPS)
    )


def _deadline_words(voucher: Voucher, state: VoucherState) -> tuple[str, str]:
    """(deadline or "", note)."""
    if state == V.WAITING:
        return "", "名次不会丢；申领期结束时还没有轮到的，申请失效"
    if voucher.deadline_at is None or state not in (V.UNDER_REVIEW, V.RETURNED, V.ISSUED, V.REDEEMING):
        return "", ""
    notes = {
        V.UNDER_REVIEW: "市级审核期限",
        V.RETURNED: "期限内重新提交，名次和额度都保留",
        V.ISSUED: "兑现截止，过期作废",
        V.REDEEMING: "按期提交的，不会因过期作废",
    }
    return _moment(day_of(voucher.deadline_at)), notes[state]


def _day(when: datetime | None) -> str:
    return day_of(when).strftime("%m-%d") if when else ""


def _moment(day: date) -> str:
    return day.isoformat()
