"""The enterprise writes down who it is and hands it to its city."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from catalog.queries import current_period, terms_of_period
from platform_site.accounts.models import Organisation
from platform_site.accounts.queries import city_of, day_of
from platform_site.accounts.rules.search_text import search_text
from platform_site.audit.domain import record
from platform_site.files.domain import grant
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from platform_site.working_calendar.queries import deadline
from vouchers import policies
from vouchers.domain.tell import tell_reviewers
from vouchers.enums import AuditEvent, EnterpriseState
from vouchers.models import Enterprise
from vouchers.permissions import check_user_can_edit_enterprise
from vouchers.queries.enterprises import reviewing_bureaus
from vouchers.queries.vouchers import open_applications

# What the enterprise may write; everything else is the platform's.
PROFILE_FIELDS = (
    "county_id",
    "address",
    "kind",
    "industry_code",
    "business_scope",
    "founded_on",
    "size",
    "employees",
    "revenue",
    "contact_name",
    "contact_phone",
    "bank_name",
    "bank_account_name",
    "bank_account",
    "licence_file_id",
    "authorisation_file_id",
    "declared_no_violation",
    "declared_no_other_funds",
    "commitment",
)
# May be changed at any time without a new review (REF).
FREE_FIELDS = ("contact_name", "contact_phone", "bank_name", "bank_account_name", "bank_account")


@command
def register_enterprise(
    *, organisation: Organisation, profile: Mapping[str, Any], by: Actor, at: datetime
) -> Enterprise:
    """The first save of the profile. Name, company number and city come from the organisation."""
    check_user_can_edit_enterprise(by)
    if organisation.pk != by.organisation_id:
        raise Refusal(_foreign())
    enterprise = Enterprise(
        organisation=organisation,
        name=organisation.name,
        uscc=organisation.uscc,
        city_id=city_of(organisation.area_code),
        search_text=search_text(organisation.name, organisation.uscc),
        created_at=at,
        **_allowed(profile, PROFILE_FIELDS),
    )
    enterprise.save()
    record(by=by, at=at, event=AuditEvent.ENTERPRISE_REGISTERED, subject=enterprise, data={"name": enterprise.name})
    return enterprise


@command
def change_enterprise(
    *, enterprise: Enterprise, profile: Mapping[str, Any], by: Actor, at: datetime, version: int | None = None
) -> Enterprise:
    """Save the form. Once handed in, only contact and bank account may change; for the rest it is reopened first."""
    enterprise = lock_one(Rank.ENTERPRISE, Enterprise.objects.all(), pk=enterprise.pk)
    check_user_can_edit_enterprise(by, enterprise)
    check_version(enterprise, version)
    open_ = enterprise.state in (EnterpriseState.DRAFT, EnterpriseState.RETURNED)
    values = _allowed(profile, PROFILE_FIELDS if open_ else FREE_FIELDS)
    changed = sorted(name for name, value in values.items() if getattr(enterprise, name) != value)
    for name in changed:
        setattr(enterprise, name, values[name])
    if changed:
        enterprise.save(update_fields=[name.removesuffix("_id") for name in changed])
        record(by=by, at=at, event=AuditEvent.ENTERPRISE_CHANGED, subject=enterprise, data={"fields": changed})
    return enterprise


@command
def submit_enterprise(*, enterprise: Enterprise, by: Actor, at: datetime, version: int | None = None) -> Enterprise:
    """Hand the profile to the city (county) for review (S19/5.3.8)."""
    enterprise = lock_one(Rank.ENTERPRISE, Enterprise.objects.all(), pk=enterprise.pk)
    check_user_can_edit_enterprise(by, enterprise)
    check_version(enterprise, version)
    refuse_if(policies.enterprise_submission(enterprise, day_of(at)))
    enterprise.submitted_at, enterprise.deadline_at = at, _term(at)
    enterprise.findings = []
    perform(enterprise, "submit", at=at, save=["submitted_at", "deadline_at", "findings"])
    _let_bureaus_read(enterprise)
    record(by=by, at=at, event=AuditEvent.ENTERPRISE_SUBMITTED, subject=enterprise)
    title = f"企业信息待审核：{enterprise.name}"
    tell_reviewers(enterprise, title=title, body=f"{enterprise.name} 提交了企业信息。", at=at)
    return enterprise


@command
def reopen_enterprise(*, enterprise: Enterprise, by: Actor, at: datetime) -> Enterprise:
    """Take the approved profile back into editing; it is reviewed again."""
    enterprise = lock_one(Rank.ENTERPRISE, Enterprise.objects.all(), pk=enterprise.pk)
    check_user_can_edit_enterprise(by, enterprise)
    refuse_if(policies.enterprise_reopening(open_applications(enterprise.pk)))
    perform(enterprise, "reopen", at=at)
    record(by=by, at=at, event=AuditEvent.ENTERPRISE_REOPENED, subject=enterprise)
    return enterprise


def _term(at: datetime) -> datetime | None:
    """No document sets a term for this review: the current period's for applications is shown; None without a
    period."""
    period = current_period(at)
    return deadline(at, terms_of_period(period).review_working_days) if period else None


def _allowed(profile: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: profile[name] for name in names if name in profile}


def _let_bureaus_read(enterprise: Enterprise) -> None:
    readers = [bureau.pk for bureau in reviewing_bureaus(enterprise)]
    for file in (enterprise.licence_file, enterprise.authorisation_file):
        if file is not None:
            grant(file=file, organisation_ids=readers)


def _foreign() -> Finding:
    return Finding(
        "enterprise.not_own", "S19/4.1.1", "只能登记本单位的企业信息。", "请用本单位的账号登录。", title="不是本单位"
    )
