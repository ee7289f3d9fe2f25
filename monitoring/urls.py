"""Routes of monitoring."""

from monitoring import api as machines
from monitoring.enums import Event
from monitoring.pages import enterprise as enterprise_pages
from monitoring.pages import operator as operator_pages
from monitoring.pages import supplier as supplier_pages
from platform_site.accounts.enums import ENTERPRISE, SUPPLIER, Role
from platform_site.kit.routes import API_TOKEN, route

OWN = "own organisation"
OPERATOR = {Role.OPERATOR_STAFF}

supplier = [
    route("telemetry/", supplier_pages.telemetry, name="telemetry", roles=SUPPLIER, scope=OWN),
    route(
        "telemetry/protocol/",
        supplier_pages.telemetry_protocol,
        name="telemetry_protocol",
        roles=SUPPLIER,
        scope="none",
    ),
    route(
        "telemetry/protocol/client.py",
        supplier_pages.telemetry_client_file,
        name="telemetry_client",
        roles=SUPPLIER,
        scope="none",
    ),
    route(
        "telemetry/<str:number>/", supplier_pages.telemetry_voucher, name="telemetry_voucher", roles=SUPPLIER, scope=OWN
    ),
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
]
enterprise = [
    route("adoption/<str:number>/", enterprise_pages.adoption, name="adoption", roles=ENTERPRISE, scope=OWN),
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
