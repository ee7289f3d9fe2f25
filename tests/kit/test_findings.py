"""Findings: one shape for every no, and all of them at once."""

import pytest

from platform_site.kit.findings import Finding, Refusal, refuse_if

LATE = Finding(code="contract.signed_too_early", clause="S19/5.3.6", reason="签订日期太早。", remedy="请核对。")
CLOSE = Finding(code="amount.near_cap", clause="S19/annex.note3", reason="接近上限。", severity="warn")
WRONG = Finding(code="amount.above_total", clause="S19/5.3.6", reason="超过合同总额。", field="amount")


def test_a_refusal_carries_every_bad_finding_in_order() -> None:
    with pytest.raises(Refusal) as refused:
        refuse_if([LATE, CLOSE, WRONG])
    assert refused.value.findings == [LATE, WRONG]
    assert refused.value.codes() == ["contract.signed_too_early", "amount.above_total"]


def test_warnings_alone_do_not_stop_a_command() -> None:
    refuse_if([CLOSE])


def test_a_single_finding_may_be_raised_as_it_is() -> None:
    assert Refusal(LATE).findings == [LATE]


def test_the_log_reads_codes_and_clauses() -> None:
    assert str(Refusal([LATE, WRONG])) == "contract.signed_too_early [S19/5.3.6]; amount.above_total [S19/5.3.6]"


def test_the_api_gets_every_part_of_a_finding() -> None:
    assert WRONG.as_dict() == {
        "code": "amount.above_total",
        "clause": "S19/5.3.6",
        "reason": "超过合同总额。",
        "remedy": "",
        "field": "amount",
        "severity": "bad",
        "title": "",
    }
