"""Do the sums agree: published list, batch, register and ledger, each counted from its own rows."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Coalesce

from settlement.enums import REDEMPTION_LABELS, BankOutcome, LedgerKind, RedemptionState
from settlement.models import Batch, BatchLine, NoticeLine, NoticeList, PaymentLedger
from settlement.queries.lists import newest_version, published_version

ZERO = Decimal("0.00")
_WHOLE = F("amount") + F("bonus") + F("matching")
PAID_STATES = (RedemptionState.PAID, RedemptionState.RECOVERING, RedemptionState.RECOVERED)


@dataclass(frozen=True, slots=True)
class Row:
    """A sum with its name. number: of rows that make it."""

    label: str
    number: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Agreement:
    """rows: what is shown. differences: sentences about sums that should be equal and are not."""

    rows: tuple[Row, ...]
    differences: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        return not self.differences


def batch_sums(batch: Batch) -> Agreement:
    """Batch = its lines = paid + sent back + open, and paid by the bank's results = paid by the ledger."""
    fitting = batch.lines.filter(fits=True)
    lines = _sum("各行合计", fitting)
    paid = _sum("银行已付", fitting.filter(result__outcome=BankOutcome.PAID))
    failed = _sum("银行退回", fitting.filter(result__outcome=BankOutcome.FAILED))
    open_ = _sum("还没有银行结果", fitting.filter(result__isnull=True))
    ledger = _sum("台账已付", PaymentLedger.objects.filter(line__batch=batch, kind=LedgerKind.PAYMENT))
    carried = _sum("结转下批", batch.lines.filter(fits=False))
    pairs = [
        ("批次合计", batch.total, "各行合计", lines.amount),
        ("各行合计", lines.amount, "已付、退回、待付之和", paid.amount + failed.amount + open_.amount),
        ("银行已付", paid.amount, "台账已付", ledger.amount),
    ]
    whole = Row("批次合计", lines.number, batch.total)
    return Agreement((whole, lines, paid, ledger, failed, open_, carried), _differences(pairs))


def list_sums(notice_list: NoticeList) -> Agreement:
    """Published = its lines = where each redemption stands now, and the paid ones = the ledger."""
    version = published_version(notice_list) or newest_version(notice_list)
    if version is None:
        return Agreement((), ())
    lines = _with_standing(version.lines.all())
    whole = _sum("公示各行合计", lines)
    now = _standings(lines)
    paid = _sum("台账已付", _ledger_of(lines))
    by_state = sum((row.amount for row in now), ZERO)
    in_ledger = lines.filter(redemption__state__in=PAID_STATES).aggregate(total=Sum(_WHOLE))["total"] or ZERO
    pairs = [
        ("名单合计", version.grand_total, "公示各行合计", whole.amount),
        ("公示各行合计", whole.amount, "各行现在核定之和", by_state),
        ("已兑付各行", in_ledger, "台账已付", paid.amount),
    ]
    first = Row("名单合计", version.count, version.grand_total)
    return Agreement((first, whole, paid, *now), _differences(pairs))


def _with_standing(lines: QuerySet[NoticeLine]) -> QuerySet[NoticeLine]:
    standing = F("redemption__bonus_amount") + F("redemption__matching_amount")
    return lines.annotate(now_amount=Coalesce("redemption__approved_amount", ZERO) + standing)


def _ledger_of(lines: QuerySet[NoticeLine]) -> QuerySet[PaymentLedger]:
    return PaymentLedger.objects.filter(redemption__in=lines.values("redemption_id"), kind=LedgerKind.PAYMENT)


def _standings(lines: QuerySet[NoticeLine]) -> list[Row]:
    """One row per state that occurs, in the order of a redemption's life."""
    found = lines.order_by().values("redemption__state").annotate(number=Count("pk"), now=Sum("now_amount"))
    by_state = {row["redemption__state"]: row for row in found}
    return [
        Row(f"其中：{REDEMPTION_LABELS[state]}", by_state[state]["number"], by_state[state]["now"])
        for state in RedemptionState
        if state in by_state
    ]


def _sum(label: str, rows: QuerySet[BatchLine] | QuerySet[PaymentLedger] | QuerySet[NoticeLine]) -> Row:
    found = rows.aggregate(number=Count("pk"), amount=Sum(_WHOLE))
    return Row(label, found["number"], found["amount"] or ZERO)


def _differences(pairs: list[tuple[str, Decimal, str, Decimal]]) -> tuple[str, ...]:
    return tuple(
        f"{one} {left:,.2f} 元，{other} {right:,.2f} 元，相差 {left - right:,.2f} 元。"
        for one, left, other, right in pairs
        if left != right
    )
