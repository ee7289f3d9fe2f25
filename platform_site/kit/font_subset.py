"""A font reduced to the signs of one document, made once with HarfBuzz, so that all its parts embed the same bytes."""

import ctypes
import ctypes.util
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

_NO_LIBRARY = "libharfbuzz-subset.so.0"


class FontUnavailableError(RuntimeError):
    """The machine lacks fontconfig or HarfBuzz's subsetter; documents are drawn with the system's fonts then."""


def find_font(pattern: str) -> tuple[Path, int]:
    """File and index of the font that fontconfig takes for the pattern ("Noto Serif CJK SC:bold")."""
    program = shutil.which("fc-match")
    if program is None:
        raise FontUnavailableError("fontconfig is missing")
    asked = [program, "-f", "%{file}|%{index}", pattern]
    file, _, index = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.partition("|")
    return Path(file), int(index or 0)


def subset_font(file: Path, index: int, signs: Iterable[str]) -> bytes:
    """The font file with these signs only. Raises FontUnavailableError where the subsetter fails."""
    hb = _library()
    blob = hb.hb_blob_create_from_file(str(file).encode())
    face = hb.hb_face_create(blob, index)
    wanted = hb.hb_subset_input_create_or_fail()
    unicodes = hb.hb_subset_input_unicode_set(wanted)
    for sign in signs:
        hb.hb_set_add(unicodes, ord(sign))
    reduced = hb.hb_subset_or_fail(face, wanted)
    try:
        if not reduced:
            raise FontUnavailableError(f"{file.name} cannot be reduced")
        made = hb.hb_face_reference_blob(reduced)
        length = ctypes.c_uint()
        data = hb.hb_blob_get_data(made, ctypes.byref(length))
        content = ctypes.string_at(data, length.value)
        hb.hb_blob_destroy(made)
        hb.hb_face_destroy(reduced)
        return content
    finally:
        hb.hb_subset_input_destroy(wanted)
        hb.hb_face_destroy(face)
        hb.hb_blob_destroy(blob)


def _library() -> ctypes.CDLL:
    """HarfBuzz's subsetter with its types; it brings HarfBuzz itself."""
    try:
        hb = ctypes.CDLL(ctypes.util.find_library("harfbuzz-subset") or _NO_LIBRARY)
    except OSError as error:
        raise FontUnavailableError(str(error)) from error
    pointer = ctypes.c_void_p
    shapes = {
        "hb_blob_create_from_file": (pointer, [ctypes.c_char_p]),
        "hb_face_create": (pointer, [pointer, ctypes.c_uint]),
        "hb_subset_input_create_or_fail": (pointer, []),
        "hb_subset_input_unicode_set": (pointer, [pointer]),
        "hb_set_add": (None, [pointer, ctypes.c_uint32]),
        "hb_subset_or_fail": (pointer, [pointer, pointer]),
        "hb_face_reference_blob": (pointer, [pointer]),
        "hb_blob_get_data": (pointer, [pointer, ctypes.POINTER(ctypes.c_uint)]),
        "hb_blob_destroy": (None, [pointer]),
        "hb_face_destroy": (None, [pointer]),
        "hb_subset_input_destroy": (None, [pointer]),
    }
    for name, (result, arguments) in shapes.items():
        function = getattr(hb, name)
        function.restype, function.argtypes = result, arguments
    return hb
