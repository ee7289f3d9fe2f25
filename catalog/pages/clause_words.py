"""Where a clause is applied, in words for a visitor and as module names for an engineer."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from catalog.rules.clause_places import Place

# The house's floors as a visitor would call them; what is not named here belongs to the platform itself.
_AREAS = {
    "catalog": "政策、目录和试算",
    "suppliers": "供应商和产品",
    "vouchers": "企业、合同、申领和额度",
    "monitoring": "使用监测",
    "settlement": "兑现、公示和结算",
}
_ITSELF = "账号、公告和平台本身"
_PLAIN = {"parameter": "按这一条定的数值计算或检查", "item": "按目录里这一项计算或检查"}
_WITHOUT_WORDS = "按这一条办理"
_NO_MORE_THAN = 6


@dataclass
class Area:
    """A part of the platform: sentences, how many more there are, modules."""

    title: str
    sentences: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)

    @property
    def shown(self) -> list[str]:
        return self.sentences[:_NO_MORE_THAN] or [_WITHOUT_WORDS]

    @property
    def more(self) -> int:
        return max(len(self.sentences) - _NO_MORE_THAN, 0)


def areas(places: Iterable[Place]) -> list[Area]:
    """Only what applies the clause, each sentence once."""
    found: dict[str, Area] = {}
    for place in places:
        if not place.applies:
            continue
        title = _AREAS.get(place.module.partition(".")[0], _ITSELF)
        area = found.setdefault(title, Area(title))
        for entries, entry in ((area.sentences, _sentence(place)), (area.modules, place.dotted)):
            if entry and entry not in entries:
                entries.append(entry)
    return list(found.values())


def _sentence(place: Place) -> str:
    """ "" where the code has no words of its own."""
    if place.kind == "finding" and place.words:
        return f"不符合时告知“{place.words}”"
    return place.words if place.kind == "step" else _PLAIN.get(place.kind, "")
