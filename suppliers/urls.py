"""Routes of the suppliers' floor, mounted by the roof under each kind of visitor."""

from platform_site.accounts.enums import PROVINCE, SUPPLIER, Role
from platform_site.kit.routes import PUBLIC, route
from suppliers.enums import Event
from suppliers.pages import city as city_pages
from suppliers.pages import province as province_pages
from suppliers.pages import public as public_pages
from suppliers.pages import supplier as own
from suppliers.pages import supplier_products as own_products

_CITY = (Role.CITY_REVIEWER, Role.CITY_APPROVER)
_READERS = (*sorted(PROVINCE), Role.ALLIANCE_STAFF)
_SUPPLIER = tuple(sorted(SUPPLIER))
_OWN = "own organisation"
_LISTED = "listed suppliers"

public = [
    route("suppliers/", public_pages.suppliers, name="suppliers", roles=PUBLIC, scope=_LISTED),
    route("suppliers/<int:supplier_id>/", public_pages.supplier, name="supplier", roles=PUBLIC, scope=_LISTED),
]
supplier = [
    route("profile/", own.profile, name="profile", roles=_SUPPLIER, scope=_OWN, audit=Event.SUPPLIER_EDITED),
    route(
        "profile/files/<int:file_id>/remove/",
        own.profile_file_remove,
        name="profile_file_remove",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.SUPPLIER_FILE_REMOVED,
    ),
    route(
        "profile/again/",
        own.profile_again,
        name="profile_again",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.SUPPLIER_STARTED_AGAIN,
    ),
    route("products/", own_products.products, name="products", roles=_SUPPLIER, scope=_OWN),
    route(
        "products/new/",
        own_products.product_edit,
        name="product_new",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.PRODUCT_SAVED,
    ),
    route("products/<int:product_id>/", own_products.product, name="product", roles=_SUPPLIER, scope=_OWN),
    route(
        "products/<int:product_id>/edit/",
        own_products.product_edit,
        name="product_edit",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.PRODUCT_SAVED,
    ),
    route(
        "products/<int:product_id>/submit/",
        own_products.product_submit,
        name="product_submit",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.PRODUCT_SUBMITTED,
    ),
    route(
        "products/<int:product_id>/files/<int:file_id>/remove/",
        own_products.product_file_remove,
        name="product_file_remove",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.PRODUCT_FILE_REMOVED,
    ),
    route("agents/", own.agents, name="agents", roles=_SUPPLIER, scope=_OWN, audit=Event.AGENT_LISTED),
    route(
        "agents/<int:agent_id>/remove/",
        own.agent_remove,
        name="agent_remove",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.AGENT_REMOVED,
    ),
]
city = [
    route("suppliers/", city_pages.suppliers, name="suppliers", roles=_CITY, scope="registered in own city"),
    route(
        "suppliers/<int:supplier_id>/",
        city_pages.suppliers_review,
        name="suppliers_review",
        roles=_CITY,
        scope="registered in own city",
        audit=Event.SUPPLIER_REVIEWED_BY_CITY,
    ),
]
province = [
    route("suppliers/", province_pages.suppliers, name="suppliers", roles=_READERS, scope="all"),
    route(
        "suppliers/<int:supplier_id>/",
        province_pages.suppliers_review,
        name="suppliers_review",
        roles=_READERS,
        scope="all",
        audit=Event.SUPPLIER_PROPOSED,
    ),
    route("products/", province_pages.products, name="products", roles=_READERS, scope="all"),
    route(
        "products/<int:product_id>/",
        province_pages.product,
        name="product",
        roles=_READERS,
        scope="all",
        audit=Event.PRODUCT_PROPOSED,
    ),
    route(
        "supply-proposals/<int:proposal_id>/sign/",
        province_pages.proposal_sign,
        name="supply_proposal_sign",
        roles=(Role.PROVINCE_APPROVER,),
        scope="all",
        audit=Event.SUPPLIER_SIGNED,
    ),
]
