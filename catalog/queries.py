"""Reading policy, catalog and periods. Everything published is public; drafts are seen by the province alone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from catalog.enums import CatalogState, EditionState, PeriodState
from catalog.models import CatalogVersion, Clause, Edition, EditionParameter, Item, Period, PolicyDocument
from catalog.rules.assessment import Assessment, assess
from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.case_input import CaseInput, read_input
from catalog.rules.item_requirements import ItemModules
from catalog.rules.terms import EditionTerms, ItemTerms, Parameter, edition_terms
from catalog.rules.windows import PeriodWindows
from platform_site.kit.actor import Actor
from platform_site.kit.findings import Finding, Refusal

SEES_DRAFTS = ("province_officer", "province_approver", "auditor", "system")


# ---- documents and clauses ------------------------------------------------------------------------------------
def documents() -> QuerySet[PolicyDocument]:
    return PolicyDocument.objects.annotate(clause_count=Count("clauses")).order_by("position")


def clauses_of(document: PolicyDocument) -> QuerySet[Clause]:
    return Clause.objects.filter(document=document)


def all_clauses(document: str = "") -> QuerySet[Clause]:
    """In the documents' order; `document`: a label ("S19"), "" for all."""
    found = Clause.objects.select_related("document").order_by("document__position", "position")
    return found.filter(document_id=document) if document else found


def clause(key: str) -> Clause:
    """Raises Clause.DoesNotExist."""
    return Clause.objects.select_related("document").get(pk=key)


def clause_keys() -> set[str]:
    return set(Clause.objects.values_list("key", flat=True))


def clause_values(key: str) -> list[EditionParameter]:
    """What the clause sets in each published edition."""
    rows = EditionParameter.objects.filter(clause_id=key, edition__state=EditionState.PUBLISHED)
    return list(rows.select_related("edition").order_by("edition__code", "position"))


def items_of_clause(key: str) -> QuerySet[Item]:
    return Item.objects.filter(clause_id=key, version__state=CatalogState.PUBLISHED).select_related("version")


# ---- editions -------------------------------------------------------------------------------------------------
def editions_visible_to(actor: Actor) -> QuerySet[Edition]:
    if actor.has(*SEES_DRAFTS):
        return Edition.objects.all()
    return Edition.objects.filter(state=EditionState.PUBLISHED)


def published_edition(code: str) -> Edition:
    """Raises Edition.DoesNotExist."""
    return Edition.objects.get(code=code, state=EditionState.PUBLISHED)


def published_editions() -> QuerySet[Edition]:
    """Newest first."""
    return Edition.objects.filter(state=EditionState.PUBLISHED).order_by("-code")


def parameters_of(edition: Edition) -> list[Parameter]:
    return [as_parameter(row) for row in edition.parameters.all()]


def as_parameter(row: EditionParameter) -> Parameter:
    return Parameter(row.key, row.value, row.clause_id, row.note, row.assumed, row.may_vary)


def terms_for(edition: Edition, period: Period | None = None) -> EditionTerms:
    """The edition's numbers, typed; with a period, its own values where the edition lets them vary.
    Raises ValueError when the edition's data is not complete."""
    rows = parameters_of(edition)
    own = period.parameters if period else {}
    return edition_terms(edition.code, [_varied(row, own.get(row.key)) for row in rows])


def terms_of_period(period: Period) -> EditionTerms:
    return terms_for(period.edition, period)


def _varied(row: Parameter, own: dict[str, Any] | None) -> Parameter:
    if own is None or not row.may_vary:
        return row
    return Parameter(row.key, own["value"], row.clause, own.get("note", ""), assumed=False, may_vary=True)


# ---- catalog --------------------------------------------------------------------------------------------------
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


def assessment_case(*, edition: Edition | str, item: Item, **facts: Any) -> AssessmentCase:
    """A case over a catalog item; `facts` are the further fields of `AssessmentCase`."""
    code = edition if isinstance(edition, str) else edition.code
    return AssessmentCase(edition=code, item=item_terms(item), **facts)


class Assessor:
    """Answers cases as they are typed, from the published editions; keeps what it has read for further cases."""

    def __init__(self) -> None:
        self._editions: dict[str, tuple[EditionTerms, dict[int, Item]]] = {}

    def answer(self, data: Mapping[str, Any]) -> Assessment:
        """Never raises for what a person can type: unusable input is an assessment of 0.00 with findings."""
        try:
            case, terms = self.case(data)
        except Refusal as refusal:
            return Assessment(ZERO, ZERO, (), tuple(refusal.findings))
        return assess(case, terms)

    def case(self, data: Mapping[str, Any]) -> tuple[AssessmentCase, EditionTerms]:
        """Raises Refusal with all that cannot be used."""
        typed = read_input(data)
        terms, items = self._edition(typed.edition)
        if typed.item not in items:
            raise Refusal(_no_such_item(typed))
        return assessment_case(edition=typed.edition, item=items[typed.item], **typed.facts), terms

    def _edition(self, code: str) -> tuple[EditionTerms, dict[int, Item]]:
        if code not in self._editions:
            edition = Edition.objects.filter(code=code, state=EditionState.PUBLISHED).first()
            if edition is None:
                raise Refusal(_no_such_edition(code))
            items = {item.number: item for item in items_of(catalog_of(edition))}
            self._editions[code] = (terms_for(edition), items)
        return self._editions[code]


def _no_such_item(typed: CaseInput) -> Finding:
    reason = f"{typed.edition} 年的目录里没有第 {typed.item} 项。"
    return Finding("item.unknown", "S19/4.4.1", reason, "请在产品目录里查项目序号。", "item", title="没有这个项目")


def _no_such_edition(code: str) -> Finding:
    reason = f"没有“{code[:20]}”年的政策。"
    return Finding("edition.unknown", "S19/4.4.4", reason, "请选择已公布的年度。", "edition", title="没有这个年度")


# ---- periods --------------------------------------------------------------------------------------------------
def periods_visible_to(actor: Actor) -> QuerySet[Period]:
    """Newest first, with edition and catalog."""
    found = Period.objects.select_related("edition", "catalog_version").order_by("-apply_from")
    return found if actor.has(*SEES_DRAFTS) else found.exclude(state=PeriodState.DRAFT)


def published_periods() -> QuerySet[Period]:
    """Announced and not yet closed."""
    return Period.objects.filter(state=PeriodState.PUBLISHED).select_related("edition", "catalog_version")


def open_period(at: datetime) -> Period | None:
    """The one period in which vouchers can be applied for at this moment; None: none is open."""
    return published_periods().filter(apply_from__lte=at, apply_to__gt=at).first()


def redeeming_periods(at: datetime) -> QuerySet[Period]:
    """Periods in which vouchers can be redeemed at this moment."""
    return published_periods().filter(redeem_from__lte=at, redeem_to__gt=at)


def current_period(at: datetime) -> Period | None:
    """The period a visitor means: the open one, else the next to open, else the last one that was announced."""
    found = open_period(at) or published_periods().filter(apply_from__gt=at).order_by("apply_from").first()
    return found or periods_visible_to(Actor()).order_by("-apply_from").first()


def period_by_code(code: str) -> Period:
    """Raises Period.DoesNotExist."""
    return Period.objects.select_related("edition", "catalog_version").get(code=code)


def windows_of(period: Period) -> PeriodWindows:
    return PeriodWindows(period.apply_from, period.apply_to, period.redeem_from, period.redeem_to)


def varying_parameters(edition: Edition) -> list[Parameter]:
    """Those a period may set for itself."""
    return [row for row in parameters_of(edition) if row.may_vary]


def assumed_parameters(edition: Edition) -> list[Parameter]:
    """Those the province confirms when it opens a period (N20/5.1)."""
    return [row for row in parameters_of(edition) if row.assumed]


def compare_editions(editions: Iterable[Edition]) -> list[tuple[str, list[Parameter | None]]]:
    """One row per parameter key, one cell per edition, in the data's order."""
    columns = [{row.key: row for row in parameters_of(edition)} for edition in editions]
    keys = dict.fromkeys(key for column in columns for key in column)
    return [(key, [column.get(key) for column in columns]) for key in keys]
