"""Whether a picture is one: decoded in full, of a size that fits into memory, with nothing appended."""

import io
import re

from PIL import Image

LARGEST_SIDE = 20_000
MOST_PIXELS = 60_000_000
_FORMATS = ("JPEG", "PNG")
_NO_PICTURE = (OSError, ValueError, SyntaxError, IndexError, TypeError, MemoryError, Image.DecompressionBombError)
_APPENDED = re.compile(rb"PK\x05\x06|%PDF-\d|<script|<\?php|<html|<!DOCTYPE|<svg", re.IGNORECASE)


def picture_problem(content: bytes) -> str:
    """ "bomb", "polyglot", "truncated" or ""."""
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            if max(picture.size) > LARGEST_SIDE or picture.width * picture.height > MOST_PIXELS:
                return "bomb"
            if _APPENDED.search(content):
                return "polyglot"
            picture.load()
    except Image.DecompressionBombError:
        return "bomb"
    except _NO_PICTURE:
        return "truncated"
    return ""
