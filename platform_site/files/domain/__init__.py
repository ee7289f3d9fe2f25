"""Commands of files."""

from platform_site.files.domain.grant import grant
from platform_site.files.domain.store import store_bytes, store_upload

__all__ = ["grant", "store_bytes", "store_upload"]
