"""A long document drawn in parts by limited children, with one small font for all, then merged.

Memory stays that of two parts, however long the document; the merged file is hardly larger than one drawn as a whole,
because all parts embed the same reduced fonts and identical objects are kept once.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, cast

from django.conf import settings

from platform_site.kit.font_subset import FontUnavailableError, find_font, subset_font
from platform_site.kit.pdf import (
    CHILD,
    MEMORY_LIMIT,
    TIME_LIMIT,
    child_environment,
    failure_of,
    order_of,
)

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


class _Drawer:
    """A child that draws one part after another: its start takes as long as a fifth of a part."""

    def __init__(self, base: Path, log: Path, *, whole_fonts: bool) -> None:
        self._base, self._whole_fonts, self._log = base, whole_fonts, log

    def __enter__(self) -> "_Drawer":
        with self._log.open("wb") as said:
            self._child = subprocess.Popen(
                CHILD, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=child_environment()
            )
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._child.kill()
        self._child.communicate()

    def draw(self, html: str, target: Path) -> Path:
        """Raises what `render_pdf` raises."""
        styled = html.replace(_HEAD_END, f'<link rel="stylesheet" href="{_STYLE}">{_HEAD_END}', 1)
        order = order_of(styled, self._base, whole_fonts=self._whole_fonts, target=target)
        too_late = threading.Timer(TIME_LIMIT, self._child.kill)
        too_late.start()
        try:
            answered = self._answer_to(order)
        finally:
            too_late.cancel()
        if not answered:
            raise failure_of(self._child.wait(), self._log.read_bytes())
        return target

    def _answer_to(self, order: bytes) -> bytes:
        """Empty when the child has ended."""
        orders, answers = cast(IO[bytes], self._child.stdin), cast(IO[bytes], self._child.stdout)
        try:
            orders.write(order + b"\n")
            orders.flush()
        except BrokenPipeError:
            return b""
        return answers.readline()


def _drawn(parts: Iterable[str], base: Path, folder: Path, *, whole_fonts: bool) -> Iterator[Path]:
    """Files in order. No more than the parts in work are held in memory."""
    idle: SimpleQueue[_Drawer] = SimpleQueue()
    with ExitStack() as open_until_end:
        for number in range(AT_ONCE):
            drawer = _Drawer(base, folder / f"drawer-{number}.log", whole_fonts=whole_fonts)
            idle.put(open_until_end.enter_context(drawer))
        pool = open_until_end.enter_context(ThreadPoolExecutor(AT_ONCE))
        pending: list[Future[Path]] = []
        for number, html in enumerate(parts):
            if len(pending) == AT_ONCE:
                yield pending.pop(0).result()
            pending.append(pool.submit(_draw, idle, html, folder / f"{number:05d}.pdf"))
        for future in pending:
            yield future.result()


def _draw(idle: "SimpleQueue[_Drawer]", html: str, target: Path) -> Path:
    drawer = idle.get()
    try:
        return drawer.draw(html, target)
    finally:
        idle.put(drawer)


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
        raise failure_of(done.returncode, done.stderr)
    return done.stdout
