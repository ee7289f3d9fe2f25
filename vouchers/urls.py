"""Routes of the voucher floor, mounted by the roof under each kind of visitor."""

from platform_site.accounts.enums import ENTERPRISE, PROVINCE, SUPPLIER, Role
from platform_site.kit.routes import PUBLIC, route
from vouchers.enums import AuditEvent
from vouchers.pages import city as city_pages
from vouchers.pages import (
    city_enterprises,
    enterprise_apply,
    enterprise_ready,
    policy_what_if,
    province_plans,
    province_split,
    province_transfer,
    statements,
    what_if,
)
from vouchers.pages import enterprise as own
from vouchers.pages import province as province_pages
from vouchers.pages import public as public_pages
from vouchers.pages import supplier as supplier_pages

_OWN = "own organisation"
_AREA = "own city or county"
_ENTERPRISE = tuple(sorted(ENTERPRISE))
_BUREAU = (Role.CITY_REVIEWER, Role.CITY_APPROVER, Role.COUNTY_REVIEWER, Role.BUREAU_ADMIN, Role.DELEGATE)
_PROVINCE = tuple(sorted(PROVINCE))
_SUPPLIER = tuple(sorted(SUPPLIER))
_PROVINCE_AND_AUDITOR = (*_PROVINCE, Role.AUDITOR)

public = [
    route("queue/", public_pages.queue, name="queue", roles=PUBLIC, scope="numbers per city"),
    route("clock/", public_pages.server_clock, name="clock", roles=PUBLIC, scope="the time"),
]

enterprise = [
    route("profile/", own.profile, name="profile", roles=_ENTERPRISE, scope=_OWN, audit=AuditEvent.ENTERPRISE_CHANGED),
    route(
        "profile/reopen/",
        own.profile_reopen,
        name="profile_reopen",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.ENTERPRISE_REOPENED,
    ),
    route("apply/", enterprise_apply.apply, name="apply", roles=_ENTERPRISE, scope=_OWN),
    route(
        "apply/start/<int:product_id>/",
        enterprise_apply.apply_start,
        name="apply_start",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.DRAFT_SAVED,
    ),
    route(
        "apply/<int:pk>/",
        enterprise_apply.apply_form,
        name="apply_form",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.ARRIVED,
    ),
    route(
        "apply/<int:pk>/save/",
        enterprise_apply.apply_save,
        name="apply_save",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.DRAFT_SAVED,
    ),
    route(
        "apply/<int:pk>/drop/",
        enterprise_apply.apply_drop,
        name="apply_drop",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.DRAFT_DROPPED,
    ),
    route(
        "apply/<int:pk>/ready/",
        enterprise_ready.apply_ready,
        name="apply_ready",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.ARRIVED,
    ),
    route("vouchers/", own.vouchers, name="vouchers", roles=_ENTERPRISE, scope=_OWN),
    route("vouchers/<int:pk>/", own.voucher, name="voucher", roles=_ENTERPRISE, scope=_OWN),
    route(
        "vouchers/<int:pk>/receipt/",
        enterprise_ready.voucher_receipt,
        name="voucher_receipt",
        roles=_ENTERPRISE,
        scope=_OWN,
    ),
    route(
        "vouchers/<int:pk>/correct/",
        enterprise_apply.voucher_correct,
        name="voucher_correct",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.DRAFT_SAVED,
    ),
    route(
        "vouchers/<int:pk>/withdraw/",
        own.voucher_withdraw,
        name="voucher_withdraw",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.WITHDRAWN,
    ),
    route(
        "vouchers/<int:pk>/give-up/",
        own.voucher_give_up,
        name="voucher_give_up",
        roles=_ENTERPRISE,
        scope=_OWN,
        audit=AuditEvent.GIVEN_UP,
    ),
]

city = [
    route("applications/", city_pages.applications, name="applications", roles=_BUREAU, scope=_AREA),
    route(
        "applications/bulk/",
        city_pages.applications_bulk,
        name="applications_bulk",
        roles=_BUREAU,
        scope=_AREA,
        audit=AuditEvent.PROPOSED,
    ),
    route(
        "applications/<int:pk>/",
        city_pages.application,
        name="application",
        roles=_BUREAU,
        scope=_AREA,
        audit=AuditEvent.PROPOSED,
    ),
    route("enterprises/", city_enterprises.enterprises, name="enterprises", roles=_BUREAU, scope=_AREA),
    route(
        "enterprises/<int:pk>/",
        city_enterprises.enterprise,
        name="enterprise",
        roles=_BUREAU,
        scope=_AREA,
        audit=AuditEvent.ENTERPRISE_APPROVED,
    ),
    route("quota/", statements.city_quota, name="quota", roles=_BUREAU, scope=_AREA),
]

supplier = [
    route("applications/", supplier_pages.applications, name="applications", roles=_SUPPLIER, scope=_OWN),
    route(
        "applications/<int:pk>/",
        supplier_pages.application,
        name="application",
        roles=_SUPPLIER,
        scope=_OWN,
        audit=AuditEvent.SUPPLIER_CONFIRMED,
    ),
    route("quota/", statements.supplier_quota, name="quota", roles=_SUPPLIER, scope="own limit, or the owner's"),
]

province = [
    route("quota/", province_pages.quota, name="quota", roles=_PROVINCE, scope="all"),
    route(
        "quota/plans/new/",
        province_plans.quota_plan_new,
        name="quota_plan_new",
        roles=_PROVINCE,
        scope="all",
        audit=AuditEvent.PLAN_DRAFTED,
    ),
    route(
        "quota/plans/formula/",
        province_split.quota_plan_formula,
        name="quota_plan_formula",
        roles=_PROVINCE,
        scope="all",
        audit=AuditEvent.PLAN_DRAFTED,
    ),
    route(
        "quota/plans/suppliers/",
        province_split.quota_plan_suppliers,
        name="quota_plan_suppliers",
        roles=_PROVINCE,
        scope="all",
        audit=AuditEvent.PLAN_DRAFTED,
    ),
    route(
        "quota/transfer/",
        province_transfer.quota_transfer,
        name="quota_transfer",
        roles=_PROVINCE,
        scope="all",
        audit=AuditEvent.PLAN_DRAFTED,
    ),
    route(
        "quota/plans/<int:pk>/",
        province_plans.quota_plan,
        name="quota_plan",
        roles=_PROVINCE,
        scope="all",
        audit=AuditEvent.PLAN_SIGNED,
    ),
    route("quota/movements/", statements.quota_movements, name="quota_movements", roles=_PROVINCE, scope="all"),
    route(
        "quota/what-if/",
        what_if.what_if,
        name="what_if",
        roles=_PROVINCE_AND_AUDITOR,
        scope="all",
        audit=AuditEvent.WHAT_IF_ASKED,
    ),
    route("quota/what-if/<int:pk>/", what_if.what_if_run, name="what_if_run", roles=_PROVINCE_AND_AUDITOR, scope="all"),
    route(
        "quota/what-if/<int:pk>/progress/",
        what_if.what_if_progress,
        name="what_if_progress",
        roles=_PROVINCE_AND_AUDITOR,
        scope="all",
    ),
    route(
        "what-if/",
        policy_what_if.policy_what_if,
        name="policy_what_if",
        roles=_PROVINCE_AND_AUDITOR,
        scope="all",
        audit=AuditEvent.POLICY_TRIAL_ASKED,
    ),
    route(
        "what-if/<int:pk>/",
        policy_what_if.policy_what_if_run,
        name="policy_what_if_run",
        roles=_PROVINCE_AND_AUDITOR,
        scope="all",
    ),
    route(
        "what-if/<int:pk>/progress/",
        policy_what_if.policy_what_if_progress,
        name="policy_what_if_progress",
        roles=_PROVINCE_AND_AUDITOR,
        scope="all",
    ),
    route("enterprises/", province_pages.enterprises, name="enterprises", roles=_PROVINCE, scope="all"),
    route("enterprises/<int:pk>/", province_pages.enterprise, name="enterprise", roles=_PROVINCE, scope="all"),
]
