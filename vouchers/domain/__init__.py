"""Commands of the voucher floor. Callers import them from here."""

from vouchers.domain.after_issue import (
    consume,
    give_up,
    hold,
    leave_redeeming,
    mark_redeeming,
    release,
    resume,
    settle,
    void,
)
from vouchers.domain.allocate import allocate, drain, drain_after, drain_queue
from vouchers.domain.decide_application import decide_application
from vouchers.domain.pilots import admit_client, end_pilot, register_pilot, review_pilot, start_pilot
from vouchers.domain.plan_quota import discard_plan, initial_supplier_lines, plan_quota, reallocate_quota, sign_plan
from vouchers.domain.register_enterprise import (
    change_enterprise,
    register_enterprise,
    reopen_enterprise,
    submit_enterprise,
)
from vouchers.domain.return_application import resubmit, return_application
from vouchers.domain.review_application import propose_decision, take_up_review
from vouchers.domain.review_enterprise import review_enterprise
from vouchers.domain.save_draft import attach_file, detach_file, drop_draft, save_draft
from vouchers.domain.submit_application import Receipt, receipt_of, submit_application
from vouchers.domain.withdraw import lapse_overdue, lapse_waiting_at_closing, requeue_unreviewed, withdraw

__all__ = [
    "Receipt",
    "admit_client",
    "allocate",
    "attach_file",
    "change_enterprise",
    "consume",
    "decide_application",
    "detach_file",
    "discard_plan",
    "drain",
    "drain_after",
    "drain_queue",
    "drop_draft",
    "end_pilot",
    "give_up",
    "hold",
    "initial_supplier_lines",
    "lapse_overdue",
    "lapse_waiting_at_closing",
    "leave_redeeming",
    "mark_redeeming",
    "plan_quota",
    "propose_decision",
    "reallocate_quota",
    "receipt_of",
    "register_enterprise",
    "register_pilot",
    "release",
    "reopen_enterprise",
    "requeue_unreviewed",
    "resubmit",
    "resume",
    "return_application",
    "review_enterprise",
    "review_pilot",
    "save_draft",
    "settle",
    "sign_plan",
    "start_pilot",
    "submit_application",
    "submit_enterprise",
    "take_up_review",
    "void",
    "withdraw",
]
