"""Tables of monitoring."""

from monitoring.models.activity import ActivityDay, DeviceDay, UserDay
from monitoring.models.batch import Batch, BatchReceipt
from monitoring.models.device import Device
from monitoring.models.feed import FeedDelivery
from monitoring.models.scheme import Scheme
from monitoring.models.source import AccessKey, Source
from monitoring.models.verdict import Verdict

__all__ = [
    "AccessKey",
    "ActivityDay",
    "Batch",
    "BatchReceipt",
    "Device",
    "DeviceDay",
    "FeedDelivery",
    "Scheme",
    "Source",
    "UserDay",
    "Verdict",
]
