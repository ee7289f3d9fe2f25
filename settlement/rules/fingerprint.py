"""Fingerprints of what was published: the same rows give the same digits, one changed sign gives others."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """A row of a notice list as everybody reads it. matching: part of the text only where there is any."""

    line_no: int
    voucher_number: str
    enterprise: str
    supplier: str
    product: str
    amount: Decimal
    bonus: Decimal
    matching: Decimal = Decimal("0.00")

    def text(self) -> str:
        parts = (
            self.line_no,
            self.voucher_number,
            self.enterprise,
            self.supplier,
            self.product,
            f"{self.amount:.2f}",
            f"{self.bonus:.2f}",
            *([f"{self.matching:.2f}"] if self.matching else []),
        )
        return "\t".join(str(part) for part in parts)


def line_fingerprint(list_number: str, version: int, line: PublishedLine) -> str:
    return _digits(f"{list_number}\t{version}\t{line.text()}")


def list_fingerprint(list_number: str, version: int, title: str, lines: Iterable[PublishedLine]) -> str:
    """Over number, version, title and every line in order; 64 hex digits."""
    return _digits("\n".join([f"{list_number}\t{version}\t{title}", *(line.text() for line in lines)]))


def canonical(content: Mapping[str, Any]) -> str:
    """One spelling for the same content, as the evidence hash needs it."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
