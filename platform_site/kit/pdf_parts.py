"""A long document drawn in parts: each in a limited child of its own, with one small font for all, then merged.

Memory stays that of one part, however long the document; the merged file is hardly larger than one drawn as a whole,
because all parts embed the same reduced fonts and identical objects are kept once.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from django.conf import settings

from platform_site.kit.font_subset import FontUnavailableError, find_font, subset_font
from platform_site.kit.pdf import MEMORY_LIMIT, PdfFailedError, child_environment, render_pdf

AT_ONCE = 2
MERGE_SECONDS = 300
_MERGER = Path(__file__).with_name("pdf_merge_child.py")
_HEAD_END = "</head>"
_STYLE = "part-fonts.css"


def render_parts(parts: Iterable[str], *, fonts: Mapping[str, tuple[str, int]], signs: set[str]) -> bytes:
    """One PDF of the parts in their order. fonts: family as the style sheet names it → fontconfig pattern and weight.

    signs: every sign of the whole document. Two parts at a time are in work. Raises what `render_pdf` raises.
    """
    with tempfile.TemporaryDirectory(prefix="pdf-parts-") as name:
        folder = Path(name)
        base = folder / "base"
        shutil.copytree(settings.BASE_DIR / "templates" / "static" / "css", base / "css")
        whole_fonts = _write_fonts(base, fonts, signs)
        files = list(_drawn(parts, base, folder, whole_fonts=whole_fonts))
        return _merged(files)


def _write_fonts(base: Path, fonts: Mapping[str, tuple[str, int]], signs: set[str]) -> bool:
    """False: the machine cannot reduce fonts; every part embeds its own then, and the file is larger."""
    faces: list[str] = []
    known: dict[str, str] = {}
    try:
        for key, (pattern, weight) in fonts.items():
            if pattern not in known:
                known[pattern] = f"font{len(known)}.otf"
                (base / known[pattern]).write_bytes(subset_font(*find_font(pattern), signs))
            family = key.split("|")[0]
            faces.append(f'@font-face{{font-family:"{family}";src:url({known[pattern]});font-weight:{weight}}}')
    except FontUnavailableError:
        faces = []
    (base / _STYLE).write_text("\n".join(faces))
    return bool(faces)


def _drawn(parts: Iterable[str], base: Path, folder: Path, *, whole_fonts: bool) -> Iterator[Path]:
    """Files in order. No more than the parts in work are held in memory."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        pending: list[Future[Path]] = []
        for number, html in enumerate(parts):
            if len(pending) == AT_ONCE:
                yield pending.pop(0).result()
            target = folder / f"{number:05d}.pdf"
            pending.append(pool.submit(_draw, html, base, target, whole_fonts=whole_fonts))
        for future in pending:
            yield future.result()


def _draw(html: str, base: Path, target: Path, *, whole_fonts: bool) -> Path:
    styled = html.replace(_HEAD_END, f'<link rel="stylesheet" href="{_STYLE}">{_HEAD_END}', 1)
    target.write_bytes(render_pdf(styled, base=base, whole_fonts=whole_fonts))
    return target


def _merged(files: list[Path]) -> bytes:
    order = json.dumps({"files": [str(file) for file in files], "memory": MEMORY_LIMIT, "seconds": MERGE_SECONDS})
    done = subprocess.run(
        [sys.executable, "-I", str(_MERGER)],
        input=order.encode(),
        capture_output=True,
        timeout=MERGE_SECONDS,
        check=False,
        env=child_environment(),
    )
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise PdfFailedError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout
