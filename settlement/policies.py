"""May it happen now: every finding at once. Policies know no user beyond "the same person"."""

from datetime import datetime

from monitoring.enums import Outcome
from monitoring.queries import doubts_of, source_of
from monitoring.queries.reviews import open_reviews_of
from platform_site.accounts.enums import Bar
from platform_site.accounts.queries import barred
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding
from settlement.enums import JUDGEABLE_STATES, Opinion
from settlement.models import Batch, NoticeList, Redemption
from settlement.queries.claim import claim_case, claim_terms
from settlement.queries.lists import open_objections
from settlement.queries.redemptions import bonus_taken, invoice_uses, red_papers
from settlement.rules.payable import check_claim
from settlement.rules.review import look_findings
from vouchers.enums import VoucherState

FRAUD_CLAUSE = "S19/7.5.1"


def claim_findings(redemption: Redemption, at: datetime) -> list[Finding]:
    """Everything about a claim: the rules' checks, invoices used elsewhere, the bonus, bars in force."""
    found = [*_voucher_findings(redemption), *_bar_findings(redemption, at)]
    found += check_claim(claim_case(redemption, at), claim_terms(redemption.voucher))
    return [*found, *_used_findings(redemption), *_red_findings(redemption), *_bonus_findings(redemption)]


def _voucher_findings(redemption: Redemption) -> list[Finding]:
    if redemption.voucher.state in (VoucherState.ISSUED, VoucherState.REDEEMING):
        return []
    label = redemption.voucher.get_state_display()
    return [
        Finding(
            "claim.voucher_state",
            "S19/5.4.9",
            f"这张券现在是“{label}”，不能兑现。",
            "只有已获券的才能兑现，请在“我的服务券”里查看原因。",
            title="这张券不能兑现",
        )
    ]


def _bar_findings(redemption: Redemption, at: datetime) -> list[Finding]:
    bar = barred(redemption.voucher.enterprise.uscc, Bar.REDEEM, at)
    if bar is None:
        return []
    until = f"至 {bar.until_day}" if bar.until_day else "期限未定"
    return [
        Finding(
            "claim.barred",
            FRAUD_CLAUSE,
            f"本企业暂停兑付，{until}。原因：{bar.ground}",
            "对处理有不同意见的，按处理决定上的办法申诉。",
            title="暂停兑付",
        )
    ]


def _used_findings(redemption: Redemption) -> list[Finding]:
    invoices = list(redemption.invoices.all())
    used = invoice_uses([invoice.key for invoice in invoices], redemption)
    if not used and invoices:
        why = "代码与号码在全省、各期都没有重复"
        return [Finding("invoice.not_used", FRAUD_CLAUSE, why, severity="ok", title="发票没有在别处用过")]
    return [
        Finding(
            "invoice.used_elsewhere",
            FRAUD_CLAUSE,
            f"发票 {invoice.number} 已经用于{_case_words(used[invoice.key].redemption, redemption)}，"
            "同一张发票不能用两次。",
            "请核对号码；确实填错的更正，否则换成本合同的发票。",
            "invoices",
            title="发票已被使用",
        )
        for invoice in invoices
        if invoice.key in used
    ]


def _red_findings(redemption: Redemption) -> list[Finding]:
    """A red invoice among any claim's papers takes one of these back; the other case is told only to its own side."""
    invoices = list(redemption.invoices.all())
    red = red_papers([invoice.key for invoice in invoices])
    return [
        Finding(
            "invoice.red_flushed",
            FRAUD_CLAUSE,
            f"发票 {invoice.number} 已经红冲：{_case_words(red[invoice.key].redemption, redemption)}里有它的红字发票。",
            "红冲的发票作废，请换开新发票。",
            "invoices",
            title="发票已被红冲",
        )
        for invoice in invoices
        if invoice.key in red
    ]


def _case_words(other: Redemption, redemption: Redemption) -> str:
    """Number and state for the same enterprise; of others nothing that is theirs is named."""
    if other.pk == redemption.pk:
        return "本笔兑现"
    if other.voucher.enterprise_id == redemption.voucher.enterprise_id:
        return f"本企业的 {other}"
    return "另一家企业的兑现"


def _bonus_findings(redemption: Redemption) -> list[Finding]:
    if not redemption.bonus_claimed or not bonus_taken(redemption.voucher.enterprise.uscc, redemption):
        return []
    return [
        Finding(
            "bonus.taken",
            "S19/4.4.5",
            "本企业的两化融合奖补已经在另一笔兑现中申请，每家企业只有一次。",
            "请取消勾选。",
            "bonus_claimed",
            title="奖补只有一次",
        )
    ]


def check_findings(redemption: Redemption, opinion: str, checked: dict[str, bool], at: datetime) -> list[Finding]:
    """The form check may be signed: to agree, every line of the checklist is ticked and nothing bad is left."""
    if opinion != Opinion.APPROVE:
        return []
    found = claim_findings(redemption, at)
    bad = [finding for finding in found if finding.severity == "bad"]
    open_codes = [finding for finding in found if not checked.get(finding.code)]
    if bad:
        return bad
    return [
        Finding(
            "check.not_ticked",
            "S19/5.4.11",
            f"还有 {len(open_codes)} 项没核对：{'、'.join(finding.title for finding in open_codes)}。",
            "逐项核对后勾选，再签名。",
            "checklist",
            title="还有没核对的",
        )
    ][: bool(open_codes)]


def decision_findings(redemption: Redemption, opinion: str, by: Actor) -> list[Finding]:
    """The second signature: another person, never entrusted staff; to approve, both the form check and the verdict."""
    found = [*second_person_findings(redemption.checked_by, by), *_form_check_findings(redemption)]
    if opinion != Opinion.RETURN:
        found += review_findings(redemption)
    if opinion == Opinion.APPROVE:
        found += verdict_findings(redemption)
        if redemption.opinion and redemption.opinion != Opinion.APPROVE:
            found.append(
                Finding(
                    "decision.not_proposed",
                    "S19/5.4.13",
                    f"经办的意见是“{redemption.get_opinion_display()}”。",
                    "不同意经办意见的，退给经办重新核对。",
                    title="与经办意见不同",
                )
            )
    return found


def second_person_findings(first_person: int | None, by: Actor) -> list[Finding]:
    """For every second signature on this floor: decision, list, batch."""
    found = []
    if by.user_id is not None and by.user_id == first_person:
        found.append(
            Finding(
                "signature.same_person",
                "S19/5.4.13",
                "第一人签名的也是您，两次签名要由两个人完成。",
                "请由另一位有复核权限的同事签名。",
                title="须由另一人复核",
            )
        )
    if by.delegated:
        found.append(
            Finding(
                "signature.delegate",
                "S19/8",
                "您是受托人员，受托人员可以初核，不能签名决定。",
                "请由本单位的复核人员签名。",
                title="受托人员不能复核",
            )
        )
    return found


def _form_check_findings(redemption: Redemption) -> list[Finding]:
    if redemption.checked_by is not None and redemption.opinion:
        return []
    return [
        Finding(
            "decision.no_form_check",
            "S19/5.4.13",
            "经办还没有签形式审核意见。",
            "先由经办核对并签名，再送复核。",
            title="缺形式审核",
        )
    ]


def verdict_findings(redemption: Redemption) -> list[Finding]:
    """The city decides on both: form check and monitoring (S19/5.4.13); asked to look, it says what it saw."""
    verdict = redemption.verdict
    if verdict is not None and verdict.outcome == Outcome.PASSED:
        return []
    if verdict is not None and verdict.outcome == Outcome.LOOK:
        return look_findings(doubts_of(verdict), redemption.look)
    why = "平台还没有监测结论。" if verdict is None else f"监测结论是“{verdict.get_outcome_display()}”。"
    return [
        Finding(
            "decision.verdict_not_passed",
            "S19/5.4.13",
            why,
            "达标后才能同意兑现；台数不够的，企业可以先调低申请金额。",
            title="监测没有达标",
        )
    ]


def review_findings(redemption: Redemption) -> list[Finding]:
    """Against a final decision: whoever put the verdict in question is answered first."""
    open_ones = open_reviews_of(redemption.voucher)
    if not open_ones:
        return []
    return [
        Finding(
            "decision.verdict_in_question",
            "S19/5.4.13",
            f"监测结论有 {len(open_ones)} 件复核还没有答复。",
            "先在“监测复核”里答复，再作决定。",
            title="监测复核待答复",
        )
    ]


def judging_findings(redemption: Redemption) -> list[Finding]:
    """Against judging on demand: there is something to judge, and the decision is still open."""
    if redemption.state in JUDGEABLE_STATES and source_of(redemption.voucher) is not None:
        return []
    return [
        Finding(
            "verdict.not_now",
            "S19/5.4.12",
            f"这笔兑现现在是“{redemption.get_state_display()}”。",
            "供应商确认并接入数据以后、作出决定以前可以判定。",
            title="现在不能判定",
        )
    ]


def list_findings(notice_list: NoticeList, lines: int) -> list[Finding]:
    if lines:
        return []
    return [
        Finding(
            "list.empty",
            "S19/5.4.14",
            f"{notice_list.title}里没有可公示的兑现。",
            "有审核通过的兑现后再编名单。",
            title="名单是空的",
        )
    ]


def closing_findings(notice_list: NoticeList) -> list[Finding]:
    """A line with an open objection is never payable; the list itself may close around it."""
    pending = open_objections(notice_list).count()
    if not pending:
        return []
    return [
        Finding(
            "list.open_objections",
            "S19/6.3",
            f"还有 {pending} 件异议没有答复，这些行暂缓兑付。",
            severity="info",
            title="有异议的行暂缓",
        )
    ]


def batch_findings(batch: Batch, lines: int) -> list[Finding]:
    if lines:
        return []
    return [
        Finding(
            "batch.empty",
            "S19/7.2",
            f"批次 {batch.number} 没有一行在资金之内。",
            "请核对本批资金，或等资金到位再编。",
            "budget",
            title="没有可付的",
        )
    ]
