"""Who sees which voucher, and what stands around it."""

from typing import Any

from django.db.models import Q, QuerySet

from platform_site.accounts.enums import Kind, Role
from platform_site.kit.actor import Actor
from vouchers.enums import ENTERPRISE_FAULTS, UNDECIDED_STATES, ReviewOutcome, VoucherState
from vouchers.models import ApplicationDraft, ApplicationReview, ContractFile, Voucher

READS_ALL = (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR)
_AROUND = ("period", "enterprise", "product", "supplier", "contract", "city", "pilot", "reviewer")


def vouchers_visible_to(actor: Actor) -> QuerySet[Voucher]:
    """Everything that has arrived for province and auditor; a bureau and the finance bureau its area; enterprise and
    supplier their own. What an enterprise has only prepared is nobody else's business: see `prepared_visible_to`."""
    found = Voucher.objects.select_related(*_AROUND).exclude(state=VoucherState.DRAFT)
    if actor.has(*READS_ALL):
        return found
    if actor.organisation_id is None:
        return found.none()
    if actor.organisation_kind in (Kind.CITY, Kind.FINANCE):
        return found.filter(city_id=actor.area_code)
    if actor.organisation_kind == Kind.COUNTY:
        return found.filter(enterprise__county_id=actor.area_code)
    if actor.organisation_kind == Kind.ENTERPRISE:
        return found.filter(enterprise__organisation_id=actor.organisation_id)
    if actor.organisation_kind == Kind.SUPPLIER:
        return found.filter(supplier__organisation_id=actor.organisation_id)
    return found.none()


def drafts_visible_to(actor: Actor) -> QuerySet[ApplicationDraft]:
    """An enterprise's own forms; nobody else's."""
    if actor.organisation_kind != Kind.ENTERPRISE or actor.organisation_id is None:
        return ApplicationDraft.objects.none()
    rows = ApplicationDraft.objects.select_related("period", "enterprise", "voucher", "prepared")
    return rows.filter(enterprise__organisation_id=actor.organisation_id)


def prepared_visible_to(actor: Actor) -> QuerySet[Voucher]:
    """An enterprise's own applications made ready, and those it has handed in since; nobody else's."""
    if actor.organisation_kind != Kind.ENTERPRISE or actor.organisation_id is None:
        return Voucher.objects.none()
    rows = Voucher.objects.select_related(*_AROUND, "prepared_from", "period__edition", "product__supplier")
    return rows.filter(enterprise__organisation_id=actor.organisation_id)


def has_vouchers() -> bool:
    """Whether anybody has applied yet: a season is played into an empty platform."""
    return Voucher.objects.exists()


def unredeemed_count(enterprise_id: int) -> int:
    """Vouchers that were issued and not redeemed by the enterprise's own doing (S19/7.5.2)."""
    own_doing = Q(state=VoucherState.GIVEN_UP) | Q(state=VoucherState.VOID, void_ground__in=ENTERPRISE_FAULTS)
    return Voucher.objects.filter(own_doing, enterprise_id=enterprise_id).count()


def open_applications(enterprise_id: int) -> int:
    return Voucher.objects.filter(enterprise_id=enterprise_id, state__in=UNDECIDED_STATES).count()


def reviews_of(voucher: Voucher) -> list[ApplicationReview]:
    """Rounds, newest first."""
    rows = ApplicationReview.objects.filter(voucher=voucher).select_related("reviewer", "approver")
    return list(rows.order_by("-round"))


def returns_of(voucher: Voucher) -> list[dict[str, Any]]:
    """The findings of each earlier return, {"findings"}."""
    rows = ApplicationReview.objects.filter(voucher=voucher, outcome=ReviewOutcome.RETURNED).order_by("round")
    return [{"findings": findings} for findings in rows.values_list("findings", flat=True)]


def open_review(voucher: Voucher) -> ApplicationReview | None:
    return ApplicationReview.objects.filter(voucher=voucher, outcome="").select_related("reviewer").first()


def contract_files(voucher: Voucher) -> list[ContractFile]:
    return list(ContractFile.objects.filter(contract_id=voucher.contract_id).select_related("file"))
