"""A platform on which every list has rows: with each round one more of everything, all by the real commands."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from catalog import domain as catalog
from catalog.models import Period
from monitoring.domain import (
    DeviceRow,
    ask_explanation,
    deliver_feed,
    fold,
    judge_adoption,
    look_again,
    simulate_season,
)
from platform_site.accounts import domain as accounts
from platform_site.accounts.models import City, Organisation
from platform_site.accounts.queries import bureau_of, finance_bureau_of, province_bureau
from platform_site.kit import clock
from platform_site.kit.actor import ANONYMOUS, Actor
from platform_site.notices.domain import announce, file_objection
from platform_site.outbox.domain import deliver_all
from settlement import domain as settlement
from settlement.models import NoticeList
from suppliers import domain as suppliers
from suppliers.rules.profile import SupplierProfile
from tests.accounts.people import company_number
from tests.settlement import world as claims
from tests.settlement.world import PLATFORM, Case
from tests.vouchers.world import (
    FOSHAN,
    GUANGZHOU,
    PDF,
    SETUP,
    World,
    apply,
    grant,
    issue,
    make_enterprise,
    make_product,
    make_supplier,
    make_world,
    official,
    upload,
)
from vouchers import domain as vouchers
from vouchers.models import Voucher

SERVICE = SupplierProfile(
    kind="service", legal_form="company", introduction="工业软件", contact_name="甲", contact_phone="13800000000"
)
ELSEWHERE = "198.51.100.9"
FEED_HEAD = "券号,设备编号,开始,结束,地址\n"


class Crowd:
    """One enterprise, one supplier and the officials of one city, whose lists grow together."""

    def __init__(self) -> None:
        self.world: World = make_world(items=(5,))
        call_command("load_monitoring", verbosity=0)
        self.enterprise, self.owner = make_enterprise(self.world, city=FOSHAN)
        self.city = self.world.city(FOSHAN)
        province = province_bureau()
        self.auditor = official(province, "auditor")
        self.province_admin = official(province, "bureau_admin")
        self.city_admin = official(bureau_of(FOSHAN), "bureau_admin")
        self.treasurer = official(finance_bureau_of(FOSHAN), "finance_officer")
        self.operator_organisation = accounts.create_organisation(
            kind="operator", name="某运营商", area_code="", by=SETUP, at=clock.now()
        )
        self.operator = official(self.operator_organisation, "operator_staff")
        self.serial = count(1)

    @property
    def people(self) -> dict[str, Actor]:
        return {
            "enterprise": self.owner,
            "supplier": self.world.supplier_actor,
            "reviewer": self.city["reviewer"],
            "approver": self.city["approver"],
            "city_admin": self.city_admin,
            "officer": self.world.officer,
            "province_admin": self.province_admin,
            "treasurer": self.treasurer,
            "operator": self.operator,
            "auditor": self.auditor,
        }

    def grow(self) -> None:
        """One more row on every list."""
        number = next(self.serial)
        self._staff(number)
        self._supply(number)
        self._province(number)
        self._applications()
        self._claims()
        deliver_all(at=clock.now())

    # -- who works here and what is announced ------------------------------------------------------------------------

    def _staff(self, number: int) -> None:
        at = clock.now()
        places: list[tuple[Organisation, str, Actor]] = [
            (self.enterprise.organisation, "enterprise_staff", self.owner),
            (self.world.supplier.organisation, "supplier_staff", self.world.supplier_actor),
            (bureau_of(FOSHAN), "city_reviewer", self.city_admin),
            (province_bureau(), "province_officer", self.province_admin),
        ]
        for organisation, role, admin in places:
            official(organisation, role)
            email = f"{role}{number}@example.org"
            accounts.invite_member(organisation=organisation, email=email, name="新人", roles=[role], by=admin, at=at)
        company = make_enterprise(self.world, city=FOSHAN)[0].organisation
        self._recovery(company, number)

    def _recovery(self, company: Organisation, number: int) -> None:
        accounts.open_recovery(
            organisation=company,
            name="继任者",
            phone="13800000000",
            email=f"recovery{number}@example.org",
            ground="管理员离职，没有交接。",
            ends_previous=True,
            by=self.city["reviewer"],
            at=clock.now(),
        )

    # -- suppliers and products --------------------------------------------------------------------------------------

    def _supply(self, number: int) -> None:
        world, at = self.world, clock.now()
        make_supplier(world.officer, world.approver, at)
        make_product(world, 5)
        self._supplier_on_the_desk(passed=False)
        self._supplier_on_the_desk(passed=True)
        self._product_on_the_desk(number)
        suppliers.list_agent(
            supplier=world.supplier,
            name=f"代理商{number}",
            uscc=company_number(900 + number),
            kind="agent",
            by=world.supplier_actor,
            at=at,
        )

    def _supplier_on_the_desk(self, *, passed: bool) -> None:
        at, number = clock.now(), next(self.serial) + 500
        user = accounts.sign_up(
            kind="supplier",
            organisation_name=f"第{number}软件有限公司",
            uscc=company_number(number),
            area_code=FOSHAN,
            name="联系人",
            phone="13800000000",
            email=f"desk{number}@example.com",
            username=f"desk{number}",
            password="shan-shui-tian-yuan-8",
            by=SETUP,
            at=at,
        )
        organisation = user.memberships.get().organisation
        by = official(organisation, "supplier_admin")
        made = suppliers.register_supplier(organisation=organisation, profile=SERVICE, by=by, at=at)
        suppliers.add_supplier_file(supplier=made, upload=upload(), kind="licence", by=by, at=at)
        made = suppliers.submit_supplier(supplier=made, by=by, at=at)
        if passed:
            suppliers.review_supplier_by_city(
                supplier=made, outcome="pass", opinion="合规", by=self.city["reviewer"], at=at
            )

    def _product_on_the_desk(self, number: int) -> None:
        world, version = self.world, self.world.period.catalog_version
        row = version.items.get(number=5)
        draft = suppliers.ProductDraft(
            item_number=5,
            name=f"待审云应用 {number} 号",
            modules=tuple(row.modules),
            model_name="能耗模型",
            situations=("故障", "到期", "巡检"),
            channels=("邮件", "短信", "APP"),
            own_work=True,
        )
        by = world.supplier_actor
        made = suppliers.save_product(supplier=world.supplier, catalog_version=version, draft=draft, by=by, at=world.at)
        suppliers.add_product_file(product=made, upload=upload(), kind="intellectual_property", by=by, at=world.at)
        suppliers.submit_product(product=made, by=by, at=world.at)

    # -- the province ------------------------------------------------------------------------------------------------

    def _province(self, number: int) -> None:
        world, at = self.world, clock.now()
        announce(title=f"通知{number}", body="正文", by=world.officer, at=at)
        announce(title=f"本市通知{number}", body="正文", by=self.city["reviewer"], at=at)
        self._period(number)
        self._policy_drafts(number)
        grant(world, [(f"city:{code}", Decimal("100000.00")) for code in (FOSHAN, GUANGZHOU)])
        lines = [(f"city:{FOSHAN}", Decimal("50000.00"))]
        vouchers.plan_quota(
            period=world.period, title=f"追加{number}", reason="进度快", lines=lines, by=world.officer, at=at
        )
        vouchers.ask_what_if(
            period=world.period, totals={f"city:{FOSHAN}": Decimal(number)}, key=f"w{number}", by=world.officer, at=at
        )
        vouchers.ask_policy_what_if(
            period=world.period,
            edition=world.period.edition,
            values={"enterprise_cap": f"{number}.00"},
            amounts={},
            key=f"p{number}",
            by=world.officer,
            at=at,
        )

    def _policy_drafts(self, number: int) -> None:
        period, by, at = self.world.period, self.world.officer, clock.now()
        code = f"d{number}"
        catalog.draft_edition(parent=period.edition, code=code, title=f"草拟版本{number}", by=by, at=at)
        catalog.draft_catalog(origin=period.catalog_version, code=code, title=f"草拟目录{number}", by=by, at=at)

    def _period(self, number: int) -> Period:
        opened, at = self.world.period, clock.now()
        opens = opened.redeem_to + timedelta(days=100 * number)
        return catalog.draft_period(
            edition=opened.edition,
            catalog_version=opened.catalog_version,
            code=f"{opened.code}-{number}",
            title=f"草拟申领期{number}",
            apply_from=opens,
            apply_to=opens + timedelta(days=20),
            redeem_from=opens + timedelta(days=21),
            redeem_to=opens + timedelta(days=90),
            clause="S19/6.1",
            by=self.world.officer,
            at=at,
        )

    # -- applications and claims -------------------------------------------------------------------------------------

    def _applications(self) -> None:
        """An enterprise on the desk, a form begun, an application to review, one proposed, one issued."""
        make_enterprise(self.world, city=FOSHAN, approved=False)
        vouchers.save_draft(
            enterprise=self.enterprise, period=self.world.period, data={}, by=self.owner, at=clock.now()
        )
        self._applied()
        proposed = self._applied()
        vouchers.propose_decision(
            voucher=proposed, proposal="approve", opinion="符合", by=self.city["reviewer"], at=clock.now()
        )
        self._issued()

    def _applied(self) -> Voucher:
        """Each for a product of its own: an enterprise has one application at a time for a product (S19/5.3.7)."""
        self.world.products[5] = make_product(self.world, 5)
        receipt = apply(self.world, self.enterprise, self.owner, item=5, total="1500.00", devices=1)
        return receipt.voucher

    def _issued(self) -> Case:
        voucher = issue(self.world, self._applied())
        return Case(self.world, Voucher.objects.get(pk=voucher.pk), self.enterprise, self.owner)

    def _claims(self) -> None:
        """A draft, one at the supplier, one judged, one checked; one on a list with an objection, one paid."""
        claims.draft(self._issued())
        claims.claimed(self._issued())
        cases = [self._issued() for _ in range(4)]
        self._watch(cases)
        _, to_sign, disputed, to_pay = cases
        claims.checked(to_sign)
        self._pay(to_pay)
        self._dispute(disputed)

    def _watch(self, cases: list[Case]) -> None:
        """Thirty days of telemetry for all of them, folded and judged together."""
        for case in cases:
            claims.claimed(case)
            case.set_up = settlement.confirm_delivery(
                redemption=case.redemption,
                devices=[DeviceRow(f"V{case.voucher.pk}")],
                by=self.world.supplier_actor,
                at=case.at + timedelta(days=1),
            )
        first, over = (cases[0].at + timedelta(days=2)).date(), cases[0].at + timedelta(days=33)
        self._feed(cases[0], first)
        for case in cases:
            away = ELSEWHERE if case is cases[0] else ""
            simulate_season(source=case.set_up.source, first_day=first, days=30, address=away, by=PLATFORM, at=over)
        fold(at=over)
        for case in cases:
            judge_adoption(voucher=case.voucher, at=over, by=PLATFORM)
            settlement.note_verdict(redemption=case.fresh(), by=PLATFORM, at=over)
            case.fresh()
        self._doubt(cases[0], over)

    def _doubt(self, case: Case, at: datetime) -> None:
        """Data from another province: a sign, and both sides are asked about it."""
        look_again(voucher_id=case.voucher.pk, by=PLATFORM, at=at)
        for side in ("enterprise", "supplier"):
            ask_explanation(voucher=case.voucher, side=side, text="设备在哪里？", by=self.world.officer, at=at)

    def _feed(self, case: Case, day: date) -> None:
        row = f"{case.voucher.number},V{case.voucher.pk},{day} 08:00,{day} 17:59,\n"
        deliver_feed(
            organisation=self.operator_organisation,
            name="feed.csv",
            content=(FEED_HEAD + row).encode(),
            by=self.operator,
            at=case.at + timedelta(days=4),
        )

    def _listed(self, case: Case) -> NoticeList:
        claims.checked(case)
        settlement.decide_redemption(redemption=case.redemption, by=self.city["approver"], at=claims.later(case))
        return claims.published(case)

    def _pay(self, case: Case) -> None:
        made = self._listed(case)
        settlement.close_notice_list(notice=made.notice, by=PLATFORM, at=claims.notice_over(case, made))
        batch = settlement.build_batch(
            city=City.objects.get(pk=FOSHAN),
            period=self.world.period,
            budget=Decimal("1000000.00"),
            by=self.city["reviewer"],
            at=claims.later(case, 60),
        )
        settlement.sign_batch(batch=batch, by=self.city["approver"], at=claims.later(case, 60))
        claims.pay(batch, self.treasurer, case)

    def _dispute(self, case: Case) -> None:
        made = self._listed(case)
        file_objection(
            notice=made.notice,
            line_key=case.voucher.number,
            name="王某",
            contact="13800000000",
            statement="这家企业没有安装这套系统，现场没有设备。",
            evidence=SimpleUploadedFile("证明.pdf", PDF, content_type="application/pdf"),
            by=ANONYMOUS,
            at=claims.later(case, 43),
        )
