"""The child of `kit.pdf`: draws one document under memory and time limits, without network, from one folder only.

Stands alone: it is started with `python -I`, so that nothing of the platform, its settings or its secrets is loaded.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

try:
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    missing = ""
except OSError as error:  # weasyprint loads pango when it is imported
    HTML, URLFetcher, missing = None, object, str(error)

NO_PANGO = 3


class OutsideError(ValueError):
    """An address outside the folder was asked for."""


def path_inside(folder: Path, address: str) -> Path:
    """The file of an address, or OutsideError: only file addresses below the folder are read."""
    parsed = urlparse(address)
    if parsed.scheme != "file" or parsed.netloc not in ("", "localhost"):
        raise OutsideError(f"not fetched: {address[:80]}")
    path = Path(unquote(parsed.path)).resolve()
    if not path.is_relative_to(folder):
        raise OutsideError(f"outside of the packaged files: {address[:80]}")
    return path


class PackagedFiles(URLFetcher):  # type: ignore[misc]
    """Reads below one folder and nothing else, no network at all."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols={"file"}, allow_redirects=False)
        self.folder = folder

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        path_inside(self.folder, url)
        return super().fetch(url, headers)


def limit(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def draw(order: dict[str, Any]) -> bytes:
    folder = Path(order["base"])
    document = HTML(string=order["html"], base_url=folder.as_uri() + "/", url_fetcher=PackagedFiles(folder))
    return bytes(document.write_pdf(full_fonts=order["whole_fonts"]))


def main() -> int:
    if missing:
        sys.stderr.write(missing)
        return NO_PANGO
    order = json.load(sys.stdin)
    limit(order["memory"], order["seconds"])
    sys.stdout.buffer.write(draw(order))
    return 0


if __name__ == "__main__":
    sys.exit(main())
