"""Take a file in."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from tempfile import SpooledTemporaryFile

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from platform_site.files.domain.scan import scan_findings
from platform_site.files.models import StoredFile
from platform_site.files.queries import storage_path
from platform_site.files.rules.content import KINDS, LARGEST, content_findings, kind_of
from platform_site.files.rules.names import kept_name
from platform_site.kit.actor import Actor
from platform_site.kit.command import command
from platform_site.kit.findings import refuse_if

HELD_IN_MEMORY = 8 * 1024 * 1024
EVERYTHING = ("pdf", "image", "ofd", "xml", "xlsx", "csv", "docx")


@command
def store_upload(
    *,
    upload: UploadedFile,
    purpose: str,
    by: Actor,
    at: datetime,
    allow: tuple[str, ...] = EVERYTHING,
    field: str = "",
) -> StoredFile:
    """Check and keep an uploaded file. Raises Refusal with every reason; `field` is the form field it came from."""
    name = kept_name(upload.name or "")
    content = upload.read(LARGEST + 1)
    refuse_if(content_findings(name=upload.name or name, content=content, allow=allow, field=field))
    refuse_if(scan_findings(name=name, content=content, field=field))
    content_type = KINDS[kind_of(content) or "pdf"].content_type
    return store_bytes(name=name, content=content, content_type=content_type, purpose=purpose, by=by, at=at)


@command
def store_bytes(*, name: str, content: bytes, content_type: str, purpose: str, by: Actor, at: datetime) -> StoredFile:
    """Keep what the platform itself made (a PDF of a list) or has checked already."""
    return store_pieces(name=name, pieces=[content], content_type=content_type, purpose=purpose, by=by, at=at)


@command
def store_pieces(
    *, name: str, pieces: Iterable[bytes], content_type: str, purpose: str, by: Actor, at: datetime
) -> StoredFile:
    """The same for what is made piece by piece: no more than a few megabytes of it are held in memory."""
    digest, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=HELD_IN_MEMORY) as content:
        for piece in pieces:
            digest.update(piece)
            size += content.write(piece)
        content.seek(0)
        file = StoredFile(
            name=name[-200:],
            content_type=content_type,
            size=size,
            sha256=digest.hexdigest(),
            purpose=purpose,
            owner_organisation_id=by.organisation_id,
            uploaded_by=by.user_id,
            uploaded_at=at,
        )
        default_storage.save(storage_path(file), File(content))
    file.save(force_insert=True)
    return file
