"""Quota movements, lists and payments under the audit's seal: tampering with any of their rows by SQL is found and named."""

import pytest
from django.test import Client
from django.urls import reverse

from platform_site.audit.domain import seal_all
from platform_site.audit.queries import verify_chain
from platform_site.kit.ledger import sealed_models
from settlement.domain import notice_file
from settlement.models import BankResult, BatchLine, NoticeFile, NoticeLine, NoticeListVersion, PaymentLedger
from tests.audit.test_seal import tamper
from tests.settlement.world import Case, approved, later, pay, payable, published, signed_batch, treasurer
from vouchers.models import QuotaEvent, QuotaMovement

CHANGES = {
    QuotaEvent: "arrived_at = arrived_at - interval '1 second'",
    QuotaMovement: "amount = amount + 1",
    NoticeListVersion: "total = total + 1",
    NoticeLine: "amount = amount + 1",
    BatchLine: "account = '0'",
    BankResult: "reference = 'x'",
    PaymentLedger: "amount = amount - 1",
    NoticeFile: "sha256 = repeat('0', 64)",
}
SEALED = tuple(CHANGES)


@pytest.fixture
def paid(case: Case) -> Case:
    payable(case)
    pay(signed_batch(case), treasurer(), case)
    version = NoticeListVersion.objects.get()
    notice_file(version=version, kind="xlsx", draw=lambda: b"x", at=later(case, 62))
    seal_all(at=later(case, 62))
    return case


def damages() -> list[tuple[str, str]]:
    return [(damage.kind, damage.where) for damage in verify_chain().damages]


def test_every_table_of_quota_lists_and_payments_is_sealed(paid: Case):
    assert set(SEALED) <= set(sealed_models())
    assert [model for model in SEALED if not model.objects.exists()] == []
    assert damages() == []


@pytest.mark.parametrize("model", SEALED, ids=lambda model: model.__name__)
def test_a_changed_and_a_deleted_row_are_named(paid: Case, model: type):
    row, table = model.objects.first(), model._meta.db_table
    tamper(f"UPDATE {table} SET {CHANGES[model]} WHERE id = {row.pk}")
    assert damages() == [("changed", f"{table} #{row.pk}")]
    tamper(f"DELETE FROM {table} WHERE id = {row.pk}")
    assert damages() == [("missing", f"{table} #{row.pk}")]


def test_the_verify_page_proves_the_list_and_the_line_and_says_when_the_line_was_changed(paid: Case):
    line = NoticeLine.objects.get(redemption=paid.redemption)
    asked = {"number": line.voucher_number}
    page = Client().get(reverse("public:verify"), asked).content.decode()
    assert "与封存时一致" in page
    tamper(f"UPDATE {NoticeLine._meta.db_table} SET enterprise_name = 'x' WHERE id = {line.pk}")
    assert "封存时不同" in Client().get(reverse("public:verify"), asked).content.decode()


def test_the_root_is_printed_on_the_list_and_shown_to_everybody(case: Case):
    approved(case)
    made = published(case)
    version = made.versions.get()
    notice_file(version=version, kind="xlsx", draw=lambda: b"x", at=later(case, 42))
    page = Client().get(reverse("public:notice", args=[made.number])).content.decode()
    assert "审计封存第" in page
    heads = Client().get(reverse("public:seals"), {"format": "json"}).json()["heads"]
    assert len(heads) >= 1
    assert next(iter(heads.values())) in Client().get(reverse("public:seals")).content.decode()
