"""Why a person must look at a verdict, in words: each doubt as a finding with clause, reason and remedy."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from monitoring.rules.adoption_case import Adoption, AdoptionCase
from monitoring.rules.scheme import AdoptionTerms
from platform_site.kit.findings import Finding

PLACE = "S19/4.3"
REFERENCE = "REF/5"
Doubt = Callable[[Adoption, AdoptionCase, AdoptionTerms], Finding]


def _operator_silent(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> Finding:
    return _doubt(
        "operator_silent",
        REFERENCE,
        "运营商反馈不足",
        f"{result.counted_days} 个设备日中，运营商反馈了 {result.watched_days} 个，"
        f"方案要求不少于 {_percent(terms.operator_share)}。",
        "等运营商补报，或由审核人到现场核实后写明理由。",
    )


def _sources_disagree(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> Finding:
    return _doubt(
        "sources_disagree",
        REFERENCE,
        "两个来源不一致较多",
        f"{result.conflict_days} 个设备日两边结果不同，超过 {_percent(terms.conflict_share)}。已按运营商的结果计算。",
        "请供应商说明原因，必要时现场核实。",
    )


def _address_outside(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> Finding:
    return _doubt(
        "address_outside",
        PLACE,
        "省外地址较多",
        f"能判断地区的 {case.inside + case.outside} 个记录日中，{case.outside} 个来自省外地址。",
        "地址只作提示。请核实实施地点是否在广东省内。",
    )


def _review_upheld(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> Finding:
    return _doubt(
        "review_upheld",
        "S19/5.4.13",
        "地市认可了异议的理由",
        "；".join(case.upheld),
        "按核实的情况审核，写明理由，由两人签名决定。",
    )


def _data_old(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> Finding:
    return _doubt(
        "data_old",
        terms.clause,
        "最近没有数据",
        f"最近的数据是 {case.last_day:%Y-%m-%d}，距今超过 {terms.fresh_days} 天。达标的那段时间仍然算数。",
        "请核实产品是否还在使用；还在使用的，请供应商检查数据为什么停了。",
    )


def _signs_open(result: Adoption, case: AdoptionCase, terms: AdoptionTerms) -> Finding:
    """No kind and no score: enterprise and supplier read this too."""
    return _doubt(
        "signs_open",
        "S19/5.4.12",
        "数据须人工核实",
        "这张券的数据有需要核实的情况，正由工作人员核对。",
        "不用重新报送。需要说明情况的，会另行通知企业或供应商。",
    )


DOUBTS: Mapping[str, Doubt] = {
    "operator.silent": _operator_silent,
    "sources.disagree": _sources_disagree,
    "address.outside": _address_outside,
    "review.upheld": _review_upheld,
    "data.old": _data_old,
    "signs.open": _signs_open,
}


def _doubt(code: str, clause: str, title: str, reason: str, remedy: str) -> Finding:
    return Finding(f"adoption.{code}", clause, reason, remedy, severity="warn", title=title)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.0f}%"
