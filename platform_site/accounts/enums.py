"""Words of the accounts floor: kinds of organisation, roles, bars, audit events."""

from enum import StrEnum

from django.db.models import TextChoices


class Kind(TextChoices):
    """Kinds of organisation."""

    ENTERPRISE = "enterprise", "企业"
    SUPPLIER = "supplier", "供应商"
    CITY = "city", "市级主管部门"
    COUNTY = "county", "县区主管部门"
    PROVINCE = "province", "省级主管部门"
    ALLIANCE = "alliance", "省联盟"
    FINANCE = "finance", "财政部门"
    EXPERT = "expert", "专家库"
    OPERATOR = "operator", "电信运营商"


class Role(TextChoices):
    """What a member does for the organisation."""

    ENTERPRISE_ADMIN = "enterprise_admin", "企业管理员"
    ENTERPRISE_STAFF = "enterprise_staff", "企业经办人"
    SUPPLIER_ADMIN = "supplier_admin", "供应商管理员"
    SUPPLIER_STAFF = "supplier_staff", "供应商经办人"
    CITY_REVIEWER = "city_reviewer", "市级审核人"
    CITY_APPROVER = "city_approver", "市级审批人"
    COUNTY_REVIEWER = "county_reviewer", "县区审核人"
    BUREAU_ADMIN = "bureau_admin", "单位管理员"
    PROVINCE_OFFICER = "province_officer", "省级经办人"
    PROVINCE_APPROVER = "province_approver", "省级审批人"
    ALLIANCE_STAFF = "alliance_staff", "联盟工作人员"
    FINANCE_OFFICER = "finance_officer", "财政经办人"
    EXPERT = "expert", "评审专家"
    DELEGATE = "delegate", "受托人员"
    OPERATOR_STAFF = "operator_staff", "运营商人员"
    AUDITOR = "auditor", "审计人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"


ALL_ROLES = frozenset(str(role) for role in Role)
ENTERPRISE = frozenset({str(Role.ENTERPRISE_ADMIN), str(Role.ENTERPRISE_STAFF)})
SUPPLIER = frozenset({str(Role.SUPPLIER_ADMIN), str(Role.SUPPLIER_STAFF)})
# Working roles only: who merely manages a bureau's staff, or is merely entrusted, does not come in by these.
CITY = frozenset({str(Role.CITY_REVIEWER), str(Role.CITY_APPROVER), str(Role.COUNTY_REVIEWER)})
PROVINCE = frozenset({str(Role.PROVINCE_OFFICER), str(Role.PROVINCE_APPROVER)})
APPROVERS = frozenset({str(Role.CITY_APPROVER), str(Role.PROVINCE_APPROVER)})
OFFICIALS = (
    CITY
    | PROVINCE
    | {
        str(role)
        for role in (
            Role.BUREAU_ADMIN,
            Role.ALLIANCE_STAFF,
            Role.FINANCE_OFFICER,
            Role.DELEGATE,
            Role.AUDITOR,
            Role.SYSTEM_ADMIN,
        )
    }
)
# Whoever reads over all cities.
READ_ALL = (str(Role.PROVINCE_OFFICER), str(Role.PROVINCE_APPROVER), str(Role.AUDITOR))
# These roles stand alone: the auditor changes nothing, the system administrator sees no business data.
LONELY_ROLES = frozenset({str(Role.AUDITOR), str(Role.SYSTEM_ADMIN)})

_BUREAU = (Role.BUREAU_ADMIN, Role.DELEGATE)
ROLES_OF_KIND: dict[str, tuple[Role, ...]] = {
    Kind.ENTERPRISE: (Role.ENTERPRISE_ADMIN, Role.ENTERPRISE_STAFF),
    Kind.SUPPLIER: (Role.SUPPLIER_ADMIN, Role.SUPPLIER_STAFF),
    Kind.CITY: (Role.CITY_REVIEWER, Role.CITY_APPROVER, *_BUREAU),
    Kind.COUNTY: (Role.COUNTY_REVIEWER, *_BUREAU),
    Kind.PROVINCE: (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, *_BUREAU, Role.AUDITOR, Role.SYSTEM_ADMIN),
    Kind.ALLIANCE: (Role.ALLIANCE_STAFF, Role.BUREAU_ADMIN),
    Kind.FINANCE: (Role.FINANCE_OFFICER, Role.BUREAU_ADMIN),
    Kind.EXPERT: (Role.EXPERT, Role.BUREAU_ADMIN),
    Kind.OPERATOR: (Role.OPERATOR_STAFF, Role.BUREAU_ADMIN),
}
# The role that manages the organisation's people.
ADMIN_OF_KIND: dict[str, Role] = {
    kind: Role.ENTERPRISE_ADMIN
    if kind == Kind.ENTERPRISE
    else Role.SUPPLIER_ADMIN
    if kind == Kind.SUPPLIER
    else Role.BUREAU_ADMIN
    for kind in Kind
}
ADMINS = frozenset(str(role) for role in ADMIN_OF_KIND.values())
COMPANIES = frozenset({str(Kind.ENTERPRISE), str(Kind.SUPPLIER)})


class OrganisationState(TextChoices):
    ACTIVE = "active", "使用中"
    CLOSED = "closed", "已停用"


class Task(TextChoices):
    """Daily work that a bureau may entrust to third parties (S19/8, T18/7); approving is never among it."""

    ENTERPRISE_REVIEW = "enterprise_review", "企业信息初核"
    SUPPLIER_REVIEW = "supplier_review", "供应商与产品初核"
    APPLICATION_REVIEW = "application_review", "申领材料初核"
    REDEMPTION_REVIEW = "redemption_review", "兑付材料初核"
    MONITORING = "monitoring", "应用情况监测"
    SPOT_CHECKS = "spot_checks", "抽查协助"
    STATISTICS = "statistics", "统计与答疑"


# The working role under which each kind of bureau lets entrusted people in.
DELEGATED_WORK: dict[str, Role] = {
    Kind.CITY: Role.CITY_REVIEWER,
    Kind.COUNTY: Role.COUNTY_REVIEWER,
    Kind.PROVINCE: Role.PROVINCE_OFFICER,
}


class Purpose(TextChoices):
    """Why an invitation was sent."""

    INVITE = "invite", "加入单位"
    HAND_OVER = "hand_over", "交接"
    RECOVERY = "recovery", "找回单位账号"


class MailChoice(TextChoices):
    """How messages also reach the mailbox."""

    AT_ONCE = "at_once", "每条消息即时发送"
    DAILY = "daily", "每天汇总一封"
    NEVER = "never", "只在平台内提醒"


class SubjectType(TextChoices):
    """Whom a bar speaks of; companies by USCC, because one company may be enterprise and supplier."""

    COMPANY = "company", "企业（统一社会信用代码）"
    PRODUCT = "product", "产品"
    PILOT = "pilot", "产业集群试点"
    PERSON = "person", "个人"


class Bar(TextChoices):
    """What is barred while the fact is in force."""

    ALL = "all", "不得参与服务券各项工作"
    APPLY = "apply", "不得申领服务券"
    REDEEM = "redeem", "暂停兑付"
    SUPPLY = "supply", "不得作为供应商参与"
    PILOT = "pilot", "不得申报产业集群试点"
    REVIEW = "review", "不得参与评审"


class Event(StrEnum):
    """Audit events of this floor."""

    ORGANISATION_CREATED = "accounts.organisation_created"
    ORGANISATION_RENAMED = "accounts.organisation_renamed"
    ORGANISATION_CLOSED = "accounts.organisation_closed"
    ORGANISATION_REOPENED = "accounts.organisation_reopened"
    PERSON_CREATED = "accounts.person_created"
    PROFILE_CHANGED = "accounts.profile_changed"
    SIGNED_UP = "accounts.signed_up"
    MEMBER_ADDED = "accounts.member_added"
    MEMBER_INVITED = "accounts.member_invited"
    INVITATION_WITHDRAWN = "accounts.invitation_withdrawn"
    INVITATION_ACCEPTED = "accounts.invitation_accepted"
    ROLES_CHANGED = "accounts.roles_changed"
    MEMBER_REMOVED = "accounts.member_removed"
    WORK_DELEGATED = "accounts.work_delegated"
    HANDED_OVER = "accounts.handed_over"
    RECOVERY_OPENED = "accounts.recovery_opened"
    STANDING_IMPOSED = "accounts.standing_imposed"
    STANDING_LIFTED = "accounts.standing_lifted"
    SECOND_FACTOR_RESET = "accounts.second_factor_reset"
