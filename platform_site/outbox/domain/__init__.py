"""Commands of the outbox."""

from platform_site.outbox.domain.deliver import deliver, deliver_all, handles, sweep
from platform_site.outbox.domain.enqueue import enqueue

__all__ = ["deliver", "deliver_all", "enqueue", "handles", "sweep"]
