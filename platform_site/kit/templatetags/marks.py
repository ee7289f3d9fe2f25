"""Tags for the seal: QR code and fingerprint picture as inline SVG (the picture of a page needs no further file)."""

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from platform_site.kit import marks

register = template.Library()


@register.simple_tag
def qr(text: str, label: str = "二维码") -> SafeString:
    return mark_safe(marks.qr_svg(text, str(escape(label))))  # noqa: S308  segno writes paths only


@register.simple_tag
def fingerprint(digits: str, label: str = "指纹图") -> SafeString:
    return mark_safe(marks.fingerprint_svg(digits, str(escape(label))))  # noqa: S308  digits become numbers


@register.filter
def grouped(digits: str) -> str:
    return marks.grouped(str(digits)[:32])
