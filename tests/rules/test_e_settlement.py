"""Part E of the register: what a claim must show, in which order money goes out, what was published stays provable.

S19/5.4.9, T18/5.4.9, REF, N20/1, S19/annex.10, S19/annex.14, S19/4.4.5, D/3, D/9, S19/7.2, S19/5.4.14.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from settlement.rules.claim import (
    ClaimCase,
    ClaimTerms,
    InvoiceFact,
    PaymentFact,
    case_from_json,
    terms_from_json,
    to_json,
)
from settlement.rules.fingerprint import PublishedLine, line_fingerprint, list_fingerprint
from settlement.rules.invoice_key import invoice_key
from settlement.rules.order import Candidate, settle_within
from settlement.rules.payable import bad, check_claim, payable
from settlement.rules.readout import compare, from_qr
from settlement.rules.wording import round_word

SELLER = "衡牧工业软件（广州）有限公司"
AT = datetime(2020, 10, 12, 1, 40, 16, tzinfo=UTC)
FROM, TO = datetime(2020, 10, 8, 2, 0, tzinfo=UTC), datetime(2021, 2, 8, 9, 0, tzinfo=UTC)
KEYS = (
    "payment_share", "invoices_equal_contract", "invoices_equal_payments", "bonus_amount", "acceptance", "contract",
    "item",
)  # fmt: skip
TERMS = ClaimTerms(
    payment_share=Decimal("0.90"),
    invoices_equal_contract=False,
    invoices_equal_payments=True,
    bonus_amount=Decimal("100000.00"),
    clauses={**dict.fromkeys(KEYS, "S19/5.4.9"), "window": "N20/1"},
)


def case(paid: str = "140600.00", **changes: object) -> ClaimCase:
    amount = Decimal(paid)
    made = ClaimCase(
        at=AT,
        window_from=FROM,
        window_to=TO,
        submitted_at=None,
        enterprise="佛山市栎渡五金制品有限公司",
        sellers=("衡牧工业软件（广州）有限公司",),
        product_class="A",
        declared=Decimal("148000.00"),
        voucher_amount=Decimal("81950.00"),
        claimed=Decimal("81950.00"),
        invoices=(InvoiceFact("k1", "00318207", date(2020, 8, 12), amount, SELLER, "佛山市栎渡五金制品有限公司"),),
        payments=(
            PaymentFact("P1", date(2020, 8, 20), amount, "佛山市栎渡五金制品有限公司", "衡牧工业软件（广州）有限公司"),
        ),
        contract_modules=("实时产量", "运维管理"),
        optional_modules=(),
        delivered_modules=("实时产量", "运维管理"),
        devices=64,
        delivered_devices=64,
        signed_on=date(2020, 5, 6),
        accepted_on=date(2020, 9, 1),
        model_description="",
        proposals=(),
        bank_account="4406001234567890",
        bank_account_name="佛山市栎渡五金制品有限公司",
        bank_name="示例银行",
        files=("acceptance", "invoice", "payment"),
    )
    return replace(made, **changes)


def codes(made: ClaimCase, terms: ClaimTerms = TERMS) -> list[str]:
    return [finding.code for finding in bad(check_claim(made, terms))]


def test_e_s19_5_4_9_a_complete_claim_has_no_bad_finding():
    assert codes(case()) == []


@pytest.mark.parametrize(
    ("product_class", "share", "paid", "expected"),
    [
        ("A", "0.90", "133199.99", ["payment.share_low"]),
        ("A", "0.90", "133200.00", []),
        ("B", "0.70", "103599.99", ["payment.share_low"]),
        ("B", "0.70", "103600.00", []),
    ],
)
def test_e_s19_5_4_9_the_share_is_met_to_the_cent(product_class: str, share: str, paid: str, expected: list[str]):
    terms = replace(TERMS, payment_share=Decimal(share))
    assert codes(case(paid, product_class=product_class), terms) == expected


def test_e_s19_5_4_9_89_99_percent_never_reads_as_90():
    finding = bad(check_claim(case("133199.99"), TERMS))[0]
    assert "89.9%" in finding.reason
    assert "90.0%" not in finding.reason


def test_e_s19_5_4_9_invoices_equal_payments():
    made = case()
    less = replace(made.payments[0], amount=Decimal("140599.99"))
    assert codes(replace(made, payments=(less,))) == ["amounts.differ"]


def test_e_t18_5_4_9_in_2018_invoices_equal_the_contract():
    terms = replace(TERMS, payment_share=None, invoices_equal_contract=True)
    assert codes(case(), terms) == ["invoices.not_contract"]
    assert codes(case("148000.00"), terms) == []


def test_e_ref_paid_less_than_the_voucher_is_said_and_never_cut():
    """REF/4"""
    terms = replace(TERMS, payment_share=Decimal("0.70"))
    made = case("104000.00", voucher_amount=Decimal("118400.00"), claimed=Decimal("118400.00"), product_class="B")
    assert codes(made, terms) == ["paid.below_voucher"]
    assert payable(made, terms).amount == Decimal("118400.00")


def test_e_ref_another_payer_needs_explanation_and_proof():
    """REF/4"""
    made = case()
    other = replace(made.payments[0], payer="佛山市栎渡贸易有限公司")
    assert codes(replace(made, payments=(other,))) == ["payment.other_party"]
    explained = replace(other, explanation="委托付款", proof=True)
    assert codes(replace(made, payments=(explained,))) == []


@pytest.mark.parametrize(
    ("at", "submitted_at", "expected"),
    [
        (datetime(2020, 10, 8, 1, 59, 59, tzinfo=UTC), None, ["claim.too_early"]),
        (FROM, None, []),
        (datetime(2021, 2, 8, 8, 59, 59, tzinfo=UTC), None, []),
        (TO, None, ["claim.too_late"]),
        (datetime(2021, 2, 9, 9, 0, 1, tzinfo=UTC), AT, []),
    ],
)
def test_e_n20_1_the_window_counts_to_the_second(at: datetime, submitted_at: datetime | None, expected: list[str]):
    assert codes(case(at=at, submitted_at=submitted_at)) == expected


def test_e_s19_5_4_9_all_findings_come_at_once():
    made = case("100000.00", delivered_modules=("实时产量",), files=("invoice",), bank_name="")
    assert codes(made) == [
        "payment.share_low",
        "acceptance.missing",
        "acceptance.modules_missing",
        "file.payment_missing",
        "account.missing",
    ]


def test_e_s19_annex_10_the_model_is_named():
    terms = replace(TERMS, needs_model=True)
    assert codes(case(), terms) == ["acceptance.model_missing"]
    assert codes(case(model_description="主轴健康预测"), terms) == []


def test_e_s19_annex_14_two_proposals_are_named_and_optional_modules_may_lack():
    terms = replace(TERMS, proposals_min=2)
    assert codes(case(proposals=("错峰用电，年省 3 万元",)), terms) == ["acceptance.proposals_missing"]
    made = case(
        proposals=("错峰用电，年省 3 万元", "无功补偿，年省 1 万元"),
        contract_modules=("实时产量", "运维管理", "负荷预测"),
        optional_modules=("负荷预测",),
    )
    assert codes(made, terms) == []


def test_e_s19_4_4_5_the_bonus_is_its_own_line_and_needs_proof():
    assert codes(case(bonus_claimed=True)) == ["bonus.proof_missing"]
    result = payable(case(bonus_claimed=True), TERMS)
    assert (result.amount, result.bonus) == (Decimal("81950.00"), Decimal("100000.00"))


def test_e_d_3_a_claim_may_be_lower_and_never_higher():
    assert payable(case(claimed=Decimal("60000.00")), TERMS).amount == Decimal("60000.00")
    assert codes(case(claimed=Decimal("81950.01"))) == ["claim.amount"]


def test_e_the_frozen_case_gives_the_same_amount_again():
    made = case(bonus_claimed=True)
    again = payable(case_from_json(to_json(made)), terms_from_json(to_json(TERMS)))
    assert again == payable(made, TERMS)


@pytest.mark.parametrize(
    ("code", "number", "key"),
    [
        ("044002099111", "00318207", "044002099111:00318207"),
        ("044002099111", " 318207 ", "044002099111:00318207"),
        ("０４４００２０９９１１１", "00318207", "044002099111:00318207"),
        ("", "20442000000012345678", "20442000000012345678"),
        ("044002099111", "2044 2000 0000 1234 5678", "20442000000012345678"),
    ],
)
def test_e_an_invoice_has_one_key_however_it_is_typed(code: str, number: str, key: str):
    assert invoice_key(code, number) == key


def test_e_the_qr_code_of_a_classic_invoice_is_read_and_compared():
    read = from_qr("01,10,044002099111,00318207,55849.06,20200812,12345678901234418206,AB12")
    typed = {
        "code": "044002099111", "number": "00318207", "issued_on": date(2020, 8, 12), "amount": Decimal("59200.00"),
        "amount_without_tax": Decimal("55849.00"), "check_code": "418206",
    }  # fmt: skip
    assert [(line.label, line.same) for line in compare(read, typed)] == [
        ("发票代码", True), ("发票号码", True), ("开票日期", True), ("不含税金额", False), ("价税合计", None),
        ("校验码后六位", True),
    ]  # fmt: skip


def candidate(number: int, total: str, **marks: bool) -> Candidate:
    return Candidate(number, AT, number, Decimal(total), **marks)


ORDER = ("carried_over", "pilot", "excellent_supplier", "other")


def test_e_d_9_carried_over_then_pilots_then_excellent_then_time():
    found = settle_within(
        [
            candidate(1, "10.00"),
            candidate(2, "10.00", excellent=True),
            candidate(3, "10.00", pilot=True, excellent=True),
            candidate(4, "10.00", carried_over=True),
        ],
        ORDER,
        Decimal("100.00"),
    )
    assert [(place.candidate.redemption_id, place.priority) for place in found] == [
        (4, "carried_over"), (3, "pilot"), (2, "excellent_supplier"), (1, "other"),
    ]  # fmt: skip


def test_e_s19_7_2_what_the_money_does_not_reach_is_carried_over_strictly():
    waiting = [candidate(1, "60.00"), candidate(2, "50.00"), candidate(3, "10.00")]
    found = settle_within(waiting, ORDER, Decimal("100.00"))
    assert [place.fits for place in found] == [True, False, False]


def test_e_s19_5_4_14_one_changed_sign_changes_the_fingerprint():
    line = PublishedLine(1, "SQ2020-000318", "甲厂", "乙云", "丙", Decimal("28770.00"), Decimal("0.00"))
    before = list_fingerprint("GS4406-2020-01", 1, "名单", [line])
    after = list_fingerprint("GS4406-2020-01", 1, "名单", [replace(line, amount=Decimal("28770.01"))])
    assert before != after
    assert line_fingerprint("GS4406-2020-01", 1, line) != line_fingerprint("GS4406-2020-01", 2, line)


def test_rounds_are_written_in_chinese():
    assert [round_word(number) for number in (1, 10, 12, 20, 34)] == ["一", "十", "十二", "二十", "三十四"]
