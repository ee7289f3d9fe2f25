"""Files as people, and others, send them; and a scanner that answers as it is told."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from platform_site.files.domain import store_upload
from platform_site.files.models import StoredFile
from platform_site.kit.actor import Actor
from tests.accounts.people import AT

OWNER = Actor(user_id=7, organisation_id=3, roles=frozenset({"enterprise_staff"}))
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def picture(kind: str) -> bytes:
    """A small picture that opens."""
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "white").save(buffer, kind)
    return buffer.getvalue()


PNG, JPG = picture("PNG"), picture("JPEG")
XML = "<?xml version='1.0'?><发票/>".encode()
CSV = "设备,分钟\nA1,30\n".encode()


def package(*names: str, filling: bytes = b"<x/>") -> bytes:
    """A ZIP with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, filling)
    return buffer.getvalue()


XLSX = package("[Content_Types].xml", "xl/workbook.xml")
OFD = package("OFD.xml", "Doc_0/Document.xml")


def send(name: str, content: bytes, *, by: Actor = OWNER, allow: tuple[str, ...] | None = None) -> StoredFile:
    given = {} if allow is None else {"allow": allow}
    return store_upload(
        upload=SimpleUploadedFile(name, content), purpose="contract", by=by, at=AT, field="contract_file", **given
    )


class Scanner:
    """Speaks clamd's INSTREAM over a socket; `received` is what it was given to look at."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.received = b""

    def serve(self, listening: socket.socket) -> None:
        talk, _ = listening.accept()
        with talk, talk.makefile("rb") as lines:
            assert lines.read(10) == b"zINSTREAM\0"
            while size := struct.unpack("!I", lines.read(4))[0]:
                self.received += lines.read(size)
            talk.sendall(self.answer)


@contextmanager
def scanner(path: Path, answer: bytes) -> Iterator[Scanner]:
    made = Scanner(answer)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen(1)
        thread = threading.Thread(target=made.serve, args=(listening,), daemon=True)
        thread.start()
        yield made
        thread.join(10)
