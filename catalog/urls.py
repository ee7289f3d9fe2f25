"""Routes of the catalog, mounted by the roof under each kind of visitor."""

from collections.abc import Callable, Iterable

from django.http import HttpResponse
from django.urls import URLPattern

from catalog import api as interfaces
from catalog.enums import Event
from catalog.pages import catalog_files
from catalog.pages import province as province_pages
from catalog.pages import province_catalog as catalog_pages
from catalog.pages import province_editions as edition_pages
from catalog.pages import public as public_pages
from platform_site.accounts.enums import PROVINCE, Role
from platform_site.kit.routes import PUBLIC, route

_READERS = PROVINCE | {str(Role.AUDITOR)}
_SIGNERS = frozenset({str(Role.PROVINCE_APPROVER)})


def _step(pattern: str, view: Callable[..., HttpResponse], audit: Event, roles: Iterable[str] = PROVINCE) -> URLPattern:
    """A step of the two people, named as its page function."""
    return route(pattern, view, name=view.__name__, roles=roles, scope="all", audit=audit)


public = [
    route("catalog/", public_pages.catalog, name="catalog", roles=PUBLIC, scope="all"),
    route("catalog/<int:number>/", public_pages.item, name="item", roles=PUBLIC, scope="all"),
    route(
        "catalog/versions/<str:code>/pdf/", catalog_files.catalog_as_pdf, name="catalog_pdf", roles=PUBLIC, scope="all"
    ),
    route(
        "catalog/versions/<str:code>/excel/",
        catalog_files.catalog_as_excel,
        name="catalog_excel",
        roles=PUBLIC,
        scope="all",
    ),
    route("policy/", public_pages.policy, name="policy", roles=PUBLIC, scope="all"),
    route("policy/clauses/<path:key>/", public_pages.clause, name="clause", roles=PUBLIC, scope="all"),
    route("policy/<str:label>/", public_pages.document, name="document", roles=PUBLIC, scope="all"),
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
    route("editions/", edition_pages.editions, name="editions", roles=_READERS, scope="all"),
    _step("editions/new/", edition_pages.edition_new, Event.EDITION_DRAFTED),
    route("editions/<int:edition_id>/", edition_pages.edition, name="edition", roles=_READERS, scope="all"),
    _step("editions/<int:edition_id>/edit/", edition_pages.edition_edit, Event.EDITION_AMENDED),
    route(
        "editions/<int:edition_id>/edit/<str:group>/",
        edition_pages.edition_edit,
        name="edition_edit_group",
        roles=PROVINCE,
        scope="all",
        audit=Event.EDITION_AMENDED,
    ),
    _step("editions/<int:edition_id>/bring-catalog/", edition_pages.edition_bring_catalog, Event.CATALOG_DRAFTED),
    _step("editions/<int:edition_id>/hand-in/", edition_pages.edition_hand_in, Event.EDITION_HANDED_IN),
    _step("editions/<int:edition_id>/sign/", edition_pages.edition_sign, Event.EDITION_SIGNED, _SIGNERS),
    _step("editions/<int:edition_id>/send-back/", edition_pages.edition_send_back, Event.EDITION_SENT_BACK),
    _step("editions/<int:edition_id>/withdraw/", edition_pages.edition_withdraw, Event.EDITION_WITHDRAWN),
    _step("editions/<int:edition_id>/publish/", edition_pages.edition_publish, Event.EDITION_PUBLISHED, _SIGNERS),
    route("catalog/", catalog_pages.catalog, name="catalog", roles=_READERS, scope="all"),
    _step("catalog/new/", catalog_pages.catalog_new, Event.CATALOG_DRAFTED),
    route(
        "catalog/<int:catalog_id>/", catalog_pages.catalog_version, name="catalog_version", roles=_READERS, scope="all"
    ),
    route(
        "catalog/<int:catalog_id>/items/<int:number>/",
        catalog_pages.catalog_item,
        name="catalog_item",
        roles=_READERS,
        scope="all",
        audit=Event.CATALOG_AMENDED,
    ),
    _step("catalog/<int:catalog_id>/items/new/", catalog_pages.catalog_item_new, Event.ITEM_ADDED),
    _step(
        "catalog/<int:catalog_id>/items/<int:number>/take-out/",
        catalog_pages.catalog_item_take_out,
        Event.ITEM_TAKEN_OUT,
    ),
    _step(
        "catalog/<int:catalog_id>/items/<int:number>/put-back/",
        catalog_pages.catalog_item_put_back,
        Event.ITEM_PUT_BACK,
    ),
    _step("catalog/<int:catalog_id>/hand-in/", catalog_pages.catalog_hand_in, Event.CATALOG_HANDED_IN),
    _step("catalog/<int:catalog_id>/sign/", catalog_pages.catalog_sign, Event.CATALOG_SIGNED, _SIGNERS),
    _step("catalog/<int:catalog_id>/send-back/", catalog_pages.catalog_send_back, Event.CATALOG_SENT_BACK),
    _step("catalog/<int:catalog_id>/withdraw/", catalog_pages.catalog_withdraw, Event.CATALOG_WITHDRAWN),
    _step("catalog/<int:catalog_id>/publish/", catalog_pages.catalog_publish, Event.CATALOG_PUBLISHED, _SIGNERS),
]

api = [route("assess/", interfaces.assess, name="assess", roles=PUBLIC, scope="none")]
