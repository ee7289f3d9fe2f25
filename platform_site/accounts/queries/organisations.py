"""Companies and bureaus, as far as somebody may see them."""

from django.db.models import Q, QuerySet

from platform_site.accounts.enums import (
    COMPANIES,
    READ_ALL,
    Kind,
    OrganisationState,
    Role,
)
from platform_site.accounts.models import Organisation
from platform_site.accounts.rules.company_number import compact
from platform_site.kit.actor import Actor


def organisations_visible_to(actor: Actor) -> QuerySet[Organisation]:
    """Province and auditor all; a bureau the companies and bureaus of its area; everybody else their own."""
    if not actor.signed_in or actor.organisation_id is None:
        return Organisation.objects.none()
    if actor.organisation_kind == Kind.PROVINCE and actor.has(*READ_ALL, Role.BUREAU_ADMIN):
        return Organisation.objects.all()
    own = Q(pk=actor.organisation_id)
    if actor.organisation_kind == Kind.CITY:
        return Organisation.objects.filter(own | Q(area_code__startswith=actor.area_code[:4]))
    return Organisation.objects.filter(own)


def helped_companies(actor: Actor) -> QuerySet[Organisation]:
    """Companies whose access the actor's bureau may help to recover."""
    companies = Organisation.objects.filter(kind__in=sorted(COMPANIES), state=OrganisationState.ACTIVE)
    if actor.delegated or not actor.has(Role.BUREAU_ADMIN, Role.CITY_REVIEWER, Role.CITY_APPROVER, *READ_ALL[:2]):
        return companies.none()
    if actor.organisation_kind == Kind.PROVINCE:
        return companies
    if actor.organisation_kind == Kind.CITY:
        return companies.filter(area_code__startswith=actor.area_code[:4])
    return companies.none()


def find_organisations(found: QuerySet[Organisation], words: str, limit: int = 30) -> list[Organisation]:
    """By name, pinyin, initials or company number; every word must occur."""
    for word in words.lower().split():
        found = found.filter(search_text__contains=word)
    return list(found.order_by("name", "pk")[:limit])


def company_registered(kind: str, uscc: str) -> bool:
    """Whether a company of this kind already has an account. Tells nothing about its people."""
    return Organisation.objects.filter(kind=kind, uscc=compact(uscc)).exists()
