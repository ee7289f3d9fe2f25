"""Tables of the outbox."""

from platform_site.outbox.models.job import Job

__all__ = ["Job"]
