"""The platform's settings without sessions, sign-in and CSRF: what they cost is the difference."""

from platform_site.settings import *  # noqa: F403
from platform_site.settings import MIDDLEWARE

_SIGNED_IN = ("session", "csrf", "contrib.auth", "accounts", "messages", "axes")  # allauth insists on its own
MIDDLEWARE = [name for name in MIDDLEWARE if not any(word in name.lower() for word in _SIGNED_IN)]
ROOT_URLCONF = "tests.benchmarks.bare_site"
