"""Commands of monitoring."""

from monitoring.domain.close_source import close_dead_sources
from monitoring.domain.deliver_feed import deliver_feed, deliver_signed_feed
from monitoring.domain.devices import add_devices, remove_device
from monitoring.domain.expire import expire_payloads
from monitoring.domain.fold import FoldResult, fold
from monitoring.domain.ingest import BatchAnswer, SignedRequest, ingest
from monitoring.domain.judge_adoption import freeze_verdict, judge_adoption
from monitoring.domain.keys import IssuedKey, revoke_key, rotate_key, rotate_operator_key
from monitoring.domain.load_schemes import load_schemes
from monitoring.domain.set_up_source import SetUp, set_up_source
from monitoring.domain.simulate import Season, simulate_season
from monitoring.domain.test_source import test_source
from monitoring.rules.device_list import DeviceRow, device_rows

__all__ = [
    "BatchAnswer",
    "DeviceRow",
    "FoldResult",
    "IssuedKey",
    "Season",
    "SetUp",
    "SignedRequest",
    "add_devices",
    "close_dead_sources",
    "deliver_feed",
    "deliver_signed_feed",
    "device_rows",
    "expire_payloads",
    "fold",
    "freeze_verdict",
    "ingest",
    "judge_adoption",
    "load_schemes",
    "remove_device",
    "revoke_key",
    "rotate_key",
    "rotate_operator_key",
    "set_up_source",
    "simulate_season",
    "test_source",
]
