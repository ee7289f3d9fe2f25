"""Cases over published editions and the catalog, as people and machines type them."""

from collections.abc import Mapping
from typing import Any

from catalog.enums import EditionState
from catalog.models import Edition, Item
from catalog.queries.editions import terms_for
from catalog.queries.items import catalog_of, item_terms, items_of
from catalog.rules.assessment import Assessment, assess
from catalog.rules.case import ZERO, AssessmentCase
from catalog.rules.case_input import CaseInput, read_input
from catalog.rules.terms import EditionTerms
from platform_site.kit.findings import Finding, Refusal


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
