"""May an application be handed in, corrected, or approved as it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.models import Period
from catalog.rules.assessment import Assessment, assess
from catalog.rules.eligibility import check_case
from catalog.rules.terms import EditionTerms
from platform_site.accounts.queries import day_of
from platform_site.kit.findings import Finding
from suppliers.models import Product
from vouchers.models import Enterprise, Voucher
from vouchers.queries.surroundings import case_of, surroundings
from vouchers.rules.application import Application
from vouchers.rules.contract_checks import application_findings

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


def _moment(at: datetime) -> str:
    return f"{day_of(at).isoformat()} {at.astimezone(SHANGHAI):%H:%M:%S}"
