"""Signed-in people and their press over HTTP, for loads and kills."""

import http.client
from collections.abc import Iterable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from django.middleware.csrf import _get_new_csrf_string

from platform_site.accounts.models import User


def sign_in(user_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """By user: the cookies as signing in leaves them, and the token that forms must carry."""
    found = {}
    for pk, user in User._default_manager.in_bulk(list(user_ids)).items():
        store, token = SessionStore(), _get_new_csrf_string()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(pk), settings.AUTHENTICATION_BACKENDS[1]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.create()
        cookies = f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
        found[pk] = cookies, token
    return found


def press(web: http.client.HTTPConnection, path: str, fields: dict[str, str], cookies: str) -> bool:
    """True: the receipt was shown the way to. Anything that breaks on the way is False, and closes the connection."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    try:
        web.request("POST", path, urlencode(fields), headers)
        answer = web.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        web.close()
        return False
    return answer.status == http.HTTPStatus.FOUND and "receipt" in (answer.getheader("Location") or "")
