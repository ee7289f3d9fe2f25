"""May it happen now? Each answers with all findings and knows no user."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.password_validation import MinimumLengthValidator, validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from platform_site.accounts import queries
from platform_site.accounts.enums import ADMIN_OF_KIND, DELEGATED_WORK, LONELY_ROLES, ROLES_OF_KIND, Kind, Role, Task
from platform_site.accounts.models import Invitation, Membership, Organisation, User
from platform_site.accounts.rules.company_number import compact, fault
from platform_site.kit.findings import Finding

RULE = "D/accounts"
DELEGATION = "S19/8"
IN_PROVINCE = "S19/4.1.1"
KINDS_THAT_SIGN_UP = (Kind.ENTERPRISE, Kind.SUPPLIER)


def company_findings(*, kind: str, name: str, uscc: str, area_code: str) -> list[Finding]:
    """A company that wants an account: its number, its place, and whether it has one already."""
    findings: list[Finding] = []
    if kind not in KINDS_THAT_SIGN_UP:
        findings.append(_plain("sign_up.kind", "请选择您是企业还是供应商。", "kind", "未选择类别"))
    if not name.strip():
        findings.append(_plain("sign_up.name", "请填写营业执照上的全称。", "organisation_name", "未填单位名称"))
    findings += uscc_findings(kind=kind, uscc=uscc)
    return findings + _place_findings(kind, area_code)


def uscc_findings(*, kind: str, uscc: str) -> list[Finding]:
    """Form and check digit of the company number, and whether a company of this kind has it already."""
    wrong = fault(uscc)
    if wrong:
        code, sentence = wrong
        remedy = "请对照营业执照右上角的 18 位代码逐位核对后重填。"
        return [Finding(code, IN_PROVINCE, sentence, remedy, field="uscc", title="统一社会信用代码有误")]
    if not queries.company_registered(kind, compact(uscc)):
        return []
    return [
        Finding(
            code="uscc.registered",
            clause=RULE,
            title="这家单位已经注册",
            reason="用这个统一社会信用代码注册的单位已经在平台上，一家单位只有一个账号，多人共用靠成员邀请。",
            remedy="请本单位管理员在“人员”页面邀请您加入；管理员已离职或联系不上的，请联系所在市工业和信息化局办理账号找回。",
            field="uscc",
        )
    ]


def _place_findings(kind: str, area_code: str) -> list[Finding]:
    known = queries.cities().filter(code=area_code).exists() if area_code else kind == Kind.SUPPLIER
    if known:
        return []
    return [
        Finding(
            code="area.not_in_guangdong",
            clause=IN_PROVINCE,
            title="企业应在广东省内登记",
            reason="申领服务券的企业须在广东省内登记，没有选到 21 个地级以上市之一。",
            remedy="请选择营业执照登记机关所在的市；省外服务商请按“供应商”注册。",
            field="area_code",
        )
    ]


def person_findings(*, username: str, name: str, email: str, password: str) -> list[Finding]:
    """A person who wants an account; every fault at once."""
    findings: list[Finding] = []
    if not name.strip():
        findings.append(_plain("person.name", "请填写真实姓名，办理记录上会写这个名字。", "name", "未填姓名"))
    findings += _email_findings(email)
    if queries.login_taken(username):
        reason = "这个登录名已有人使用。"
        findings.append(
            _plain("person.login_taken", reason, "username", "登录名已被使用", "请换一个；不填则用邮箱登录。")
        )
    return findings + password_findings(password=password, username=username, name=name, email=email)


def _email_findings(email: str) -> list[Finding]:
    try:
        validate_email(email)
    except ValidationError:
        return [
            _plain("person.email", "邮箱地址不完整，例如 name@example.com。", "email", "邮箱有误", "请核对后重填。")
        ]
    if queries.person_by_email(email) is None:
        return []
    remedy = "请直接登录；忘记密码可用邮箱找回。要加入另一家单位，请对方管理员邀请这个邮箱。"
    return [_plain("person.email_taken", "这个邮箱已经有账号。", "email", "邮箱已注册", remedy)]


class LongEnough(MinimumLengthValidator):
    """Django's rule; its sentence is missing from Django's Chinese texts."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 位。"

    def get_help_text(self) -> str:
        return f"密码至少 {self.min_length} 位。"


def password_findings(*, password: str, username: str = "", name: str = "", email: str = "") -> list[Finding]:
    """Django's validators, in the platform's words."""
    try:
        validate_password(password, User(username=username, name=name, email=email))
    except ValidationError as error:
        remedy = "建议用四五个不相干的词，或字母、数字、符号混用。"
        return [
            _plain(f"password.{one.code}", str(one.messages[0]), "password", "密码太弱", remedy)
            for one in error.error_list
        ]
    return []


def role_findings(
    *, organisation: Organisation, roles: Iterable[str], until: date | None, scope: Iterable[str], day: date
) -> list[Finding]:
    """Whether these roles may be held together, here; entrusted work needs tasks and a term and never approves."""
    wanted, allowed = set(roles), set(ROLES_OF_KIND[organisation.kind])
    findings: list[Finding] = []
    if not wanted or wanted - allowed:
        findings.append(_plain("role.not_here", "请至少选一个本单位可用的角色。", "roles", "角色不适用"))
    if wanted & LONELY_ROLES and len(wanted) > 1:
        reason = "审计人员只看不办，系统管理员不看业务数据，都不能兼任其他角色。"
        findings.append(_plain("role.stands_alone", reason, "roles", "角色不能兼任", "请只选这一个角色，或去掉它。"))
    if Role.DELEGATE in wanted:
        findings += _delegation_findings(organisation, wanted, until, set(scope), day)
    return findings


def _delegation_findings(
    organisation: Organisation, roles: set[str], until: date | None, scope: set[str], day: date
) -> list[Finding]:
    findings: list[Finding] = []
    may_hold = {str(Role.DELEGATE), str(DELEGATED_WORK.get(organisation.kind, ""))}
    if roles - may_hold:
        reason = "日常工作可以委托第三方，审批和人员管理不能委托。"
        findings.append(_entrusted("delegate.no_approval", reason, "roles", "受托人员不能审批", "请改选审核类角色。"))
    if until is None or until < day:
        reason = "委托必须有期限，截止日期不能早于今天。"
        findings.append(_entrusted("delegate.term", reason, "until", "没有委托期限", "请填写委托合同上的截止日期。"))
    if not scope or scope - set(Task.values):
        reason = "没有写明委托办理哪些事项。"
        findings.append(_entrusted("delegate.scope", reason, "scope", "没有委托事项", "请至少勾选一项。"))
    return findings


def last_admin_findings(*, membership: Membership, without_admin: bool, at: datetime) -> list[Finding]:
    """An organisation keeps at least one administrator in force."""
    admin = str(ADMIN_OF_KIND[membership.organisation.kind])
    if not without_admin or admin not in membership.roles:
        return []
    others = queries.memberships_in_force(at).filter(
        organisation_id=membership.organisation_id, roles__contains=[admin], user__is_active=True
    )
    if others.exclude(pk=membership.pk).exists():
        return []
    return [
        Finding(
            code="accounts.last_admin",
            clause=RULE,
            title="这是本单位最后一位管理员",
            reason="没有管理员，就没有人能邀请新成员或办理交接。",
            remedy="请先把管理员角色交给另一位成员，或用“交接”邀请接任的人。",
        )
    ]


def invitation_findings(invitation: Invitation | None, at: datetime) -> list[Finding]:
    """Whether a letter can still be used; a wrong secret says no more than an old one."""
    if invitation is None or invitation.withdrawn_at is not None:
        return [
            _plain("invitation.unknown", "这个邀请链接无效或已被撤回。", "", "邀请无效", "请联系邀请您的人重新发送。")
        ]
    if invitation.accepted_at is not None:
        return [_plain("invitation.used", "这个邀请已经用过，一个链接只能用一次。", "", "邀请已用过", "请直接登录。")]
    if invitation.expires_at <= at:
        return [_plain("invitation.expired", "邀请已过有效期。", "", "邀请已过期", "请联系邀请您的人重新发送。")]
    if invitation.until is not None and invitation.until < queries.day_of(at):
        return [_plain("invitation.expired", "委托期限已过。", "", "邀请已过期", "请联系委托单位。")]
    return []


def _plain(code: str, reason: str, field: str, title: str, remedy: str = "请补充后再提交。") -> Finding:
    return Finding(code=code, clause=RULE, reason=reason, remedy=remedy, field=field, title=title)


def _entrusted(code: str, reason: str, field: str, title: str, remedy: str) -> Finding:
    return Finding(code=code, clause=DELEGATION, reason=reason, remedy=remedy, field=field, title=title)
