"""The menu of every role, as data: who sees which page under which heading. Pages that do not exist are left out."""

from dataclasses import dataclass

from platform_site.kit.actor import Actor
from platform_site.kit.templatetags.wording import badge_id


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. badge: a count is asked for under the name of the route."""

    route: str
    label: str
    icon: str
    roles: frozenset[str]
    section: str = ""
    badge: bool = False

    @property
    def badge_id(self) -> str:
        return badge_id(self.route)


def _of(*roles: str) -> frozenset[str]:
    return frozenset(roles)


ENTERPRISE = _of("enterprise_admin", "enterprise_staff")
SUPPLIER = _of("supplier_admin", "supplier_staff")
BUREAU = _of("city_reviewer", "city_approver", "county_reviewer", "bureau_admin", "delegate")
CITY = _of("city_reviewer", "city_approver", "bureau_admin", "delegate")
CITY_OFFICIALS = _of("city_reviewer", "city_approver")
PROVINCE = _of("province_officer", "province_approver")
PROVINCE_SIDE = PROVINCE | _of("alliance_staff")
COMFORT_ROLES = ENTERPRISE

WORKPLACES: tuple[tuple[frozenset[str], str], ...] = (
    (ENTERPRISE, "企业服务"),
    (SUPPLIER, "供应商服务"),
    (BUREAU, "地市工作台"),
    (PROVINCE, "省级工作台"),
    (_of("alliance_staff"), "省联盟工作台"),
    (_of("finance_officer"), "财政工作台"),
    (_of("expert"), "专家评审"),
    (_of("operator_staff"), "运营商数据"),
    (_of("auditor"), "审计监督"),
    (_of("system_admin"), "系统管理"),
)

_AND_LOOK = "监督"
_PAY = "公示与兑付"
_COMPANY = "企业"
_SUPPLY = "供给"
_POLICY = "政策与额度"
_UNIT = "本单位"

ENTRIES: tuple[Entry, ...] = (
    Entry("enterprise:todo", "待办", "home", ENTERPRISE, badge=True),
    Entry("enterprise:apply", "申领服务券", "file-plus", ENTERPRISE),
    Entry("enterprise:vouchers", "我的服务券", "ticket", ENTERPRISE, badge=True),
    Entry("enterprise:redemptions", "兑现", "receipt", ENTERPRISE, badge=True),
    Entry("enterprise:objections", "异议", "message-exclamation", ENTERPRISE, badge=True),
    Entry("enterprise:questions", "核实问询", "message", ENTERPRISE, badge=True),
    Entry("enterprise:profile", "企业信息", "building-factory-2", ENTERPRISE, _COMPANY, badge=True),
    Entry("enterprise:staff", "人员", "users", _of("enterprise_admin"), _COMPANY),
    Entry("supplier:todo", "待办", "home", SUPPLIER, badge=True),
    Entry("supplier:applications", "申领确认", "file-plus", SUPPLIER, badge=True),
    Entry("supplier:confirmations", "兑现确认", "user-check", SUPPLIER, badge=True),
    Entry("supplier:objections", "异议", "message-exclamation", SUPPLIER, badge=True),
    Entry("supplier:questions", "核实问询", "message", SUPPLIER, badge=True),
    Entry("supplier:products", "产品", "packages", SUPPLIER, badge=True),
    Entry("supplier:telemetry", "接口与数据", "activity-heartbeat", SUPPLIER, badge=True),
    Entry("supplier:quota", "额度", "adjustments-horizontal", SUPPLIER),
    Entry("supplier:profile", "供应商信息", "building", SUPPLIER, _UNIT, badge=True),
    Entry("supplier:agents", "代理与合作方", "affiliate", SUPPLIER, _UNIT),
    Entry("supplier:staff", "人员", "users", _of("supplier_admin"), _UNIT),
    Entry("city:todo", "待办", "home", BUREAU, badge=True),
    Entry("city:applications", "申领审核", "inbox", BUREAU, badge=True),
    Entry("city:redemptions", "兑现审核", "receipt", CITY, badge=True),
    Entry("city:enterprises", "企业信息审核", "building-factory-2", BUREAU, badge=True),
    Entry("city:suppliers", "供应商审核", "packages", CITY, badge=True),
    Entry("city:notice_lists", "兑现清单", "list-details", CITY, _PAY, badge=True),
    Entry("city:objections", "异议", "message-exclamation", CITY, _PAY, badge=True),
    Entry("city:batches", "结算批次", "cash", CITY, _PAY, badge=True),
    Entry("city:clawbacks", "追回", "rotate-clockwise", CITY, _PAY, badge=True),
    Entry("city:announcements", "公告", "news", CITY_OFFICIALS, _PAY),
    Entry("city:quota", "本市额度", "adjustments-horizontal", BUREAU, _AND_LOOK),
    Entry("city:adoption_reviews", "监测复核", "activity-heartbeat", CITY_OFFICIALS, _AND_LOOK, badge=True),
    Entry("city:spot_checks", "现场抽查", "map-search", CITY, _AND_LOOK, badge=True),
    Entry("city:audit", "操作记录", "history", BUREAU, _AND_LOOK),
    Entry("city:recoveries", "账号找回", "key", _of("city_reviewer", "city_approver", "bureau_admin"), _UNIT),
    Entry("city:staff", "人员", "users", _of("bureau_admin"), _UNIT),
    Entry("province:todo", "待办", "home", PROVINCE_SIDE, badge=True),
    Entry("province:dashboard", "总览", "chart-bar", PROVINCE_SIDE),
    Entry("province:periods", "申领期", "calendar-event", PROVINCE, _POLICY),
    Entry("province:editions", "政策版本", "book-2", PROVINCE, _POLICY),
    Entry("province:policy_what_if", "政策试算", "calculator", PROVINCE | _of("auditor"), _POLICY),
    Entry("province:catalog", "产品目录", "book", PROVINCE, _POLICY),
    Entry("province:schemes", "监测方案", "clipboard-check", PROVINCE, _POLICY),
    Entry("province:announcements", "公告", "news", PROVINCE, _POLICY),
    Entry("province:quota", "额度与调剂", "adjustments-horizontal", PROVINCE, _POLICY, badge=True),
    Entry("province:what_if", "额度推演", "arrows-exchange", PROVINCE | _of("auditor"), _POLICY),
    Entry("province:suppliers", "供应商", "database", PROVINCE_SIDE, _SUPPLY, badge=True),
    Entry("province:products", "产品审核", "packages", PROVINCE_SIDE, _SUPPLY, badge=True),
    Entry("province:pools", "资源池", "stars", PROVINCE_SIDE, _SUPPLY, badge=True),
    Entry("province:pilots", "集群试点", "topology-star-3", PROVINCE, _SUPPLY, badge=True),
    Entry("province:enterprises", "企业", "building-factory-2", PROVINCE, _AND_LOOK),
    Entry("province:monitoring", "监测", "activity-heartbeat", PROVINCE | _of("auditor"), _AND_LOOK, badge=True),
    Entry("province:spot_checks", "抽查", "map-search", PROVINCE, _AND_LOOK, badge=True),
    Entry("province:penalties", "处理决定", "gavel", PROVINCE, _AND_LOOK, badge=True),
    Entry("province:clawbacks", "追回", "rotate-clockwise", PROVINCE, _AND_LOOK, badge=True),
    Entry("province:audit", "操作记录", "history", PROVINCE, _AND_LOOK),
    Entry("province:recoveries", "账号找回", "key", PROVINCE, _UNIT),
    Entry("province:bureaus", "各级单位", "building-bank", PROVINCE | _of("system_admin"), _UNIT),
    Entry("province:staff", "人员", "users", PROVINCE | _of("system_admin"), _UNIT),
    Entry("finance:batches", "结算批次", "cash", _of("finance_officer"), badge=True),
    Entry("finance:clawbacks", "追回", "rotate-clockwise", _of("finance_officer"), badge=True),
    Entry("expert:todo", "评审任务", "clipboard-check", _of("expert"), badge=True),
    Entry("operator:feed", "连接数据", "antenna", _of("operator_staff")),
    Entry("auditor:vouchers", "服务券", "ticket", _of("auditor")),
    Entry("auditor:audit", "操作记录", "history", _of("auditor")),
    Entry("auditor:seals", "审计封存", "lock", _of("auditor")),
)

PUBLIC: tuple[tuple[str, str], ...] = (
    ("public:home", "首页"),
    ("public:policy", "政策"),
    ("public:catalog", "产品目录"),
    ("public:calculator", "奖补试算"),
    ("public:suppliers", "供应商名录"),
    ("public:announcements", "通知公告"),
    ("public:notices", "公示"),
    ("public:verify", "查验"),
)


# Roles that several kinds of office have: their menu is the one of their own kind of office.
OFFICES: dict[str, frozenset[str]] = {"city": _of("city", "county"), "province": _of("province", "alliance")}


def entries_for(actor: Actor) -> list[Entry]:
    """The lines of this person's menu, in order."""
    return [
        entry
        for entry in ENTRIES
        if actor.has(*entry.roles)
        and actor.organisation_kind in OFFICES.get(entry.route.split(":")[0], {actor.organisation_kind})
    ]


def workplace_of(actor: Actor) -> str:
    """What is written under the platform's name; "" for visitors."""
    if actor.organisation_kind == "province" and actor.has("bureau_admin"):
        return "省级工作台"
    return next((name for members, name in WORKPLACES if actor.has(*members)), "")
