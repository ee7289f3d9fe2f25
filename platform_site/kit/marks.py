"""Marks for eye and camera: the QR code of an address and the mirrored tile picture of a fingerprint."""

import io

import segno

_COLOURS = ("#f4f6f8", "#a9c7e0", "#2f6ea6", "#0b3a63")
_SIDE = 7
_HALF = 4
_TILE = 10
_WIDTH = _SIDE * _TILE + 1


def qr_svg(text: str, label: str = "二维码") -> str:
    """An inline SVG, error correction M, dark on white."""
    buffer = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(buffer, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass="qr", lineclass=None)
    svg = buffer.getvalue().decode()
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1).strip()


def fingerprint_svg(digits: str, label: str = "指纹图") -> str:
    """Seven by seven tiles, mirrored left and right, from the first 28 hex digits: two bits choose a tile's tone."""
    bits = _two_bits(digits)
    tiles = "".join(
        f'<rect x="{column * _TILE + 1}" y="{row * _TILE + 1}" width="9" height="9" fill="{_COLOURS[tone]}"/>'
        for row in range(_SIDE)
        for column in range(_SIDE)
        if (tone := bits[row * _HALF + min(column, _SIDE - 1 - column)])
    )
    ground = f'<rect width="{_WIDTH}" height="{_WIDTH}" fill="{_COLOURS[0]}"/>'
    frame = f'viewBox="0 0 {_WIDTH} {_WIDTH}" role="img" aria-label="{label}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="fp" {frame}>{ground}{tiles}</svg>'


def grouped(digits: str) -> str:
    """3a19 7043 e50f …: four and four, as printed under the picture."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _two_bits(digits: str) -> list[int]:
    """One value from 0 to 3 per hex digit (its low and high pair folded), so every digit shows."""
    values = [int(digit, 16) for digit in digits.lower() if digit in "0123456789abcdef"]
    values += [0] * (_SIDE * _HALF - len(values))
    return [(value >> 2) ^ (value & 3) for value in values]
