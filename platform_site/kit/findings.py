"""Findings: the one shape in which the platform says no, warns or confirms, in page, API, log and test."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["bad", "warn", "ok", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One observation that rests on a clause.

    code: stable machine name, e.g. "contract.signed_too_early"; tests and programs match on it, never on text.
    clause: key of the rule ("S19/5.3.6", "N20/2", "D/4" for platform default 4).
    title: what was found, a few words; reason: what happened, with the person's own figures.
    remedy: what to do next ("" only for "ok" and "info"). field: name of the form field it belongs to, "" for all.
    """

    code: str
    clause: str
    reason: str
    remedy: str = ""
    field: str = ""
    severity: Severity = "bad"
    title: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault
    """Raised by commands: carries every finding at once."""

    def __init__(self, findings: Finding | Iterable[Finding]) -> None:
        self.findings: list[Finding] = [findings] if isinstance(findings, Finding) else list(findings)
        super().__init__("; ".join(f"{f.code} [{f.clause}]" for f in self.findings))

    def codes(self) -> list[str]:
        return [finding.code for finding in self.findings]


def refuse_if(findings: Iterable[Finding]) -> None:
    """Raise a refusal with all "bad" findings; others do not stop a command."""
    bad = [finding for finding in findings if finding.severity == "bad"]
    if bad:
        raise Refusal(bad)
