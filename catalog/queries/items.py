"""Reading the catalog: versions, items, search. Published versions are public."""

from django.db.models import Max, Q, QuerySet

from catalog.enums import CatalogState
from catalog.models import CatalogVersion, Edition, Item, Period
from catalog.queries.editions import SEES_DRAFTS
from catalog.rules.item_checks import ITEM_FIELDS, ItemFacts, changed_fields
from catalog.rules.item_requirements import ItemModules
from catalog.rules.terms import ItemTerms
from platform_site.kit.actor import Actor


def catalog_versions_visible_to(actor: Actor) -> QuerySet[CatalogVersion]:
    if actor.has(*SEES_DRAFTS):
        return CatalogVersion.objects.all()
    return CatalogVersion.objects.filter(state=CatalogState.PUBLISHED)


def published_catalogs() -> QuerySet[CatalogVersion]:
    """Newest first."""
    return CatalogVersion.objects.filter(state=CatalogState.PUBLISHED).order_by("-code")


def published_catalog(code: str) -> CatalogVersion:
    """Raises CatalogVersion.DoesNotExist."""
    return CatalogVersion.objects.get(code=code, state=CatalogState.PUBLISHED)


def catalog_of(edition: Edition) -> CatalogVersion:
    """The catalog an edition uses unless a period says otherwise."""
    return published_catalog(edition.catalog_code)


def items_of(version: CatalogVersion) -> QuerySet[Item]:
    return Item.objects.filter(version=version).order_by("number")


def search_items(version: CatalogVersion, words: str, group: str = "") -> QuerySet[Item]:
    """Every word must occur, as Chinese, pinyin or initials; a number alone means the item's number."""
    found = items_of(version)
    if group:
        found = found.filter(group_key=group)
    for word in words.lower().split():
        number = Q(number=int(word)) if word.isascii() and word.isdigit() and len(word) < 4 else Q(pk__in=[])
        found = found.filter(number | Q(search_text__contains=word))
    return found


def groups_of(version: CatalogVersion) -> list[tuple[str, str, int]]:
    """(key, name, number of items) in the catalog's order."""
    counts: dict[tuple[str, str], int] = {}
    for pair in items_of(version).values_list("group_key", "group"):
        counts[pair] = counts.get(pair, 0) + 1
    return [(key, name, count) for (key, name), count in counts.items()]


def item_for(period: Period, number: int) -> Item:
    """An item of the period's catalog. Raises Item.DoesNotExist."""
    return Item.objects.get(version_id=period.catalog_version_id, number=number)


def item_in(version: CatalogVersion, number: int) -> Item:
    """Raises Item.DoesNotExist."""
    return Item.objects.get(version=version, number=number)


def free_number() -> int:
    """For a new item, after those of all versions: a number never comes to mean another item, because products are
    carried over by it."""
    last: int = Item.objects.aggregate(last=Max("number"))["last"] or 0
    return last + 1


def item_terms(item: Item) -> ItemTerms:
    """What the assessment needs of an item; goes into the frozen case."""
    return ItemTerms(
        number=item.number,
        name=item.name,
        cap=item.cap,
        clause=item.clause_id,
        per_device=item.per_device,
        pilot_only=item.pilot_only,
        post_sale=item.post_sale,
    )


def item_modules(item: Item) -> ItemModules:
    """What the catalog asks of a product of this item."""
    return ItemModules(
        number=item.number,
        name=item.name,
        clause=item.clause_id,
        modules=tuple(item.modules),
        optional_modules=tuple(item.optional_modules),
        requirements=item.requirements,
    )


def catalog_used_by(edition: Edition) -> CatalogVersion | None:
    """The catalog an edition names, in whatever state; None: it is not there."""
    return CatalogVersion.objects.filter(code=edition.catalog_code).first()


def item_facts(item: Item) -> ItemFacts:
    """Text and values of an item, for checks and comparison."""
    facts = {name: getattr(item, name) for name in ITEM_FIELDS}
    return ItemFacts(**facts | {name: tuple(facts[name]) for name in ("modules", "optional_modules")})


ItemChange = tuple[int, Item | None, Item | None, tuple[str, ...]]


def compare_catalogs(old: CatalogVersion | None, new: CatalogVersion) -> list[ItemChange]:
    """(number, old, new, names of what differs) side by side; without an old one nothing differs."""
    after = {item.number: item for item in items_of(new)}
    before = {item.number: item for item in items_of(old)} if old else after
    return [
        (number, before.get(number), after.get(number), _changed(before.get(number), after.get(number)))
        for number in sorted({*before, *after})
    ]


def _changed(old: Item | None, new: Item | None) -> tuple[str, ...]:
    return changed_fields(item_facts(old) if old else None, item_facts(new) if new else None)
