"""Whom a step is told to."""

from datetime import datetime

from platform_site.accounts.enums import Role
from platform_site.accounts.queries import bureau_of, finance_bureau_of, member_ids
from platform_site.messages.domain import notify
from settlement.models import Redemption


def tell_enterprise(
    redemption: Redemption, *, title: str, body: str, at: datetime, link: str = "", key: str = ""
) -> None:
    organisation = redemption.voucher.enterprise.organisation_id
    notify(
        user_ids=member_ids(organisation),
        title=title,
        body=body,
        at=at,
        link=link or f"/enterprise/redemptions/{redemption.pk}/",
        organisation_id=organisation,
        key=key,
    )


def tell_supplier(
    redemption: Redemption, *, title: str, body: str, at: datetime, key: str = "", link: str = ""
) -> None:
    organisation = redemption.voucher.supplier.organisation_id
    notify(
        user_ids=member_ids(organisation),
        title=title,
        body=body,
        at=at,
        link=link or f"/supplier/confirmations/{redemption.pk}/",
        organisation_id=organisation,
        key=key,
    )


def tell_city(city_id: str, *, title: str, body: str, at: datetime, link: str, roles: tuple[str, ...] = ()) -> None:
    bureau = bureau_of(city_id)
    wanted = roles or (Role.CITY_REVIEWER, Role.CITY_APPROVER)
    people = member_ids(bureau.pk, *wanted)
    notify(user_ids=people, title=title, body=body, at=at, link=link, organisation_id=bureau.pk)


def tell_finance(city_id: str, *, title: str, body: str, at: datetime, link: str) -> None:
    bureau = finance_bureau_of(city_id)
    people = member_ids(bureau.pk, Role.FINANCE_OFFICER)
    notify(user_ids=people, title=title, body=body, at=at, link=link, organisation_id=bureau.pk)
