"""Notice, objections, batches, payments: once each, sums agree, nothing changes on a second run."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from platform_site.accounts.queries import day_of
from platform_site.kit.actor import ANONYMOUS
from platform_site.notices.domain import file_objection
from platform_site.outbox.domain import deliver_all
from settlement import domain, tasks
from settlement.documents import notice_pdf, register_sheet
from settlement.forms.money import read_results
from settlement.models import Batch, NoticeLine, NoticeList, PaymentLedger
from settlement.queries import paid_of_batch, published_version, sum_of_batch, verify_version
from settlement.queries.lists import as_published, public_versions
from settlement.rules.versions import changes
from tests.settlement.test_claim import refused
from tests.settlement.world import (
    PLATFORM,
    Case,
    approved,
    compiled,
    later,
    notice_over,
    pay,
    payable,
    published,
    signed_batch,
    treasurer,
)
from tests.vouchers.world import PDF
from vouchers.models import Voucher


def two_approved(case: Case, other: Case) -> None:
    approved(case)
    approved(other)


def objected(case: Case, made: NoticeList):
    evidence = SimpleUploadedFile("证明.pdf", PDF, content_type="application/pdf")
    objection = file_objection(
        notice=made.notice, line_key=case.voucher.number, name="王某", contact="13800000000",
        statement="这家企业没有安装这套系统，现场没有设备。", evidence=evidence, by=ANONYMOUS, at=later(case, 43),
    )  # fmt: skip
    deliver_all(at=later(case, 43))
    return objection


def test_all_approved_are_on_the_list_and_what_is_left_out_has_a_reason(case: Case, other: Case):
    two_approved(case, other)
    made = compiled(case, left_out={other.redemption.pk: "材料核对中"})
    assert (case.fresh().state, other.fresh().state) == ("listed", "approved")
    assert [row.reason for row in made.postponements.all()] == ["材料核对中"]


def test_the_compiler_cannot_sign(case: Case):
    approved(case)
    made = compiled(case)
    step = lambda: domain.sign_notice_list(notice_list=made, by=case.city["reviewer"], at=later(case))  # noqa: E731
    assert refused(step) == ["signature.same_person", "signature.not_approver"]


def test_the_notice_lasts_its_days_and_rolls_on(case: Case):
    """D/6: the publication day is not counted. D/6"""
    approved(case)
    made = published(case)
    day = day_of(later(case, 42))
    assert made.notice.days == 7
    assert made.notice.opens_on == day + timedelta(days=1)
    assert made.notice.closes_on >= day + timedelta(days=7)


def test_nothing_is_payable_before_the_last_day_is_over(case: Case):
    """S19/4.2 T18/4.2 T18/5.4.14"""
    approved(case)
    made = published(case)
    last = notice_over(case, made) - timedelta(days=1)
    assert refused(lambda: domain.close_notice_list(notice=made.notice, by=PLATFORM, at=last)) != []
    assert case.fresh().state == "on_notice"
    assert domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made)) == 1
    assert domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made)) == 0
    assert (case.fresh().state, NoticeList.objects.get().state) == ("payable", "closed")


def test_an_objection_holds_one_line_and_the_other_is_paid_first(case: Case, other: Case):
    """S19/6.3."""
    two_approved(case, other)
    made = published(case)
    objection = objected(case, made)
    assert (case.fresh().state, other.fresh().state) == ("disputed", "on_notice")
    assert domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made)) == 1
    assert (case.fresh().state, other.fresh().state) == ("disputed", "payable")
    domain.settle_objection(
        objection=objection, upheld=False, answer="现场核查设备齐全。", by=case.city["approver"], at=later(case, 55)
    )
    assert case.fresh().state == "payable"


def test_an_upheld_objection_drops_the_line_and_voids_the_voucher(case: Case):
    approved(case)
    made = published(case)
    objection = objected(case, made)
    step = lambda follow: domain.settle_objection(  # noqa: E731
        objection=objection,
        upheld=True,
        answer="情况属实。",
        by=case.city["approver"],
        at=later(case, 55),
        follow=follow,
    )
    assert refused(lambda: step("")) == ["objection.no_follow"]
    step("drop")
    assert case.fresh().state == "dropped"
    assert Voucher.objects.get(pk=case.voucher.pk).state == "void"


def test_a_corrected_list_is_a_new_version_and_the_old_one_stays(case: Case, other: Case, client: Client):
    two_approved(case, other)
    made = published(case)
    first = published_version(made)
    objection = objected(case, made)
    domain.settle_objection(
        objection=objection,
        upheld=True,
        answer="属实。",
        by=case.city["approver"],
        at=later(case, 55),
        follow="postpone",
    )
    domain.correct_notice_list(notice_list=made, reason="一行异议成立", by=case.city["reviewer"], at=later(case, 56))
    domain.sign_notice_list(notice_list=made, by=case.city["approver"], at=later(case, 56))
    domain.publish_notice_list(notice_list=made, by=case.city["reviewer"], at=later(case, 57))
    made = NoticeList.objects.get(pk=made.pk)
    assert [version.count for version in made.versions.order_by("version")] == [2, 1]
    assert (published_version(made).version, first.lines.count()) == (2, 2)
    assert made.notice_id == NoticeList.objects.get(pk=made.pk).notice_id
    assert case.fresh().state == "postponed"
    before, after = ([as_published(line) for line in version.lines.all()] for version in public_versions(made))
    assert [(one.kind, one.before, one.after) for one in changes(before, after)] == [
        ("移出", Decimal("10500.00"), None)
    ]
    page = client.get(reverse("public:notice_versions", args=[made.number])).content.decode()
    assert ("第 1 版" in page, "第 2 版" in page, "移出" in page, "一行异议成立" in page) == (True, True, True, True)


def test_published_rows_cannot_be_changed_and_a_changed_row_is_found(case: Case):
    approved(case)
    version = published_version(published(case))
    assert verify_version(version).intact is True
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        NoticeLine.objects.filter(list_version=version).update(amount=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE settlement_noticeline DISABLE TRIGGER kit_append_only")
    NoticeLine.objects.filter(list_version=version).update(amount=Decimal("10500.01"))
    check = verify_version(version)
    assert (check.intact, check.wrong_lines) == (False, (1,))


def test_the_pdf_has_every_row_and_its_text(case: Case, tmp_path):
    approved(case)
    made = published(case)
    content = notice_pdf(made, published_version(made), "https://example.com/verify/?number=GS4406-2020-01")
    path = tmp_path / "list.pdf"
    path.write_bytes(content)
    text = "".join(page.extract_text() for page in PdfReader(path).pages)
    for wanted in ("10,500.00", "合计（1张）", made.number):
        assert wanted in text.replace("\n", ""), wanted


def test_verify_knows_the_file_and_notices_one_changed_byte(case: Case):
    approved(case)
    made = published(case)
    client = Client()
    content = client.get(reverse("public:notice_excel", args=[made.number])).content
    assert client.get(reverse("public:notice_excel", args=[made.number])).content == content
    good = client.post(reverse("public:verify"), {"file": SimpleUploadedFile("a.xlsx", content)}).content.decode()
    changed = bytearray(content)
    changed[100] ^= 1
    upload = SimpleUploadedFile(f"{made.number}-1.xlsx", bytes(changed))
    bad = client.post(reverse("public:verify"), {"file": upload}).content.decode()
    assert ("真实有效" in good, "文件被改过" in bad, made.number in bad) == (True, True, True)
    assert hashlib.sha256(content).hexdigest() == published_version(made).files.get().sha256


def test_short_money_carries_over_and_the_rest_comes_first_next_time(case: Case, other: Case):
    """S19/7.2, D/9."""
    two_approved(case, other)
    made = published(case)
    domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made))
    batch = signed_batch(case, budget="15000.00")
    assert (case.fresh().state, other.fresh().state) == ("paying", "carried_over")
    payer = treasurer()
    pay(batch, payer, case)
    assert NoticeList.objects.get().state == "partly_settled"
    second = signed_batch(case)
    assert [(line.redemption_id, line.priority) for line in second.lines.all()] == [
        (other.redemption.pk, "carried_over")
    ]
    pay(second, payer, case)
    assert (other.fresh().state, NoticeList.objects.get().state) == ("paid", "settled")
    total = sum(paid_of_batch(row) for row in Batch.objects.all())
    assert total == sum(sum_of_batch(row) for row in Batch.objects.all()) == published_version(made).total


def test_a_payment_is_recorded_once(case: Case, other: Case):
    """T18/7.2"""
    two_approved(case, other)
    made = published(case)
    domain.close_notice_list(notice=made.notice, by=PLATFORM, at=notice_over(case, made))
    batch, payer, at = signed_batch(case), treasurer(), later(case, 61)
    first, second = batch.lines.all()
    record = lambda line, reference, **more: domain.record_payment(  # noqa: E731
        line=line, bank_reference=reference, paid_on=at.date(), by=payer, at=at, **more
    )
    assert record(first, "BK1") == record(first, "BK1")
    assert refused(lambda: record(first, "BK2")) == ["payment.already_recorded"]
    assert refused(lambda: record(second, "BK1")) == ["payment.reference_used"]
    assert refused(lambda: record(second, "BK2", amount=Decimal("1.00"))) == ["payment.amount"]
    assert PaymentLedger.objects.count() == 1
    assert (other.fresh().state, Voucher.objects.get(pk=other.voucher.pk).state) == ("paying", "redeeming")


def test_the_batchs_builder_cannot_sign_it(case: Case):
    payable(case)
    batch = domain.build_batch(
        city=case.voucher.city,
        period=case.world.period,
        budget=Decimal("99999.00"),
        by=case.city["both"],
        at=later(case, 60),
    )
    step = lambda: domain.sign_batch(batch=batch, by=case.city["both"], at=later(case, 60))  # noqa: E731
    assert refused(step) == ["signature.same_person"]
    domain.cancel_batch(batch=batch, by=case.city["reviewer"], at=later(case, 60))
    assert case.fresh().state == "payable"


def test_a_failed_payment_is_offered_again(case: Case):
    payable(case)
    batch, payer, at = signed_batch(case), treasurer(), later(case, 61)
    domain.record_failure(
        line=batch.lines.get(), reason="户名不符", bank_reference="BK1", paid_on=at.date(), by=payer, at=at
    )
    assert (case.fresh().state, Batch.objects.get().state) == ("failed", "settled")
    domain.retry_payment(redemption=case.redemption, by=case.city["reviewer"], at=at)
    pay(signed_batch(case), payer, case, prefix="BX")
    assert case.fresh().state == "paid"


def test_the_register_comes_back_with_an_answer_per_row(case: Case):
    payable(case)
    content = register_sheet(signed_batch(case))
    headings = ("兑现号", "应付合计（元）", "结果", "银行流水号", "付款日期", "退回原因")
    assert read_results(content, headings) == []
    with pytest.raises(ValueError, match="缺少这些列"):
        read_results(content, (*headings, "别的"))


def test_every_step_again_changes_nothing(case: Case):
    payable(case)
    batch, payer = signed_batch(case), treasurer()
    pay(batch, payer, case)
    before = list(PaymentLedger.objects.values_list("pk", "amount"))
    pay(Batch.objects.get(), payer, case)
    assert [tasks.note_verdicts(), tasks.escalate(), tasks.void()] == [0, 0, 0]
    deliver_all(at=later(case, 70))
    assert list(PaymentLedger.objects.values_list("pk", "amount")) == before
    assert case.fresh().state == "paid"
