"""Tables of redemption, notice lists and batches."""

from settlement.models.batch import BankResult, Batch, BatchLine, PaymentLedger
from settlement.models.clawback import Clawback
from settlement.models.evidence_bundle import EvidenceBundle
from settlement.models.invoice import Invoice, Payment
from settlement.models.notice_list import NoticeFile, NoticeLine, NoticeList, NoticeListVersion, Postponement
from settlement.models.reason_text import ReasonText
from settlement.models.redemption import Redemption, RedemptionFile
from settlement.models.reply import ObjectionReply
from settlement.models.series import Series

__all__ = [
    "BankResult",
    "Batch",
    "BatchLine",
    "Clawback",
    "EvidenceBundle",
    "Invoice",
    "NoticeFile",
    "NoticeLine",
    "NoticeList",
    "NoticeListVersion",
    "ObjectionReply",
    "Payment",
    "PaymentLedger",
    "Postponement",
    "ReasonText",
    "Redemption",
    "RedemptionFile",
    "Series",
]
