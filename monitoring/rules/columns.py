"""Accepted rows side by side: one list of numbers for each column, texts numbered in the order in which they come.

A large supplier's batch has tens of thousands of rows; as objects of their own they cost more than checking them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from monitoring.rules.records import Row

Subject = tuple[str, str]  # kind and name
_MODULE_BITS, _MINUTE_BITS = 20, 32


@dataclass(slots=True)
class Columns:
    """subjects, addresses and modules number what the three dictionaries name; minutes count since 1970."""

    subject_names: dict[Subject, int] = field(default_factory=dict)
    address_names: dict[str, int] = field(default_factory=dict)
    module_names: dict[str, int] = field(default_factory=dict)
    subjects: list[int] = field(default_factory=list)
    minutes: list[int] = field(default_factory=list)
    spans: list[int] = field(default_factory=list)
    addresses: list[int] = field(default_factory=list)
    modules: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.minutes)

    def __iter__(self) -> Iterator[Row]:
        """Row by row, as they came."""
        subjects, addresses, modules = list(self.subject_names), list(self.address_names), list(self.module_names)
        for subject, minute, span, address, module, count in zip(
            self.subjects, self.minutes, self.spans, self.addresses, self.modules, self.counts, strict=True
        ):
            yield (*subjects[subject], minute, span, addresses[address], modules[module], count)

    def add(self, row: Row) -> None:
        kind, name, minute, span, address, module, count = row
        self.subjects.append(self.subject_number((kind, name)))
        self.minutes.append(minute)
        self.spans.append(span)
        self.addresses.append(self.address_names.setdefault(address, len(self.address_names)))
        self.modules.append(self.module_names.setdefault(module, len(self.module_names)))
        self.counts.append(count)

    def key_of(self, row: Row) -> int:
        """What makes a record known: subject, module and minute, as one number. Names it if it is new."""
        subject = self.subject_number((row[0], row[1]))
        module = self.module_names.setdefault(row[5], len(self.module_names))
        return (subject << _MODULE_BITS | module) << _MINUTE_BITS | row[2]

    def subject_number(self, subject: Subject) -> int:
        return self.subject_names.setdefault(subject, len(self.subject_names))

    def add_part(self, part: "Part") -> None:
        for mine, others in (
            (self.subjects, part.subjects),
            (self.minutes, part.minutes),
            (self.addresses, part.addresses),
            (self.modules, part.modules),
            (self.counts, part.counts),
        ):
            mine.extend(others)
        self.spans.extend([1] * len(part.minutes))


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one record each, numbered as in the columns they go to."""

    subjects: Sequence[int]
    minutes: Sequence[int]
    addresses: Sequence[int]
    modules: Sequence[int]
    counts: Sequence[int]

    def keys(self) -> list[int]:
        """As `Columns.key_of`, of every row."""
        return [
            (subject << _MODULE_BITS | module) << _MINUTE_BITS | minute
            for subject, module, minute in zip(self.subjects, self.modules, self.minutes, strict=True)
        ]


def of_rows(rows: Iterable[Row]) -> Columns:
    columns = Columns()
    for row in rows:
        columns.add(row)
    return columns
