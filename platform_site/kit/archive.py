"""An archive that is sent while it is made: memory stays that of one part, however large the whole.

Its last parts are the manifest (every part's name, size and SHA-256), the manifest's own hash, and its signature.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

MANIFEST, MANIFEST_HASH, MANIFEST_SIGNATURE = "manifest.json", "manifest.sha256", "manifest.signature"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


class _Outbox(io.RawIOBase):
    """Takes what the archive writes until it is fetched; cannot go back, so that nothing waits for the end."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        self._held += content
        return len(content)

    def fetch(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


def stream_archive(
    parts: Iterable[tuple[str, bytes]], facts: Mapping[str, Any], sign: Callable[[str], str]
) -> Iterator[bytes]:
    """The ZIP in pieces. `facts` stand at the head of the manifest; `sign` signs its SHA-256 (hex).

    Raises ValueError for a name that comes twice.
    """
    out, told, names = _Outbox(), [], set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, content in parts:
            if name in names:
                raise ValueError(f"two parts are named {name}")
            names.add(name)
            told.append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), content, zipfile.ZIP_DEFLATED)
            yield out.fetch()
        manifest = json.dumps({**facts, "parts": told}, ensure_ascii=False, indent=1).encode()
        digest = hashlib.sha256(manifest).hexdigest()
        archive.writestr(zipfile.ZipInfo(MANIFEST, _EARLIEST), manifest, zipfile.ZIP_DEFLATED)
        archive.writestr(zipfile.ZipInfo(MANIFEST_HASH, _EARLIEST), f"{digest}  {MANIFEST}\n".encode())
        archive.writestr(zipfile.ZipInfo(MANIFEST_SIGNATURE, _EARLIEST), f"{sign(digest)}\n".encode())
    yield out.fetch()
