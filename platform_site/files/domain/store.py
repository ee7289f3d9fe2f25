"""Take a file in."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
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
    file = StoredFile(
        name=name[-200:],
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        purpose=purpose,
        owner_organisation_id=by.organisation_id,
        uploaded_by=by.user_id,
        uploaded_at=at,
    )
    default_storage.save(storage_path(file), ContentFile(content))
    file.save(force_insert=True)
    return file
