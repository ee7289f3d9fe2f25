"""The verdict in words: findings with clause, reason and remedy, and the sentence that gives the need."""

from datetime import date

from monitoring.enums import Outcome
from monitoring.rules.adoption_case import Adoption, AdoptionCase
from monitoring.rules.adoption_doubts import DOUBTS, PLACE, REFERENCE
from monitoring.rules.scheme import AdoptionTerms
from platform_site.kit.findings import Finding, Severity

NOTE2 = "S19/annex.note2"


def headline(result: Adoption, terms: AdoptionTerms) -> str:
    """A few words: the head of the verdict box."""
    if result.outcome == Outcome.PASSED:
        return "已达标"
    if result.outcome == Outcome.LOOK:
        return "异议理由成立，须人工核实" if result.missing else "数量够了，须人工核实"
    if result.window is None:
        return "还没有数据"
    gap = _gap_words(result, terms)
    return f"还差 {gap}" if gap else "监测期未满"


def need_sentence(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> str:
    """How the need comes about."""
    day_rule = f"{terms.window_days} 天内有效 {terms.min_days} 天"
    if terms.by_device:
        day_rule = f"每台 {day_rule}，每天不少于 {terms.min_hours:f} 小时"
        if terms.per_device:
            return f"需要 {case.amount:,.2f} ÷ {terms.per_device:,.0f} = {result.needed} 台；{day_rule}"
        return f"需要 {result.needed} 台；{day_rule}"
    return f"需要 {terms.min_users} 人使用、{day_rule}、用到合同中 {result.modules_needed} 个模块"


def findings(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> list[Finding]:
    """Everything found, most serious first."""
    found = [*_shortfalls(result, terms), *_doubt_findings(result, case, terms), *_notes(result, case, terms)]
    if result.outcome == Outcome.PASSED:
        found.insert(0, _passed(result, terms))
    return found


def _passed(result: Adoption, terms: AdoptionTerms) -> Finding:
    what = f"{result.reached} 台设备达标" if terms.by_device else f"{result.reached} 人使用 {result.days_used} 天"
    return Finding(
        code="adoption.passed",
        clause=NOTE2 if terms.per_device else terms.clause,
        title="应用情况达标",
        reason=f"{_days(result.window)} 期间，{what}。",
        severity="ok",
    )


def _shortfalls(result: Adoption, terms: AdoptionTerms) -> list[Finding]:
    severity: Severity = "bad" if result.outcome == Outcome.FAILED else "warn"
    makers = {"listed": _too_few_listed, "devices": _too_few_devices, "users": _few_users, "days": _few_days}
    makers["modules"] = _few_modules
    return [Finding(**makers[name](gap, result, terms), severity=severity) for name, gap in result.missing.items()]


def _too_few_listed(gap: int, result: Adoption, terms: AdoptionTerms) -> dict[str, str]:
    return {
        "code": "adoption.too_few_listed",
        "clause": NOTE2 if terms.per_device else terms.clause,
        "title": f"登记的设备少 {gap} 台",
        "reason": f"需要 {result.needed} 台，只登记了 {result.listed} 台。",
        "remedy": f"请供应商把其余设备登记到这张券；实际没有这么多的，可以按实际台数调低申报金额{_carried(result)}。",
    }


def _too_few_devices(gap: int, result: Adoption, terms: AdoptionTerms) -> dict[str, str]:
    return {
        "code": "adoption.too_few_devices",
        "clause": NOTE2 if terms.per_device else terms.clause,
        "title": f"还差 {gap} 台达标",
        "reason": f"需要 {result.needed} 台，{_days(result.window)} 期间有 {result.reached} 台达标。",
        "remedy": f"看下面标 ✕ 的设备，先查网关是否在线{_from(result.earliest)}。",
    }


def _few_users(gap: int, result: Adoption, terms: AdoptionTerms) -> dict[str, str]:
    return {
        "code": "adoption.too_few_users",
        "clause": terms.clause,
        "title": f"还差 {gap} 人使用",
        "reason": f"需要 {result.needed} 个账号使用，{_days(result.window)} 期间有 {result.reached} 个。",
        "remedy": f"请安排相关岗位用自己的账号登录使用{_from(result.earliest)}。",
    }


def _few_days(gap: int, result: Adoption, terms: AdoptionTerms) -> dict[str, str]:
    return {
        "code": "adoption.too_few_days",
        "clause": terms.clause,
        "title": f"还差 {gap} 天",
        "reason": f"{terms.window_days} 天内需要使用 {result.days_needed} 天，现在 {result.days_used} 天。",
        "remedy": f"继续使用，天数够了自动达标{_from(result.earliest)}。",
    }


def _few_modules(gap: int, result: Adoption, terms: AdoptionTerms) -> dict[str, str]:
    used = "、".join(result.modules_used) or "没有"
    return {
        "code": "adoption.too_few_modules",
        "clause": terms.clause,
        "title": f"还差 {gap} 个模块",
        "reason": f"需要用到合同中 {result.modules_needed} 个模块，现在用到：{used}。",
        "remedy": "请使用合同中的其他模块；已经使用的，请供应商检查记录里的模块名称是否与合同一致。",
    }


def _doubt_findings(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> list[Finding]:
    return [DOUBTS[name](result, case, terms) for name in result.doubts]


def _notes(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> list[Finding]:
    notes = []
    if result.conflict_days and "sources.disagree" not in result.doubts:
        notes.append(
            Finding(
                code="adoption.some_conflicts",
                clause=REFERENCE,
                title="两个来源有不一致",
                reason=f"{result.conflict_days} 个设备日两边结果不同，以运营商为准。",
                severity="info",
            )
        )
    if case.unknown and not (case.inside + case.outside):
        notes.append(
            Finding(
                code="adoption.address_unknown",
                clause=PLACE,
                title="不能判断地址所在地区",
                reason="记录中的地址都不在地区表里，地区没有作为依据。",
                severity="info",
            )
        )
    return notes


def _gap_words(result: Adoption, terms: AdoptionTerms) -> str:
    units = {"devices": "台达标", "users": "人", "days": "天", "modules": "个模块", "listed": "台登记"}
    gaps = dict(result.missing)
    if terms.by_device and "devices" in gaps:
        return f"{gaps['devices']} 台达标"
    return "、".join(f"{gap} {units[name]}" for name, gap in gaps.items())


def _carried(result: Adoption) -> str:
    return "" if result.supported is None else f"（现在达标的设备可支持 {result.supported:,.2f} 元）"


def _from(earliest: date | None) -> str:
    return "" if earliest is None else f"；从今天起每天使用，最早 {earliest:%m-%d} 达标"


def _days(window: tuple[date, date] | None) -> str:
    return "监测" if window is None else f"{window[0]:%m-%d} 至 {window[1]:%m-%d}"
