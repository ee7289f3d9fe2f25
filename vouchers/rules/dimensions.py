"""Names of quota dimensions: "city:440100", "supplier:12", "pilot:3"."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dimension:
    kind: str
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def city_dimension(code: str) -> str:
    return f"city:{code}"


def supplier_dimension(supplier_id: int) -> str:
    return f"supplier:{supplier_id}"


def pilot_dimension(pilot_id: int) -> str:
    return f"pilot:{pilot_id}"


def parse_dimension(text: str) -> Dimension:
    """Raises ValueError for anything else."""
    kind, _, key = text.partition(":")
    if kind not in ("city", "supplier", "pilot") or not key.isdigit():
        raise ValueError(f"not a quota dimension: {text!r}")
    return Dimension(kind, key)


def budget_of(city_code: str, pilot_id: int | None, *, pilot_uses_city_quota: bool) -> str:
    """Which budget a voucher is charged to beside its supplier's limit (S19/5.6.24; 2018 the city's, T18/6.1)."""
    if pilot_id is not None and not pilot_uses_city_quota:
        return pilot_dimension(pilot_id)
    return city_dimension(city_code)
