"""City, supplier and province hear when little of a quota is left, once for each threshold, direction and total."""

from datetime import datetime

from catalog.models import Period
from platform_site.accounts.enums import PROVINCE, SUPPLIER, Role
from platform_site.accounts.queries import bureau_of, member_ids, province_bureau
from platform_site.kit.command import command
from platform_site.messages.domain import notify
from suppliers.models import Supplier
from vouchers.models import QuotaAlert, QuotaBalance
from vouchers.queries.plan_inputs import alert_thresholds
from vouchers.queries.plans import thresholds_below
from vouchers.queries.quota import dimension_names
from vouchers.rules.dimensions import parse_dimension
from vouchers.rules.quota_alerts import Crossing, crossings


@command
def tell_little_left(*, period: Period, at: datetime) -> int:
    """Compare every balance of the period with the thresholds; gives how many dimensions were told of."""
    below, told = thresholds_below(period), 0
    crossed = []
    for balance in QuotaBalance.objects.filter(period=period).order_by("dimension"):
        known = below.get(balance.dimension, frozenset())
        found = crossings(balance.available, balance.total, alert_thresholds(), known)
        crossed += [(balance, found)] if found else []
    names = dimension_names([balance.dimension for balance, _ in crossed])
    for balance, found in crossed:
        told += _tell_once(period, balance, found, names[balance.dimension], at)
    return told


def _tell_once(period: Period, balance: QuotaBalance, found: list[Crossing], name: str, at: datetime) -> bool:
    """The rows say it once; of several thresholds crossed together the lowest is named."""
    made = [crossing for crossing in found if _note(period, balance, crossing, at)]
    if not made:
        return False
    lowest = made[-1]
    share = f"{lowest.threshold * 100:.0f}%"
    left = f"可用 {balance.available:,.2f} 元，总额 {balance.total:,.2f} 元"
    if not lowest.down:
        title = f"{name}额度恢复到 {share} 以上"
    else:
        title = f"{name}额度剩余不到 {share}" if lowest.threshold else f"{name}额度已经用完"
    key = f"quota:{period.pk}:{balance.dimension}:{balance.total}:{lowest.threshold}:{int(lowest.down)}"
    _notify(balance.dimension, title=title, body=f"{period.title}：{left}。", key=key, at=at)
    return True


def _note(period: Period, balance: QuotaBalance, crossing: Crossing, at: datetime) -> bool:
    """False: told before, perhaps this moment by another worker."""
    _, made = QuotaAlert.objects.get_or_create(
        period=period,
        dimension=balance.dimension,
        total=balance.total,
        threshold=crossing.threshold,
        down=crossing.down,
        defaults={"available": balance.available, "told_at": at},
    )
    return made


def _notify(text: str, *, title: str, body: str, key: str, at: datetime) -> None:
    dimension, province = parse_dimension(text), province_bureau()
    people = [(province.pk, sorted(PROVINCE), f"/province/quota/movements/?dimension={text}")]
    if dimension.kind == "city":
        people.append((bureau_of(dimension.key).pk, [Role.CITY_REVIEWER, Role.CITY_APPROVER], "/city/quota/"))
    if dimension.kind == "supplier":
        owner = Supplier.objects.get(pk=int(dimension.key)).organisation_id
        people.append((owner, sorted(SUPPLIER), "/supplier/quota/"))
    for organisation, roles, link in people:
        notify(
            user_ids=member_ids(organisation, *roles),
            organisation_id=organisation,
            title=title,
            body=body,
            link=link,
            at=at,
            key=key,
        )
