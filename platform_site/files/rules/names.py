"""Names of files as people give them."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 200
# Signs that turn the reading direction or cannot be seen: a name must look like what it is.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_REPLACED = re.compile(r'[\\/:*?"<>|]')


def deceives(name: str) -> bool:
    """Control characters, or signs that turn the reading direction: gnp.exe shown as exe.png."""
    return bool(_TURNING.search(name)) or any(unicodedata.category(sign) == "Cc" for sign in name)


def kept_name(given: str) -> str:
    """As it is kept and handed out again: no folders, nothing invisible, no sign that a file system minds; its end is
    kept where it is too long."""
    name = PurePosixPath(given.replace("\\", "/")).name
    name = _INVISIBLE.sub("", unicodedata.normalize("NFC", name))
    name = "".join(sign for sign in _TURNING.sub("", name) if unicodedata.category(sign) != "Cc")
    return _REPLACED.sub("_", name).strip(" .")[-LONGEST:] or "文件"
