"""Redeeming: papers, the supplier's confirmation, telemetry, the city's check, public notice, payment."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from monitoring.domain import simulate_season
from monitoring.enums import SourceKind
from monitoring.queries import source_of, terms_of
from monitoring.rules.device_list import DeviceRow
from platform_site.accounts.queries import day_of
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Finding
from platform_site.management.season.cast import CityOffice
from platform_site.management.season.enterprises import Deal, Factory
from platform_site.management.season.papers import (
    Invoice,
    acceptance_report,
    invoice,
    payment_slip,
)
from platform_site.management.season.stage import Stage
from platform_site.working_calendar.queries import is_working_day
from settlement.domain import (
    Claim,
    InvoiceRow,
    PaymentRow,
    attach_file,
    build_batch,
    check_redemption,
    claim_redemption,
    compile_notice_list,
    confirm_delivery,
    decide_redemption,
    publish_notice_list,
    record_payment,
    save_redemption_draft,
    sign_batch,
    sign_notice_list,
    take_up_redemption,
)
from settlement.models import Batch, NoticeList, Redemption
from settlement.policies import claim_findings
from settlement.queries import lines_of_batch, notice_lists_visible_to
from settlement.queries.redemptions import redemption_for_work
from vouchers.models import Voucher

PAID_SHARE = Decimal("0.95")
WINDOW_DAYS, LOOKED_BACK = 29, 150
METERS = 3  # where machines are watched without an amount per device
CLASSIC_CODES = ("044001900111", "044002000111", "4400201130")


NOT_USED = Finding(
    code="adoption.not_proven",
    clause="S19/5.4.13",
    title="没有达到使用要求",
    reason="兑现期内达标的设备不够。",
    remedy="这张券不能兑现；恢复使用后可以就新的合同再申领。",
)


def claim(stage: Stage, factory: Factory, deal: Deal, voucher: Voucher, *, submit: bool = True) -> Redemption:
    """Two invoices and two payments of 95 % of the contract, an acceptance report, all as PDF."""
    by = factory.staff.actor
    redemption = save_redemption_draft(voucher=voucher, draft={}, by=by, at=stage.now)
    invoices = _invoices(stage, factory, deal)
    payments = [_payment(stage, factory, deal, paper) for paper in invoices]
    _attach(stage, factory, deal, redemption, invoices, payments)
    if not submit:
        return redemption
    form = _claim(stage, factory, deal, invoices, payments)
    return claim_redemption(redemption=redemption, claim=form, by=by, at=stage.now)


def _invoices(stage: Stage, factory: Factory, deal: Deal) -> list[Invoice]:
    whole = (deal.declared * PAID_SHARE).quantize(Decimal("0.01"))
    first = (whole * Decimal("0.6")).quantize(Decimal("0.01"))
    day = day_of(stage.now)
    return [
        Invoice(
            code=stage.dice.choice(CLASSIC_CODES[:2]) if part == 0 else "",
            number=f"{stage.dice.randrange(10**7, 10**8)}" if part == 0 else f"{stage.dice.randrange(10**19, 10**20)}",
            issued_on=day - timedelta(days=14 - 7 * part),
            total=amount,
            seller=deal.house.party,
            buyer=factory.party,
            goods="*软件服务*应用服务",
        )
        for part, amount in enumerate((first, whole - first))
    ]


def _payment(stage: Stage, factory: Factory, deal: Deal, paper: Invoice) -> PaymentRow:
    return PaymentRow(
        reference=f"HD{stage.dice.randrange(10**11, 10**12)}",
        paid_on=paper.issued_on + timedelta(days=1),
        amount=paper.total,
        payer=factory.enterprise.name,
        payee=deal.house.supplier.name,
    )


def _attach(
    stage: Stage,
    factory: Factory,
    deal: Deal,
    redemption: Redemption,
    invoices: list[Invoice],
    payments: list[PaymentRow],
) -> None:
    papers = [(f"发票 {paper.number}.pdf", invoice(paper), "invoice") for paper in invoices]
    papers += [
        (
            f"回单 {row.reference}.pdf",
            payment_slip(
                reference=row.reference, paid_on=row.paid_on, amount=row.amount, payer=row.payer, payee=row.payee
            ),
            "payment",
        )
        for row in payments
    ]
    report = acceptance_report(
        number=deal.number,
        accepted_on=day_of(stage.now) - timedelta(days=3),
        buyer=factory.party,
        seller=deal.house.party,
        product=deal.offer.product.name,
        modules=deal.modules,
        devices=deal.devices or 0,
    )
    papers.append((f"验收报告 {deal.number}.pdf", report, "acceptance"))
    by = factory.staff.actor
    for name, content, kind in papers:
        file = stage.paper(name, content, purpose="redemption", by=by)
        attach_file(redemption=redemption, file=file, kind=kind, by=by, at=stage.now)


def _claim(stage: Stage, factory: Factory, deal: Deal, invoices: list[Invoice], payments: list[PaymentRow]) -> Claim:
    enterprise, item = factory.enterprise, deal.offer.item
    rows = tuple(
        InvoiceRow(
            number=paper.number,
            issued_on=paper.issued_on,
            amount=paper.total,
            seller=paper.seller.name,
            buyer=paper.buyer.name,
            code=paper.code,
            amount_without_tax=paper.net if paper.code else None,
            check_code=paper.check_code[-6:] if paper.code else "",
        )
        for paper in invoices
    )
    savings = int(item.requirements.get("savings_proposals", 0))
    return Claim(
        invoices=rows,
        payments=tuple(payments),
        delivered_modules=deal.modules,
        accepted_on=day_of(stage.now) - timedelta(days=3),
        bank_account_name=enterprise.bank_account_name,
        bank_name=enterprise.bank_name,
        bank_account=enterprise.bank_account,
        delivered_devices=deal.devices,
        model_description=deal.offer.product.model_name,
        proposals=tuple(
            f"{place}错峰运行，每年节约电费约 {amount} 万元"
            for place, amount in (("空压站", 6), ("热处理线", 9))[:savings]
        ),
    )


def confirm(stage: Stage, deal: Deal, redemption: Redemption) -> None:
    """The supplier confirms with its list of devices."""
    stem = f"{redemption.voucher_id:05d}"
    count = spare(deal.devices) if deal.devices else (METERS if terms_of(redemption.voucher).by_device else 0)
    rows = [DeviceRow(f"GW-{stem}-{number:03d}", f"{number} 号设备") for number in range(1, count + 1)]
    confirm_delivery(redemption=redemption, devices=rows, by=deal.house.staff.actor, at=stage.now)


def spare(devices: int) -> int:
    """Factories connect some more machines than the contract counts: not every one runs every day."""
    return devices + devices // 3 + 2


def send_telemetry(stage: Stage, voucher: Voucher, *, quiet: int = 0) -> None:
    """What the supplier's system would have sent up to now: since a month began without a public holiday in it, so that
    whoever plays on the day after a long one sees no factory fail for having celebrated."""
    source = source_of(voucher, SourceKind.SUPPLIER_PUSH)
    if source is None:
        raise LookupError(f"voucher {voucher.number} has no source")
    today = day_of(stage.now)
    first = _last_month_without_holiday(today)
    simulate_season(
        source=source,
        first_day=first,
        days=(today - first).days,
        by=system_actor("供应商接口"),
        at=stage.now,
        quiet_devices=quiet,
        seed=f"season-{voucher.number}",
    )


def _last_month_without_holiday(today: date) -> date:
    """Its first day; it ends yesterday or before."""
    days_back = [today - timedelta(days=back) for back in range(1, LOOKED_BACK + 1)]
    run = 0
    for day in days_back:
        run = 0 if day.weekday() < 5 and not is_working_day(day) else run + 1
        if run == WINDOW_DAYS:
            return day
    raise LookupError(f"no {WINDOW_DAYS} days without a holiday before {today}")


def check(stage: Stage, office: CityOffice, redemption: Redemption) -> None:
    """The reviewer's form check."""
    take_up_redemption(redemption=redemption, by=office.reviewer.actor, at=stage.now)
    redemption = redemption_for_work(redemption.pk)
    check_redemption(
        redemption=redemption,
        opinion="approve",
        checked={finding.code: True for finding in claim_findings(redemption, stage.now)},
        note="票、款、验收一致",
        by=office.reviewer.actor,
        at=stage.now,
    )


def approve(stage: Stage, office: CityOffice, redemption: Redemption) -> None:
    """Form check and signature by two people."""
    check(stage, office, redemption)
    stage.wait(minutes=30)
    decide_redemption(redemption=redemption, by=office.approver.actor, at=stage.now)


def refuse_unused(stage: Stage, office: CityOffice, redemption: Redemption) -> None:
    """Adoption was not proven: the city refuses by two people, the voucher is void (S19/5.4.13, S19/6.1)."""
    take_up_redemption(redemption=redemption, by=office.reviewer.actor, at=stage.now)
    check_redemption(
        redemption=redemption_for_work(redemption.pk),
        opinion="refuse",
        note="监测没有达到使用要求",
        findings=[NOT_USED],
        fault="enterprise",
        by=office.reviewer.actor,
        at=stage.now,
    )
    stage.wait(minutes=30)
    decide_redemption(redemption=redemption, by=office.approver.actor, at=stage.now)


def publish_list(stage: Stage, office: CityOffice, redemptions: Iterable[Redemption]) -> NoticeList:
    """Compile, sign, publish; the period is that of the redemptions."""
    period = next(iter(redemptions)).period
    listed = compile_notice_list(city=office.city, period=period, by=office.reviewer.actor, at=stage.now)
    stage.wait(minutes=40)
    sign_notice_list(notice_list=listed, by=office.approver.actor, at=stage.now)
    listed = notice_lists_visible_to(office.reviewer.actor).get(pk=listed.pk)
    return publish_notice_list(notice_list=listed, by=office.reviewer.actor, at=stage.now)


def build_and_sign(stage: Stage, office: CityOffice, listed: NoticeList, budget: Decimal) -> Batch:
    batch = build_batch(city=office.city, period=listed.period, budget=budget, by=office.reviewer.actor, at=stage.now)
    stage.wait(minutes=40)
    return sign_batch(batch=batch, by=office.approver.actor, at=stage.now)


def pay(stage: Stage, office: CityOffice, batch: Batch, *, but: int = 0) -> None:
    """The finance officer records the bank's references; the last `but` lines stay open."""
    lines = [line for line in lines_of_batch(batch) if line.fits]
    for line in lines[: len(lines) - but]:
        record_payment(
            line=line,
            bank_reference=f"YH{stage.dice.randrange(10**13, 10**14)}",
            paid_on=day_of(stage.now),
            by=office.finance.actor,
            at=stage.now,
        )
