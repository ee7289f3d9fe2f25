"""Redemptions reached by the real commands, from the application to the payment."""

import io
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import segno
from PIL import Image

from monitoring.domain import DeviceRow, fold, judge_adoption, simulate_season
from platform_site.accounts.models import City
from platform_site.accounts.queries import day_of, finance_bureau_of
from platform_site.files.domain import store_bytes
from platform_site.kit import clock
from platform_site.kit.actor import Actor, system_actor
from settlement import domain
from settlement.domain import Claim, InvoiceRow, PaymentRow
from settlement.models import Batch, NoticeList, Redemption
from settlement.policies import claim_findings
from tests.vouchers.world import FOSHAN, PDF, World, apply, issue, make_enterprise, official
from vouchers.models import Enterprise, Voucher

PLATFORM = system_actor("tests")
DEVICES = tuple(f"LD-CNC-{number:03d}" for number in range(1, 11))


@dataclass
class Case:
    """One voucher with its people. at: inside the redemption window."""

    world: World
    voucher: Voucher
    enterprise: Enterprise
    actor: Actor
    redemption: Redemption | None = None

    @property
    def at(self) -> datetime:
        return window_opens(self.world) + timedelta(days=1)

    @property
    def city(self) -> dict[str, Actor]:
        return self.world.city(FOSHAN)

    def fresh(self) -> Redemption:
        assert self.redemption is not None
        self.redemption = Redemption.objects.get(pk=self.redemption.pk)
        return self.redemption


def window_opens(world: World) -> datetime:
    return world.period.redeem_from


def issued(world: World, *, total: str = "15000.00", item: int = 5, **changes: object) -> Case:
    """An issued voucher of Foshan; item 5 with ten devices unless said otherwise."""
    enterprise, actor = make_enterprise(world, city=FOSHAN)
    devices = {"devices": len(DEVICES)} if item == 5 else {}
    receipt = apply(world, enterprise, actor, item=item, total=total, **devices, **changes)
    voucher = issue(world, receipt.voucher)
    return Case(world, Voucher.objects.get(pk=voucher.pk), enterprise, actor)


def invoice_picture(text: str) -> bytes:
    """A picture of a QR code, as on the paper."""
    raw = io.BytesIO()
    segno.make(text, error="m").save(raw, kind="png", scale=6, border=4)
    canvas = Image.new("RGB", (900, 600), "white")
    canvas.paste(Image.open(raw).convert("RGB"), (40, 40))
    out = io.BytesIO()
    canvas.save(out, format="PNG")
    return out.getvalue()


def file(by: Actor, name: str, content: bytes = PDF, content_type: str = "application/pdf"):
    return store_bytes(name=name, content=content, content_type=content_type, purpose="test", by=by, at=clock.now())


def draft(
    case: Case, *, at: datetime | None = None, papers: tuple[str, ...] = ("payment", "acceptance", "invoice")
) -> Redemption:
    """The draft with its papers."""
    at = at or case.at
    case.redemption = domain.save_redemption_draft(voucher=case.voucher, draft={}, by=case.actor, at=at)
    for kind in papers:
        stored = file(case.actor, f"{kind}.pdf")
        domain.attach_file(redemption=case.redemption, file=stored, kind=kind, by=case.actor, at=at)
    return case.redemption


def claim_of(case: Case, *, paid: str | None = None, number: str = "", **changes: object) -> Claim:
    """A claim without fault: one invoice and one payment over the whole contract."""
    amount = Decimal(paid) if paid else case.voucher.contract.declared_amount
    day = case.at.date() - timedelta(days=3)
    supplier, enterprise = case.voucher.supplier.name, case.enterprise.name
    contract = case.voucher.contract
    claim = Claim(
        invoices=(InvoiceRow(number or f"{case.voucher.pk:020d}", day, amount, supplier, enterprise),),
        payments=(PaymentRow(f"P{case.voucher.pk}", day, amount, enterprise, supplier),),
        delivered_modules=tuple(contract.modules),
        delivered_devices=contract.devices,
        accepted_on=day,
        bank_account_name=enterprise,
        bank_name="示例银行佛山分行",
        bank_account="4406001234567890",
    )
    return replace(claim, **changes)


def claimed(case: Case, *, at: datetime | None = None, **changes: object) -> Redemption:
    draft(case, at=at)
    case.redemption = domain.claim_redemption(
        redemption=case.redemption, claim=claim_of(case, **changes), by=case.actor, at=at or case.at
    )
    return case.redemption


def confirmed(case: Case, *, devices: tuple[str, ...] | None = None) -> Redemption:
    """Claimed, and confirmed by the supplier a day later."""
    if case.redemption is None:
        claimed(case)
    names = devices or tuple(f"V{case.voucher.pk}-{name}" for name in DEVICES)
    rows = [DeviceRow(name) for name in names] if case.voucher.contract.devices else []
    set_up = domain.confirm_delivery(
        redemption=case.redemption, devices=rows, by=case.world.supplier_actor, at=case.at + timedelta(days=1)
    )
    case.set_up = set_up
    return case.fresh()


def watched(case: Case, *, quiet: int = 0, days: int = 30) -> Redemption:
    """Confirmed, thirty days of telemetry folded and judged, the result passed on."""
    confirmed(case)
    first = (case.at + timedelta(days=2)).date()
    over = case.at + timedelta(days=days + 3)
    simulate_season(source=case.set_up.source, first_day=first, days=days, by=PLATFORM, at=over, quiet_devices=quiet)
    fold(at=over)
    judge_adoption(voucher=case.voucher, at=over, by=PLATFORM)
    domain.note_verdict(redemption=case.fresh(), by=PLATFORM, at=over)
    return case.fresh()


def later(case: Case, days: int = 40) -> datetime:
    return case.at + timedelta(days=days)


def ticks(redemption: Redemption, at: datetime) -> dict[str, bool]:
    return {finding.code: True for finding in claim_findings(redemption, at)}


def checked(case: Case, **changes: object) -> Redemption:
    """Form check signed by the reviewer; proposes to approve."""
    if case.redemption is None or case.redemption.state not in ("monitored", "under_review"):
        watched(case)
    at = later(case)
    row = case.fresh()
    values = {"opinion": "approve", "checked": ticks(row, at)} | changes
    domain.check_redemption(redemption=row, by=case.city["reviewer"], at=at, **values)
    return case.fresh()


def approved(case: Case) -> Redemption:
    checked(case)
    domain.decide_redemption(redemption=case.redemption, by=case.city["approver"], at=later(case))
    return case.fresh()


def compiled(case: Case, **changes: object) -> NoticeList:
    return domain.compile_notice_list(
        city=City.objects.get(pk=FOSHAN),
        period=case.world.period,
        by=case.city["reviewer"],
        at=later(case, 41),
        **changes,
    )


def published(case: Case) -> NoticeList:
    """Compiled, signed by the second person, made public."""
    made = compiled(case)
    domain.sign_notice_list(notice_list=made, by=case.city["approver"], at=later(case, 41))
    domain.publish_notice_list(notice_list=made, by=case.city["reviewer"], at=later(case, 42))
    return NoticeList.objects.get(pk=made.pk)


def notice_over(case: Case, made: NoticeList) -> datetime:
    """A moment after the last day of the notice."""
    return later(case, 42) + (made.notice.closes_on - day_of(later(case, 42)) + timedelta(days=1))


def payable(case: Case) -> Redemption:
    approved(case)
    made = published(case)
    domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made))
    return case.fresh()


def signed_batch(case: Case, *, budget: str = "1000000.00") -> Batch:
    made = domain.build_batch(
        city=City.objects.get(pk=FOSHAN),
        period=case.world.period,
        budget=Decimal(budget),
        by=case.city["reviewer"],
        at=later(case, 60),
    )
    return domain.sign_batch(batch=made, by=case.city["approver"], at=later(case, 60))


def treasurer() -> Actor:
    return official(finance_bureau_of(FOSHAN), "finance_officer")


def pay(batch: Batch, by: Actor, case: Case, *, prefix: str = "BK") -> None:
    for line in batch.lines.filter(fits=True):
        domain.record_payment(
            line=line, bank_reference=f"{prefix}{line.pk}", paid_on=later(case, 60).date(), by=by, at=later(case, 61)
        )


def day(text: str) -> date:
    return date.fromisoformat(text)


quiet = partial(watched, quiet=len(DEVICES))
