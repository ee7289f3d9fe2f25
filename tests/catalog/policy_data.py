"""Editions and items as their fixtures say, without a database."""

from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from catalog.rules.case import AssessmentCase
from catalog.rules.item_requirements import ItemModules
from catalog.rules.terms import EditionTerms, ItemTerms, Parameter, edition_terms
from platform_site.kit.yaml_files import read_yaml

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
GUANGZHOU, SHENZHEN, FOSHAN, MEIZHOU = "440100", "440300", "440600", "441400"


@cache
def terms(code: str) -> EditionTerms:
    return edition_terms(code, parameters(code))


@cache
def parameters(code: str) -> tuple[Parameter, ...]:
    data = read_yaml(FIXTURES / "policy" / f"{code}.yaml")["parameters"]
    return tuple(
        Parameter(
            key, row["value"], row["clause"], row.get("note", ""), row.get("assumed", False), row.get("open", False)
        )
        for key, row in data.items()
    )


@cache
def catalog_rows() -> dict[int, dict[str, Any]]:
    data = read_yaml(FIXTURES / "catalog" / "2019.yaml")
    return {row["number"]: row for row in data["items"]}


@cache
def item(number: int) -> ItemTerms:
    row = catalog_rows()[number]
    return ItemTerms(
        number=number,
        name=row["name"],
        cap=Decimal(row["cap"]),
        clause=f"S19/annex.{number}",
        per_device=Decimal(row["per_device"]) if "per_device" in row else None,
        pilot_only=row.get("pilot_only", False),
        post_sale=row.get("post_sale", False),
    )


def modules(number: int) -> ItemModules:
    row = catalog_rows()[number]
    return ItemModules(
        number=number,
        name=row["name"],
        clause=f"S19/annex.{number}",
        modules=tuple(row["modules"]),
        optional_modules=tuple(row.get("optional_modules", ())),
        requirements=row.get("requirements", {}),
    )


def case(edition: str, city: str, number: int, amount: str, **more: Any) -> AssessmentCase:
    return AssessmentCase(edition=edition, city=city, item=item(number), contract_amount=Decimal(amount), **more)
