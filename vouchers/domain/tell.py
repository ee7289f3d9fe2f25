"""Who hears of what. Messages are written in the transaction of the command that makes the news."""

from datetime import datetime

from platform_site.accounts.enums import ENTERPRISE, SUPPLIER, Role
from platform_site.accounts.queries import bureau_of, member_ids, province_bureau
from platform_site.messages.domain import notify
from vouchers.models import Enterprise, Voucher
from vouchers.queries.enterprises import reviewing_bureaus
from vouchers.queries.supplier_answers import is_asked


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


def ask_supplier(voucher: Voucher, *, at: datetime) -> None:
    """Where the edition asks it: the supplier looks at the application before the city approves it (T18/5.3.7)."""
    if not is_asked(voucher):
        return
    organisation = voucher.supplier.organisation_id
    notify(
        user_ids=member_ids(organisation, *SUPPLIER),
        organisation_id=organisation,
        title=f"请确认 {voucher.number} 的申领",
        body=f"{voucher.enterprise.name}。请核对合同文本和填报信息，确认后地市才能发券。",
        link=f"/supplier/applications/{voucher.pk}/",
        at=at,
        key=f"voucher:{voucher.pk}:ask-supplier-{voucher.version}",
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
