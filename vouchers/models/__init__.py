"""Tables of the voucher floor."""

from vouchers.models.contract import Contract, ContractFile, CostLine
from vouchers.models.draft import ApplicationDraft
from vouchers.models.enterprise import Enterprise
from vouchers.models.pilot import Pilot, PilotClient
from vouchers.models.quota import QuotaBalance, QuotaMovement, WaitingClaim
from vouchers.models.quota_event import QuotaCursor, QuotaDecision, QuotaEvent
from vouchers.models.quota_plan import QuotaAlert, QuotaPlan, QuotaPlanLine, QuotaTranche
from vouchers.models.review import ApplicationReview
from vouchers.models.supplier_answer import SupplierAnswer
from vouchers.models.voucher import Voucher
from vouchers.models.what_if import WhatIfRow, WhatIfRun

__all__ = [
    "ApplicationDraft",
    "ApplicationReview",
    "Contract",
    "ContractFile",
    "CostLine",
    "Enterprise",
    "Pilot",
    "PilotClient",
    "QuotaAlert",
    "QuotaBalance",
    "QuotaCursor",
    "QuotaDecision",
    "QuotaEvent",
    "QuotaMovement",
    "QuotaPlan",
    "QuotaPlanLine",
    "QuotaTranche",
    "SupplierAnswer",
    "Voucher",
    "WaitingClaim",
    "WhatIfRow",
    "WhatIfRun",
]
