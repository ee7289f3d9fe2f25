"""What a reviewer must add in words: why a doubtful verdict may pass, and why a reason comes a second time."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from platform_site.kit.findings import Finding

LOOK_REASON_LENGTH = 10
STILL_OPEN = "仍未解决："
BY_HAND = "review.reason"

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


def repeat_findings(
    reasons: Iterable[Finding], returns: Iterable[Mapping[str, Any]], still_open: Collection[str]
) -> list[Finding]:
    """Against a second return that names again, without a word, what the enterprise answered (S19/6.2).

    returns: the earlier ones, {"findings"}; still_open: codes the reviewer marked as not resolved.
    """
    earlier = earlier_reasons(returns)
    silent = [reason for reason in reasons if _key(reason) in earlier and reason.code not in still_open]
    if not silent:
        return []
    return [
        Finding(
            "return.repeated",
            "S19/6.2",
            f"上次退回已经写过，企业也已补正：{'、'.join(reason.title or reason.reason for reason in silent)}。",
            "再次退回只能写仍未解决的和新发现的。确实没有解决的逐条勾选“仍未解决”，已经解决的不要再列。",
            "reasons",
            title="理由与上次重复",
        )
    ]


def marked(
    reasons: Iterable[Finding], returns: Iterable[Mapping[str, Any]], still_open: Collection[str]
) -> list[Finding]:
    """The reasons as the enterprise reads them: what was named before says so."""
    codes = {code for code, _ in earlier_reasons(returns)}
    return [
        replace(reason, title=f"{STILL_OPEN}{reason.title}")
        if reason.code in still_open and reason.code in codes
        else reason
        for reason in reasons
    ]


def earlier_reasons(returns: Iterable[Mapping[str, Any]]) -> set[tuple[str, str]]:
    """Code and, for reasons written by hand, the text: two of them are the same only when they say the same."""
    return {_key(Finding(**finding)) for one in returns for finding in one["findings"]}


def _key(reason: Finding) -> tuple[str, str]:
    text = "".join(reason.reason.split()) if reason.code == BY_HAND else ""
    return reason.code, text


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
