"""How well the signs tell planted cheats from honest factories: recall and false alarms, per sign."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from monitoring.enums import SIGN_KINDS, SignKind
from monitoring.rules.fleets import Fleet

NAMES = dict(SIGN_KINDS)


@dataclass(frozen=True, slots=True)
class SignScore:
    """found: of the planted of this kind with this sign. false_alarms: honest ones with it. Rates: fractions of 1."""

    kind: SignKind
    planted: int
    found: int
    honest: int
    false_alarms: int

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 0.0

    @property
    def false_rate(self) -> float:
        return self.false_alarms / self.honest if self.honest else 0.0


@dataclass(frozen=True, slots=True)
class FleetScore:
    """Per sign, and over all: honest vouchers with any sign, cheats with any sign."""

    signs: tuple[SignScore, ...]
    honest: int
    honest_alarmed: int
    cheats: int
    cheats_found: int

    def as_dict(self) -> dict[str, Any]:
        rows = [
            {**asdict(one), "kind": str(one.kind), "recall": one.recall, "false_rate": one.false_rate}
            for one in self.signs
        ]
        return {
            "signs": rows,
            "honest": self.honest,
            "honest_alarmed": self.honest_alarmed,
            "honest_rate": self.honest_alarmed / max(self.honest, 1),
            "cheats": self.cheats,
            "cheats_found": self.cheats_found,
        }

    def table(self) -> str:
        """For the console."""
        head = f"{'sign':<14}{'planted':>8}{'found':>7}{'recall':>9}{'false alarms':>14}{'rate':>9}"
        lines = [
            f"{one.kind:<14}{one.planted:>8}{one.found:>7}{one.recall:>9.1%}{one.false_alarms:>14}{one.false_rate:>9.2%}"
            for one in self.signs
        ]
        rate = self.honest_alarmed / max(self.honest, 1)
        end = f"honest with any sign: {self.honest_alarmed} of {self.honest} ({rate:.2%}); "
        return "\n".join([head, *lines, end + f"cheats with any sign: {self.cheats_found} of {self.cheats}"])


def score_fleet(fleet: Fleet, found: Mapping[int, set[str]]) -> FleetScore:
    """`found`: kinds of signs by the member's number."""
    honest = [found.get(member.number, set()) for member in fleet.honest]
    cheats = [member for member in fleet.members if member.cheat is not None]
    rows = []
    for kind in SignKind:
        planted = [member for member in cheats if member.cheat == kind]
        hits = sum(kind in found.get(member.number, set()) for member in planted)
        rows.append(SignScore(kind, len(planted), hits, len(honest), sum(kind in kinds for kinds in honest)))
    alarmed, caught = sum(map(bool, honest)), sum(bool(found.get(member.number)) for member in cheats)
    return FleetScore(tuple(rows), len(honest), alarmed, len(cheats), caught)
