"""Commands of the audit."""

from platform_site.audit.domain.once import once, remember
from platform_site.audit.domain.record import record, record_many
from platform_site.audit.domain.seal import check_seals, seal_all, seal_next

__all__ = ["check_seals", "once", "record", "record_many", "remember", "seal_all", "seal_next"]
