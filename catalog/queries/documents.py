"""Reading documents and clauses. All of it is public."""

from django.db.models import Count, QuerySet

from catalog.enums import CatalogState, EditionState
from catalog.models import Clause, EditionParameter, Item, PolicyDocument


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
