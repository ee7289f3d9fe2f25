"""What must not change between hand-in and payment: a snapshot under a keyed hash (guard 13)."""

from django.utils.crypto import salted_hmac

from platform_site.kit.findings import Finding
from settlement.models import Redemption
from settlement.rules.fingerprint import canonical


def evidence_of(redemption: Redemption) -> dict[str, object]:
    """What must not change between hand-in and payment: contract, invoices, payments, account, papers (guard 13)."""
    contract = redemption.voucher.contract
    return {
        "contract": [contract.number, str(contract.signed_on), str(contract.total), str(contract.unrelated_amount)],
        "claimed": f"{redemption.claimed_amount:.2f}",
        "invoices": sorted([row.key, f"{row.amount:.2f}", row.seller, row.buyer] for row in redemption.invoices.all()),
        "payments": sorted(
            [row.reference, f"{row.amount:.2f}", row.payer, row.payee] for row in redemption.payments.all()
        ),
        "account": [redemption.bank_account_name, redemption.bank_name, redemption.bank_account],
        "files": sorted([str(row.file_id), row.file.sha256] for row in redemption.files.select_related("file")),
    }


def evidence_digits(evidence: dict[str, object]) -> str:
    """Keyed: whoever can write to the table alone cannot make a fitting hash."""
    return salted_hmac("settlement.evidence", canonical(evidence), algorithm="sha256").hexdigest()


def seal_evidence(redemption: Redemption) -> None:
    redemption.evidence = evidence_of(redemption)
    redemption.evidence_hash = evidence_digits(redemption.evidence)
    redemption.save(update_fields=["evidence", "evidence_hash"])


def evidence_findings(redemption: Redemption) -> list[Finding]:
    """The claim is still what was handed in."""
    if evidence_digits(evidence_of(redemption)) == redemption.evidence_hash:
        return []
    return [
        Finding(
            "evidence.changed",
            "S19/7.5.1",
            f"{redemption.number} 的合同、发票、账号或材料与提交时不同。",
            "先暂停这笔，查明原因再办。",
            title="材料被改过",
        )
    ]
