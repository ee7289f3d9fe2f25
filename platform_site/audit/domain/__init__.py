"""Commands of the audit."""

from platform_site.audit.domain.once import once, remember
from platform_site.audit.domain.record import record, record_many

__all__ = ["once", "record", "record_many", "remember"]
