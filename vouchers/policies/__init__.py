"""May it happen now. Every policy returns all findings; a "bad" one refuses."""

from vouchers.policies.applications import (
    application,
    correction_in_time,
    correction_keeps,
    outside_window,
    prepared,
    review,
    window,
)
from vouchers.policies.enterprises import enterprise_reopening, enterprise_submission
from vouchers.policies.press import at_the_press, form_is_new, no_longer_prepared
from vouchers.policies.quotas import (
    plan_lines,
    plan_tranches,
    plan_two_people,
    stop_can_be_asked,
    stop_two_people,
    stop_was_asked,
)
from vouchers.policies.reviews import in_person, not_proposed, reasons_given, signing, two_people
from vouchers.policies.supplier_answers import objection_says_why, supplier_is_asked, supplier_word_first

__all__ = [
    "application",
    "at_the_press",
    "correction_in_time",
    "correction_keeps",
    "enterprise_reopening",
    "enterprise_submission",
    "form_is_new",
    "in_person",
    "no_longer_prepared",
    "not_proposed",
    "objection_says_why",
    "outside_window",
    "plan_lines",
    "plan_tranches",
    "plan_two_people",
    "prepared",
    "reasons_given",
    "review",
    "signing",
    "stop_can_be_asked",
    "stop_two_people",
    "stop_was_asked",
    "supplier_is_asked",
    "supplier_word_first",
    "two_people",
    "window",
]
