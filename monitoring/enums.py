"""States, kinds, reject codes and audit events of monitoring, with their Chinese labels."""

from enum import StrEnum


class SourceKind(StrEnum):
    SUPPLIER_PUSH = "supplier_push"
    SUPPLIER_PULL = "supplier_pull"
    OPERATOR_FEED = "operator_feed"


SOURCE_KINDS = [
    (SourceKind.SUPPLIER_PUSH, "供应商推送"),
    (SourceKind.SUPPLIER_PULL, "平台拉取登录日志"),
    (SourceKind.OPERATOR_FEED, "运营商连接反馈"),
]
# What the supplier's system says is one stream, sent or fetched: a voucher has one source of these kinds.
SUPPLIER_KINDS = (SourceKind.SUPPLIER_PUSH, SourceKind.SUPPLIER_PULL)


def stream_of(kind: str) -> SourceKind:
    """Under which kind activity days are kept, so that a change from sending to fetching makes no second row."""
    return SourceKind.SUPPLIER_PUSH if kind in SUPPLIER_KINDS else SourceKind(kind)


class SourceState(StrEnum):
    SET_UP = "set_up"
    LIVE = "live"
    CLOSED = "closed"


SOURCE_STATES = [(SourceState.SET_UP, "等待首批数据"), (SourceState.LIVE, "监测中"), (SourceState.CLOSED, "已结束")]


class SchemeKind(StrEnum):
    DEVICE = "device"
    SOFTWARE = "software"


SCHEME_KINDS = [(SchemeKind.DEVICE, "设备接入"), (SchemeKind.SOFTWARE, "软件使用")]


class SchemeSetState(StrEnum):
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    SIGNED = "signed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


SCHEME_SET_STATES = [
    (SchemeSetState.DRAFT, "草稿"),
    (SchemeSetState.HANDED_IN, "待复核"),
    (SchemeSetState.SIGNED, "已复核，待施行"),
    (SchemeSetState.PUBLISHED, "已施行"),
    (SchemeSetState.WITHDRAWN, "已撤回"),
]


class Side(StrEnum):
    USER = "user"
    CLOUD = "cloud"


SIDES = [(Side.USER, "用户侧"), (Side.CLOUD, "云端侧")]


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_ENOUGH = "not_enough"
    LOOK = "look"


OUTCOMES = [
    (Outcome.PASSED, "已达标"),
    (Outcome.FAILED, "未达标"),
    (Outcome.NOT_ENOUGH, "监测期未满"),
    (Outcome.LOOK, "须人工核实"),
]


class ReviewGround(StrEnum):
    CONTEST = "contest"
    DISAGREEMENT = "disagreement"


REVIEW_GROUNDS = [(ReviewGround.CONTEST, "对监测结论有异议"), (ReviewGround.DISAGREEMENT, "两个来源不一致")]


class ReviewState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


REVIEW_STATES = [
    (ReviewState.OPEN, "待地市答复"),
    (ReviewState.UPHELD, "理由成立"),
    (ReviewState.REJECTED, "理由不成立"),
    (ReviewState.WITHDRAWN, "已撤回"),
]


class Health(StrEnum):
    """How a source is doing; computed, never stored."""

    WAITING = "waiting"
    GOOD = "good"
    LATE = "late"
    REJECTING = "rejecting"
    CLOSED = "closed"


class RejectCode(StrEnum):
    """Why one record is not accepted."""

    NOT_JSON = "record.not_json"
    NO_SUBJECT = "subject.missing"
    TWO_SUBJECTS = "subject.both"
    SUBJECT_FORM = "subject.form"
    PERSONAL_NUMBER = "user.personal_number"
    DEVICE_UNKNOWN = "device.unknown"
    AT_MISSING = "at.missing"
    AT_FORM = "at.form"
    AT_FUTURE = "at.future"
    AT_TOO_OLD = "at.too_old"
    ADDRESS_FORM = "address.form"
    MODULE_FORM = "module.form"
    COUNT_FORM = "count.form"


# What the sender is told: reason, remedy.
REJECT_WORDS = {
    RejectCode.NOT_JSON: ("这一行不是 JSON 对象", "每行写一个 JSON 对象，行尾换行"),
    RejectCode.NO_SUBJECT: ("没有写设备编号或用户账号", "写上 device 或 user"),
    RejectCode.TWO_SUBJECTS: ("设备和用户写在同一条里", "分成两条，一条写 device，一条写 user"),
    RejectCode.SUBJECT_FORM: ("编号为空、过长或含有不允许的字符", "用字母、数字和 . _ - : @，不超过 64 个字符"),
    RejectCode.PERSONAL_NUMBER: ("账号像手机号或身份证号", "改用系统里的账号编号，不要发送个人号码"),
    RejectCode.DEVICE_UNKNOWN: ("设备没有登记", "在“设备”里登记后换新批次号重传这些记录"),
    RejectCode.AT_MISSING: ("没有写时间", "写上 at"),
    RejectCode.AT_FORM: ("时间写法不对，或没有写时区", "写成 2020-10-12T09:30:00+08:00，或 Unix 秒数"),
    RejectCode.AT_FUTURE: ("时间在未来", "校准该网关的时钟，允许误差 5 分钟"),
    RejectCode.AT_TOO_OLD: ("数据太迟，超过可补传的天数", "不能再补传；请检查网关为什么迟到"),
    RejectCode.ADDRESS_FORM: ("地址不是 IP 地址", "写 IPv4 或 IPv6 地址，或者不写"),
    RejectCode.MODULE_FORM: ("模块名称为空或过长", "写合同中的模块名称，不超过 60 个字"),
    RejectCode.COUNT_FORM: ("次数不是正整数", "写 1 到 1000000 的整数，或者不写"),
}


class Breaker(StrEnum):
    """Whether a supplier's endpoint is asked; computed, never stored."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


BREAKERS = [
    (Breaker.CLOSED, "正常拉取"),
    (Breaker.OPEN, "多次失败，暂停拉取"),
    (Breaker.HALF_OPEN, "暂停期满，等待试拉"),
]


class PullCode(StrEnum):
    """Why nothing came from a supplier's endpoint."""

    ADDRESS_FORM = "pull.address_form"
    ADDRESS_PRIVATE = "pull.address_private"
    NOT_FOUND = "pull.name_unknown"
    UNREACHABLE = "pull.unreachable"
    CERTIFICATE = "pull.certificate"
    REDIRECT = "pull.redirect"
    STATUS = "pull.status"
    TOO_SLOW = "pull.too_slow"
    TOO_LARGE = "pull.too_large"
    BROKEN = "pull.broken"
    HEAD = "pull.head"
    STANDS_STILL = "pull.stands_still"
    NO_KEY = "pull.no_key"


# What the supplier is told: reason, remedy.
PULL_WORDS = {
    PullCode.ADDRESS_FORM: ("接口地址写法不对", "写成 https://主机名/路径，不带账号、密码和 #"),
    PullCode.ADDRESS_PRIVATE: ("接口地址指向内部网络，平台不访问", "改用公网可以访问的地址"),
    PullCode.NOT_FOUND: ("找不到接口的主机名", "检查域名和解析"),
    PullCode.UNREACHABLE: ("连不上接口", "检查服务是否开着、防火墙是否放行平台"),
    PullCode.CERTIFICATE: ("接口的证书不可信，或与主机名不符", "换上由可信机构签发、没有过期的证书"),
    PullCode.REDIRECT: ("接口要求跳转，平台不跟随", "把地址改成最终的地址"),
    PullCode.STATUS: ("接口没有正常回答", "检查接口的日志，应回答 200，或没有新数据时回答 204"),
    PullCode.TOO_SLOW: ("接口回答太慢", "每页少放一些记录，30 秒内答完"),
    PullCode.TOO_LARGE: ("接口回答太大", "每页不超过 2 MB、50000 条，多出的放下一页"),
    PullCode.BROKEN: ("接口的回答不完整或读不懂", "检查 Content-Length、压缩方式和正文"),
    PullCode.HEAD: ("回答的第一行不合规", '第一行写 {"batch": "批次号", "next": "下一游标", "more": false}'),
    PullCode.STANDS_STILL: ("说还有下一页，但游标没有变", "每页给出新的游标"),
    PullCode.NO_KEY: ("这张券没有有效的密钥", "先在平台生成密钥"),
}


class RowError(StrEnum):
    """Why one row of an operator's delivery is not accepted."""

    FORM = "row.form"
    VOUCHER = "voucher.unknown"
    DEVICE = "device.unknown"
    TIME = "time.form"
    ORDER = "time.order"
    FUTURE = "time.future"
    SPAN = "time.span"
    TOO_OLD = "time.too_old"
    ADDRESS = "address.form"


ROW_ERROR_WORDS = {
    RowError.FORM: "列数不对，应为：券号, 设备编号, 开始, 结束, 地址",
    RowError.VOUCHER: "券号不在监测清单里",
    RowError.DEVICE: "这张券没有登记这台设备",
    RowError.TIME: "起止时间写法不对，写成 2020-10-12 09:30",
    RowError.ORDER: "结束时间早于开始时间",
    RowError.FUTURE: "时间在未来",
    RowError.SPAN: "一行不能超过一昼夜，请按天拆开",
    RowError.TOO_OLD: "时间太早，超过可补报的天数",
    RowError.ADDRESS: "地址不是 IP 地址",
}


class SignKind(StrEnum):
    """Signs of fabrication; each a score with its evidence, never a refusal."""

    COPIED = "copied"
    REGULAR = "regular"
    SHAPELESS = "shapeless"
    ADDRESS = "address"
    DEVICE = "device"
    BACKFILL = "backfill"
    OUTSIDE = "outside"
    STOPPED = "stopped"
    CONTRADICTED = "contradicted"


SIGN_KINDS = [
    (SignKind.COPIED, "数据流雷同"),
    (SignKind.REGULAR, "过于规律"),
    (SignKind.SHAPELESS, "没有作息"),
    (SignKind.ADDRESS, "多家企业同一地址"),
    (SignKind.DEVICE, "设备重复使用"),
    (SignKind.BACKFILL, "集中补传"),
    (SignKind.OUTSIDE, "省外地址"),
    (SignKind.STOPPED, "兑付后停用"),
    (SignKind.CONTRADICTED, "与运营商矛盾"),
]


class SignState(StrEnum):
    OPEN = "open"
    LOOKED_AT = "looked_at"
    PROPOSED = "proposed"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"


SIGN_STATES = [
    (SignState.OPEN, "待核实"),
    (SignState.LOOKED_AT, "核实中"),
    (SignState.PROPOSED, "排除待复核"),
    (SignState.DISMISSED, "已排除"),
    (SignState.CONFIRMED, "属实"),
]


class QuestionState(StrEnum):
    ASKED = "asked"
    ANSWERED = "answered"


QUESTION_STATES = [(QuestionState.ASKED, "等待说明"), (QuestionState.ANSWERED, "已说明")]


class AskedSide(StrEnum):
    ENTERPRISE = "enterprise"
    SUPPLIER = "supplier"


ASKED_SIDES = [(AskedSide.ENTERPRISE, "企业"), (AskedSide.SUPPLIER, "供应商")]


class MarkKind(StrEnum):
    """What a voucher leaves behind that others may leave too."""

    ADDRESS = "address"
    DEVICE = "device"


MARK_KINDS = [(MarkKind.ADDRESS, "地址"), (MarkKind.DEVICE, "设备")]


class Event(StrEnum):
    """Audit events of this floor."""

    SCHEMES_LOADED = "monitoring.schemes_loaded"
    SCHEMES_DRAFTED = "monitoring.schemes_drafted"
    SCHEME_AMENDED = "monitoring.scheme_amended"
    SCHEMES_HANDED_IN = "monitoring.schemes_handed_in"
    SCHEMES_SIGNED = "monitoring.schemes_signed"
    SCHEMES_SENT_BACK = "monitoring.schemes_sent_back"
    SCHEMES_WITHDRAWN = "monitoring.schemes_withdrawn"
    SCHEMES_PUBLISHED = "monitoring.schemes_published"
    SOURCE_SET_UP = "monitoring.source_set_up"
    SOURCE_WENT_LIVE = "monitoring.source_went_live"
    SOURCE_CLOSED = "monitoring.source_closed"
    SOURCE_KIND_CHOSEN = "monitoring.source_kind_chosen"
    PULL_SUSPENDED = "monitoring.pull_suspended"
    PULL_RETRIED = "monitoring.pull_retried"
    KEY_ROTATED = "monitoring.key_rotated"
    KEY_REVOKED = "monitoring.key_revoked"
    DEVICES_ADDED = "monitoring.devices_added"
    DEVICE_REMOVED = "monitoring.device_removed"
    FEED_DELIVERED = "monitoring.feed_delivered"
    VERDICT_CHANGED = "monitoring.verdict_changed"
    VERDICT_FROZEN = "monitoring.verdict_frozen"
    REVIEW_OPENED = "monitoring.review_opened"
    REVIEW_EXPLAINED = "monitoring.review_explained"
    REVIEW_ANSWERED = "monitoring.review_answered"
    REVIEW_WITHDRAWN = "monitoring.review_withdrawn"
    JUDGED_ON_DEMAND = "monitoring.judged_on_demand"
    SIGN_RAISED = "monitoring.sign_raised"
    SIGN_TAKEN_UP = "monitoring.sign_taken_up"
    SIGN_DISMISSAL_PROPOSED = "monitoring.sign_dismissal_proposed"
    SIGN_SENT_BACK = "monitoring.sign_sent_back"
    SIGN_DISMISSED = "monitoring.sign_dismissed"
    SIGN_CONFIRMED = "monitoring.sign_confirmed"
    SIGN_REOPENED = "monitoring.sign_reopened"
    QUESTION_ASKED = "monitoring.question_asked"
    QUESTION_ANSWERED = "monitoring.question_answered"
