"""Who hears of what. Messages are written in the transaction of the command that makes the news."""

from datetime import datetime

from platform_site.accounts.enums import ENTERPRISE, Role
from platform_site.accounts.queries import bureau_of, member_ids, province_bureau
from platform_site.messages.domain import notify
from vouchers.models import Enterprise, Voucher
from vouchers.queries.enterprises import reviewing_bureaus


def tell_enterprise(voucher: Voucher, *, title: str, body: str, at: datetime, key: str = "") -> None:
    organisation = voucher.enterprise.organisation_id
    notify(
        user_ids=member_ids(organisation, *ENTERPRISE),
        organisation_id=organisation,
        title=title,
        body=body,
        link=f"/enterprise/vouchers/{voucher.pk}/",
        at=at,
        key=key and f"voucher:{voucher.pk}:{key}",
    )


def tell_profile(enterprise: Enterprise, *, title: str, body: str, at: datetime) -> None:
    notify(
        user_ids=member_ids(enterprise.organisation_id, *ENTERPRISE),
        organisation_id=enterprise.organisation_id,
        title=title,
        body=body,
        link="/enterprise/profile/",
        at=at,
    )


def tell_reviewers(enterprise: Enterprise, *, title: str, body: str, at: datetime) -> None:
    """City and county reviewers of the enterprise's area."""
    for bureau in reviewing_bureaus(enterprise):
        notify(
            user_ids=member_ids(bureau.pk, Role.CITY_REVIEWER, Role.COUNTY_REVIEWER),
            organisation_id=bureau.pk,
            title=title,
            body=body,
            link=f"/city/enterprises/{enterprise.pk}/",
            at=at,
        )


def tell_city(voucher: Voucher, *roles: str, title: str, body: str, at: datetime, key: str = "") -> None:
    bureau = bureau_of(voucher.city_id)
    notify(
        user_ids=member_ids(bureau.pk, *roles),
        organisation_id=bureau.pk,
        title=title,
        body=body,
        link=f"/city/applications/{voucher.pk}/",
        at=at,
        key=key and f"voucher:{voucher.pk}:{key}",
    )


def tell_province_approvers(*, title: str, body: str, link: str, at: datetime) -> None:
    bureau = province_bureau()
    notify(
        user_ids=member_ids(bureau.pk, Role.PROVINCE_APPROVER),
        organisation_id=bureau.pk,
        title=title,
        body=body,
        link=link,
        at=at,
    )
