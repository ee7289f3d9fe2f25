"""May it happen now: everything that stands between a period and its publication."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.enums import CatalogState, EditionState
from catalog.models import Period
from catalog.queries import assumed_parameters, terms_for, terms_of_period, varying_parameters, windows_of
from catalog.rules.city_matching import MATCHING, check_matching
from catalog.rules.terms import EditionTerms, read_value
from catalog.rules.windows import check_apply_window as apply_window
from catalog.rules.windows import check_implementation, check_lead_time, check_order, check_redeem_window, day_of
from platform_site.kit.findings import Finding
from platform_site.kit.fsm import obj_state


def check_period_order(period: Period) -> list[Finding]:
    return check_order(windows_of(period))


def check_own_values(period: Period, values: Mapping[str, Mapping[str, Any]]) -> list[Finding]:
    """Only what the edition lets vary, and only values that can be read."""
    allowed = {row.key: row for row in varying_parameters(period.edition)}
    found = check_matching(values.get(MATCHING, {}).get("value", {}), terms_for(period.edition))
    for key, own in values.items():
        if key == MATCHING:
            continue
        if key not in allowed:
            found.append(_fixed(key))
            continue
        try:
            read_value(key, own["value"])
        except (KeyError, TypeError, ValueError, ArithmeticError):
            found.append(_unreadable(key, allowed[key].clause))
    return found


def check_notice_days(terms: EditionTerms) -> list[Finding]:
    if terms.notice_days >= terms.notice_days_minimum:
        return []
    return [
        Finding(
            "period.notice_too_short",
            terms.clause("notice_days_minimum"),
            f"公示期设成了 {terms.notice_days} 天，不能少于 {terms.notice_days_minimum} 天。",
            "请改长公示期。",
            "notice_days",
            title="公示期太短",
        )
    ]


def check_signer(period: Period, user_id: int | None) -> list[Finding]:
    """Maker and checker are two people."""
    if period.signed_by is not None:
        return [Finding("period.signed_already", "D/four_eyes", "已经复核过了。", "可以公布。", title="已经复核")]
    if user_id is not None and user_id != period.drafted_by:
        return []
    return [
        Finding(
            "period.same_person",
            "D/four_eyes",
            "起草和复核要由两个人办，这一期是您本人起草的。",
            "请另一位有复核权限的同事登录复核。",
            title="不能复核自己起草的",
        )
    ]


def check_publishable(period: Period, at: datetime) -> list[Finding]:
    """All that is missing before the period can be announced at this moment."""
    terms = terms_of_period(period)
    windows = windows_of(period)
    found = [] if period.signed_by is not None else [_unsigned()]
    found += _check_sources(period) + _check_tiers(terms) + _check_assumptions(period)
    found += check_order(windows) + check_lead_time(at, windows, terms)
    return found + check_implementation(period.apply_to, windows, terms) + check_notice_days(terms)


def check_closable(period: Period, at: datetime) -> list[Finding]:
    if at >= period.redeem_to:
        return []
    return [
        Finding(
            "period.still_running",
            "S19/6.1",
            "兑现期还没有结束。",
            "到兑现截止时间之后再结束这一期。",
            title="还不能结束",
        )
    ]


def check_apply_window(period: Period, at: datetime) -> list[Finding]:
    """May an application be submitted at this moment (the server's clock)."""
    return apply_window(at, windows_of(period), period.clause_id)


def check_redemption_window(period: Period, at: datetime) -> list[Finding]:
    """May a redemption be submitted at this moment."""
    return check_redeem_window(at, windows_of(period), period.clause_id)


def _check_sources(period: Period) -> list[Finding]:
    """Edition and catalog are public, and the edition is in force when applications begin (S19/4.4.4)."""
    found, edition = [], period.edition
    if obj_state(edition) != EditionState.PUBLISHED or obj_state(period.catalog_version) != CatalogState.PUBLISHED:
        found.append(_source("period.not_published", "选用的政策版本或产品目录还没有公布。", "请先公布，或另选一个。"))
    if edition.effective_from is not None and day_of(period.apply_from) < edition.effective_from:
        reason = f"政策版本“{edition.title}”从 {edition.effective_from.isoformat()} 起施行，申领开始得更早。"
        found.append(_source("period.before_edition", reason, "请推迟申领开始，或另选政策版本。"))
    return found


def _source(code: str, reason: str, remedy: str) -> Finding:
    return Finding(code, "S19/4.4.4", reason, remedy, "edition", title="政策版本还不能用")


def _check_tiers(terms: EditionTerms) -> list[Finding]:
    if not terms.tiers_are_sample:
        return []
    return [
        Finding(
            "period.sample_tiers",
            terms.clause("tiers_are_sample"),
            "按企业规模的档位表还是样例，正式的表在 2018 年方案的附件里。",
            "请先填入正式的档位表，再开放申领期。",
            "edition",
            title="档位表是样例",
        )
    ]


def _check_assumptions(period: Period) -> list[Finding]:
    assumed = assumed_parameters(period.edition)
    if period.assumptions_confirmed or not assumed:
        return []
    clause = "N20/5.1" if period.edition.document_id == "N20" else "S19/9"
    return [
        Finding(
            "period.assumptions_open",
            clause,
            f"本年度有 {len(assumed)} 项数值是沿用或平台推定的，还没有确认。",
            "请在草稿里逐项看过，再勾选“已确认”。",
            "assumptions_confirmed",
            title="推定的数值没有确认",
        )
    ]


def _unsigned() -> Finding:
    return Finding("period.unsigned", "D/four_eyes", "还没有第二个人复核。", "请另一位同事先复核。", title="还没有复核")


def _fixed(key: str) -> Finding:
    return Finding(
        "period.fixed_value", "S19/9", f"“{key}”由政策版本规定，各期不能另设。", "请去掉这一项。", key, title="不能另设"
    )


def _unreadable(key: str, clause: str) -> Finding:
    return Finding("period.bad_value", clause, "填的值不能用。", "请按说明填写。", key, title="填写有误")
