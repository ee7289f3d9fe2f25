"""Accepted rows side by side: an array of numbers for each column, texts numbered in the order in which they come.

A large supplier's batch has tens of thousands of rows; as objects of their own they cost more than checking them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from monitoring.rules.records import Row

Subject = tuple[str, str]  # kind and name
Numbers = NDArray[np.int64]
Numbered = tuple[int, int, int, int]  # subject, address, module, count
# Room in a row's key: a batch has fewer subjects and modules than this, and minutes last until 2480.
_MODULE_BITS, _MINUTE_BITS = 17, 28


def _none() -> Numbers:
    return np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Columns:
    """subjects, addresses and modules number what the three tuples name; minutes count since 1970."""

    subject_names: tuple[Subject, ...] = ()
    address_names: tuple[str, ...] = ()
    module_names: tuple[str, ...] = ()
    subjects: Numbers = field(default_factory=_none)
    minutes: Numbers = field(default_factory=_none)
    spans: Numbers = field(default_factory=_none)
    addresses: Numbers = field(default_factory=_none)
    modules: Numbers = field(default_factory=_none)
    counts: Numbers = field(default_factory=_none)

    def __len__(self) -> int:
        return len(self.minutes)

    def __iter__(self) -> Iterator[Row]:
        """Row by row, as they came."""
        columns = (self.subjects, self.minutes, self.spans, self.addresses, self.modules, self.counts)
        for subject, minute, span, address, module, count in zip(*(one.tolist() for one in columns), strict=True):
            name = self.subject_names[subject]
            yield (*name, minute, span, self.address_names[address], self.module_names[module], count)

    def at(self, places: NDArray[np.int64] | NDArray[np.bool_]) -> "Columns":
        """Some of the rows, or all in another order."""
        return replace(
            self,
            subjects=self.subjects[places],
            minutes=self.minutes[places],
            spans=self.spans[places],
            addresses=self.addresses[places],
            modules=self.modules[places],
            counts=self.counts[places],
        )

    def joined(self, later: "Columns") -> "Columns":
        """With more rows behind, whose names continue these."""
        return replace(
            later,
            subjects=np.concatenate([self.subjects, later.subjects]),
            minutes=np.concatenate([self.minutes, later.minutes]),
            spans=np.concatenate([self.spans, later.spans]),
            addresses=np.concatenate([self.addresses, later.addresses]),
            modules=np.concatenate([self.modules, later.modules]),
            counts=np.concatenate([self.counts, later.counts]),
        )

    def firsts(self) -> NDArray[np.bool_]:
        """Which rows say of their subject, module and minute what no row before them says."""
        keys = (self.subjects << _MODULE_BITS | self.modules) << _MINUTE_BITS | self.minutes
        found = np.zeros(len(keys), bool)
        found[np.unique(keys, return_index=True)[1]] = True
        return found


@dataclass(slots=True)
class Naming:
    """Numbers for texts, in the order in which they are first named."""

    subjects: dict[Subject, int] = field(default_factory=dict)
    addresses: dict[str, int] = field(default_factory=dict)
    modules: dict[str, int] = field(default_factory=dict)

    def numbered(self, subject: Subject, address: str, module: str, count: int) -> Numbered:
        return (
            self.subjects.setdefault(subject, len(self.subjects)),
            self.addresses.setdefault(address, len(self.addresses)),
            self.modules.setdefault(module, len(self.modules)),
            count,
        )

    def columns(
        self, minutes: Numbers, subjects: Numbers, addresses: Numbers, modules: Numbers, counts: Numbers
    ) -> Columns:
        """Rows of one record each."""
        names = tuple(self.subjects), tuple(self.addresses), tuple(self.modules)
        return Columns(*names, subjects, minutes, np.ones(len(minutes), np.int64), addresses, modules, counts)

    def of_rows(self, rows: Sequence[Row]) -> Columns:
        numbered = np.array([self.numbered((row[0], row[1]), *row[4:]) for row in rows], np.int64).reshape(-1, 4)
        minutes, spans = np.array([row[2:4] for row in rows], np.int64).reshape(-1, 2).T
        return replace(self.columns(minutes, *numbered.T), spans=spans)


def of_rows(rows: Iterable[Row]) -> Columns:
    return Naming().of_rows(list(rows))
