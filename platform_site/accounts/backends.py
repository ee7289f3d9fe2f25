"""Who is signed in, asked in every request."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from platform_site.accounts.models import User
from platform_site.accounts.queries import user_of_session


class SignInBackend(AuthenticationBackend):
    """As the library's, by user name or mail address."""

    def get_user(self, user_id: Any) -> User | None:
        found = user_of_session(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
