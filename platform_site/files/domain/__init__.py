"""Commands of files."""

from platform_site.files.domain.grant import grant, grant_many
from platform_site.files.domain.read_text import read_text
from platform_site.files.domain.store import store_bytes, store_pieces, store_upload

__all__ = ["grant", "grant_many", "read_text", "store_bytes", "store_pieces", "store_upload"]
