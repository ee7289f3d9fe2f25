"""Tables of files."""

from platform_site.files.models.file_text import FileText
from platform_site.files.models.stored_file import FileGrant, StoredFile

__all__ = ["FileGrant", "FileText", "StoredFile"]
