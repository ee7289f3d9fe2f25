"""The province tries an edition, or other numbers, on a period's real applications (S19/4.4, S19/9). Reading only."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from msgspec.structs import astuple

from catalog.models import CatalogVersion, Edition, Period
from catalog.queries import trial_catalog, trial_items, trial_parameters
from catalog.rules.parameter_checks import changed_parameters, check_edition, check_parameter
from catalog.rules.terms import ItemTerms, Parameter, edition_terms
from platform_site.audit.domain import once, record, remember
from platform_site.kit.actor import Actor
from platform_site.kit.append_rows import append_rows
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, refuse_if
from platform_site.outbox.domain import enqueue
from vouchers.enums import AuditEvent, WhatIfKind
from vouchers.models import WhatIfRow, WhatIfRun
from vouchers.permissions import check_user_can_draft_quota, person_of
from vouchers.queries.policy_trial import Policy, Tried, applications_in, policy_of, try_policy
from vouchers.queries.replay_progress import note_progress

ZERO = Decimal("0.00")
Amounts = Mapping[int, Mapping[str, Decimal | None]]


@command
def ask_policy_what_if(
    *,
    period: Period,
    edition: Edition,
    values: Mapping[str, Any],
    amounts: Amounts,
    key: str,
    by: Actor,
    at: datetime,
) -> WhatIfRun:
    """`values`: numbers of the edition to be replaced, key to JSON value. `amounts`: cap and per_device by item, yuan.
    Without either and with the period's own edition it is the present policy that is tried: nothing may change."""
    check_user_can_draft_quota(by)
    typed = {str(number): dict(facts) for number, facts in amounts.items()}
    asked = {"edition": edition.code, "parameters": dict(values), "items": typed}
    request = once(key=key, by=by, body={"period": period.pk, **asked}, at=at)
    if request.outcome:
        return WhatIfRun.objects.get(pk=request.outcome["run"])
    refuse_if([*_catalog_missing(period, edition), *_check_numbers(period, edition, values), *_check_amounts(amounts)])
    run = WhatIfRun.objects.create(
        kind=WhatIfKind.POLICY, period=period, changes=asked, asked_by_id=person_of(by), asked_at=at
    )
    enqueue(task="vouchers.what_if", kwargs={"run_id": run.pk}, at=at)
    record(by=by, at=at, event=AuditEvent.POLICY_TRIAL_ASKED, subject=run, data=asked)
    remember(request, {"run": run.pk})
    return run


def _catalog_missing(period: Period, edition: Edition) -> list[Finding]:
    try:
        trial_catalog(period, edition)
    except CatalogVersion.DoesNotExist:
        reason = f"“{edition.title}”用的目录 {edition.catalog_code} 还没有。"
        return [Finding("what_if.no_catalog", "S19/4.4.4", reason, "请先给这个版本选好目录。", "", title="没有目录")]
    return []


def _check_numbers(period: Period, edition: Edition, values: Mapping[str, Any]) -> list[Finding]:
    """Each changed number alone; then, if all can be read, all side by side."""
    rows = trial_parameters(period, edition, values)
    found = [finding for row in rows if row.key in values for finding in check_parameter(row)]
    return found or check_edition(edition_terms(edition.code, rows))


def _check_amounts(amounts: Amounts) -> list[Finding]:
    return [
        Finding(
            "what_if.item_amount",
            "S19/4.4.2",
            f"第 {number} 项的上限和每台金额要大于 0。",
            "请改成大于 0 的金额；不按台计的，每台金额留空。",
            f"{name}_{number}",
            title="金额不对",
        )
        for number, facts in amounts.items()
        for name, amount in facts.items()
        if (amount is None and name == "cap") or (amount is not None and amount <= ZERO)
    ]


def answer_policy(run: WhatIfRun) -> tuple[int, dict[str, Any], int]:
    """Assess all again: number of applications, everything the page shows besides the list (money as Decimal), and how
    many rows were written to the list. Raises
    ValueError where the edition has meanwhile become unusable."""
    period = run.period
    edition = Edition.objects.get(code=run.changes["edition"])
    policy = policy_of(period, edition, run.changes["parameters"], _amounts(run))
    total = applications_in(period).count()
    note_progress(run.pk, 0, total)
    tried = try_policy(period, policy, lambda done: note_progress(run.pk, done, total))
    columns = ("run_id", "voucher_id", "shift", "before", "after", "findings")
    append_rows(WhatIfRow, columns, ((run.pk, *astuple(row)) for row in tried.changed))
    return tried.applications, _result(run, policy, tried), len(tried.changed)


def _amounts(run: WhatIfRun) -> dict[int, dict[str, Decimal | None]]:
    """As they were typed, from the stored text."""
    return {
        int(number): {name: None if amount is None else Decimal(amount) for name, amount in facts.items()}
        for number, facts in run.changes["items"].items()
    }


def _result(run: WhatIfRun, policy: Policy, tried: Tried) -> dict[str, Any]:
    """`TrialSums.result`; what differs between the present numbers and those tried, as they were then; the check."""
    changed = changed_parameters(policy.rows_before, policy.rows_after)
    return tried.sums.result() | {
        "numbers": [[_row(old), _row(new)] for _, old, new, differs in changed if differs],
        "items_changed": _items_changed(run, policy),
        "left_out": tried.left_out,
        "check": {"agrees": not tried.wrong_count, "wrong_count": tried.wrong_count, "wrong_vouchers": tried.wrong},
    }


def _row(row: Parameter | None) -> dict[str, Any] | None:
    return None if row is None else {"key": row.key, "value": row.value, "clause": row.clause}


def _items_changed(run: WhatIfRun, policy: Policy) -> list[dict[str, Any]]:
    """Items with another cap or amount per device than in the period's catalog; after None: it is gone."""
    present = trial_items(run.period.catalog_version, {}, only_changed=False)
    found = []
    for number, old in present.items():
        new = policy.items.get(number, None if policy.closed else old)
        before, after = _facts(old), _facts(new) if new else None
        if before != after:
            found.append({"number": number, "name": old.name, "before": before, "after": after})
    return found


def _facts(item: ItemTerms) -> dict[str, Decimal | None]:
    return {"cap": item.cap, "per_device": item.per_device}
