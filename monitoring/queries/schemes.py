"""Which scheme a voucher is judged by, and the sets of schemes that the province keeps."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from catalog.enums import EditionState
from catalog.models import Edition, Item
from catalog.queries import catalog_used_by, items_of, lineage, parents_of_editions
from monitoring.enums import SchemeKind, SchemeSetState
from monitoring.models import Scheme, SchemeSet, Source
from monitoring.rules.scheme import AdoptionTerms, terms_from_json
from monitoring.rules.scheme_checks import changed_numbers
from platform_site.accounts.enums import PROVINCE, Role
from platform_site.kit.actor import Actor
from platform_site.kit.compiled import one_of
from suppliers.queries import item_of
from vouchers.models import Voucher

NOT_TERMS = ("per_device", "edition_code")


def scheme_set_of(edition_code: str, at: datetime | None = None) -> SchemeSet | None:
    """The edition's own set that was in force then; `at` None: the newest. None: the edition has none of its own."""
    in_force = Q() if at is None else Q(in_force_from__isnull=True) | Q(in_force_from__lte=at)
    found = SchemeSet.objects.filter(in_force, edition_code=edition_code, state=SchemeSetState.PUBLISHED)
    return found.order_by("-number").first()


def scheme_set_followed(edition_code: str, at: datetime | None = None) -> SchemeSet | None:
    """The same, or that of the nearest edition it follows."""
    return next(filter(None, (scheme_set_of(code, at) for code in lineage(edition_code))), None)


def terms_for(
    edition_code: str, item_number: int, per_device: Decimal | None, at: datetime | None = None
) -> AdoptionTerms:
    """The scheme of an application made `at`; None: made now. The edition's own, or that of the one it follows; for an
    item none of them knows, their first of its kind (D/8). Raises Scheme.DoesNotExist when there is not even that."""
    sets = [(code, found) for code in lineage(edition_code) if (found := scheme_set_of(code, at))]
    for code, found in sets:
        scheme = found.schemes.filter(item_number=item_number).first()
        if scheme is not None:
            return _terms(code, scheme, per_device)
    for code, found in sets:
        scheme = first_of_kind(found.schemes.all(), per_device)
        if scheme is not None:
            return _terms(code, scheme, per_device)
    raise Scheme.DoesNotExist


def first_of_kind(schemes: Iterable[Scheme], per_device: Decimal | None) -> Scheme | None:
    """What an item without a scheme of its own borrows: items paid by the device are judged by their devices."""
    kind = SchemeKind.DEVICE if per_device else SchemeKind.SOFTWARE
    return next((scheme for scheme in schemes if scheme.kind == kind), None)


def _terms(code: str, scheme: Scheme, per_device: Decimal | None) -> AdoptionTerms:
    names = [name for name in AdoptionTerms.__slots__ if name not in NOT_TERMS]
    values = {name: getattr(scheme, name) for name in names}
    return AdoptionTerms(edition_code=code, per_device=per_device, **values)


def terms_of(voucher: Voucher) -> AdoptionTerms:
    """As frozen on the voucher's source; until it has one, the scheme that was in force when it was applied for."""
    return terms_of_vouchers([voucher])[voucher.pk]


def terms_of_vouchers(vouchers: Iterable[Voucher]) -> dict[int, AdoptionTerms]:
    """By voucher; see `terms_of`."""
    known = {voucher.pk: voucher for voucher in vouchers}
    sources = Source.objects.filter(one_of("voucher_id", known)).order_by("-pk")  # the oldest comes last and wins
    frozen = dict(sources.values_list("voucher_id", "scheme"))
    return {
        pk: terms_from_json(frozen[pk]) if frozen.get(pk) else _terms_at_arrival(voucher)
        for pk, voucher in known.items()
    }


def _terms_at_arrival(voucher: Voucher) -> AdoptionTerms:
    item = item_of(voucher.product)
    per_device = item.per_device if item else None
    return terms_for(voucher.edition.code, voucher.product.item_number, per_device, voucher.arrived_at)


def scheme_sets_visible_to(actor: Actor) -> QuerySet[SchemeSet]:
    """The province and the auditor see all, drafts included."""
    return SchemeSet.objects.all() if actor.has(*PROVINCE, Role.AUDITOR) else SchemeSet.objects.none()


def origin_of(scheme_set: SchemeSet) -> SchemeSet | None:
    """The set in force before it: its own edition's, else that of the one the edition follows."""
    earlier = SchemeSet.objects.filter(
        edition_code=scheme_set.edition_code, number__lt=scheme_set.number, state=SchemeSetState.PUBLISHED
    )
    followed = lineage(scheme_set.edition_code)[1:]
    return earlier.order_by("-number").first() or next(filter(None, map(scheme_set_of, followed)), None)


def open_scheme_set(edition_code: str) -> SchemeSet | None:
    """The edition's draft on its way, if there is one."""
    done = (SchemeSetState.PUBLISHED, SchemeSetState.WITHDRAWN)
    return SchemeSet.objects.filter(edition_code=edition_code).exclude(state__in=done).first()


def changed_schemes(scheme_set: SchemeSet, origin: SchemeSet) -> dict[int, list[tuple[str, Any, Any]]]:
    """What differs, by item: name, old and new value."""
    before = {row.item_number: row for row in origin.schemes.all()}
    found = {}
    for row in scheme_set.schemes.all():
        old = before.get(row.item_number)
        changed = changed_numbers(row.kind, vars(old), vars(row)) if old else []
        if changed:
            found[row.item_number] = changed
    return found


def drafting_editions() -> list[Edition]:
    """Editions that schemes may be drafted for: published ones and drafts on their way, newest first."""
    return list(Edition.objects.exclude(state=EditionState.WITHDRAWN).order_by("-code"))


def items_judged(edition_code: str) -> list[Item]:
    """The items of the catalog that the edition uses; each needs a scheme."""
    edition = Edition.objects.filter(code=edition_code).first()
    catalog = catalog_used_by(edition) if edition else None
    return list(items_of(catalog)) if catalog else []


def borrowed_schemes(editions: Iterable[Edition]) -> list[tuple[Edition, Item, Scheme]]:
    """Items of the editions' catalogs without a scheme of their own, each with the one that judges it until then. As
    many readings for many editions as for one."""
    editions, parents = list(editions), parents_of_editions()
    published = SchemeSet.objects.filter(state=SchemeSetState.PUBLISHED).order_by("number")
    sets = {one.edition_code: one for one in published.prefetch_related("schemes")}  # the newest comes last and wins
    items = defaultdict(list)
    for item in Item.objects.filter(version__code__in={one.catalog_code for one in editions}).select_related("version"):
        items[item.version.code].append(item)
    found = []
    for edition in editions:
        followed = next((sets[code] for code in lineage(edition.code, parents) if code in sets), None)
        schemes = list(followed.schemes.all()) if followed else []
        known = {scheme.item_number for scheme in schemes}
        for item in items[edition.catalog_code]:
            scheme = None if item.number in known else first_of_kind(schemes, item.per_device)
            if scheme is not None:
                found.append((edition, item, scheme))
    return found
