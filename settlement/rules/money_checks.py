"""Checks of the claim's money: in time, paid enough, invoices and payments in agreement, the right parties."""

from collections.abc import Iterator
from decimal import Decimal

from catalog.rules.wording import say_money, say_share
from platform_site.kit.findings import Finding
from settlement.rules.claim import ClaimCase, ClaimTerms, plain_name
from settlement.rules.wording import say_moment

ZERO = Decimal("0.00")
_PERMILLE = Decimal("0.001")


def share_paid(paid: Decimal, declared: Decimal) -> Decimal:
    """Fraction paid of the declared contract amount; exact, never rounded before it is compared."""
    return paid / declared if declared else ZERO


def _deadline(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    clause, handed_in = terms.clause("window"), case.submitted_at or case.at
    if handed_in < case.window_from:
        yield Finding(
            "claim.too_early",
            clause,
            f"兑现 {say_moment(case.window_from)} 开始。",
            "请在兑现开始之后提交，草稿会保留。",
            title="还没到兑现时间",
        )
    elif handed_in >= case.window_to:
        yield Finding(
            "claim.too_late",
            clause,
            f"兑现 {say_moment(case.window_to)} 截止，以服务器时间为准。",
            "逾期未兑现的券自动作废。",
            title="超过兑现期限",
        )
    else:
        why = f"{say_moment(case.window_from)} 开始，{say_moment(handed_in)} 提交"
        yield Finding("claim.in_time", clause, why, severity="ok", title="在兑现期内提出")


def _amount(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    if not ZERO < case.claimed <= case.voucher_amount:
        yield Finding(
            "claim.amount",
            "D/3",
            f"申请 {say_money(case.claimed)}，券面 {say_money(case.voucher_amount)}。",
            "申请金额要大于零，不超过券面；可以调低。",
            "claimed_amount",
            title="申请金额不对",
        )


def _share(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    if terms.payment_share is None:
        return
    clause, wanted = terms.clause("payment_share"), terms.payment_share
    least = case.declared * wanted
    done = share_paid(case.paid, case.declared)
    # Shown with one place and cut, so that 89.99 % never reads as 90 %.
    shown = f"{say_money(case.paid)} ÷ {say_money(case.declared)} = {done // _PERMILLE * _PERMILLE * 100:.1f}%"
    if case.paid >= least:
        yield Finding(
            "payment.share_met",
            clause,
            f"{case.product_class} 类应用：{shown}",
            severity="ok",
            title=f"实际付款不低于合同额 {say_share(wanted)}",
        )
        return
    yield Finding(
        "payment.share_low",
        clause,
        f"{case.product_class} 类应用实际付款要达到申报合同额的 {say_share(wanted)}，现在 {shown}，"
        f"还差 {say_money(least - case.paid)}。",
        "请付清差额并开具相应发票，在兑现截止前补齐再提交。",
        "payments",
        title="付款比例不够",
    )


def _sums(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    if not terms.invoices_equal_payments:
        return
    clause, invoiced, paid = terms.clause("invoices_equal_payments"), say_money(case.invoiced), say_money(case.paid)
    if case.invoiced == case.paid and case.invoices:
        why = f"{len(case.invoices)} 张发票 {invoiced} = {len(case.payments)} 笔付款 {paid}"
        yield Finding("amounts.equal", clause, why, severity="ok", title="发票、付款凭证、实付金额三者相同")
        return
    yield Finding(
        "amounts.differ",
        clause,
        f"发票合计 {invoiced}，付款合计 {paid}，相差 {say_money(abs(case.invoiced - case.paid))}。",
        "请核对每张发票和每笔付款，补上缺的，去掉与本合同无关的。",
        "invoices",
        title="发票与付款不一致",
    )


def _contract_sum(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    if terms.invoices_equal_contract and case.invoiced != case.declared:
        yield Finding(
            "invoices.not_contract",
            terms.clause("invoices_equal_contract"),
            f"发票合计 {say_money(case.invoiced)}，申报合同额 {say_money(case.declared)}。",
            "发票金额要与申报合同额相同，请补开或更正发票。",
            "invoices",
            title="发票与合同额不同",
        )


def _not_below_claim(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    """REF/4. Possible for class B at 80 %: paid less than the voucher. Never cut silently to what was paid."""
    if min(case.paid, case.invoiced) >= case.claimed:
        return
    yield Finding(
        "paid.below_voucher",
        "REF/4",
        f"申请兑现 {say_money(case.claimed)}，已付款 {say_money(case.paid)}，已开票 {say_money(case.invoiced)}。",
        "请在兑现截止前继续付款并开票；也可以自行调低申请金额。平台不会替您调低。",
        "payments",
        title="付款或发票少于申请金额",
    )


def _invoices(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    clause = terms.clause("invoices_equal_payments")
    for number, invoice in enumerate(case.invoices, start=1):
        if invoice.code_missing:
            yield Finding(
                "invoice.code_missing",
                clause,
                f"第 {number} 张发票 {invoice.number} 没有填发票代码。",
                "纸质和电子普通发票都有代码；数电发票没有代码，号码是 20 位。",
                "invoices",
                title="缺发票代码",
            )
        if invoice.differing:
            yield Finding(
                "invoice.readout_differs",
                clause,
                f"第 {number} 张发票 {invoice.number} 的{'、'.join(invoice.differing)}与票面二维码不同。",
                "请核对票面，填错的更正。",
                "invoices",
                "warn",
                "填报与票面不同",
            )
        yield from _parties_of_invoice(number, invoice.seller, invoice.buyer, case)


def _parties_of_invoice(number: int, seller: str, buyer: str, case: ClaimCase) -> Iterator[Finding]:
    if plain_name(buyer) != plain_name(case.enterprise):
        yield Finding(
            "invoice.buyer_differs",
            "S19/5.4.9",
            f"第 {number} 张发票的购买方是“{buyer}”，不是本企业。",
            "发票要开给申请兑现的企业，请换开。",
            "invoices",
            title="购买方不是本企业",
        )
    if plain_name(seller) not in {plain_name(name) for name in case.sellers}:
        yield Finding(
            "invoice.seller_differs",
            "S19/5.4.9",
            f"第 {number} 张发票的销售方“{seller}”不是合同供应商或其代理商。",
            "请由供应商或已登记的代理商开票。",
            "invoices",
            title="销售方不是供应商",
        )


def _payments(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    sellers = {plain_name(name) for name in case.sellers}
    for number, payment in enumerate(case.payments, start=1):
        who = []
        if plain_name(payment.payer) != plain_name(case.enterprise):
            who.append(f"付款人“{payment.payer}”")
        if plain_name(payment.payee) not in sellers:
            who.append(f"收款人“{payment.payee}”")
        if not who:
            continue
        why = f"第 {number} 笔 {say_money(payment.amount)}，{'、'.join(who)}不是合同双方。"
        explained = bool(payment.explanation.strip()) and payment.proof
        yield Finding(
            "payment.other_party_explained" if explained else "payment.other_party",
            "REF/4",
            why,
            "企业已附说明和证明，请核对盖章与金额。" if explained else "请写明原因，并上传证明（如委托付款协议）。",
            "payments",
            "warn" if explained else "bad",
            f"第 {number} 笔付款不是合同双方",
        )


CHECKS = (_deadline, _amount, _share, _sums, _contract_sum, _not_below_claim, _invoices, _payments)
