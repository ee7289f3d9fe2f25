"""Who sees which redemption."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from platform_site.accounts.enums import Kind, Role
from platform_site.kit.actor import Actor
from settlement.enums import DEAD_STATES, RedemptionState
from settlement.models import Invoice, Redemption, RedemptionFile
from vouchers.enums import VoucherState
from vouchers.models import ContractFile, Voucher
from vouchers.queries import vouchers_visible_to

READS_ALL = (Role.PROVINCE_OFFICER, Role.PROVINCE_APPROVER, Role.AUDITOR, Role.ALLIANCE_STAFF)
_MONEY_STATES = (
    RedemptionState.PAYABLE,
    RedemptionState.CARRIED_OVER,
    RedemptionState.PAYING,
    RedemptionState.FAILED,
    RedemptionState.PAID,
    RedemptionState.RECOVERING,
    RedemptionState.RECOVERED,
)


def redemptions_visible_to(actor: Actor) -> QuerySet[Redemption]:
    """An enterprise its own, a supplier its clients', a city its own, finance what is about to be paid.

    Drafts are seen by their enterprise alone.
    """
    found = Redemption.objects.select_related(
        "voucher__enterprise", "voucher__supplier", "voucher__product", "voucher__contract", "period", "city", "verdict"
    )
    return found.filter(_scope(actor))


def _scope(actor: Actor) -> Q:
    handed_in = ~Q(state=RedemptionState.DRAFT)
    if actor.has(*READS_ALL):
        return handed_in
    if actor.organisation_kind == Kind.ENTERPRISE:
        return Q(voucher__enterprise__organisation_id=actor.organisation_id)
    if actor.organisation_kind == Kind.SUPPLIER:
        return handed_in & Q(voucher__supplier__organisation_id=actor.organisation_id)
    if actor.organisation_kind == Kind.CITY:
        return handed_in & Q(city_id=actor.area_code)
    if actor.organisation_kind == Kind.COUNTY:
        return handed_in & Q(voucher__enterprise__county_id=actor.area_code)
    if actor.organisation_kind == Kind.FINANCE:
        return Q(city_id=actor.area_code, state__in=_MONEY_STATES)
    return Q(pk__in=[])


def redemption_of(voucher_id: int) -> Redemption | None:
    """The live claim of a voucher, else its last dead one; None where nothing was claimed."""
    found = list(Redemption.objects.filter(voucher_id=voucher_id).order_by("-pk"))
    return next((one for one in found if one.state not in DEAD_STATES), found[0] if found else None)


def redeemable_vouchers(actor: Actor, at: datetime) -> QuerySet[Voucher]:
    """Issued vouchers of the enterprise that have no live claim handed in."""
    del at  # the window is the claim's own check: a voucher before its window is shown with the date
    taken = Redemption.objects.exclude(state__in=[*DEAD_STATES, RedemptionState.DRAFT]).values("voucher_id")
    return vouchers_visible_to(actor).filter(state=VoucherState.ISSUED).exclude(pk__in=taken)


def unredeemed() -> QuerySet[Voucher]:
    """Issued, nothing handed in; a claim that was handed in and refused counts as handed in."""
    handed_in = Redemption.objects.filter(voucher=OuterRef("pk"), submitted_at__isnull=False).exclude(
        state=RedemptionState.DRAFT
    )
    return Voucher.objects.filter(~Exists(handed_in), state=VoucherState.ISSUED)


def redemption_for_work(redemption_id: int) -> Redemption:
    """With everything the checks read. Raises Redemption.DoesNotExist."""
    return Redemption.objects.select_related(
        "voucher__enterprise__organisation",
        "voucher__supplier",
        "voucher__product",
        "voucher__contract",
        "voucher__edition",
        "voucher__catalog_version",
        "voucher__period",
        "period",
        "city",
        "verdict",
    ).get(pk=redemption_id)


def files_of(redemption: Redemption) -> list[RedemptionFile]:
    return list(redemption.files.select_related("file").order_by("kind", "pk"))


def contract_files(redemption: Redemption) -> list[ContractFile]:
    """The papers of the contract, for the reviewer."""
    return list(ContractFile.objects.filter(contract_id=redemption.voucher.contract_id).select_related("file"))


def invoice_uses(keys: list[str], redemption: Redemption) -> dict[str, Invoice]:
    """Invoices by key that another live claim uses, over all cities and periods (guard 13)."""
    used = Invoice.objects.filter(live=True, key__in=keys).exclude(redemption=redemption)
    return {invoice.key: invoice for invoice in used.select_related("redemption__voucher")}


def red_papers(keys: list[str]) -> dict[str, RedemptionFile]:
    """Red invoices (红冲) among the papers of all cities and periods, by the key of the blue one they take back."""
    found = RedemptionFile.objects.filter(cancels_key__in=[key for key in keys if key]).select_related(
        "redemption__voucher"
    )
    return {paper.cancels_key: paper for paper in found.order_by("pk")}


@dataclass(frozen=True, slots=True)
class OtherUse:
    """Where else an invoice of a claim was seen. how: "used" or "red".

    redemption None: the case lies outside the reader's sight; only `where` (its city's name) is told.
    """

    number: str
    how: str
    redemption: Redemption | None
    where: str


def other_uses(redemption: Redemption, actor: Actor) -> list[OtherUse]:
    """The other cases of re-used and red-flushed invoices, each only as far as this reader may see it."""
    numbers = {invoice.key: invoice.number for invoice in redemption.invoices.all()}
    keys = list(numbers)
    seen = [(key, "used", invoice.redemption_id) for key, invoice in invoice_uses(keys, redemption).items()]
    seen += [(key, "red", paper.redemption_id) for key, paper in red_papers(keys).items()]
    ids = [pk for _, _, pk in seen]
    open_to = {row.pk: row for row in redemptions_visible_to(actor).filter(pk__in=ids)}
    places = dict(Redemption.objects.filter(pk__in=ids).values_list("pk", "city__name"))
    return [OtherUse(numbers[key], how, open_to.get(pk), places[pk]) for key, how, pk in seen]


def bonus_taken(uscc: str, redemption: Redemption) -> bool:
    """Whether another claim of the enterprise holds the one-off bonus (S19/4.4.5)."""
    return Redemption.objects.filter(bonus_holder=uscc).exclude(pk=redemption.pk).exists()


def waiting_for_verdict() -> list[Redemption]:
    """Confirmed, watched, without a result yet."""
    return list(Redemption.objects.filter(state=RedemptionState.CONFIRMED).order_by("pk"))


def silent_suppliers(at: datetime) -> list[Redemption]:
    """Not answered by their supplier within its working days (platform default 10)."""
    late = Redemption.objects.filter(state=RedemptionState.SUBMITTED, supplier_due_at__lt=at)
    return list(late.order_by("pk"))
