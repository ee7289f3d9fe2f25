"""Commands of monitoring."""

from monitoring.domain.ask_explanation import answer_question, ask_explanation
from monitoring.domain.choose_source_kind import choose_source_kind, pull_again
from monitoring.domain.close_source import close_dead_sources
from monitoring.domain.decide_sign import (
    confirm_sign,
    dismiss_sign,
    propose_dismissal,
    reopen_sign,
    send_back_sign,
    take_up_sign,
)
from monitoring.domain.deliver_feed import deliver_feed, deliver_signed_feed
from monitoring.domain.devices import add_devices, remove_device
from monitoring.domain.draft_schemes import (
    amend_scheme,
    draft_schemes,
    hand_in_schemes,
    publish_schemes,
    send_back_schemes,
    sign_schemes,
    withdraw_schemes,
)
from monitoring.domain.expire import expire_payloads
from monitoring.domain.fold import FoldResult, fold
from monitoring.domain.ingest import BatchAnswer, SignedRequest, ingest
from monitoring.domain.judge_adoption import freeze_verdict, judge_adoption, judge_vouchers
from monitoring.domain.judge_on_demand import judge_on_demand
from monitoring.domain.keys import IssuedKey, revoke_key, rotate_key, rotate_operator_key
from monitoring.domain.load_schemes import load_schemes
from monitoring.domain.look_for_signs import look_again, look_for_signs
from monitoring.domain.pull_logs import PullResult, pull_logs
from monitoring.domain.remind_of_questions import remind_of_questions
from monitoring.domain.reviews import answer_review, contest_verdict, explain_disagreement, withdraw_contest
from monitoring.domain.set_up_source import SetUp, set_up_source
from monitoring.domain.simulate import Season, simulate_season
from monitoring.domain.simulate_fleet import FleetRun, simulate_fleet
from monitoring.domain.test_source import test_source, try_batch
from monitoring.domain.trace_days import trace_days
from monitoring.rules.device_list import DeviceRow, device_rows

__all__ = [
    "BatchAnswer",
    "DeviceRow",
    "FleetRun",
    "FoldResult",
    "IssuedKey",
    "PullResult",
    "Season",
    "SetUp",
    "SignedRequest",
    "add_devices",
    "amend_scheme",
    "answer_question",
    "answer_review",
    "ask_explanation",
    "choose_source_kind",
    "close_dead_sources",
    "confirm_sign",
    "contest_verdict",
    "deliver_feed",
    "deliver_signed_feed",
    "device_rows",
    "dismiss_sign",
    "draft_schemes",
    "expire_payloads",
    "explain_disagreement",
    "fold",
    "freeze_verdict",
    "hand_in_schemes",
    "ingest",
    "judge_adoption",
    "judge_on_demand",
    "judge_vouchers",
    "load_schemes",
    "look_again",
    "look_for_signs",
    "propose_dismissal",
    "publish_schemes",
    "pull_again",
    "pull_logs",
    "remind_of_questions",
    "remove_device",
    "reopen_sign",
    "revoke_key",
    "rotate_key",
    "rotate_operator_key",
    "send_back_schemes",
    "send_back_sign",
    "set_up_source",
    "sign_schemes",
    "simulate_fleet",
    "simulate_season",
    "take_up_sign",
    "test_source",
    "trace_days",
    "try_batch",
    "withdraw_contest",
    "withdraw_schemes",
]
