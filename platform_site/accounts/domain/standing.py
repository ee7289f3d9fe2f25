"""Bars are imposed and lifted. Two persons and the right to decide are the callers' matter (settlement's penalties)."""

from datetime import date, datetime

from platform_site.accounts.enums import Event
from platform_site.accounts.models import Standing
from platform_site.accounts.permissions import check_user_can_change_standing
from platform_site.accounts.queries import day_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command


@command
def impose_standing(
    *,
    subject_type: str,
    subject_key: str,
    bar: str,
    from_day: date,
    ground: str,
    clause: str,
    by: Actor,
    at: datetime,
    until_day: date | None = None,
    source: str = "",
) -> Standing:
    """Write a bar down. `source` ("settlement.penalty:12") makes a repetition return the bar that is there already."""
    check_user_can_change_standing(by)
    facts = {"subject_type": subject_type, "subject_key": str(subject_key), "bar": bar}
    there = Standing.objects.filter(**facts, source=source, lifted_on__isnull=True).first() if source else None
    if there is not None:
        return there
    standing = Standing.objects.create(
        **facts, from_day=from_day, until_day=until_day, ground=ground, clause=clause, source=source, imposed_at=at
    )
    data = facts | {"from": from_day, "until": until_day, "ground": ground, "clause": clause, "source": source}
    record(by=by, at=at, event=Event.STANDING_IMPOSED, subject=standing, data=data)
    return standing


@command
def lift_standing(*, standing: Standing, ground: str, by: Actor, at: datetime, on: date | None = None) -> Standing:
    """No longer in force from `on` (default: today) on; a bar already lifted stays as it is."""
    check_user_can_change_standing(by)
    found = Standing.objects.select_for_update(no_key=True).get(pk=standing.pk)
    if found.lifted_on is not None:
        return found
    found.lifted_on, found.lift_ground = on or day_of(at), ground
    found.save(update_fields=["lifted_on", "lift_ground"])
    data = {"ground": ground, "on": found.lifted_on}
    record(by=by, at=at, event=Event.STANDING_LIFTED, subject=found, data=data)
    return found
