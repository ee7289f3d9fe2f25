"""Tables of messages."""

from platform_site.messages.models.message import Message

__all__ = ["Message"]
