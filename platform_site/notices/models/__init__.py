"""Tables of notices."""

from platform_site.notices.models.announcement import Announcement
from platform_site.notices.models.objection import Objection
from platform_site.notices.models.public_notice import PublicNotice

__all__ = ["Announcement", "Objection", "PublicNotice"]
