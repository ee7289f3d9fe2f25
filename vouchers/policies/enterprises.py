"""May a profile be handed in or taken back."""

from datetime import date

from platform_site.accounts.rules.company_number import fault
from platform_site.kit.findings import Finding
from vouchers.enums import EnterpriseKind
from vouchers.models import Enterprise
from vouchers.queries.industries import industry_divisions
from vouchers.rules.industry import is_manufacturing


def enterprise_submission(enterprise: Enterprise, today: date) -> list[Finding]:
    """Everything the city would have to return the profile for."""
    return [
        *_identity(enterprise, today),
        *_kind_findings(enterprise),
        *_declarations(enterprise),
    ]


def _identity(enterprise: Enterprise, today: date) -> list[Finding]:
    wrong = fault(enterprise.uscc)
    found = (
        [Finding(wrong[0], "S19/4.1.1", wrong[1], "请按营业执照核对。", "uscc", title="统一社会信用代码不对")]
        if wrong
        else []
    )
    for name, label in (
        ("name", "企业名称"),
        ("address", "注册地址"),
        ("contact_name", "联系人"),
        ("contact_phone", "联系电话"),
    ):
        if not getattr(enterprise, name).strip():
            found.append(
                Finding(
                    "enterprise.incomplete",
                    "S19/5.3.8",
                    f"没有填{label}。",
                    f"请补上{label}。",
                    name,
                    title=f"缺{label}",
                )
            )
    return found + _facts(enterprise, today)


def _facts(enterprise: Enterprise, today: date) -> list[Finding]:
    found = []
    if enterprise.founded_on > today:
        found.append(
            Finding(
                "enterprise.founded_in_future",
                "S19/4.1.1",
                f"成立日期 {enterprise.founded_on.isoformat()} 还没有到。",
                "请按营业执照填写。",
                "founded_on",
                title="成立日期不对",
            )
        )
    if enterprise.county is not None and enterprise.county.city_id != enterprise.city_id:
        found.append(
            Finding(
                "enterprise.county_elsewhere",
                "S19/4.1.1",
                f"{enterprise.county.name}不属于{enterprise.city.name}。",
                "请重新选择县（市、区）。",
                "county",
                title="县区与地市不符",
            )
        )
    return found


def _kind_findings(enterprise: Enterprise) -> list[Finding]:
    if enterprise.kind == EnterpriseKind.MAINTENANCE:
        if enterprise.authorisation_file_id is not None:
            return []
        return [
            Finding(
                "enterprise.authorisation_missing",
                "S19/5.3.6",
                "设备集成、维保企业要有品牌授权，还没有上传。",
                "请上传品牌方的授权书。",
                "authorisation_file",
                title="没有品牌授权",
            )
        ]
    if is_manufacturing(enterprise.industry_code, [code for code, _ in industry_divisions()]):
        return []
    return [
        Finding(
            "enterprise.not_manufacturing",
            "S19/5.3.6",
            f"行业代码“{enterprise.industry_code or '未填'}”不在 GB/T 4754 的 C 门类（13–43）之内。",
            "属于制造业的，请选 C 门类的行业；属于设备集成、维保的，请改选企业类型。",
            "industry_code",
            title="不是制造业企业",
        )
    ]


def _declarations(enterprise: Enterprise) -> list[Finding]:
    asked = (
        ("declared_no_violation", "S19/4.1.2", "五年内没有财政资金方面的严重违法违规"),
        ("declared_no_other_funds", "S19/4.1.3", "申报内容没有获得其他财政资金"),
        ("commitment", "REF/2", "所填信息真实"),
    )
    return [
        Finding(
            f"enterprise.{name}",
            clause,
            f"没有声明{text}。",
            "属实的，请勾选；不属实的不能申领。",
            name,
            title="还差一项声明",
        )
        for name, clause, text in asked
        if not getattr(enterprise, name)
    ]


def enterprise_reopening(open_applications: int) -> list[Finding]:
    if open_applications == 0:
        return []
    return [
        Finding(
            "enterprise.has_open_applications",
            "S19/5.3.8",
            f"有 {open_applications} 件申请在办，现在改企业信息会影响审核。",
            "等在办的申请办结后再改；银行账户和联系人随时可以改。",
            title="有申请在办",
        )
    ]
