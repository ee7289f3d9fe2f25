"""Tables of files."""

from platform_site.files.models.stored_file import FileGrant, StoredFile

__all__ = ["FileGrant", "StoredFile"]
