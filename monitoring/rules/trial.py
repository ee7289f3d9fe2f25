"""What a pasted or uploaded batch would be answered, line by line; nothing of it is kept."""

from dataclasses import dataclass, field

from monitoring.enums import RejectCode
from monitoring.rules.records import Border
from monitoring.rules.wire import Sorted, sort_out, words_of
from platform_site.kit.findings import Finding, Refusal

SHOWN_LINES = 200
SHOWN_SIGNS = 120
_ADDED = b'{"batch": "trial"}\n'
_NO_ID = "batch.no_id"


@dataclass(frozen=True, slots=True)
class TrialLine:
    """line: as typed, from 1. result: accepted, known (said twice) or rejected, with code, reason and remedy then."""

    line: int
    text: str
    result: str
    code: str = ""
    reason: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """`findings`: against the batch as a whole. `batch` None: it could not be read at all.

    `lines` are the first ones and every rejected one; `left_out` says how many more there are.
    """

    findings: list[Finding] = field(default_factory=list)
    batch: Sorted | None = None
    lines: list[TrialLine] = field(default_factory=list)
    left_out: int = 0

    @property
    def dropped(self) -> list[tuple[str, int]]:
        """Names of the fields that are not taken, and how often each came."""
        return self.batch.dropped.most_common() if self.batch else []


def tried(plain: bytes, border: Border) -> Trial:
    """A batch whose first line forgot the batch id is told so, and its records are checked all the same."""
    try:
        return _told(plain, sort_out(plain, border), [], added=0)
    except Refusal as refusal:
        if refusal.codes() != [_NO_ID]:
            return Trial(findings=refusal.findings)
        findings = refusal.findings
    try:
        return _told(plain, sort_out(_ADDED + plain, border), findings, added=1)
    except Refusal as refusal:
        return Trial(findings=[*findings, *refusal.findings])


def _told(plain: bytes, batch: Sorted, findings: list[Finding], *, added: int) -> Trial:
    rejected = {line - added: code for line, code, _ in batch.rejected}
    known = {line - added for line in batch.known}
    texts = dict(enumerate(plain.splitlines(), start=1))
    records = [number for number, text in texts.items() if text.strip() and number > 1 - added]
    shown = [number for place, number in enumerate(records) if place < SHOWN_LINES or number in rejected]
    shown = shown[: 2 * SHOWN_LINES]
    lines = [_line(number, texts[number], rejected.get(number), number in known) for number in shown]
    return Trial(findings=findings, batch=batch, lines=lines, left_out=len(records) - len(shown))


def _line(number: int, text: bytes, code: RejectCode | None, known: bool) -> TrialLine:
    said = text.decode("utf-8", "replace").strip()[:SHOWN_SIGNS]
    if code is None:
        return TrialLine(number, said, "known" if known else "accepted")
    reason, remedy = words_of(code)
    return TrialLine(number, said, "rejected", str(code), reason, remedy)
