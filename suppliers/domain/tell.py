"""Who is told when a supplier's or product's review moves on."""

from datetime import datetime

from platform_site.accounts.enums import PROVINCE, SUPPLIER, Role
from platform_site.accounts.models import Organisation
from platform_site.accounts.queries import bureau_of, member_ids, province_bureau
from platform_site.messages.domain import notify
from suppliers.models import Product, Supplier

CITY_DESK = (Role.CITY_REVIEWER, Role.CITY_APPROVER)


def tell_city(supplier: Supplier, *, title: str, at: datetime) -> None:
    bureau = bureau_of(str(supplier.city_id))
    _tell(bureau, CITY_DESK, title, "", f"/city/suppliers/{supplier.pk}/", at)


def tell_province(*, title: str, link: str, at: datetime, roles: tuple[str, ...] = tuple(sorted(PROVINCE))) -> None:
    _tell(province_bureau(), roles, title, "", link, at)


def tell_approvers(*, title: str, link: str, at: datetime) -> None:
    tell_province(title=title, link=link, at=at, roles=(Role.PROVINCE_APPROVER,))


def tell_supplier(subject: Supplier | Product, *, title: str, body: str, at: datetime) -> None:
    if isinstance(subject, Product):
        supplier, link = subject.supplier, f"/supplier/products/{subject.pk}/"
    else:
        supplier, link = subject, "/supplier/profile/"
    _tell(supplier.organisation, tuple(sorted(SUPPLIER)), title, body, link, at)


def _tell(organisation: Organisation, roles: tuple[str, ...], title: str, body: str, link: str, at: datetime) -> None:
    people = member_ids(organisation.pk, *roles)
    notify(user_ids=people, title=title, body=body, link=link, organisation_id=organisation.pk, at=at)
