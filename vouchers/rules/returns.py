"""A second return names only what is still open or new (S19/6.2). Applications and redemptions alike."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from platform_site.kit.findings import Finding

STILL_OPEN = "仍未解决："
BY_HAND = "review.reason"


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
