"""Routes of settlement."""

from django.urls import URLPattern

from platform_site.accounts.enums import ENTERPRISE, SUPPLIER, Role
from platform_site.kit.routes import PUBLIC, route
from settlement.enums import Event
from settlement.pages import auditor as auditor_pages
from settlement.pages import city as city_pages
from settlement.pages import city_batches, city_lists, clawbacks, objections, reason_texts, versions
from settlement.pages import enterprise as own
from settlement.pages import finance as finance_pages
from settlement.pages import public as public_pages
from settlement.pages import supplier as supplier_pages

_ENTERPRISE, _SUPPLIER = tuple(sorted(ENTERPRISE)), tuple(sorted(SUPPLIER))
_CITY = (Role.CITY_REVIEWER, Role.CITY_APPROVER)
_FINANCE = (Role.FINANCE_OFFICER,)
_OWN, _OWN_CITY, _PUBLISHED = "own organisation", "own city", "published lists"

_PROVINCE = (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER)
_ALL_CITIES = "all cities"


def _claw_back(roles: tuple[Role, ...], scope: str) -> list[URLPattern]:
    """The same pages for city and province."""
    step, new = Event.CLAWBACK_ORDERED, Event.CLAWBACK_PROPOSED
    return [
        route("clawbacks/", clawbacks.clawbacks, name="clawbacks", roles=roles, scope=scope),
        route("clawbacks/new/", clawbacks.clawback_new, name="clawback_new", roles=roles, scope=scope, audit=new),
        route("clawbacks/<int:clawback_id>/", clawbacks.clawback, name="clawback", roles=roles, scope=scope),
        route(
            "clawbacks/<int:clawback_id>/steps/<slug:step>/",
            clawbacks.clawback_step,
            name="clawback_step",
            roles=roles,
            scope=scope,
            audit=step,
        ),
    ]


def _replies(roles: tuple[str, ...]) -> list[URLPattern]:
    """Objections about one's own claims, for enterprise and supplier alike."""
    event = Event.OBJECTION_REPLIED
    return [
        route("objections/", objections.objections, name="objections", roles=roles, scope=_OWN),
        route(
            "objections/<int:objection_id>/",
            objections.objection,
            name="objection",
            roles=roles,
            scope=_OWN,
            audit=event,
        ),
    ]


public = [
    route("notices/", public_pages.notices, name="notices", roles=PUBLIC, scope=_PUBLISHED),
    route("notices/<str:number>/", public_pages.notice, name="notice", roles=PUBLIC, scope=_PUBLISHED),
    route("notices/<str:number>/pdf/", public_pages.notice_as_pdf, name="notice_pdf", roles=PUBLIC, scope=_PUBLISHED),
    route(
        "notices/<str:number>/excel/", public_pages.notice_as_excel, name="notice_excel", roles=PUBLIC, scope=_PUBLISHED
    ),
    route(
        "notices/<str:number>/versions/",
        versions.notice_versions,
        name="notice_versions",
        roles=PUBLIC,
        scope=_PUBLISHED,
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
    *_replies(_ENTERPRISE),
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
    *_replies(_SUPPLIER),
]
city = [
    route("redemptions/", city_pages.redemptions, name="redemptions", roles=_CITY, scope=_OWN_CITY),
    route(
        "reason-texts/",
        reason_texts.texts,
        name="reason_texts",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.REASON_TEXT_KEPT,
    ),
    route(
        "reason-texts/<int:text_id>/remove/",
        reason_texts.text_remove,
        name="reason_text_remove",
        roles=_CITY,
        scope=_OWN_CITY,
        audit=Event.REASON_TEXT_REMOVED,
    ),
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
    *_claw_back(_CITY, _OWN_CITY),
]
province = _claw_back(_PROVINCE, _ALL_CITIES)
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
    route("clawbacks/", clawbacks.clawbacks, name="clawbacks", roles=_FINANCE, scope=_OWN_CITY),
    route("clawbacks/<int:clawback_id>/", clawbacks.clawback, name="clawback", roles=_FINANCE, scope=_OWN_CITY),
    route(
        "clawbacks/<int:clawback_id>/receipts/",
        clawbacks.clawback_receipt,
        name="clawback_receipt",
        roles=_FINANCE,
        scope=_OWN_CITY,
        audit=Event.CLAWBACK_RECEIVED,
    ),
]
auditor = [
    route(
        "vouchers/<str:number>/evidence/",
        auditor_pages.evidence,
        name="evidence",
        roles=(Role.AUDITOR,),
        scope="all",
        audit=Event.EVIDENCE_TAKEN,
    ),
    route(
        "evidence/<int:bundle_id>/",
        auditor_pages.evidence_bundle,
        name="evidence_bundle",
        roles=(Role.AUDITOR,),
        scope="all",
    ),
    route(
        "evidence/<int:bundle_id>/progress/",
        auditor_pages.evidence_progress,
        name="evidence_progress",
        roles=(Role.AUDITOR,),
        scope="all",
    ),
    route(
        "evidence/<int:bundle_id>/file/",
        auditor_pages.evidence_file,
        name="evidence_file",
        roles=(Role.AUDITOR,),
        scope="all",
    ),
]
