"""States, kinds and audit events of the voucher floor."""

from django.db.models import TextChoices


class EnterpriseKind(TextChoices):
    MANUFACTURING = "manufacturing", "制造业企业"
    MAINTENANCE = "maintenance", "设备集成、维保企业"


class EnterpriseSize(TextChoices):
    """The tiers of the 2018 amounts (T18/4.4.2)."""

    MICRO = "micro", "微型"
    SMALL = "small", "小型"
    MEDIUM = "medium", "中型"
    LARGE = "large", "大型"


class EnterpriseState(TextChoices):
    DRAFT = "draft", "填写中"
    SUBMITTED = "submitted", "审核中"
    APPROVED = "approved", "已审核"
    RETURNED = "returned", "退回补正"


class VoucherState(TextChoices):
    DRAFT = "draft", "草稿"
    ARRIVED = "arrived", "已收件"
    WAITING = "waiting", "候补"
    UNDER_REVIEW = "under_review", "审核中"
    RETURNED = "returned", "退回补正"
    ISSUED = "issued", "已发券"
    REDEEMING = "redeeming", "兑现中"
    SETTLED = "settled", "已兑付"
    WITHDRAWN = "withdrawn", "已撤回"
    REFUSED = "refused", "不予发券"
    LAPSED = "lapsed", "已失效"
    GIVEN_UP = "given_up", "已放弃"
    VOID = "void", "已作废"
    HELD = "held", "暂缓"


class VoidGround(TextChoices):
    """Why an issued voucher fell away. The first two count against the enterprise (S19/7.5.2)."""

    EXPIRED = "expired", "逾期未兑现"
    ENTERPRISE_FAULT = "enterprise_fault", "企业原因不予兑现"
    SUPPLIER_FAULT = "supplier_fault", "供应商原因"
    DISPUTE = "dispute", "合同争议"
    FUNDS_SHORT = "funds_short", "资金不足"
    FRAUD = "fraud", "弄虚作假"


class EventKind(TextChoices):
    """What may stand in the event table of a period. Only the allocator reads it."""

    ARRIVE = "arrive", "申请到达"
    RISE = "rise", "金额补增"
    REQUEUE = "requeue", "重新排队"
    LOWER = "lower", "金额调低"
    WITHDRAW = "withdraw", "撤回"
    REFUSE = "refuse", "不予发券"
    LAPSE = "lapse", "失效"
    RELEASE = "release", "释放"
    CONSUME = "consume", "兑付占用"
    GRANT = "grant", "下达额度"
    TRANSFER = "transfer", "调剂额度"


class MovementKind(TextChoices):
    GRANT = "grant", "下达"
    TRANSFER = "transfer", "调剂"
    RESERVE = "reserve", "占用"
    RELEASE = "release", "释放"
    CONSUME = "consume", "兑付"


class Outcome(TextChoices):
    """What the allocator made of an event."""

    SERVED = "served", "有额度，转审核"
    WAITING = "waiting", "候补"
    REFUSED = "refused", "不予受理"
    DONE = "done", "已办理"
    NOTHING = "nothing", "无需变动"
    SHORT = "short", "额度不足，未办"


class PlanKind(TextChoices):
    """TRANCHED adds to the totals step by step, GRANT sets them, TRANSFER moves between them."""

    GRANT = "grant", "下达计划"
    TRANCHED = "tranched", "分批下达"
    TRANSFER = "transfer", "调剂"


class PlanState(TextChoices):
    DRAFT = "draft", "待签发"
    SIGNED = "signed", "已签发"
    DISCARDED = "discarded", "已作罢"


class TrancheState(TextChoices):
    PLANNED = "planned", "待放出"
    RELEASED = "released", "已放出"
    STOPPED = "stopped", "已停止"


class WhatIfState(TextChoices):
    QUEUED = "queued", "推演中"
    DONE = "done", "已完成"
    FAILED = "failed", "没有完成"


class WhatIfKind(TextChoices):
    QUOTA = "quota", "额度推演"
    POLICY = "policy", "政策试算"


class Shift(TextChoices):
    """How a voucher would stand under other quotas (the first four), or under other numbers (the last four)."""

    GAINED = "gained", "转为有额度"
    LOST = "lost", "转为没有额度"
    MORE = "more", "增加"
    LESS = "less", "减少"
    PASSES = "passes", "转为通过"
    FAILS = "fails", "转为不通过"


QUOTA_SHIFTS = (Shift.GAINED, Shift.LOST, Shift.MORE, Shift.LESS)
POLICY_SHIFTS = (Shift.MORE, Shift.LESS, Shift.PASSES, Shift.FAILS)


class PilotState(TextChoices):
    APPLIED = "applied", "已申请"
    REVIEWED = "reviewed", "已评审"
    RUNNING = "running", "实施中"
    FULFILLED = "fulfilled", "已完成"
    FAILED = "failed", "未完成"


class ContractFileKind(TextChoices):
    CONTRACT = "contract", "合同"
    SUPPLEMENT = "supplement", "补充合同"
    OTHER = "other", "其他材料"


class CostKind(TextChoices):
    """Kinds of cost lines (S19/5.3.6; eligibility by kind only in 2018, T18/3)."""

    CLOUD = "cloud", "云资源"
    PLATFORM = "platform", "云平台服务"
    APPLICATION = "application", "云化软件服务"
    NETWORK = "network", "网络"
    IMPLEMENTATION = "implementation", "实施与咨询服务"
    ACCESS_DEVICE = "access_device", "低成本设备接入"
    HARDWARE = "hardware", "其他硬件"
    UNRELATED = "unrelated", "与服务券无关的内容"


class Proposal(TextChoices):
    APPROVE = "approve", "建议发券"
    REFUSE = "refuse", "建议不予发券"


class ReviewOutcome(TextChoices):
    OPEN = "", "办理中"
    ISSUED = "issued", "已发券"
    REFUSED = "refused", "不予发券"
    RETURNED = "returned", "已退回"
    NOT_AGREED = "not_agreed", "签发人未同意"
    ENDED = "ended", "申请已终止"


class AuditEvent(TextChoices):
    ENTERPRISE_REGISTERED = "enterprise.registered", "登记企业信息"
    ENTERPRISE_CHANGED = "enterprise.changed", "修改企业信息"
    ENTERPRISE_SUBMITTED = "enterprise.submitted", "提交企业信息"
    ENTERPRISE_APPROVED = "enterprise.approved", "企业信息审核通过"
    ENTERPRISE_RETURNED = "enterprise.returned", "企业信息退回"
    ENTERPRISE_REOPENED = "enterprise.reopened", "企业信息变更"
    DRAFT_SAVED = "voucher.draft_saved", "保存草稿"
    DRAFT_DROPPED = "voucher.draft_dropped", "删除草稿"
    PREPARED = "voucher.prepared", "检查并备好"
    UNPREPARED = "voucher.unprepared", "备好的内容有改动，要重新检查"
    ARRIVED = "voucher.arrived", "申请送达"
    ALLOCATED = "voucher.allocated", "额度已预留"
    WAITS = "voucher.waiting", "进入候补"
    CAP_REFUSED = "voucher.cap_refused", "企业额度用完"
    AMOUNT_RAISED = "voucher.amount_raised", "金额补增"
    TAKEN_UP = "voucher.taken_up", "开始审核"
    PROPOSED = "voucher.proposed", "提出审核意见"
    NOT_AGREED = "voucher.not_agreed", "签发人未同意"
    SUPPLIER_CONFIRMED = "voucher.supplier_confirmed", "供应商确认申请"
    SUPPLIER_OBJECTED = "voucher.supplier_objected", "供应商没有确认申请"
    ISSUED = "voucher.issued", "发券"
    REFUSED = "voucher.refused", "不予发券"
    RETURNED = "voucher.returned", "退回补正"
    RESUBMITTED = "voucher.resubmitted", "补正后重新提交"
    WITHDRAWN = "voucher.withdrawn", "撤回申请"
    LAPSED = "voucher.lapsed", "申请失效"
    REQUEUED = "voucher.requeued", "重新排队"
    GIVEN_UP = "voucher.given_up", "放弃服务券"
    VOIDED = "voucher.voided", "服务券作废"
    HELD = "voucher.held", "暂缓办理"
    RESUMED = "voucher.resumed", "恢复办理"
    REDEEMING = "voucher.redeeming", "开始兑现"
    REDEEMING_ENDED = "voucher.redeeming_ended", "退出兑现"
    SETTLED = "voucher.settled", "兑付完成"
    PLAN_DRAFTED = "quota.plan_drafted", "拟定额度方案"
    PLAN_SIGNED = "quota.plan_signed", "签发额度方案"
    PLAN_DISCARDED = "quota.plan_discarded", "作罢额度方案"
    TRANCHE_RELEASED = "quota.tranche_released", "放出一批额度"
    STOP_ASKED = "quota.stop_asked", "提出停止放额"
    STOP_DROPPED = "quota.stop_dropped", "不再停止放额"
    TRANCHES_STOPPED = "quota.tranches_stopped", "停止后续批次"
    WHAT_IF_ASKED = "quota.what_if_asked", "提出额度推演"
    WHAT_IF_ENDED = "quota.what_if_ended", "额度推演结束"
    POLICY_TRIAL_ASKED = "policy.trial_asked", "提出政策试算"
    POLICY_TRIAL_ENDED = "policy.trial_ended", "政策试算结束"
    PILOT_REGISTERED = "pilot.registered", "登记集群试点"
    PILOT_REVIEWED = "pilot.reviewed", "试点评审通过"
    PILOT_STARTED = "pilot.started", "试点启动"
    PILOT_CLIENT = "pilot.client_admitted", "试点企业加入"
    PILOT_FULFILLED = "pilot.fulfilled", "试点完成"
    PILOT_FAILED = "pilot.failed", "试点未完成"


# Vouchers that still bind a contract, an open product and the enterprise's cap (S19/5.3.7, S19/annex.note3).
LIVE_STATES = (
    VoucherState.ARRIVED,
    VoucherState.WAITING,
    VoucherState.UNDER_REVIEW,
    VoucherState.RETURNED,
    VoucherState.ISSUED,
    VoucherState.REDEEMING,
    VoucherState.SETTLED,
    VoucherState.HELD,
)
# Applications on which nobody has decided yet.
UNDECIDED_STATES = (VoucherState.ARRIVED, VoucherState.WAITING, VoucherState.UNDER_REVIEW, VoucherState.RETURNED)
ISSUED_STATES = (VoucherState.ISSUED, VoucherState.REDEEMING, VoucherState.SETTLED, VoucherState.HELD)
ENTERPRISE_FAULTS = (VoidGround.EXPIRED, VoidGround.ENTERPRISE_FAULT, VoidGround.FRAUD)
