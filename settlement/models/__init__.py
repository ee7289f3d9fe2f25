"""Tables of redemption, notice lists and batches."""

from settlement.models.batch import BankResult, Batch, BatchLine, PaymentLedger
from settlement.models.invoice import Invoice, Payment
from settlement.models.notice_list import NoticeFile, NoticeLine, NoticeList, NoticeListVersion, Postponement
from settlement.models.redemption import Redemption, RedemptionFile
from settlement.models.series import Series

__all__ = [
    "BankResult",
    "Batch",
    "BatchLine",
    "Invoice",
    "NoticeFile",
    "NoticeLine",
    "NoticeList",
    "NoticeListVersion",
    "Payment",
    "PaymentLedger",
    "Postponement",
    "Redemption",
    "RedemptionFile",
    "Series",
]
