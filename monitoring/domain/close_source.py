"""When a voucher falls away its monitoring ends and its devices are free again."""

from datetime import datetime

from django.db import transaction

from monitoring.enums import Event
from monitoring.models import Device, Source
from monitoring.queries.sources import sources_of_dead_vouchers
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.fsm import perform
from platform_site.kit.locks import Rank, lock_one


@command
def close_dead_sources(*, by: Actor, at: datetime) -> int:
    """Close the sources of vouchers that fell away. Returns how many."""
    ids = sources_of_dead_vouchers()
    for source_id in ids:
        with transaction.atomic():
            source = lock_one(Rank.LEDGER, Source.objects.select_related("voucher"), pk=source_id)
            Device.objects.filter(voucher=source.voucher, removed_at__isnull=True).update(removed_at=at)
            perform(source, "close", at=at)
            record(by=by, at=at, event=Event.SOURCE_CLOSED, subject=source.voucher)
    return len(ids)
