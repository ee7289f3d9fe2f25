"""Commands of notices."""

from platform_site.notices.domain.announce import announce, withdraw_announcement
from platform_site.notices.domain.objections import answer_objection, file_objection
from platform_site.notices.domain.public_notice import close_due_notices, close_notice, publish_notice

__all__ = [
    "announce",
    "answer_objection",
    "close_due_notices",
    "close_notice",
    "file_objection",
    "publish_notice",
    "withdraw_announcement",
]
