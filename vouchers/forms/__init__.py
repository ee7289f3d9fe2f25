"""What people type: the enterprise's profile, the application with its cost lines, reviews, quota plans."""

from vouchers.forms.application import ApplicationForm, ContractFileForm, CostLines
from vouchers.forms.enterprise import EnterpriseForm, profile_initial
from vouchers.forms.lists import ApplicationFilter, EnterpriseFilter, ProvinceEnterpriseFilter, SupplierSearch
from vouchers.forms.quota import (
    FormulaForm,
    PlanRow,
    QuotaPlanForm,
    ReallocationForm,
    StatementFilter,
    StopForm,
    SupplierLimitsForm,
)
from vouchers.forms.reviews import AnswerForm, ReasonsForm, SignForm
from vouchers.forms.what_if import PolicyTrialFilter, WhatIfFilter, WhatIfForm

__all__ = [
    "AnswerForm",
    "ApplicationFilter",
    "ApplicationForm",
    "ContractFileForm",
    "CostLines",
    "EnterpriseFilter",
    "EnterpriseForm",
    "FormulaForm",
    "PlanRow",
    "PolicyTrialFilter",
    "ProvinceEnterpriseFilter",
    "QuotaPlanForm",
    "ReallocationForm",
    "ReasonsForm",
    "SignForm",
    "StatementFilter",
    "StopForm",
    "SupplierLimitsForm",
    "SupplierSearch",
    "WhatIfFilter",
    "WhatIfForm",
    "profile_initial",
]
