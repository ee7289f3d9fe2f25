"""Routes of monitoring."""

from django.urls import URLPattern

from monitoring import api as machines
from monitoring.enums import Event
from monitoring.pages import enterprise as enterprise_pages
from monitoring.pages import operator as operator_pages
from monitoring.pages import province_schemes as scheme_pages
from monitoring.pages import province_signs as sign_pages
from monitoring.pages import public as public_pages
from monitoring.pages import questions as question_pages
from monitoring.pages import reviews as review_pages
from monitoring.pages import supplier as supplier_pages
from monitoring.pages import supplier_connect as connect_pages
from platform_site.accounts.enums import ENTERPRISE, PROVINCE, SUPPLIER, Role
from platform_site.kit.routes import API_TOKEN, PUBLIC, route

OWN, OWN_CITY = "own organisation", "own city"
OPERATOR = {Role.OPERATOR_STAFF}
OFFICIALS = {Role.CITY_REVIEWER, Role.CITY_APPROVER}
SCHEMES = "schemes/<int:set_id>/"
DOUBTED = "monitoring/<str:number>/"
READERS = PROVINCE | {Role.AUDITOR}


def _questions(roles: frozenset[str]) -> list[URLPattern]:
    """What an enterprise or supplier is asked."""
    answered = Event.QUESTION_ANSWERED
    return [
        route("questions/", question_pages.questions, name="questions", roles=roles, scope=OWN),
        route(
            "questions/<int:question_id>/",
            question_pages.question,
            name="question",
            roles=roles,
            scope=OWN,
            audit=answered,
        ),
    ]


def _reviews(roles: frozenset[str]) -> list[URLPattern]:
    """A verdict in question, for enterprise and supplier alike."""
    one = "adoption/reviews/<int:review_id>/"
    return [
        route(
            "adoption/<str:number>/contest/",
            review_pages.adoption_contest,
            name="adoption_contest",
            roles=roles,
            scope=OWN,
            audit=Event.REVIEW_OPENED,
        ),
        route(
            one,
            review_pages.adoption_review,
            name="adoption_review",
            roles=roles,
            scope=OWN,
            audit=Event.REVIEW_EXPLAINED,
        ),
        route(
            f"{one}withdraw/",
            review_pages.adoption_review_withdraw,
            name="adoption_review_withdraw",
            roles=roles,
            scope=OWN,
            audit=Event.REVIEW_WITHDRAWN,
        ),
    ]


public = [
    route("telemetry/", public_pages.telemetry_protocol, name="telemetry_protocol", roles=PUBLIC, scope="none"),
    route(
        "telemetry/client.py", public_pages.telemetry_client_file, name="telemetry_client", roles=PUBLIC, scope="none"
    ),
]
supplier = [
    route("telemetry/", supplier_pages.telemetry, name="telemetry", roles=SUPPLIER, scope=OWN),
    route(
        "telemetry/<str:number>/", supplier_pages.telemetry_voucher, name="telemetry_voucher", roles=SUPPLIER, scope=OWN
    ),
    route(
        "telemetry/<str:number>/connect/",
        connect_pages.telemetry_connect,
        name="telemetry_connect",
        roles=SUPPLIER,
        scope=OWN,
        audit=Event.SOURCE_KIND_CHOSEN,
    ),
    route(
        "telemetry/<str:number>/pull-again/",
        connect_pages.telemetry_pull_again,
        name="telemetry_pull_again",
        roles=SUPPLIER,
        scope=OWN,
        audit=Event.PULL_RETRIED,
    ),
    route("telemetry/<str:number>/try/", connect_pages.telemetry_try, name="telemetry_try", roles=SUPPLIER, scope=OWN),
    route(
        "telemetry/<str:number>/devices/",
        supplier_pages.telemetry_devices,
        name="telemetry_devices",
        roles=SUPPLIER,
        scope=OWN,
        audit=Event.DEVICES_ADDED,
    ),
    route(
        "telemetry/<str:number>/devices/remove/",
        supplier_pages.telemetry_device_removed,
        name="telemetry_device_removed",
        roles=SUPPLIER,
        scope=OWN,
        audit=Event.DEVICE_REMOVED,
    ),
    route(
        "telemetry/<str:number>/key/",
        supplier_pages.telemetry_key,
        name="telemetry_key",
        roles={Role.SUPPLIER_ADMIN},
        scope=OWN,
        audit=Event.KEY_ROTATED,
    ),
    route(
        "telemetry/<str:number>/key/revoke/",
        supplier_pages.telemetry_key_revoked,
        name="telemetry_key_revoked",
        roles={Role.SUPPLIER_ADMIN},
        scope=OWN,
        audit=Event.KEY_REVOKED,
    ),
    route(
        "telemetry/<str:number>/judge/",
        supplier_pages.telemetry_judge,
        name="telemetry_judge",
        roles=SUPPLIER,
        scope=OWN,
        audit=Event.JUDGED_ON_DEMAND,
    ),
    *_reviews(SUPPLIER),
    *_questions(SUPPLIER),
]
enterprise = [
    route("adoption/<str:number>/", enterprise_pages.adoption, name="adoption", roles=ENTERPRISE, scope=OWN),
    *_reviews(ENTERPRISE),
    *_questions(ENTERPRISE),
]
city = [
    route("adoption/reviews/", review_pages.adoption_reviews, name="adoption_reviews", roles=OFFICIALS, scope=OWN_CITY),
    route(
        "adoption/reviews/<int:review_id>/",
        review_pages.city_adoption_review,
        name="adoption_review",
        roles=OFFICIALS,
        scope=OWN_CITY,
        audit=Event.REVIEW_ANSWERED,
    ),
]
operator = [
    route("feed/", operator_pages.feed, name="feed", roles=OPERATOR, scope=OWN, audit=Event.FEED_DELIVERED),
    route(
        "feed/watch-list.csv",
        operator_pages.feed_watch_list,
        name="feed_watch_list",
        roles=OPERATOR,
        scope="numbers of devices under monitoring",
    ),
    route("feed/key/", operator_pages.feed_key, name="feed_key", roles=OPERATOR, scope=OWN, audit=Event.KEY_ROTATED),
    route("feed/<int:delivery_id>/", operator_pages.feed_delivery, name="feed_delivery", roles=OPERATOR, scope=OWN),
]
province = [
    route("monitoring/", sign_pages.monitoring, name="monitoring", roles=READERS, scope="all"),
    route("monitoring/graph/", sign_pages.monitoring_graph, name="monitoring_graph", roles=READERS, scope="all"),
    route(DOUBTED, sign_pages.monitoring_voucher, name="monitoring_voucher", roles=READERS, scope="all"),
    route(
        f"{DOUBTED}signs/<int:sign_id>/<slug:step>/",
        sign_pages.monitoring_sign,
        name="monitoring_sign",
        roles=PROVINCE,
        scope="all",
        audit=Event.SIGN_DISMISSED,
    ),
    route(
        f"{DOUBTED}ask/",
        sign_pages.monitoring_ask,
        name="monitoring_ask",
        roles=PROVINCE,
        scope="all",
        audit=Event.QUESTION_ASKED,
    ),
    route(
        f"{DOUBTED}look/",
        sign_pages.monitoring_look,
        name="monitoring_look",
        roles=PROVINCE,
        scope="all",
        audit=Event.SIGN_RAISED,
    ),
    route("schemes/", scheme_pages.schemes, name="schemes", roles=PROVINCE, scope="all", audit=Event.SCHEMES_DRAFTED),
    route(SCHEMES, scheme_pages.scheme_set, name="scheme_set", roles=PROVINCE | {Role.AUDITOR}, scope="all"),
    route(
        f"{SCHEMES}items/<int:number>/",
        scheme_pages.scheme,
        name="scheme",
        roles=PROVINCE,
        scope="all",
        audit=Event.SCHEME_AMENDED,
    ),
    *(
        route(f"{SCHEMES}{end}/", view, name=view.__name__, roles=roles, scope="all", audit=event)
        for end, view, roles, event in (
            ("hand-in", scheme_pages.scheme_set_hand_in, PROVINCE, Event.SCHEMES_HANDED_IN),
            ("sign", scheme_pages.scheme_set_sign, {Role.PROVINCE_APPROVER}, Event.SCHEMES_SIGNED),
            ("send-back", scheme_pages.scheme_set_send_back, PROVINCE, Event.SCHEMES_SENT_BACK),
            ("withdraw", scheme_pages.scheme_set_withdraw, PROVINCE, Event.SCHEMES_WITHDRAWN),
            ("publish", scheme_pages.scheme_set_publish, {Role.PROVINCE_APPROVER}, Event.SCHEMES_PUBLISHED),
        )
    ),
]
api = [
    route(
        "telemetry/batches",
        machines.batches,
        name="telemetry_batches",
        roles=API_TOKEN,
        scope="the key's voucher",
        audit="monitoring.batch_receipt",
    ),
    route("telemetry/tests", machines.tests, name="telemetry_tests", roles=API_TOKEN, scope="the key's voucher"),
    route(
        "telemetry/connections",
        machines.connections,
        name="telemetry_connections",
        roles=API_TOKEN,
        scope="vouchers under monitoring",
        audit=Event.FEED_DELIVERED,
    ),
]
