"""Commands of settlement."""

from settlement.domain.build_batch import build_batch, cancel_batch, sign_batch
from settlement.domain.check_clean import check_clean
from settlement.domain.check_redemption import check_redemption, take_up_redemption
from settlement.domain.claim_redemption import claim_redemption, lower_claim
from settlement.domain.claw_back import order_clawback, propose_clawback, record_receipt, withdraw_clawback
from settlement.domain.compile_notice_list import compile_notice_list, postpone_line, revoke_notice_list
from settlement.domain.confirm_delivery import confirm_delivery, escalate_silent, reject_delivery, urge_supplier
from settlement.domain.decide_redemption import decide_redemption, recheck, send_back_to_reviewer
from settlement.domain.draft import attach_file, remove_file, save_redemption_draft, upload_file
from settlement.domain.escalate_review import escalate_review
from settlement.domain.hand_out_evidence import ask_evidence, fail_evidence, make_evidence
from settlement.domain.hold_redemption import hold_redemption, release_redemption
from settlement.domain.judge_again import judge_again
from settlement.domain.keep_reason import keep_reason, remove_reason
from settlement.domain.note_verdict import judge_confirmed, note_verdict
from settlement.domain.notice_files import notice_file
from settlement.domain.pay_batch import record_failure, record_payment, retry_payment
from settlement.domain.publish_notice_list import correct_notice_list, publish_notice_list, sign_notice_list
from settlement.domain.remind import remind_of_deadlines
from settlement.domain.reply_to_objection import reply_to_objection
from settlement.domain.settle_objections import close_notice_list, note_objection, settle_objection
from settlement.domain.void_overdue import void_overdue
from settlement.queries.claim import Claim, InvoiceRow, PaymentRow

__all__ = [
    "Claim",
    "InvoiceRow",
    "PaymentRow",
    "ask_evidence",
    "attach_file",
    "build_batch",
    "cancel_batch",
    "check_clean",
    "check_redemption",
    "claim_redemption",
    "close_notice_list",
    "compile_notice_list",
    "confirm_delivery",
    "correct_notice_list",
    "decide_redemption",
    "escalate_review",
    "escalate_silent",
    "fail_evidence",
    "hold_redemption",
    "judge_again",
    "judge_confirmed",
    "keep_reason",
    "lower_claim",
    "make_evidence",
    "note_objection",
    "note_verdict",
    "notice_file",
    "order_clawback",
    "postpone_line",
    "propose_clawback",
    "publish_notice_list",
    "recheck",
    "record_failure",
    "record_payment",
    "record_receipt",
    "reject_delivery",
    "release_redemption",
    "remind_of_deadlines",
    "remove_file",
    "remove_reason",
    "reply_to_objection",
    "retry_payment",
    "revoke_notice_list",
    "save_redemption_draft",
    "send_back_to_reviewer",
    "settle_objection",
    "sign_batch",
    "sign_notice_list",
    "take_up_redemption",
    "upload_file",
    "urge_supplier",
    "void_overdue",
    "withdraw_clawback",
]
