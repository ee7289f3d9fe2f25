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
from vouchers.policies.quotas import plan_lines, plan_two_people
from vouchers.policies.reviews import in_person, not_proposed, reasons_given, signing, two_people

__all__ = [
    "application",
    "correction_in_time",
    "correction_keeps",
    "enterprise_reopening",
    "enterprise_submission",
    "in_person",
    "not_proposed",
    "outside_window",
    "plan_lines",
    "plan_two_people",
    "prepared",
    "reasons_given",
    "review",
    "signing",
    "two_people",
    "window",
]
