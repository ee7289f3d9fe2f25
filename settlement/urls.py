"""Routes of settlement."""

from platform_site.accounts.enums import ENTERPRISE, SUPPLIER, Role
from platform_site.kit.routes import PUBLIC, route
from settlement.enums import Event
from settlement.pages import city as city_pages
from settlement.pages import city_batches, city_lists
from settlement.pages import enterprise as own
from settlement.pages import finance as finance_pages
from settlement.pages import public as public_pages
from settlement.pages import supplier as supplier_pages

_ENTERPRISE, _SUPPLIER = tuple(sorted(ENTERPRISE)), tuple(sorted(SUPPLIER))
_CITY = (Role.CITY_REVIEWER, Role.CITY_APPROVER)
_FINANCE = (Role.FINANCE_OFFICER,)
_OWN, _OWN_CITY, _PUBLISHED = "own organisation", "own city", "published lists"

public = [
    route("notices/", public_pages.notices, name="notices", roles=PUBLIC, scope=_PUBLISHED),
    route("notices/<str:number>/", public_pages.notice, name="notice", roles=PUBLIC, scope=_PUBLISHED),
    route("notices/<str:number>/pdf/", public_pages.notice_as_pdf, name="notice_pdf", roles=PUBLIC, scope=_PUBLISHED),
    route(
        "notices/<str:number>/excel/", public_pages.notice_as_excel, name="notice_excel", roles=PUBLIC, scope=_PUBLISHED
    ),
    route("verify/", public_pages.verify, name="verify", roles=PUBLIC, scope=_PUBLISHED),
]
enterprise = [
    route("redemptions/", own.redemptions, name="redemptions", roles=_ENTERPRISE, scope=_OWN),
    route(
        "vouchers/<int:voucher_id>/redeem/",
        own.redeem,
        name="redeem",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=Event.DRAFT_SAVED,
    ),
    route("redemptions/<int:redemption_id>/", own.redemption, name="redemption", roles=_ENTERPRISE, scope=_OWN),
    route(
        "redemptions/<int:redemption_id>/edit/",
        own.redemption_edit,
        name="redemption_edit",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=Event.CLAIMED,
    ),
    route(
        "redemptions/<int:redemption_id>/files/",
        own.redemption_file_add,
        name="redemption_file_add",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=Event.FILE_ADDED,
    ),
    route(
        "redemptions/<int:redemption_id>/files/<uuid:file_id>/remove/",
        own.redemption_file_remove,
        name="redemption_file_remove",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=Event.FILE_REMOVED,
    ),
    route(
        "redemptions/<int:redemption_id>/lower/",
        own.redemption_lower,
        name="redemption_lower",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=Event.CLAIM_LOWERED,
    ),
    route(
        "redemptions/<int:redemption_id>/judge/",
        own.redemption_judge,
        name="redemption_judge",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=Event.JUDGED,
    ),
]
supplier = [
    route("confirmations/", supplier_pages.confirmations, name="confirmations", roles=_SUPPLIER, scope=_OWN),
    route(
        "confirmations/<int:redemption_id>/",
        supplier_pages.confirmation,
        name="confirmation",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.DELIVERY_CONFIRMED,
    ),
    route(
        "confirmations/<int:redemption_id>/reject/",
        supplier_pages.confirmation_reject,
        name="confirmation_reject",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=Event.DELIVERY_REJECTED,
    ),
]
city = [
    route("redemptions/", city_pages.redemptions, name="redemptions", roles=_CITY, scope=_OWN_CITY),
    route(
        "redemptions/bulk/",
        city_pages.redemptions_bulk,
        name="redemptions_bulk",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.TAKEN_UP,
    ),
    route(
        "redemptions/<int:redemption_id>/",
        city_pages.redemption,
        name="redemption",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.CHECKED,
    ),
    route(
        "redemptions/<int:redemption_id>/sign/",
        city_pages.redemption_sign,
        name="redemption_sign",
        roles=(Role.CITY_APPROVER,),
        scope=_OWN_CITY,
        audit=Event.APPROVED,
    ),
    route(
        "redemptions/<int:redemption_id>/steps/<slug:step>/",
        city_pages.redemption_step,
        name="redemption_step",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.HELD,
    ),
    route(
        "notice-lists/",
        city_lists.notice_lists,
        name="notice_lists",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.LIST_COMPILED,
    ),
    route("notice-lists/<int:list_id>/", city_lists.notice_list, name="notice_list", roles=_CITY, scope=_OWN_CITY),
    route(
        "notice-lists/<int:list_id>/steps/<slug:step>/",
        city_lists.notice_list_step,
        name="notice_list_step",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.LIST_SIGNED,
    ),
    route(
        "notice-lists/<int:list_id>/redemptions/<int:redemption_id>/postpone/",
        city_lists.notice_list_postpone,
        name="notice_list_postpone",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.LINE_POSTPONED,
    ),
    route("objections/", city_lists.objections, name="objections", roles=_CITY, scope=_OWN_CITY),
    route(
        "objections/<int:objection_id>/",
        city_lists.objection,
        name="objection",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.OBJECTION_SETTLED,
    ),
    route("batches/", city_batches.batches, name="batches", roles=_CITY, scope=_OWN_CITY, audit=Event.BATCH_BUILT),
    route("batches/<int:batch_id>/", city_batches.batch, name="batch", roles=_CITY, scope=_OWN_CITY),
    route(
        "batches/<int:batch_id>/steps/<slug:step>/",
        city_batches.batch_step,
        name="batch_step",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.BATCH_SIGNED,
    ),
]
finance = [
    route("batches/", finance_pages.batches, name="batches", roles=_FINANCE, scope=_OWN_CITY),
    route("batches/<int:batch_id>/", finance_pages.batch, name="batch", roles=_FINANCE, scope=_OWN_CITY),
    route(
        "batches/<int:batch_id>/lines/<int:line_id>/",
        finance_pages.batch_line,
        name="batch_line",
        roles=_FINANCE,
        scope=_OWN_CITY,
        audit=Event.PAYMENT_RECORDED,
    ),
    route(
        "batches/<int:batch_id>/results/",
        finance_pages.batch_results,
        name="batch_results",
        roles=_FINANCE,
        scope=_OWN_CITY,
        audit=Event.PAYMENT_RECORDED,
    ),
]
