"""Which name django-axes counts a failed sign-in under: the one typed, in lower case, whether login name or e-mail."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest


def name_given(request: HttpRequest | None, credentials: Mapping[str, Any] | None) -> str:
    """Never None: axes would count all nameless failures of one address together with nobody's."""
    known = credentials or {}
    typed = known.get("email") or known.get("username") or known.get("login")
    if not typed and request is not None:
        typed = request.POST.get("login")
    return str(typed or "").strip().lower()
