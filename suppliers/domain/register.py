"""A company registers as a supplier, edits its record and submits it (S19/5.2.3–5)."""

from dataclasses import asdict
from datetime import datetime

from platform_site.accounts.models import Organisation
from platform_site.accounts.queries import bureau_of
from platform_site.accounts.rules.company_number import compact
from platform_site.accounts.rules.search_text import search_text
from platform_site.audit.domain import record
from platform_site.files.domain import grant
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import Finding, Refusal, refuse_if
from platform_site.kit.fsm import check_version, perform
from platform_site.kit.locks import Rank, lock_one
from suppliers.domain.tell import tell_city, tell_province
from suppliers.enums import Event
from suppliers.models import Supplier
from suppliers.permissions import check_may_edit_supplier, check_may_register
from suppliers.policies import editable_findings, submission_findings
from suppliers.queries import city_code_of, files_of, supplier_of_organisation
from suppliers.rules.profile import SupplierProfile

PROFILE_FIELDS = tuple(SupplierProfile.__dataclass_fields__)


@command
def register_supplier(*, organisation: Organisation, profile: SupplierProfile, by: Actor, at: datetime) -> Supplier:
    """The organisation's own record, as a draft. Name, company number and city are the organisation's."""
    check_may_register(by, organisation.pk)
    existing = supplier_of_organisation(organisation.pk)
    if existing is not None:
        raise Refusal(_registered_before(existing))
    supplier = Supplier(
        organisation=organisation,
        name=organisation.name,
        uscc=organisation.uscc,
        city_id=city_code_of(organisation.area_code),
        search_text=search_text(organisation.name, organisation.uscc),
        created_at=at,
        state_since=at,
    )
    _write(supplier, profile)
    supplier.save()
    record(by=by, at=at, event=Event.SUPPLIER_REGISTERED, subject=supplier, data={"uscc": supplier.uscc})
    return supplier


def _registered_before(supplier: Supplier) -> Finding:
    return Finding(
        code="supplier.already_registered",
        clause="S19/5.2.3(2)",
        title="本单位已经登记",
        reason=f"“{supplier.name}”已有供应商信息，状态是“{supplier.get_state_display()}”。",
        remedy="请直接打开“供应商信息”办理。",
    )


@command
def edit_supplier(
    *, supplier: Supplier, profile: SupplierProfile, by: Actor, at: datetime, version: int | None = None
) -> Supplier:
    """Drafts and returned records only."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=supplier.pk)
    check_may_edit_supplier(by, supplier)
    check_version(supplier, version)
    refuse_if(editable_findings(supplier))
    changed = sorted(name for name in PROFILE_FIELDS if getattr(supplier, name) != getattr(profile, name))
    _write(supplier, profile)
    supplier.version += 1
    supplier.save(update_fields=[*PROFILE_FIELDS, "version"])
    record(by=by, at=at, event=Event.SUPPLIER_EDITED, subject=supplier, data={"changed": changed})
    return supplier


def _write(supplier: Supplier, profile: SupplierProfile) -> None:
    for name, value in asdict(profile).items():
        setattr(supplier, name, value)
    supplier.parent_uscc = compact(profile.parent_uscc)


@command
def submit_supplier(*, supplier: Supplier, by: Actor, at: datetime, version: int | None = None) -> Supplier:
    """To the city where it is registered; from outside the province straight to the province (S19/5.2.5)."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=supplier.pk)
    check_may_edit_supplier(by, supplier)
    check_version(supplier, version)
    refuse_if([*editable_findings(supplier), *submission_findings(supplier, at)])
    supplier.submitted_at = at
    perform(supplier, "submit_to_city" if supplier.city_id else "submit_to_province", at=at, save=["submitted_at"])
    record(by=by, at=at, event=Event.SUPPLIER_SUBMITTED, subject=supplier, data={"state": supplier.state})
    _hand_over(supplier, at)
    return supplier


def _hand_over(supplier: Supplier, at: datetime) -> None:
    """The evidence becomes readable where it is checked, and the desk is told."""
    if supplier.city_id is None:
        tell_province(title=f"省外供应商待审核：{supplier.name}", link=f"/province/suppliers/{supplier.pk}/", at=at)
        return
    bureau = bureau_of(supplier.city_id)
    for one in files_of(supplier):
        grant(file=one.file, organisation_ids=[bureau.pk])
    tell_city(supplier, title=f"供应商待审核：{supplier.name}", at=at)


@command
def start_supplier_again(*, supplier: Supplier, by: Actor, at: datetime) -> Supplier:
    """After a refusal the company may register once more; nothing of the first attempt is lost."""
    supplier = lock_one(Rank.SUPPLIER, Supplier.objects.all(), pk=supplier.pk)
    check_may_edit_supplier(by, supplier)
    perform(supplier, "start_again", at=at)
    record(by=by, at=at, event=Event.SUPPLIER_STARTED_AGAIN, subject=supplier)
    return supplier
