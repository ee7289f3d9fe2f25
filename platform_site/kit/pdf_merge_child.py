"""The child of `kit.pdf_parts`: puts the parts together under limits; what several parts share is kept once.

Stands alone: it is started with `python -I`, so that nothing of the platform, its settings or its secrets is loaded.
"""

import io
import json
import resource
import sys
from pathlib import Path

from pypdf import PdfReader, PdfWriter


def merge(files: list[Path]) -> bytes:
    """Part by part: after each one, objects that are there already are dropped, fonts first of all."""
    writer = PdfWriter()
    for file in files:
        writer.append(PdfReader(file), import_outline=False)
        writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=False)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def main() -> int:
    order = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (order["seconds"], order["seconds"]))
    sys.stdout.buffer.write(merge([Path(name) for name in order["files"]]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
