"""The whole line of a voucher, from submitting to payment: where it stands, whose turn it is, until when."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitoring.queries import verdict_of
from platform_site.audit.models import Entry
from platform_site.audit.queries import trail_of
from platform_site.kit.actor import Actor
from platform_site.kit.templatetags.wording import day, moment_short
from settlement.enums import RedemptionState as R
from settlement.models import Redemption
from settlement.queries import redemptions_visible_to
from vouchers.enums import VoucherState as V
from vouchers.models import Voucher
from vouchers.queries import vouchers_visible_to
from vouchers.queries.supplier_answers import supplier_word

STEPS = (
    ("提交", "send"),
    ("额度裁定", "scale"),
    ("地市审核", "eye"),
    ("获得服务券", "ticket"),
    ("提出兑现", "receipt"),
    ("供应商确认", "user-check"),
    ("使用监测", "activity-heartbeat"),
    ("兑现审核", "eye-check"),
    ("公示", "speakerphone"),
    ("兑付", "cash"),
)


@dataclass(frozen=True, slots=True)
class Turn:
    """step: index into STEPS; who: whose turn; note: what they do; tone of the current step."""

    step: int
    who: str
    note: str
    tone: str = ""


VOUCHER_TURNS: dict[str, Turn] = {
    V.DRAFT: Turn(0, "企业", "填好后提交"),
    V.ARRIVED: Turn(1, "平台", "按送达先后裁定额度，不用操作"),
    V.WAITING: Turn(1, "平台排队", "额度够了自动受理，名次不会丢", "wait"),
    V.UNDER_REVIEW: Turn(2, "地市主管部门", "一人审核，另一人签发"),
    V.RETURNED: Turn(2, "企业", "按列出的理由补正后重新提交，名次和额度都保留", "warn"),
    V.ISSUED: Turn(4, "企业", "合同实施完成后，在兑现期内提出兑现"),
    V.WITHDRAWN: Turn(2, "已结束", "企业撤回了申请", "bad"),
    V.REFUSED: Turn(2, "已结束", "没有通过，理由见下方", "bad"),
    V.LAPSED: Turn(2, "已结束", "超过期限没有补正，或申领期结束时仍在候补", "bad"),
    V.GIVEN_UP: Turn(4, "已结束", "企业放弃了这张服务券", "bad"),
    V.VOID: Turn(4, "已结束", "服务券已作废，理由见下方", "bad"),
    V.HELD: Turn(4, "主管部门", "正在核查，暂缓办理", "warn"),
}
REDEMPTION_TURNS: dict[str, Turn] = {
    R.DRAFT: Turn(4, "企业", "填好后提交兑现申请"),
    R.SUBMITTED: Turn(5, "供应商", "确认交付内容并登记监测设备"),
    R.ESCALATED: Turn(5, "供应商、地市", "供应商逾期没有答复，地市正在催办", "warn"),
    R.REJECTED: Turn(5, "企业", "供应商没有确认，请核对后重新提交", "warn"),
    R.CONFIRMED: Turn(6, "平台", "收集使用数据，够了自动判定"),
    R.MONITORED: Turn(7, "地市主管部门", "形式审核"),
    R.UNDER_REVIEW: Turn(7, "地市主管部门", "一人审核，另一人签发"),
    R.RETURNED: Turn(7, "企业", "按列出的理由补正", "warn"),
    R.REFUSED: Turn(7, "已结束", "不予兑现，理由见下方", "bad"),
    R.APPROVED: Turn(8, "地市主管部门", "编入下一批公示名单"),
    R.LISTED: Turn(8, "地市主管部门", "名单复核后公示"),
    R.ON_NOTICE: Turn(8, "公示", "期满没有异议进入兑付"),
    R.DISPUTED: Turn(8, "地市主管部门", "有异议，付款前答复", "warn"),
    R.POSTPONED: Turn(8, "地市主管部门", "转入下一批公示", "wait"),
    R.DROPPED: Turn(8, "已结束", "异议成立，不予兑付", "bad"),
    R.PAYABLE: Turn(9, "地市主管部门", "编入结算批次"),
    R.CARRIED_OVER: Turn(9, "地市主管部门", "本批资金不足，下一批优先", "wait"),
    R.PAYING: Turn(9, "财政部门", "付款并登记银行回单"),
    R.FAILED: Turn(9, "企业、地市", "银行退回，请核对收款账户", "warn"),
    R.PAID: Turn(10, "全部办完", "奖补资金已经拨付"),
    R.RECOVERING: Turn(9, "企业", "资金追回中", "bad"),
    R.RECOVERED: Turn(9, "已结束", "资金已追回", "bad"),
    R.HELD: Turn(7, "主管部门", "正在核查，暂停办理", "warn"),
}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    when: str
    state: str
    icon: str


@dataclass(frozen=True, slots=True)
class Line:
    """Everything the page of a voucher shows at its head, and the papers of the later floors."""

    voucher: Voucher
    redemption: Redemption | None
    verdict: Any
    steps: list[Step]
    turn: Turn
    deadline: str
    trail: list[Entry] = field(default_factory=list)


def voucher_line(actor: Actor, number: str, at: datetime) -> Line:
    """The line of one voucher that the actor may see. Raises Voucher.DoesNotExist, also for foreign ones."""
    rows = vouchers_visible_to(actor).select_related(
        "enterprise", "product", "supplier", "period", "city", "edition", "contract"
    )
    voucher = rows.get(number=number)
    redemption = redemptions_visible_to(actor).filter(voucher=voucher).order_by("-pk").first()
    turn = turn_of(voucher, redemption)
    if (word := supplier_word(voucher, at)) and word.awaited:
        turn = Turn(2, "供应商", "核对合同文本和填报信息，确认后地市才能发券")
    subjects = [voucher] if redemption is None else [voucher, redemption]
    return Line(
        voucher,
        redemption,
        verdict_of(voucher),
        _steps(voucher, redemption, turn),
        turn,
        _deadline(voucher, redemption),
        trail_of(*subjects),
    )


def turn_of(voucher: Voucher, redemption: Redemption | None) -> Turn:
    """Where the line stands: the redemption's state while the voucher is being redeemed, else the voucher's."""
    if redemption is not None and voucher.state in (V.REDEEMING, V.SETTLED, V.ISSUED):
        return REDEMPTION_TURNS[redemption.state]
    return VOUCHER_TURNS.get(voucher.state, REDEMPTION_TURNS[R.DRAFT])


def _steps(voucher: Voucher, redemption: Redemption | None, turn: Turn) -> list[Step]:
    times: list[datetime | None] = [
        voucher.arrived_at,
        voucher.decided_at,
        voucher.issued_at,
        voucher.issued_at,
        redemption.submitted_at if redemption else None,
        redemption.confirmed_at if redemption else None,
        redemption.monitored_at if redemption else None,
        redemption.decided_at if redemption else None,
    ]
    times += [None] * (len(STEPS) - len(times))
    found = []
    for index, ((label, icon), when) in enumerate(zip(STEPS, times, strict=True)):
        state = "done" if index < turn.step else "now" if index == turn.step else "todo"
        shown = moment_short(when) if when and state == "done" else ""
        found.append(Step(label, shown, state, icon))
    return found


def _deadline(voucher: Voucher, redemption: Redemption | None) -> str:
    due = voucher.deadline_at
    if redemption is not None and voucher.state == V.REDEEMING:
        due = redemption.supplier_due_at if redemption.state == R.SUBMITTED else redemption.review_due_at
    if voucher.state == V.ISSUED:
        due = voucher.period.redeem_to
    return day(due) if due else ""
