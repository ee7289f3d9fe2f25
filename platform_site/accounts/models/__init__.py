"""Tables of the accounts floor."""

from platform_site.accounts.models.invitation import Invitation, Recovery
from platform_site.accounts.models.membership import Membership
from platform_site.accounts.models.organisation import Organisation
from platform_site.accounts.models.place import City, County
from platform_site.accounts.models.standing import Standing
from platform_site.accounts.models.user import User

__all__ = ["City", "County", "Invitation", "Membership", "Organisation", "Recovery", "Standing", "User"]
