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
from vouchers.domain.answer_application import confirm_application, object_to_application
from vouchers.domain.arrive import Receipt, receipt_of
from vouchers.domain.decide_application import decide_application
from vouchers.domain.pilots import admit_client, end_pilot, register_pilot, review_pilot, start_pilot
from vouchers.domain.plan_quota import (
    Basis,
    discard_plan,
    initial_supplier_lines,
    plan_quota,
    reallocate_quota,
    sign_plan,
)
from vouchers.domain.policy_what_if import ask_policy_what_if
from vouchers.domain.prepare import prepare_application, press_prepared, submit_prepared
from vouchers.domain.register_enterprise import (
    change_enterprise,
    register_enterprise,
    reopen_enterprise,
    submit_enterprise,
)
from vouchers.domain.release_tranche import release_tranche, release_tranches
from vouchers.domain.remind import remind_before_opening, remind_of_corrections
from vouchers.domain.return_application import resubmit, return_application
from vouchers.domain.review_application import propose_decision, take_up_review
from vouchers.domain.review_enterprise import review_enterprise
from vouchers.domain.save_draft import attach_file, detach_file, drop_draft, save_draft
from vouchers.domain.stop_tranches import ask_to_stop, drop_stop, stop_tranches
from vouchers.domain.submit_application import submit_application
from vouchers.domain.tell_quota import tell_little_left
from vouchers.domain.what_if import ask_what_if, fail_what_if, run_what_if
from vouchers.domain.withdraw import lapse_overdue, lapse_waiting_at_closing, requeue_unreviewed, withdraw

__all__ = [
    "Basis",
    "Receipt",
    "admit_client",
    "allocate",
    "ask_policy_what_if",
    "ask_to_stop",
    "ask_what_if",
    "attach_file",
    "change_enterprise",
    "confirm_application",
    "consume",
    "decide_application",
    "detach_file",
    "discard_plan",
    "drain",
    "drain_after",
    "drain_queue",
    "drop_draft",
    "drop_stop",
    "end_pilot",
    "fail_what_if",
    "give_up",
    "hold",
    "initial_supplier_lines",
    "lapse_overdue",
    "lapse_waiting_at_closing",
    "leave_redeeming",
    "mark_redeeming",
    "object_to_application",
    "plan_quota",
    "prepare_application",
    "press_prepared",
    "propose_decision",
    "reallocate_quota",
    "receipt_of",
    "register_enterprise",
    "register_pilot",
    "release",
    "release_tranche",
    "release_tranches",
    "remind_before_opening",
    "remind_of_corrections",
    "reopen_enterprise",
    "requeue_unreviewed",
    "resubmit",
    "resume",
    "return_application",
    "review_enterprise",
    "review_pilot",
    "run_what_if",
    "save_draft",
    "settle",
    "sign_plan",
    "start_pilot",
    "stop_tranches",
    "submit_application",
    "submit_enterprise",
    "submit_prepared",
    "take_up_review",
    "tell_little_left",
    "void",
    "withdraw",
]
