"""The platform fetches a supplier's login and usage log (REF/6): page after page, from there on like any batch.

Three steps, because nobody may wait for another's server with locks in hand: take the endpoint for a short time, ask,
and write down what came. Page and new cursor are written in one transaction: killed anywhere, the page is asked for
again, and a batch that was already kept counts nothing.
"""

import random
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.conf import settings

from monitoring.connectors.login_log_pull import Page, PullError, Question, Reach, fetch
from monitoring.domain.authenticate import SignedRequest, authenticate_source
from monitoring.domain.ingest import ingest
from monitoring.domain.keys import current_key
from monitoring.enums import PULL_WORDS, Event, PullCode, SourceKind, SourceState
from monitoring.models import Pull, Source
from monitoring.queries.pulls import networks_allowed
from monitoring.rules.pull_pace import EVERY, LEASE, OPENS_AFTER, pause_after
from monitoring.rules.pull_page import Head, head_of
from monitoring.rules.wire import unpacked
from platform_site.accounts.queries import member_ids
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Refusal
from platform_site.kit.locks import Rank, lock, lock_one
from platform_site.messages.domain import notify


@dataclass(frozen=True, slots=True)
class PullResult:
    """What one page brought. asked False: somebody else is asking, or it is not due. code "": the answer was good."""

    asked: bool
    records: int = 0
    more: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to ask once."""

    source_id: int
    question: Question


def pull_logs(*, source_id: int, by: Actor, at: datetime) -> PullResult:
    """Ask for one page and keep it. A fault on the supplier's side is written down, never raised."""
    try:
        claim = claim_pull(source_id=source_id, at=at)
        if claim is None:
            return PullResult(asked=False)
        reach = Reach(networks_allowed(), settings.PULL_AUTHORITIES, settings.PULL_SECONDS)
        page = fetch(claim.question, reach)
        return take_page(claim=claim, page=page, by=by, at=at)
    except PullError as error:
        reason, remedy = PULL_WORDS[error.code]
        detail = f"（{error.detail}）" if error.detail else ""
        return note_failure(source_id=source_id, code=error.code, words=f"{reason}{detail}。{remedy}。", by=by, at=at)
    except Refusal as refusal:
        first = refusal.findings[0]
        return note_failure(source_id=source_id, code=first.code, words=f"{first.reason}{first.remedy}", by=by, at=at)


@command
def claim_pull(*, source_id: int, at: datetime) -> Claim | None:
    """Take the endpoint until the lease is over; None: not due. Raises PullError when no key can sign."""
    found = Pull.objects.filter(source_id=source_id, source__kind=SourceKind.SUPPLIER_PULL, due_at__lte=at)
    pull = next(iter(lock(Rank.LEDGER, found.exclude(source__state=SourceState.CLOSED))), None)
    if pull is None:
        return None
    try:
        key_id, secret = current_key(pull.source)
    except LookupError as error:
        raise PullError(PullCode.NO_KEY) from error
    pull.due_at = at + LEASE
    pull.save(update_fields=["due_at"])
    timestamp = str(int(at.timestamp()))
    return Claim(source_id, Question(pull.address, pull.cursor, key_id, secret, timestamp, uuid4().hex))


@command
def take_page(*, claim: Claim, page: Page | None, by: Actor, at: datetime) -> PullResult:
    """Keep the page and move the cursor. page None: nothing new. Raises Refusal, PullError; then nothing is kept."""
    source = lock_one(Rank.LEDGER, Source.objects.all(), pk=claim.source_id)
    pull = lock_one(Rank.LEDGER, Pull.objects.all(), source=source)
    if (pull.address, pull.cursor) != (claim.question.address, claim.question.cursor):
        return PullResult(asked=False)  # changed meanwhile: what came belongs to a question of the past
    head, records = Head(pull.cursor, more=False, empty=True), 0
    if page is not None:
        head = _head(page, pull.cursor)
        records = _kept(_as_request(claim.question, page), head, by, at)
    pull.cursor, pull.failures = head.next, 0
    pull.due_at = at if head.more else at + EVERY
    pull.last_at, pull.last_code, pull.last_words, pull.last_records = at, "", "", records
    pull.save()
    return PullResult(asked=True, records=records, more=head.more)


@command
def note_failure(*, source_id: int, code: str, words: str, by: Actor, at: datetime) -> PullResult:
    """Wait longer; from a certain number on hardly ask any more, and tell the supplier."""
    pull = lock_one(Rank.LEDGER, Pull.objects.select_related("source__voucher", "source__supplier"), source=source_id)
    pull.failures += 1
    # Endpoints of one supplier fail together and should not all be asked again at the same moment.
    pull.due_at = at + pause_after(pull.failures, random.Random(f"{source_id}:{pull.failures}").random())
    pull.last_at, pull.last_code, pull.last_words = at, code, words[:300]
    pull.save()
    if pull.failures == OPENS_AFTER:
        data = {"code": code, "failures": pull.failures}
        record(by=by, at=at, event=Event.PULL_SUSPENDED, subject=pull.source.voucher, data=data)
        _tell(pull, at)
    return PullResult(asked=True, code=code)


def _head(page: Page, cursor: str) -> Head:
    head = head_of(unpacked(page.body, gzipped=page.gzipped))
    if head is None:
        raise PullError(PullCode.HEAD)
    if head.more and head.next == cursor:
        raise PullError(PullCode.STANDS_STILL)
    return head


def _as_request(question: Question, page: Page) -> SignedRequest:
    """An answer is a batch signed for the very question: its time and nonce are the platform's own."""
    return SignedRequest(
        key_id=question.key_id,
        timestamp=question.timestamp,
        nonce=question.nonce,
        signature=page.signature,
        body=page.body,
        gzipped=page.gzipped,
    )


def _kept(request: SignedRequest, head: Head, by: Actor, at: datetime) -> int:
    """Records of the page. One without any leaves no receipt, but must be signed as well: it moves the cursor."""
    if head.empty:
        authenticate_source(request, at)
        return 0
    return ingest(request=request, by=by, at=at).received


def _tell(pull: Pull, at: datetime) -> None:
    voucher, organisation_id = pull.source.voucher, pull.source.supplier.organisation_id
    notify(
        user_ids=member_ids(organisation_id),
        title=f"{voucher.number} 的日志接口连续 {pull.failures} 次没有取到数据",
        body=f"{pull.last_words}平台已放慢拉取，修好后可在“接口与数据”页立即重试。",
        at=at,
        organisation_id=organisation_id,
        key=f"pull:{pull.source_id}:{at:%Y%m%d}",
    )
