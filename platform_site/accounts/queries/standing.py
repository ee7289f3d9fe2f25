"""Bars in force."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from platform_site.accounts.enums import (
    COMPANIES,
    READ_ALL,
    Bar,
    SubjectType,
)
from platform_site.accounts.models import Organisation, Standing
from platform_site.accounts.queries.acting import day_of
from platform_site.kit.actor import Actor
from platform_site.kit.compiled import Compiled, among, given


def _in_force(day: date) -> QuerySet[Standing]:
    return Standing.objects.filter(
        Q(until_day__isnull=True) | Q(until_day__gte=day),
        Q(lifted_on__isnull=True) | Q(lifted_on__gt=day),
        from_day__lte=day,
    )


_OF_MANY = Compiled(
    lambda: _in_force(given("day")).filter(among("subject_key", "keys"), subject_type=given("kind")),
)


def standing_of(kind: str, key: str, at: datetime) -> list[Standing]:
    """Bars in force on that day for one subject; kind as in SubjectType (companies by USCC)."""
    return list(_in_force(day_of(at)).filter(subject_type=kind, subject_key=str(key)))


def standings_of(kind: str, keys: Iterable[str], at: datetime) -> dict[str, list[Standing]]:
    """The same for many subjects with one query; subjects without bars are missing."""
    found: dict[str, list[Standing]] = {}
    for one in _OF_MANY.rows(day=day_of(at), kind=str(kind), keys=[str(key) for key in keys]):
        found.setdefault(one.subject_key, []).append(one)
    return found


def barred(uscc: str, bar: str, at: datetime) -> Standing | None:
    """The bar in force that keeps a company from this: the bar itself or the one that covers everything."""
    wanted = {str(bar), str(Bar.ALL)}
    return next((one for one in standing_of(SubjectType.COMPANY, uscc, at) if one.bar in wanted), None)


def barred_companies(bar: str, at: datetime) -> QuerySet[Standing, str]:
    """Company numbers with a bar in force that keeps them from this, for set-based work."""
    wanted = [str(bar), str(Bar.ALL)]
    found = _in_force(day_of(at)).filter(subject_type=SubjectType.COMPANY, bar__in=wanted)
    return found.values_list("subject_key", flat=True)


def standings_visible_to(actor: Actor) -> QuerySet[Standing]:
    """Province and auditor all; a company its own; nobody else."""
    if actor.has(*READ_ALL):
        return Standing.objects.all()
    if actor.organisation_kind in COMPANIES and actor.organisation_id is not None:
        own = Organisation.objects.filter(pk=actor.organisation_id).values("uscc")
        return Standing.objects.filter(subject_type=SubjectType.COMPANY, subject_key__in=own)
    return Standing.objects.none()
