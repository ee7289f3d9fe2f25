"""People and their own data."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied

from platform_site.accounts.enums import Event
from platform_site.accounts.models import Membership, User
from platform_site.accounts.permissions import check_user_can_manage_members
from platform_site.audit.domain import record
from platform_site.kit.actor import Actor
from platform_site.kit.command import command


@command
def create_person(
    *,
    username: str,
    name: str,
    email: str,
    password: str | None,
    phone: str = "",
    email_verified: bool = False,
    by: Actor,
    at: datetime,
) -> User:
    """Someone who can sign in; password None: not before setting one by mail. Memberships open the rest."""
    address = email.strip().lower()
    user = User(
        username=username.strip() or address,
        name=name.strip(),
        email=address,
        phone=phone.strip(),
        date_joined=at,
    )
    user.set_password(password)
    user.save()
    if address:
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=email_verified)
    record(by=by, at=at, event=Event.PERSON_CREATED, subject=user, data={"username": user.username})
    return user


@command
def change_profile(*, name: str, phone: str, mail_choice: str, by: Actor, at: datetime) -> User:
    """One's own name, phone and how messages reach the mailbox."""
    if by.user_id is None:
        raise PermissionDenied
    user = User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    before = {"name": user.name, "phone": user.phone, "mail_choice": user.mail_choice}
    user.name, user.phone, user.mail_choice = name.strip(), phone.strip(), mail_choice
    user.save(update_fields=["name", "phone", "mail_choice"])
    changed = [key for key, value in before.items() if value != getattr(user, key)]
    record(by=by, at=at, event=Event.PROFILE_CHANGED, subject=user, data={"changed": changed})
    return user


@command
def reset_second_factor(*, membership: Membership, by: Actor, at: datetime) -> None:
    """The member lost phone and recovery codes; the administrator knows them in person and clears the way."""
    check_user_can_manage_members(by, membership.organisation)
    removed, _ = Authenticator.objects.filter(user_id=membership.user_id).delete()
    data = {"user_id": membership.user_id, "removed": removed}
    record(by=by, at=at, event=Event.SECOND_FACTOR_RESET, subject=membership, data=data)
