"""The child of `kit.pdf`: draws documents under memory and time limits, without network, from one folder only.

An order is one line of JSON. With a target the PDF goes into that file and a line is answered; else it goes to stdout.

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
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    missing = ""
except OSError as error:  # weasyprint loads pango when it is imported
    HTML, FontConfiguration, URLFetcher, missing = None, None, object, str(error)

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
    """seconds: of the processor, from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def draw(order: dict[str, Any]) -> bytes:
    folder = Path(order["base"])
    document = HTML(string=order["html"], base_url=folder.as_uri() + "/", url_fetcher=PackagedFiles(folder))
    return bytes(document.write_pdf(full_fonts=order["whole_fonts"]))


def main() -> int:
    if missing:
        sys.stderr.write(missing)
        return NO_PANGO
    FontConfiguration()  # reads the fonts while there is memory: without it fontconfig keeps an empty list for all
    for line in sys.stdin.buffer:
        order = json.loads(line)
        limit(order["memory"], order["seconds"])
        hand_over(draw(order), order.get("target"))
    return 0


def hand_over(content: bytes, target: str | None) -> None:
    if target is None:
        sys.stdout.buffer.write(content)
        return
    Path(target).write_bytes(content)
    sys.stdout.write(f"{len(content)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
