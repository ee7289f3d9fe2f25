"""HTML to PDF in a limited child process that may read packaged static files and nothing else (guard 15).

The child (`pdf_child.py`) takes the document on stdin and gives the PDF on stdout.
Prefork workers may not have multiprocessing children, so it is started with `subprocess`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

TIME_LIMIT = 120
MEMORY_LIMIT = 1_500_000_000
CHILD = (sys.executable, "-I", str(Path(__file__).with_name("pdf_child.py")))
NO_PANGO = 3
# Secrets of the platform stay out of the child's environment.
_PASSED_ON = {"PATH", "HOME", "LANG", "LC_ALL", "FONTCONFIG_FILE", "XDG_CACHE_HOME", "LD_LIBRARY_PATH"}


class PdfUnavailableError(RuntimeError):
    """The machine cannot draw PDF files; the message says what to install. Callers offer the print view instead."""


class PdfFailedError(RuntimeError):
    """The document could not be drawn."""


def render_pdf(html: str, *, base: Path | None = None, whole_fonts: bool = False) -> bytes:
    """The PDF of a whole HTML document.

    base: the folder its relative addresses may read, by default the packaged static files. whole_fonts: embed its
    fonts as they are (parts of one document). Raises PdfUnavailableError without pango, PdfFailedError when the child
    fails or is too slow.
    """
    folder = (base or settings.BASE_DIR / "templates" / "static").resolve()
    try:
        done = subprocess.run(
            CHILD,
            input=order_of(html, folder, whole_fonts=whole_fonts),
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
            env=child_environment(),
        )
    except subprocess.TimeoutExpired as error:
        raise PdfFailedError(f"drawing took longer than {TIME_LIMIT} s") from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise failure_of(done.returncode, done.stderr)
    return done.stdout


def order_of(html: str, folder: Path, *, whole_fonts: bool, target: Path | None = None) -> bytes:
    """One line for the child. target: the file to draw into; without it the PDF comes on stdout."""
    limits = {"memory": MEMORY_LIMIT, "seconds": TIME_LIMIT}
    into = {} if target is None else {"target": str(target)}
    return json.dumps({"html": html, "base": str(folder), "whole_fonts": whole_fonts, **limits, **into}).encode()


def failure_of(returncode: int | None, said: bytes) -> PdfUnavailableError | PdfFailedError:
    """Why a child gave no PDF. said: what it wrote to stderr."""
    if returncode == NO_PANGO:
        return PdfUnavailableError(
            "pango is missing: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
        )
    return PdfFailedError(f"the child ended with {returncode}: {said.decode(errors='replace')[-2000:]}")


def child_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in _PASSED_ON}
