"""Tables of the audit."""

from platform_site.audit.models.entry import Entry
from platform_site.audit.models.request_key import RequestKey
from platform_site.audit.models.seal import Seal, SealCheck, SealMember

__all__ = ["Entry", "RequestKey", "Seal", "SealCheck", "SealMember"]
