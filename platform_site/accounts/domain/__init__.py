"""Commands of the accounts floor."""

from platform_site.accounts.domain.delegate import delegate_work
from platform_site.accounts.domain.hand_over import hand_over
from platform_site.accounts.domain.invite import (
    accept_invitation,
    invitation_token,
    invite_member,
    join_by_invitation,
    withdraw_invitation,
)
from platform_site.accounts.domain.mail_messages import mail_messages
from platform_site.accounts.domain.manage_members import add_member, change_roles, remove_member
from platform_site.accounts.domain.organisations import (
    close_organisation,
    create_organisation,
    rename_organisation,
    reopen_organisation,
)
from platform_site.accounts.domain.people import change_profile, create_person, reset_second_factor
from platform_site.accounts.domain.recover import open_recovery
from platform_site.accounts.domain.set_up_places import set_up_places
from platform_site.accounts.domain.sign_up import sign_up
from platform_site.accounts.domain.standing import impose_standing, lift_standing

__all__ = [
    "accept_invitation",
    "add_member",
    "change_profile",
    "change_roles",
    "close_organisation",
    "create_organisation",
    "create_person",
    "delegate_work",
    "hand_over",
    "impose_standing",
    "invitation_token",
    "invite_member",
    "join_by_invitation",
    "lift_standing",
    "mail_messages",
    "open_recovery",
    "remove_member",
    "rename_organisation",
    "reopen_organisation",
    "reset_second_factor",
    "set_up_places",
    "sign_up",
    "withdraw_invitation",
]
