"""May a prepared application be handed in: has anything changed since it was checked in full?"""

from datetime import datetime

from catalog.queries import terms_of_period
from catalog.rules.case import case_from_json
from platform_site.kit.findings import Finding
from vouchers.models import Enterprise, Voucher
from vouchers.queries.press import handed_in, surroundings_at_press
from vouchers.rules.press_checks import limits_may_bind, press_findings


def at_the_press(voucher: Voucher, enterprise: Enterprise, at: datetime) -> list[Finding]:
    """Everything but the window, which the database's clock decides. `voucher`: from `queries.press`."""
    known = surroundings_at_press(voucher, enterprise, at)
    terms = terms_of_period(voucher.period) if limits_may_bind(known) else None
    return [*_outdated(voucher, enterprise), *press_findings(handed_in(voucher), known, terms)]


def _outdated(voucher: Voucher, enterprise: Enterprise) -> list[Finding]:
    """The amount was computed from facts that are no longer so."""
    case, period = voucher.case and case_from_json(voucher.case), voucher.period
    changed = []
    if voucher.edition_id != period.edition_id or voucher.catalog_version_id != period.catalog_version_id:
        changed.append("本期的政策版本或产品目录")
    if voucher.city_id != enterprise.city_id:
        changed.append("企业所在地市")
    if case and (case.revenue, case.enterprise_kind) != (enterprise.revenue, enterprise.kind):
        changed.append("企业信息")
    if not changed:
        return []
    return [
        Finding(
            "prepared.outdated",
            "S19/5.3.8",
            f"备好之后，{'、'.join(changed)}有变动，原来的试算不再作数。",
            "请回到表单，重新“检查并备好”，再提交。内容都还在。",
            title="备好以后情况有变",
        )
    ]


def no_longer_prepared() -> Finding:
    return Finding(
        "prepared.gone",
        "S19/5.3.8",
        "备好之后表单又改过，原来备好的已经作废。",
        "请打开草稿，重新“检查并备好”，再提交。内容都还在。",
        title="要重新检查",
    )


def form_is_new(*, correcting: bool) -> list[Finding]:
    """A returned application is handed in again at once; it has its place already."""
    if not correcting:
        return []
    return [
        Finding(
            "prepared.correction",
            "S19/6.2",
            "补正件不用等开放，名次和额度都还在。",
            "请直接重新提交。",
            title="补正件直接提交",
        )
    ]
