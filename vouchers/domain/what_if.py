"""The province asks what other quotas would have done; a worker plays the period again (S19/7.3). Reading only."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.models import Period
from platform_site.audit.domain import once, record, remember
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.outbox.domain import enqueue
from vouchers.domain.policy_what_if import answer_policy
from vouchers.enums import AuditEvent, Shift, WhatIfKind, WhatIfState
from vouchers.models import WhatIfRow, WhatIfRun
from vouchers.permissions import check_is_platform_or, check_user_can_draft_quota, person_of
from vouchers.queries.history import Check, PastPeriod, check, past_of, play
from vouchers.queries.quota import dimension_names
from vouchers.queries.replay_progress import note_progress
from vouchers.queries.what_if import changes_from_totals, totals_now
from vouchers.rules.history import History, Standing

ZERO = Decimal("0.00")
ENDED = {WhatIfKind.QUOTA: AuditEvent.WHAT_IF_ENDED, WhatIfKind.POLICY: AuditEvent.POLICY_TRIAL_ENDED}
NOTHING = Standing()


@command
def ask_what_if(*, period: Period, totals: Mapping[str, Decimal], key: str, by: Actor, at: datetime) -> WhatIfRun:
    """`totals`: new totals by dimension, yuan; those left as they are may be there or not."""
    check_user_can_draft_quota(by)
    request = once(key=key, by=by, body={"period": period.pk, "totals": dict(totals)}, at=at)
    if request.outcome:
        return WhatIfRun.objects.get(pk=request.outcome["run"])
    changes = changes_from_totals(period, totals)
    _check_changes(changes, totals)
    run = WhatIfRun.objects.create(period=period, changes=changes, asked_by_id=person_of(by), asked_at=at)
    enqueue(task="vouchers.what_if", kwargs={"run_id": run.pk}, at=at)
    record(by=by, at=at, event=AuditEvent.WHAT_IF_ASKED, subject=run, data={"changes": changes})
    remember(request, {"run": run.pk})
    return run


def _check_changes(changes: Mapping[str, Decimal], totals: Mapping[str, Decimal]) -> None:
    if any(total < ZERO for total in totals.values()):
        raise Refusal(
            Finding("what_if.negative", "S19/7.3", "总额不能小于 0。", "请改成 0 或更大的金额。", "", title="金额不对")
        )
    if not changes:
        raise Refusal(
            Finding(
                "what_if.no_change",
                "S19/7.3",
                "没有改动任何额度，结果和实际一样。",
                "请至少改一个地市或供应商的总额，或填写调剂。",
                "",
                title="没有改动",
            )
        )


@command
def run_what_if(*, run_id: int, by: Actor, at: datetime) -> None:
    """Work the answer out, of either kind, and keep it."""
    check_is_platform_or(by, ())
    run = lock_one(
        Rank.LEDGER, WhatIfRun.objects.select_related("period__edition", "period__catalog_version"), pk=run_id
    )
    if run.state != WhatIfState.QUEUED:
        return
    run.events, run.result, changed = _ANSWERS[WhatIfKind(run.kind)](run)
    run.finished_at = at
    perform(run, "finish", at=at, save=["events", "finished_at", "result"])
    record(by=by, at=at, event=ENDED[WhatIfKind(run.kind)], subject=run, data={"changed": changed})


def answer_quota(run: WhatIfRun) -> tuple[int, dict[str, Any], int]:
    """Play the period twice: unchanged, to be held against what really happened, and with the changes."""
    past = past_of(run.period)
    steps = 2 * len(past.events)
    note_progress(run.pk, 0, steps)
    real = play(past, {}, lambda done: note_progress(run.pk, done, steps))
    changes = {name: Decimal(change) for name, change in run.changes.items()}
    other = play(past, changes, lambda done: note_progress(run.pk, len(past.events) + done, steps))
    rows = _rows(run, real, other)
    WhatIfRow.objects.bulk_create(rows, batch_size=2_000)
    return len(past.events), _result(past, real, other, check(run.period, real), rows), len(rows)


@command
def fail_what_if(*, run_id: int, problem: str, by: Actor, at: datetime) -> None:
    """The replay broke off; whoever asked sees why."""
    check_is_platform_or(by, ())
    run = lock_one(Rank.LEDGER, WhatIfRun.objects.all(), pk=run_id)
    if run.state != WhatIfState.QUEUED:
        return
    run.problem, run.finished_at = problem[:200], at
    perform(run, "fail", at=at, save=["problem", "finished_at"])
    record(by=by, at=at, event=ENDED[WhatIfKind(run.kind)], subject=run, data={"problem": run.problem})


def _rows(run: WhatIfRun, real: History, other: History) -> list[WhatIfRow]:
    found = []
    for pk, standing in sorted(other.standings.items()):
        before, after = real.standings.get(pk, NOTHING).held, standing.held
        if before != after:
            found.append(WhatIfRow(run=run, voucher_id=pk, shift=_shift(before, after), before=before, after=after))
    return found


def _shift(before: Decimal, after: Decimal) -> Shift:
    if not before:
        return Shift.GAINED
    if not after:
        return Shift.LOST
    return Shift.MORE if after > before else Shift.LESS


def _result(past: PastPeriod, real: History, other: History, found: Check, rows: list[WhatIfRow]) -> dict[str, Any]:
    """Everything the page shows besides the list; money as text with two places."""
    names = sorted(set(real.queue.dimensions()) | set(other.queue.dimensions()))
    labels, granted = dimension_names(names), totals_now(past.period, names)
    shifts = _shifts_by_dimension(past, rows)
    waiting = [_waiting_by_dimension(past, history) for history in (real, other)]
    lines = []
    for name in names:
        line: dict[str, Any] = {"dimension": name, "name": labels[name], "granted": granted[name]}
        for when, history, queued in zip(("before", "after"), (real, other), waiting, strict=True):
            total = history.queue.total(name)
            line |= {
                f"total_{when}": total,
                f"used_{when}": total - history.queue.available(name),
                f"waiting_{when}": queued["count"][name],
                f"waiting_sum_{when}": queued["sum"].get(name, ZERO),
            }
        lines.append(line | shifts.get(name, dict.fromkeys(("gained", "lost"), 0) | _no_sums()))
    return {
        "lines": lines,
        "skipped": len(set(other.skipped)),
        "not_taken": {labels[name]: amount for name, amount in other.not_taken.items() if amount},
        "check": {
            "agrees": found.agrees,
            "vouchers": found.vouchers,
            "dimensions": found.dimensions,
            "wrong_vouchers": found.wrong_vouchers[:50],
            "wrong_dimensions": found.wrong_dimensions[:50],
        },
    }


def _no_sums() -> dict[str, Any]:
    return dict.fromkeys(("gained_sum", "lost_sum"), ZERO)


def _shifts_by_dimension(past: PastPeriod, rows: list[WhatIfRow]) -> dict[str, dict[str, Any]]:
    """Vouchers that come to hold quota, or no longer do, and the yuan more or less that are held."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for name in past.seats[row.voucher_id].dimensions:
            line = found.setdefault(name, dict.fromkeys(("gained", "lost"), 0) | _no_sums())
            line["gained"] += row.shift == Shift.GAINED
            line["lost"] += row.shift == Shift.LOST
            more = row.after - row.before
            line["gained_sum" if more > ZERO else "lost_sum"] += abs(more)
    return found


def _waiting_by_dimension(past: PastPeriod, history: History) -> dict[str, Any]:
    """Vouchers at the end of the replay that hold nothing and still wait, those that lapsed waiting included."""
    count: Counter[str] = Counter()
    sums: dict[str, Decimal] = {}
    for pk, standing in history.standings.items():
        wanted = standing.waiting or (standing.lapsed if not standing.held else ZERO)
        if wanted:
            for name in past.seats[pk].dimensions:
                count[name] += 1
                sums[name] = sums.get(name, ZERO) + wanted
    return {"count": count, "sum": sums}


_ANSWERS = {WhatIfKind.QUOTA: answer_quota, WhatIfKind.POLICY: answer_policy}
