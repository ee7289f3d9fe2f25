"""The receipt of an application: what it shows, and how soon the page asks for it again."""

from typing import Any

from platform_site.kit import clock
from vouchers.enums import VoucherState
from vouchers.models import Voucher
from vouchers.pages.shapes import ahead_rows, binding_words
from vouchers.queries import queue_position
from vouchers.queries.chance import chances_of, rise_waiting

PAUSES = (2, 3, 5, 8, 13, 20, 30, 45, 60)  # seconds between two looks: soon, then ever more rarely


def receipt_context(found: Voucher, *, looks: int = 0) -> dict[str, Any]:
    """`looks`: how often the page has asked already. `pause` 0: it is decided, the page asks no more."""
    position = queue_position(found)
    pauses = {VoucherState.ARRIVED: PAUSES[min(looks, len(PAUSES) - 1)], VoucherState.WAITING: PAUSES[-1]}
    return {
        "voucher": found,
        "position": position,
        "ahead": ahead_rows(position),
        "binding": binding_words(position),
        "rise": rise_waiting(found),
        "chances": chances_of(found, clock.now()) if position else [],
        "pause": pauses.get(VoucherState(found.state), 0),
        "looks": looks + 1,
    }
