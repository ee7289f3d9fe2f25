"""Answers that the browser keeps as a file."""

from django.http import HttpResponse

from platform_site.kit import clock, xlsx


def attached(content: bytes, content_type: str, name: str) -> HttpResponse:
    """name: in ASCII, with its ending."""
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def excel(content: bytes, name: str, *, dated: bool = False) -> HttpResponse:
    """dated: lists, which look otherwise every day, have today's date (Shanghai) in their name."""
    day = f"-{clock.now().astimezone(xlsx.SHANGHAI):%Y%m%d}" if dated else ""
    return attached(content, xlsx.CONTENT_TYPE, f"{name}{day}.xlsx")


def pdf(content: bytes, name: str) -> HttpResponse:
    return attached(content, "application/pdf", f"{name}.pdf")
