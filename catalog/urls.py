"""Routes of the catalog, mounted by the roof under each kind of visitor."""

from catalog import api as interfaces
from catalog.enums import Event
from catalog.pages import province as province_pages
from catalog.pages import public as public_pages
from platform_site.accounts.enums import PROVINCE, Role
from platform_site.kit.routes import PUBLIC, route

_READERS = PROVINCE | {str(Role.AUDITOR)}

public = [
    route("catalog/", public_pages.catalog, name="catalog", roles=PUBLIC, scope="all"),
    route("catalog/<int:number>/", public_pages.item, name="item", roles=PUBLIC, scope="all"),
    route("policy/", public_pages.policy, name="policy", roles=PUBLIC, scope="all"),
    route("policy/clauses/<path:key>/", public_pages.clause, name="clause", roles=PUBLIC, scope="all"),
    route("policy/<str:label>/", public_pages.document, name="document", roles=PUBLIC, scope="all"),
    route("calculator/", public_pages.calculator, name="calculator", roles=PUBLIC, scope="none"),
]

province = [
    route("periods/", province_pages.periods, name="periods", roles=_READERS, scope="all"),
    route(
        "periods/new/",
        province_pages.period_new,
        name="period_new",
        roles=PROVINCE,
        scope="all",
        audit=Event.PERIOD_DRAFTED,
    ),
    route("periods/<int:period_id>/", province_pages.period, name="period", roles=_READERS, scope="all"),
    route(
        "periods/<int:period_id>/edit/",
        province_pages.period_edit,
        name="period_edit",
        roles=PROVINCE,
        scope="all",
        audit=Event.PERIOD_AMENDED,
    ),
    route(
        "periods/<int:period_id>/sign/",
        province_pages.period_sign,
        name="period_sign",
        roles={str(Role.PROVINCE_APPROVER)},
        scope="all",
        audit=Event.PERIOD_SIGNED,
    ),
    route(
        "periods/<int:period_id>/publish/",
        province_pages.period_publish,
        name="period_publish",
        roles=PROVINCE,
        scope="all",
        audit=Event.PERIOD_PUBLISHED,
    ),
    route(
        "periods/<int:period_id>/close/",
        province_pages.period_close,
        name="period_close",
        roles=PROVINCE,
        scope="all",
        audit=Event.PERIOD_CLOSED,
    ),
    route("editions/", province_pages.editions, name="editions", roles=_READERS, scope="all"),
    route("catalog/", province_pages.catalog, name="catalog", roles=_READERS, scope="all"),
]

api = [route("assess/", interfaces.assess, name="assess", roles=PUBLIC, scope="none")]
