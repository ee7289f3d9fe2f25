"""States, kinds and audit events of redemption, notice list and batch. Free of Django."""

from enum import StrEnum


class RedemptionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    ESCALATED = "escalated"
    CONFIRMED = "confirmed"
    MONITORED = "monitored"
    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    LISTED = "listed"
    ON_NOTICE = "on_notice"
    DISPUTED = "disputed"
    DROPPED = "dropped"
    POSTPONED = "postponed"
    PAYABLE = "payable"
    CARRIED_OVER = "carried_over"
    PAYING = "paying"
    FAILED = "failed"
    PAID = "paid"
    RECOVERING = "recovering"
    RECOVERED = "recovered"
    HELD = "held"


REDEMPTION_LABELS = {
    RedemptionState.DRAFT: "填写中",
    RedemptionState.SUBMITTED: "等供应商确认",
    RedemptionState.REJECTED: "供应商未确认，请核对",
    RedemptionState.ESCALATED: "供应商逾期，已转地市",
    RedemptionState.CONFIRMED: "监测中",
    RedemptionState.MONITORED: "监测完成，待审核",
    RedemptionState.UNDER_REVIEW: "审核中",
    RedemptionState.RETURNED: "退回补正",
    RedemptionState.APPROVED: "已通过，待公示",
    RedemptionState.REFUSED: "不予兑现",
    RedemptionState.LISTED: "已列入名单",
    RedemptionState.ON_NOTICE: "公示中",
    RedemptionState.DISPUTED: "有异议，暂缓",
    RedemptionState.DROPPED: "异议成立，不予兑付",
    RedemptionState.POSTPONED: "转下一批公示",
    RedemptionState.PAYABLE: "待兑付",
    RedemptionState.CARRIED_OVER: "结转下批优先兑付",
    RedemptionState.PAYING: "兑付中",
    RedemptionState.FAILED: "银行退回",
    RedemptionState.PAID: "已兑付",
    RedemptionState.RECOVERING: "追回中",
    RedemptionState.RECOVERED: "已追回",
    RedemptionState.HELD: "暂停办理",
}


# Over for good: the claim's invoices are free again and it no longer counts as the voucher's redemption.
DEAD_STATES = frozenset({RedemptionState.REFUSED, RedemptionState.DROPPED})

# Where an investigation may stop a claim, and where it goes on afterwards.
HOLDABLE_STATES = (
    RedemptionState.SUBMITTED,
    RedemptionState.ESCALATED,
    RedemptionState.CONFIRMED,
    RedemptionState.MONITORED,
    RedemptionState.UNDER_REVIEW,
    RedemptionState.RETURNED,
    RedemptionState.APPROVED,
    RedemptionState.PAYABLE,
    RedemptionState.CARRIED_OVER,
)

# The enterprise may edit its papers.
EDITABLE_STATES = frozenset({RedemptionState.DRAFT, RedemptionState.REJECTED, RedemptionState.RETURNED})

# No decision yet: the enterprise may still lower its claim (platform default 3).
UNDECIDED_STATES = frozenset(
    {
        RedemptionState.SUBMITTED,
        RedemptionState.ESCALATED,
        RedemptionState.CONFIRMED,
        RedemptionState.MONITORED,
        RedemptionState.UNDER_REVIEW,
    }
)


# Under monitoring and undecided: the verdict may be judged on demand.
JUDGEABLE_STATES = frozenset(
    {
        RedemptionState.CONFIRMED,
        RedemptionState.MONITORED,
        RedemptionState.UNDER_REVIEW,
        RedemptionState.RETURNED,
    }
)


class FileKind(StrEnum):
    INVOICE = "invoice"
    PAYMENT = "payment"
    ACCEPTANCE = "acceptance"
    EXPLANATION = "explanation"
    BONUS = "bonus"
    OTHER = "other"


FILE_LABELS = {
    FileKind.INVOICE: "发票",
    FileKind.PAYMENT: "付款凭证",
    FileKind.ACCEPTANCE: "验收报告",
    FileKind.EXPLANATION: "付款说明",
    FileKind.BONUS: "两化融合证明",
    FileKind.OTHER: "其他材料",
}


class Opinion(StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    REFUSE = "refuse"


OPINION_LABELS = {Opinion.APPROVE: "同意兑现", Opinion.RETURN: "退回补正", Opinion.REFUSE: "不予兑现"}


class Fault(StrEnum):
    """Whose fault a refusal was: only the enterprise's own counts towards S19/7.5.2."""

    ENTERPRISE = "enterprise"
    SUPPLIER = "supplier"
    NOBODY = "nobody"


FAULT_LABELS = {Fault.ENTERPRISE: "企业原因", Fault.SUPPLIER: "供应商原因", Fault.NOBODY: "其他原因"}


class NoticeListState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    CLOSED = "closed"
    PARTLY_SETTLED = "partly_settled"
    SETTLED = "settled"
    REVOKED = "revoked"


NOTICE_LIST_LABELS = {
    NoticeListState.DRAFT: "编制中",
    NoticeListState.SIGNED: "已复核，待发布",
    NoticeListState.PUBLISHED: "公示中",
    NoticeListState.CORRECTED: "更正待复核",
    NoticeListState.CLOSED: "公示结束",
    NoticeListState.PARTLY_SETTLED: "部分兑付",
    NoticeListState.SETTLED: "全部兑付",
    NoticeListState.REVOKED: "已作废",
}


class BatchState(StrEnum):
    DRAFT = "draft"
    SIGNED = "signed"
    PAYING = "paying"
    SETTLED = "settled"
    CANCELLED = "cancelled"


BATCH_LABELS = {
    BatchState.DRAFT: "编制中",
    BatchState.SIGNED: "已复核，待财政付款",
    BatchState.PAYING: "付款中",
    BatchState.SETTLED: "全部办结",
    BatchState.CANCELLED: "已取消",
}


class BankOutcome(StrEnum):
    PAID = "paid"
    FAILED = "failed"


BANK_OUTCOME_LABELS = {BankOutcome.PAID: "已付", BankOutcome.FAILED: "银行退回"}


class LedgerKind(StrEnum):
    PAYMENT = "payment"
    RECOVERY = "recovery"


class ClawbackState(StrEnum):
    PROPOSED = "proposed"
    ORDERED = "ordered"
    COLLECTED = "collected"
    WITHDRAWN = "withdrawn"


CLAWBACK_LABELS = {
    ClawbackState.PROPOSED: "待复核",
    ClawbackState.ORDERED: "追回中",
    ClawbackState.COLLECTED: "已全部追回",
    ClawbackState.WITHDRAWN: "已撤回",
}


class ReplySide(StrEnum):
    """Who may say something to an objection."""

    ENTERPRISE = "enterprise"
    SUPPLIER = "supplier"


REPLY_SIDES = {ReplySide.ENTERPRISE: "企业", ReplySide.SUPPLIER: "供应商"}


class Event(StrEnum):
    """Audit events of this floor."""

    DRAFT_SAVED = "redemption.draft_saved"
    FILE_ADDED = "redemption.file_added"
    FILE_REMOVED = "redemption.file_removed"
    CLAIMED = "redemption.claimed"
    CLAIM_LOWERED = "redemption.claim_lowered"
    DELIVERY_CONFIRMED = "redemption.delivery_confirmed"
    DELIVERY_REJECTED = "redemption.delivery_rejected"
    ESCALATED = "redemption.escalated"
    SUPPLIER_URGED = "redemption.supplier_urged"
    VERDICT_NOTED = "redemption.verdict_noted"
    JUDGED = "redemption.judged"
    TAKEN_UP = "redemption.taken_up"
    CHECKED = "redemption.checked"
    APPROVED = "redemption.approved"
    RETURNED = "redemption.returned"
    REFUSED = "redemption.refused"
    HELD = "redemption.held"
    RELEASED = "redemption.released"
    LIST_COMPILED = "notice_list.compiled"
    LINE_POSTPONED = "notice_list.line_postponed"
    LIST_SIGNED = "notice_list.signed"
    LIST_PUBLISHED = "notice_list.published"
    LIST_CORRECTED = "notice_list.corrected"
    LIST_CLOSED = "notice_list.closed"
    LIST_SETTLED = "notice_list.settled"
    LIST_REVOKED = "notice_list.revoked"
    LINE_DISPUTED = "notice_list.line_disputed"
    OBJECTION_SETTLED = "notice_list.objection_settled"
    BATCH_BUILT = "batch.built"
    BATCH_SIGNED = "batch.signed"
    BATCH_CANCELLED = "batch.cancelled"
    PAYMENT_RECORDED = "batch.payment_recorded"
    PAYMENT_FAILED = "batch.payment_failed"
    BATCH_SETTLED = "batch.settled"
    REVIEW_ESCALATED = "redemption.review_escalated"
    CLAWBACK_PROPOSED = "clawback.proposed"
    CLAWBACK_ORDERED = "clawback.ordered"
    CLAWBACK_WITHDRAWN = "clawback.withdrawn"
    CLAWBACK_RECEIVED = "clawback.received"
    CLAWBACK_COLLECTED = "clawback.collected"
    EVIDENCE_TAKEN = "voucher.evidence_taken"
    OBJECTION_REPLIED = "notice_list.objection_replied"
    REASON_TEXT_KEPT = "reason_text.kept"
    REASON_TEXT_REMOVED = "reason_text.removed"


EVENT_WORDS = {
    Event.EVIDENCE_TAKEN: "导出证据包",
    Event.DRAFT_SAVED: "开始填写兑现",
    Event.FILE_ADDED: "上传材料",
    Event.FILE_REMOVED: "移除材料",
    Event.CLAIMED: "提交兑现",
    Event.CLAIM_LOWERED: "调低申请金额",
    Event.DELIVERY_CONFIRMED: "供应商确认交付",
    Event.DELIVERY_REJECTED: "供应商没有确认",
    Event.ESCALATED: "供应商逾期，转地市",
    Event.SUPPLIER_URGED: "催请供应商",
    Event.VERDICT_NOTED: "监测完成",
    Event.JUDGED: "立即判定",
    Event.TAKEN_UP: "开始审核",
    Event.CHECKED: "经办意见",
    Event.APPROVED: "复核同意兑现",
    Event.RETURNED: "退回补正",
    Event.REFUSED: "不予兑现",
    Event.HELD: "暂停办理",
    Event.RELEASED: "继续办理",
    Event.LIST_COMPILED: "编制名单",
    Event.LINE_POSTPONED: "转下一批",
    Event.LIST_SIGNED: "复核名单",
    Event.LIST_PUBLISHED: "发布名单",
    Event.LIST_CORRECTED: "更正名单",
    Event.LIST_CLOSED: "公示结束",
    Event.LIST_SETTLED: "名单全部兑付",
    Event.LIST_REVOKED: "名单作废",
    Event.LINE_DISPUTED: "收到异议，暂缓",
    Event.OBJECTION_SETTLED: "答复异议",
    Event.BATCH_BUILT: "编制批次",
    Event.BATCH_SIGNED: "复核批次",
    Event.BATCH_CANCELLED: "取消批次",
    Event.PAYMENT_RECORDED: "登记付款",
    Event.PAYMENT_FAILED: "登记银行退回",
    Event.BATCH_SETTLED: "批次办结",
    Event.REVIEW_ESCALATED: "审核期限提醒",
    Event.CLAWBACK_PROPOSED: "提出追回",
    Event.CLAWBACK_ORDERED: "复核追回",
    Event.CLAWBACK_WITHDRAWN: "撤回追回",
    Event.CLAWBACK_RECEIVED: "登记缴回款",
    Event.CLAWBACK_COLLECTED: "全部追回",
    Event.OBJECTION_REPLIED: "对异议作出说明",
    Event.REASON_TEXT_KEPT: "保存常用理由",
    Event.REASON_TEXT_REMOVED: "删除常用理由",
}
