"""Who sees which enterprise."""

from django.db.models import Q, QuerySet

from platform_site.accounts.enums import Kind, Role
from platform_site.accounts.models import Organisation
from platform_site.accounts.queries import bureau_of, county_bureau_of
from platform_site.kit.actor import Actor
from vouchers.enums import ISSUED_STATES, EnterpriseState
from vouchers.models import Enterprise, Voucher

READS_ALL = (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR)


def enterprises_with_voucher() -> QuerySet[Enterprise]:
    """Each once, over all periods: those that hold or held a voucher which has not fallen away."""
    return Enterprise.objects.filter(pk__in=Voucher.objects.filter(state__in=ISSUED_STATES).values("enterprise_id"))


def enterprises_visible_to(actor: Actor) -> QuerySet[Enterprise]:
    """Province and auditor all; a bureau those of its city or county that were handed in; an enterprise itself."""
    found = Enterprise.objects.select_related("city", "county", "organisation")
    if actor.has(*READS_ALL):
        return found
    if actor.organisation_id is None:
        return found.none()
    handed_in = ~Q(state=EnterpriseState.DRAFT) | Q(submitted_at__isnull=False)
    if actor.organisation_kind == Kind.CITY:
        return found.filter(handed_in, city_id=actor.area_code)
    if actor.organisation_kind == Kind.COUNTY:
        return found.filter(handed_in, county_id=actor.area_code)
    return found.filter(organisation_id=actor.organisation_id)


def enterprise_of(actor: Actor) -> Enterprise | None:
    """The actor's own enterprise; None when its profile was never saved."""
    if actor.organisation_kind != Kind.ENTERPRISE or actor.organisation_id is None:
        return None
    rows = Enterprise.objects.select_related("city", "county", "organisation")
    return rows.filter(organisation_id=actor.organisation_id).first()


def reviewing_bureaus(enterprise: Enterprise) -> list[Organisation]:
    """City bureau first, then the county's where there is one."""
    county = county_bureau_of(enterprise.county_id) if enterprise.county_id else None
    return [bureau_of(enterprise.city_id), *([county] if county else [])]
