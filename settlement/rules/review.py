"""What a reviewer must add in words where the verdict is doubtful."""

from collections.abc import Mapping, Sequence
from typing import Any

from platform_site.kit.findings import Finding

LOOK_REASON_LENGTH = 10

Doubts = Sequence[Mapping[str, str]]


def look_findings(doubts: Doubts, look: Mapping[str, Any]) -> list[Finding]:
    """Against agreeing while a person must look (S19/5.4.13).

    look: what the reviewer wrote, {"reason", "findings"}; "findings" are the doubts it answers, so one that comes up
    afterwards is not covered by it.
    """
    reason = "".join(str(look.get("reason", "")).split())
    if doubts and len(reason) < LOOK_REASON_LENGTH:
        return [_no_reason(doubts)]
    answered = {doubt["code"] for doubt in look.get("findings", ())}
    return [_new_doubt(doubt) for doubt in doubts if doubt["code"] not in answered]


def _no_reason(doubts: Doubts) -> Finding:
    return Finding(
        "verdict.look_no_reason",
        "S19/5.4.13",
        f"监测结论是“须人工核实”：{'、'.join(doubt['title'] for doubt in doubts)}。",
        f"逐条核实后，在“核实情况”里写明理由，不少于 {LOOK_REASON_LENGTH} 个字；核实不了的退回或不予兑现。",
        "look_reason",
        title="没有写明核实情况",
    )


def _new_doubt(doubt: Mapping[str, str]) -> Finding:
    return Finding(
        "verdict.look_new_doubt",
        "S19/5.4.13",
        f"经办核实以后，监测又发现：{doubt['title']}。{doubt['reason']}",
        "退给经办，就这一条核实后写明理由。",
        title="有新的问题没有核实",
    )


def attention_findings(found: Sequence[Finding]) -> list[Finding]:
    """Against agreeing without opening the case: everything that a person must look at."""
    return [
        Finding(
            "check.needs_a_look",
            finding.clause or "S19/5.4.11",
            finding.reason or finding.title,
            "请打开这一件逐项核对。",
            title=f"要看一下：{finding.title}",
        )
        for finding in found
        if finding.severity != "ok"
    ]
