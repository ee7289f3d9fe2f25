"""Tables of the audit."""

from platform_site.audit.models.entry import Entry
from platform_site.audit.models.request_key import RequestKey

__all__ = ["Entry", "RequestKey"]
