"""Checks of the invoices' papers: read, listed in the form, not red, not taken back by a red one."""

from collections.abc import Iterator

from platform_site.kit.findings import Finding
from settlement.rules.claim import ClaimCase, ClaimTerms


def _papers(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    clause, listed = terms.clause("invoices_equal_payments"), {invoice.key for invoice in case.invoices}
    for paper in case.papers:
        if paper.red:
            yield Finding(
                "invoice.red",
                clause,
                f"材料“{paper.name}”是红字发票 {paper.number}，金额为负，不能用来兑现。",
                "请移除红字发票；原发票已经红冲的，换开新发票。",
                "invoices",
                title="红字发票不能兑现",
            )
        elif paper.key not in listed:
            yield Finding(
                "invoice.paper_not_listed",
                clause,
                f"材料“{paper.name}”读出的是发票 {paper.number}，发票表里没有这个号码。",
                "号码填错的请更正；与本合同无关的，请移除这份材料。",
                "invoices",
                title="票面号码不在发票表里",
            )


def _unread(case: ClaimCase, terms: ClaimTerms) -> Iterator[Finding]:
    """Nothing is guessed: what no machine has read is for the eye."""
    numbers = [invoice.number for invoice in case.invoices if invoice.unread]
    if numbers:
        yield Finding(
            "invoice.unread",
            terms.clause("invoices_equal_payments"),
            f"{len(numbers)} 张发票的票面没有读出：{'、'.join(numbers[:5])}{'等' if len(numbers) > 5 else ''}。",
            "请对照票面核对号码、日期和金额；企业也可以补传原始的 OFD、XML 或清晰的 PDF。",
            "invoices",
            "warn",
            "票面没有读出，请人工核对",
        )


CHECKS = (_papers, _unread)
