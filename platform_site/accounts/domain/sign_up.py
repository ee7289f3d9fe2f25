"""A company signs itself up with its first person."""

from datetime import datetime

from django.db import IntegrityError

from platform_site.accounts.domain.manage_members import put_in
from platform_site.accounts.domain.organisations import create_organisation
from platform_site.accounts.domain.people import create_person
from platform_site.accounts.enums import ADMIN_OF_KIND, Event, Kind
from platform_site.accounts.models import Organisation, User
from platform_site.accounts.policies import company_findings, person_findings, uscc_findings
from platform_site.accounts.queries import bureau_of
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Refusal, refuse_if


@command
def sign_up(
    *,
    kind: str,
    organisation_name: str,
    uscc: str,
    area_code: str,
    name: str,
    phone: str,
    email: str,
    username: str,
    password: str,
    by: Actor,
    at: datetime,
) -> User:
    """Person, organisation and membership as its administrator. area_code "": a supplier from outside the province.

    Refuses with every finding at once; `Finding.field` names the argument it is about.
    """
    login = username.strip() or email.strip().lower()
    refuse_if(
        company_findings(kind=kind, name=organisation_name, uscc=uscc, area_code=area_code)
        + person_findings(username=login, name=name, email=email, password=password)
    )
    user = create_person(username=login, name=name, email=email, password=password, phone=phone, by=by, at=at)
    founder = Actor(user_id=user.pk, label=user.name)
    organisation = _found(kind, organisation_name, uscc, area_code, founder, at)
    put_in(organisation=organisation, user=user, roles=[ADMIN_OF_KIND[kind]], by=founder, at=at)
    record(by=founder, at=at, event=Event.SIGNED_UP, subject=organisation, data={"kind": kind})
    return user


def _found(kind: str, name: str, uscc: str, area_code: str, founder: Actor, at: datetime) -> Organisation:
    """Two people may sign the same company up at the same moment: the database lets one through."""
    parent = bureau_of(area_code) if area_code and kind in (Kind.ENTERPRISE, Kind.SUPPLIER) else None
    try:
        return create_organisation(
            kind=kind, name=name, area_code=area_code, uscc=uscc, parent=parent, by=founder, at=at
        )
    except IntegrityError as error:
        raise Refusal(uscc_findings(kind=kind, uscc=uscc)) from error
