"""Second half: the nine rules over what was traced, every night and on demand. It only tells; it refuses nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from monitoring.domain.trace_days import trace_days
from monitoring.enums import Event, SignState
from monitoring.models import Sign
from monitoring.queries.regions import region_table
from monitoring.queries.sign_facts import Facts, facts_of, sign_terms
from monitoring.queries.signs import unfrozen_verdicts, vouchers_in_doubt
from monitoring.rules.signs import Found
from monitoring.rules.signs_all import SignCase, find_signs
from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock
from platform_site.outbox.domain import enqueue


@command
def look_for_signs(*, voucher_ids: Sequence[int], by: Actor, at: datetime) -> int:
    """Compare these vouchers with what was traced of all, and keep what is found. Returns how many signs there are.

    Scores and evidence of known signs are brought up to date; one no longer found keeps its history with score 0. A
    dismissed one opens again when its score has risen enough. Where a doubt came or went, the verdict is judged again.
    """
    known = {(sign.voucher_id, sign.kind): sign for sign in lock(Rank.LEDGER, _signs_of(voucher_ids))}
    before = vouchers_in_doubt(voucher_ids)
    seen: set[tuple[int, str]] = set()
    for facts in facts_of(voucher_ids, at):
        for found in find_signs(_case(facts, at), sign_terms(), region_table().region_of):
            key = (facts.voucher.pk, str(found.kind))
            seen.add(key)
            _keep(known.get(key), facts, found, by, at)
    _let_fade([sign for key, sign in known.items() if key not in seen and sign.score])
    for voucher_id in sorted((before ^ vouchers_in_doubt(voucher_ids)) & unfrozen_verdicts(voucher_ids)):
        enqueue(task="monitoring.judge_again", kwargs={"voucher_id": voucher_id}, at=at)
    return len(seen)


def look_again(*, voucher_id: int, by: Actor, at: datetime) -> int:
    """On demand, for one voucher, compared with what was traced of the others last night."""
    trace_days(voucher_ids=[voucher_id], at=at)
    return look_for_signs(voucher_ids=[voucher_id], by=by, at=at)


def _signs_of(voucher_ids: Sequence[int]) -> QuerySet[Sign]:
    return Sign.objects.filter(voucher__in=voucher_ids)


def _case(facts: Facts, at: datetime) -> SignCase:
    scheme: Mapping[str, object] = facts.scheme
    return SignCase(
        item=facts.voucher.product.item_number,
        min_minutes=int(str(scheme.get("min_minutes", 0))),
        elsewhere_allowed=Decimal(str(scheme.get("outside_share", 0))) >= 1,
        today=day_of(at),
        stream=facts.stream,
        paid_on=facts.paid_on,
        both=facts.both,
        arrivals=facts.arrivals,
        twins=facts.twins,
        printed=facts.printed,
        addresses=facts.addresses,
        devices=facts.devices,
        names=facts.names,
        listed=facts.listed,
    )


def _keep(sign: Sign | None, facts: Facts, found: Found, by: Actor, at: datetime) -> None:
    data = {"kind": found.kind, "score": found.score}
    if sign is None:
        sign = Sign.objects.create(
            voucher=facts.voucher, kind=found.kind, score=found.score, peak_score=found.score,
            evidence=found.evidence, first_seen_at=at, last_seen_at=at, state_since=at,
        )  # fmt: skip
        record(by=by, at=at, event=Event.SIGN_RAISED, subject=facts.voucher, data=data)
        return
    sign.score, sign.peak_score = found.score, max(sign.peak_score, found.score)
    sign.evidence, sign.last_seen_at = found.evidence, at
    sign.save(update_fields=["score", "peak_score", "evidence", "last_seen_at"])
    dismissed = sign.dismissed_score if sign.state == SignState.DISMISSED else None
    if dismissed is not None and found.score >= dismissed + sign_terms().reopen_rise:
        sign.dismissed_score = None
        perform(sign, "reopen", at=at, save=["dismissed_score"])
        record(by=by, at=at, event=Event.SIGN_REOPENED, subject=facts.voucher, data=data)


def _let_fade(gone: Sequence[Sign]) -> None:
    Sign.objects.filter(pk__in=[sign.pk for sign in gone]).update(score=0)
