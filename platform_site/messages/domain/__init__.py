"""Commands of messages."""

from platform_site.messages.domain.notify import mark_mailed, mark_read, notify

__all__ = ["mark_mailed", "mark_read", "notify"]
