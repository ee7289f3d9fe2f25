"""May this person: editing and signing policy is the province's, and entrusted staff never sign (S19/8)."""

from django.core.exceptions import PermissionDenied

from platform_site.kit.actor import Actor

_EDITORS = ("province_officer", "province_approver")
_SIGNERS = ("province_approver",)


def user_can_edit_policy(actor: Actor) -> bool:
    """Editions, catalog and drafts of periods; `system` is the platform loading its own fixtures."""
    return actor.has("system", *_EDITORS)


def check_user_can_edit_policy(actor: Actor) -> None:
    if not user_can_edit_policy(actor):
        raise PermissionDenied


def user_can_sign_period(actor: Actor) -> bool:
    return actor.has(*_SIGNERS) and not actor.delegated


def check_user_can_sign_period(actor: Actor) -> None:
    if not user_can_sign_period(actor):
        raise PermissionDenied


def user_can_sign_policy(actor: Actor) -> bool:
    """Editions and catalog versions: sign what a colleague handed in, and publish it."""
    return user_can_sign_period(actor)


def check_user_can_sign_policy(actor: Actor) -> None:
    if not user_can_sign_policy(actor):
        raise PermissionDenied
