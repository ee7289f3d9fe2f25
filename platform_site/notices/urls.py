"""Routes of notices, mounted by the roof under each kind of visitor."""

from django.urls import URLPattern

from platform_site.accounts.enums import PROVINCE, Role
from platform_site.kit.routes import PUBLIC, route
from platform_site.notices.enums import Event
from platform_site.notices.pages import officials
from platform_site.notices.pages import public as public_pages

_CITY = (Role.CITY_REVIEWER, Role.CITY_APPROVER)

public = [
    route("announcements/", public_pages.announcements, name="announcements", roles=PUBLIC, scope="all"),
    route(
        "announcements/<int:announcement_id>/",
        public_pages.announcement,
        name="announcement",
        roles=PUBLIC,
        scope="all",
    ),
    route(
        "objections/new/<int:notice_id>/",
        public_pages.objection,
        name="objection_whole",
        roles=PUBLIC,
        scope="all",
        audit=Event.OBJECTION_FILED,
    ),
    route(
        "objections/new/<int:notice_id>/<str:line_key>/",
        public_pages.objection,
        name="objection",
        roles=PUBLIC,
        scope="all",
        audit=Event.OBJECTION_FILED,
    ),
    route(
        "objections/<uuid:key>/",
        public_pages.objection_receipt,
        name="objection_receipt",
        roles=PUBLIC,
        scope="holder of the receipt",
    ),
]


def _officials(roles: tuple[str, ...]) -> list[URLPattern]:
    return [
        route(
            "announcements/",
            officials.announcements,
            name="announcements",
            roles=roles,
            scope="own organisation",
            audit=Event.ANNOUNCED,
        ),
        route(
            "announcements/<int:announcement_id>/withdraw/",
            officials.announcement_withdraw,
            name="announcement_withdraw",
            roles=roles,
            scope="own organisation",
            audit=Event.ANNOUNCEMENT_WITHDRAWN,
        ),
    ]


city = _officials(_CITY)
province = _officials(tuple(sorted(PROVINCE)))
