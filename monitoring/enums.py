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


class SourceState(StrEnum):
    SET_UP = "set_up"
    LIVE = "live"
    CLOSED = "closed"


SOURCE_STATES = [(SourceState.SET_UP, "等待首批数据"), (SourceState.LIVE, "监测中"), (SourceState.CLOSED, "已结束")]


class SchemeKind(StrEnum):
    DEVICE = "device"
    SOFTWARE = "software"


SCHEME_KINDS = [(SchemeKind.DEVICE, "设备接入"), (SchemeKind.SOFTWARE, "软件使用")]


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


class Event(StrEnum):
    """Audit events of this floor."""

    SCHEMES_LOADED = "monitoring.schemes_loaded"
    SOURCE_SET_UP = "monitoring.source_set_up"
    SOURCE_WENT_LIVE = "monitoring.source_went_live"
    SOURCE_CLOSED = "monitoring.source_closed"
    KEY_ROTATED = "monitoring.key_rotated"
    KEY_REVOKED = "monitoring.key_revoked"
    DEVICES_ADDED = "monitoring.devices_added"
    DEVICE_REMOVED = "monitoring.device_removed"
    FEED_DELIVERED = "monitoring.feed_delivered"
    VERDICT_CHANGED = "monitoring.verdict_changed"
    VERDICT_FROZEN = "monitoring.verdict_frozen"
