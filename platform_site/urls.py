"""The roof's routes: every floor's lists, mounted by who they are for."""

from itertools import chain
from types import ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from catalog import urls as catalog_urls
from monitoring import urls as monitoring_urls
from platform_site.accounts import urls as accounts_urls
from platform_site.audit import urls as audit_urls
from platform_site.messages import urls as messages_urls
from platform_site.notices import urls as notices_urls
from platform_site.portals import urls as portals_urls
from settlement import urls as settlement_urls
from suppliers import urls as suppliers_urls
from vouchers import urls as vouchers_urls

FLOORS: tuple[ModuleType, ...] = (
    portals_urls,
    settlement_urls,
    monitoring_urls,
    vouchers_urls,
    suppliers_urls,
    catalog_urls,
    notices_urls,
    accounts_urls,
    audit_urls,
)
PORTALS = ("enterprise", "supplier", "city", "province", "finance", "expert", "operator", "auditor", "portals")


def mounted(portal: str) -> tuple[list[URLPattern], str]:
    """What all floors show to one kind of visitor, as a namespace."""
    return list(chain.from_iterable(getattr(floor, portal, []) for floor in FLOORS)), portal


urlpatterns: list[URLPattern | URLResolver | Any] = [
    *(path(f"{portal}/", include(mounted(portal))) for portal in PORTALS),
    path("api/v1/", include(mounted("api"))),
    path("account/", include("platform_site.accounts.urls")),
    path("messages/", include(messages_urls)),
    path("files/", include("platform_site.files.urls")),
    path("", include("platform_site.operations_urls")),
    path("", include(mounted("public"))),
]

handler400 = "platform_site.portals.pages.errors.bad_request"
handler403 = "platform_site.portals.pages.errors.forbidden"
handler404 = "platform_site.portals.pages.errors.not_found"
handler500 = "platform_site.portals.pages.errors.server_error"
