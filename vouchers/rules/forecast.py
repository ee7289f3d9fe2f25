"""When a quota runs out, if it goes on as in the last days: an estimate with its basis, never a promise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

ZERO, CENT = Decimal("0.00"), Decimal("0.01")
RECENT_DAYS = 14  # how far the pace looks back; shown with every estimate


@dataclass(frozen=True, slots=True)
class Forecast:
    """outlook: empty (nothing was granted), closed (the window is over), used_up (nothing is left), no_pace (nothing
    was taken lately), lasts (enough until the last day), runs_out (`on` is the day). per_day: yuan a day over `days`
    days, what was given back deducted. on: None where there is no day to name."""

    outlook: str
    days: int
    per_day: Decimal
    on: date | None = None

    @property
    def words(self) -> str:
        basis = f"近 {self.days} 天每天约 {self.per_day:,.2f} 元"
        if self.outlook == "empty":
            return "没有下达额度"
        if self.outlook == "closed":
            return "申领已截止"
        if self.outlook == "used_up":
            return "已用完"
        if self.outlook == "no_pace":
            return f"近 {self.days} 天没有占用，无法估计"
        if self.outlook == "lasts" or self.on is None:
            return f"按{basis}，到截止用不完"
        return f"按近 {self.days} 天速度，约 {self.on.month} 月 {self.on.day} 日用完"


def forecast(
    *,
    total: Decimal,
    available: Decimal,
    taken: Mapping[date, Decimal],
    today: date,
    first: date,
    last: date,
    recent: int = RECENT_DAYS,
) -> Forecast:
    """`taken`: yuan reserved less yuan given back, per day. `first`, `last`: days of the application window; the pace
    looks back `recent` days from today (today included), but not before `first`."""
    end = min(today, last)
    days = max(min(recent, (end - first).days + 1), 1)
    since = end - timedelta(days=days - 1)
    moved = sum((amount for day, amount in taken.items() if since <= day <= end), ZERO)
    per_day = (moved / days).quantize(CENT)
    if total <= ZERO:
        return Forecast("empty", days, per_day)
    if today > last:
        return Forecast("closed", days, per_day)
    if available <= ZERO:
        return Forecast("used_up", days, per_day)
    if per_day <= ZERO:
        return Forecast("no_pace", days, per_day)
    left = int((available / per_day).to_integral_value(ROUND_CEILING))
    if left > (last - today).days:
        return Forecast("lasts", days, per_day)
    return Forecast("runs_out", days, per_day, today + timedelta(days=left))
