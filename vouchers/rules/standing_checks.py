"""Whether an enterprise may apply at all, seen from its own record."""

from catalog.rules.terms import EditionTerms
from platform_site.kit.findings import Finding
from vouchers.rules.application import Surroundings


def standing_findings(known: Surroundings, terms: EditionTerms) -> list[Finding]:
    return (
        bar_findings(known)
        + _enterprise_findings(known)
        + _unredeemed_findings(known, terms)
        + _limit_findings(known, terms)
    )


def bar_findings(known: Surroundings) -> list[Finding]:
    """Penalties in force on the enterprise or on the supplier, each under its own clause (S19/7.5.1, T18/8.5)."""
    own = [
        Finding(
            "enterprise.barred",
            bar.clause,
            f"贵企业目前不能申领：{bar.ground}",
            "对处理决定有异议的，可以在平台上提出申诉。",
            title="目前不能申领",
        )
        for bar in known.bars
    ]
    suppliers = [
        Finding(
            "supplier.barred",
            bar.clause,
            f"{known.product.supplier_name}目前不能承接：{bar.ground}",
            "请另选供应商。",
            "product",
            title="供应商目前不能承接",
        )
        for bar in known.supplier_bars
    ]
    return own + suppliers


def _enterprise_findings(known: Surroundings) -> list[Finding]:
    if known.enterprise_state != "draft":
        return []
    return [
        Finding(
            "enterprise.not_submitted",
            "S19/5.3.8",
            "企业信息还没有提交审核。",
            "先填好“企业信息”并提交，不用等审核通过就能申领。",
            title="企业信息没有提交",
        )
    ]


def _unredeemed_findings(known: Surroundings, terms: EditionTerms) -> list[Finding]:
    """Vouchers already held go on (S19/7.5.2)."""
    limit = terms.unredeemed_limit
    if limit is None or known.unredeemed < limit:
        return []
    return [
        Finding(
            "enterprise.unredeemed",
            terms.clause("unredeemed_limit"),
            f"贵企业已有 {known.unredeemed} 张券领了没有兑现，达到 {limit} 张后不能再申领。",
            "手上在办的券可以继续兑现。认为计数有误的，请联系所在市主管部门核对。",
            title="未兑现的券太多",
        )
    ]


def _limit_findings(known: Surroundings, terms: EditionTerms) -> list[Finding]:
    """Against squatting: an enterprise nobody has reviewed yet keeps few applications open (platform default)."""
    limit = terms.max_open_unreviewed
    if known.enterprise_state == "approved" or known.open_applications < limit:
        return []
    return [
        Finding(
            "enterprise.open_limit",
            terms.clause("max_open_unreviewed"),
            f"企业信息还没有审核通过，同时在办的申请最多 {limit} 件，现在有 {known.open_applications} 件。",
            "等企业信息审核通过后再提交；草稿会保留。",
            title="在办的申请太多",
        )
    ]
