"""Tables of monitoring."""

from monitoring.models.activity import ActivityDay, DeviceDay, UserDay
from monitoring.models.batch import Batch, BatchReceipt
from monitoring.models.device import Device
from monitoring.models.feed import FeedDelivery
from monitoring.models.pull import Pull
from monitoring.models.review import Review
from monitoring.models.scheme import Scheme, SchemeSet
from monitoring.models.sign import DayPrint, Mark, Sign, SignQuestion
from monitoring.models.source import AccessKey, Source
from monitoring.models.verdict import Verdict

__all__ = [
    "AccessKey",
    "ActivityDay",
    "Batch",
    "BatchReceipt",
    "DayPrint",
    "Device",
    "DeviceDay",
    "FeedDelivery",
    "Mark",
    "Pull",
    "Review",
    "Scheme",
    "SchemeSet",
    "Sign",
    "SignQuestion",
    "Source",
    "UserDay",
    "Verdict",
]
