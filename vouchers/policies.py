"""May it happen now. Every policy returns all findings; a "bad" one refuses."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.models import Period
from catalog.rules.assessment import Assessment, assess
from catalog.rules.eligibility import check_case
from catalog.rules.terms import EditionTerms
from platform_site.accounts.queries import day_of
from platform_site.accounts.rules.company_number import fault
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding
from suppliers.models import Product
from vouchers.enums import EnterpriseKind, EnterpriseState, PlanKind, Proposal
from vouchers.models import ApplicationReview, Enterprise, QuotaPlan, Voucher
from vouchers.queries.industries import industry_divisions
from vouchers.queries.quota import available_in
from vouchers.queries.surroundings import case_of, surroundings
from vouchers.rules.application import Application
from vouchers.rules.contract_checks import application_findings
from vouchers.rules.industry import is_manufacturing

SHANGHAI = ZoneInfo("Asia/Shanghai")
_INSTANT = timedelta(microseconds=1)
# Fields of the catalog's case → fields of the form.
_FIELDS = {
    "contract_amount": "total",
    "item": "product",
    "class": "product",
    "city": "",
    "cap_used": "",
    "revenue": "",
}


# -- enterprises -----------------------------------------------------------------------------------------------------------


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
        ("commitment", "REF", "所填信息真实"),
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


# -- applications ----------------------------------------------------------------------------------------------------------


def application(
    *,
    form: Application,
    enterprise: Enterprise,
    period: Period,
    product: Product,
    terms: EditionTerms,
    at: datetime,
    correcting: int | None = None,
) -> list[Finding]:
    """All findings of a form, those of the catalog's eligibility rules included."""
    known = surroundings(
        enterprise=enterprise, period=period, product=product, pilot_id=form.pilot_id, at=at, but=correcting
    )
    own = application_findings(form, known, terms)
    case = case_of(application=form, enterprise=enterprise, period=period, product=product, terms=terms)
    return own + [on_form(finding) for finding in check_case(case, terms)]


def on_form(finding: Finding) -> Finding:
    """The catalog's field names in the words of the form."""
    return replace(finding, field=_FIELDS.get(finding.field, finding.field.partition(".")[0]))


def prepared(
    *,
    form: Application,
    enterprise: Enterprise,
    period: Period,
    product: Product,
    terms: EditionTerms,
    cap_used: Decimal,
) -> Assessment:
    case = case_of(
        application=form, enterprise=enterprise, period=period, product=product, terms=terms, cap_used=cap_used
    )
    return assess(case, terms)


def window(period: Period, at: datetime) -> list[Finding]:
    """For pages and for naming the reason; what decides is the database's clock inside the arrival's INSERT."""
    if at < period.apply_from:
        return [
            Finding(
                "window.not_open",
                "S19/6.1",
                f"{period.title}于 {_moment(period.apply_from)} 开始受理，现在是 {_moment(at)}。",
                "表单已为您保存，到时再提交。以平台服务器时间为准。",
                title="还没有开始受理",
            )
        ]
    if at >= period.apply_to:
        return [
            Finding(
                "window.closed",
                "S19/6.1",
                f"{period.title}已于 {_moment(period.apply_to)} 截止，现在是 {_moment(at)}。",
                "本期不再受理。表单已保存，下一期可以接着用。",
                title="已经截止受理",
            )
        ]
    return []


def outside_window(period: Period, at: datetime) -> list[Finding]:
    """Never empty: the database said no, so one of both is named even when Python's clock is a hair behind."""
    found = window(period, at)
    if found:
        return found
    nearer_end = abs(period.apply_to - at) < abs(at - period.apply_from)
    return window(period, period.apply_to if nearer_end else period.apply_from - _INSTANT)


def correction_in_time(voucher: Voucher, at: datetime) -> list[Finding]:
    """A returned application keeps its place until its deadline (platform default 5)."""
    if voucher.deadline_at is None or at <= voucher.deadline_at:
        return []
    return [
        Finding(
            "correction.too_late",
            "D/5",
            f"补正期限是 {_moment(voucher.deadline_at)}，已经过了。",
            "请重新申领，重新排队。",
            title="补正期限已过",
        )
    ]


def correction_keeps(voucher: Voucher, form: Application, contract_key: str) -> list[Finding]:
    """A correction never changes supplier, product or contract (platform default; T18/3)."""
    found = []
    if form.product_id != voucher.product_id or form.supplier_id != voucher.supplier_id:
        found.append(
            Finding(
                "correction.product_changed",
                "S19/5.3.7",
                "补正不能更换供应商或产品。",
                "要换的，请撤回这件，重新申领。",
                "product",
                title="产品换了",
            )
        )
    if contract_key != voucher.contract_key:
        found.append(
            Finding(
                "correction.contract_changed",
                "S19/5.3.7",
                f"补正不能换合同，原合同编号是 {voucher.contract.number}。",
                "要换合同的，请撤回这件，重新申领；补充合同作为附件上传。",
                "contract_number",
                title="合同换了",
            )
        )
    return found


# -- review ----------------------------------------------------------------------------------------------------------------


def review(voucher: Voucher, form: Application, terms: EditionTerms, at: datetime) -> list[Finding]:
    """What the platform finds in an application under review: shown to the reviewer, and sent along with a return."""
    return application(
        form=form,
        enterprise=voucher.enterprise,
        period=voucher.period,
        product=voucher.product,
        terms=terms,
        at=at,
        correcting=voucher.pk,
    )


def taken_up(review_row: ApplicationReview | None) -> list[Finding]:
    if review_row is not None:
        return []
    return [
        Finding(
            "review.not_taken_up",
            "S19/6.2",
            "还没有人开始审核这件。",
            "先点“开始审核”，再提意见。",
            title="还没有开始审核",
        )
    ]


def proposed(review_row: ApplicationReview | None) -> list[Finding]:
    if review_row is not None and review_row.proposal:
        return []
    return [
        Finding(
            "review.not_proposed",
            "S19/6.2",
            "审核人还没有提出意见。",
            "等审核人送来意见再签发。",
            title="还没有审核意见",
        )
    ]


def two_people(review_row: ApplicationReview, by: Actor) -> list[Finding]:
    """Whoever proposes does not sign."""
    if review_row.reviewer_id != by.user_id:
        return []
    return [
        Finding(
            "review.same_person",
            "D/four_eyes",
            "审核和签发不能是同一个人，这件是您自己审核的。",
            "请由另一位签发人办理。",
            title="要由另一个人签发",
        )
    ]


def signing(voucher: Voucher, review_row: ApplicationReview) -> list[Finding]:
    """An enterprise may apply before its own review ends, but its voucher is not approved before (REF)."""
    if review_row.proposal != Proposal.APPROVE or voucher.enterprise.state == EnterpriseState.APPROVED:
        return []
    return [
        Finding(
            "enterprise.not_approved",
            "REF",
            f"{voucher.enterprise.name}的企业信息现在是“{voucher.enterprise.get_state_display()}”，还没有审核通过。",
            "先审核企业信息，通过后再签发这张券。",
            title="企业信息还没有审核通过",
        )
    ]


def reasons_given(findings: Iterable[Finding], *, verb: str) -> list[Finding]:
    """A return or refusal names its reasons (S19/6.2)."""
    if any(finding.reason.strip() for finding in findings):
        return []
    return [
        Finding(
            "review.no_reason",
            "S19/6.2",
            f"{verb}要写明理由。",
            "请勾选或填写至少一条理由，一次写全。",
            "reasons",
            title="没有写理由",
        )
    ]


# -- quota -----------------------------------------------------------------------------------------------------------------


def plan_lines(
    kind: str, lines: Iterable[tuple[str, Decimal]], period: Period, used: dict[str, Decimal]
) -> list[Finding]:
    """Totals never below what is used; a transfer sums to zero and moves something."""
    rows = list(lines)
    if not rows:
        return [Finding("plan.empty", "S19/5.1.1", "方案里没有额度。", "请至少填一行。", "lines", title="没有内容")]
    if kind == PlanKind.TRANSFER:
        return _transfer_findings(rows, period)
    return [
        Finding(
            "plan.below_used",
            "S19/7.3",
            f"{name} 拟定 {amount:,.2f} 元，已占用 {used[name]:,.2f} 元。",
            "总额不能低于已占用的金额。",
            "lines",
            title="低于已占用的额度",
        )
        for name, amount in rows
        if amount < used.get(name, Decimal(0))
    ]


def _transfer_findings(rows: list[tuple[str, Decimal]], period: Period) -> list[Finding]:
    found = []
    if sum(amount for _, amount in rows) != 0:
        found.append(
            Finding(
                "plan.not_balanced", "S19/7.3", "调出与调入的金额不相等。", "请核对金额。", "amount", title="调剂不平衡"
            )
        )
    if len({name for name, _ in rows}) < 2:
        found.append(
            Finding(
                "plan.same_place",
                "S19/7.3",
                "调出方和调入方是同一个。",
                "请分别选择。",
                "target",
                title="没有可调剂的对象",
            )
        )
    left = available_in(period, [name for name, _ in rows])
    for name, amount in rows:
        if left[name] + amount < 0:
            found.append(
                Finding(
                    "plan.not_enough",
                    "S19/7.3",
                    f"调出 {-amount:,.2f} 元，只剩 {left[name]:,.2f} 元可调。",
                    "请减少调出金额；已占用的不能调出。",
                    "amount",
                    title="可调的额度不够",
                )
            )
    return found


def plan_two_people(plan: QuotaPlan, by: Actor) -> list[Finding]:
    if plan.drafted_by_id != by.user_id:
        return []
    return [
        Finding(
            "plan.same_person",
            "D/four_eyes",
            "拟定和签发不能是同一个人，这份方案是您拟定的。",
            "请由另一位签发人签发。",
            title="要由另一个人签发",
        )
    ]


def _moment(at: datetime) -> str:
    return f"{day_of(at).isoformat()} {at.astimezone(SHANGHAI):%H:%M:%S}"
