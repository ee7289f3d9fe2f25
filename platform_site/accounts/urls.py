"""Routes of the accounts floor: own pages, the few of allauth that are used, and the staff pages of every portal."""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import URLPattern, URLResolver, include, register_converter
from django.urls import path as mount

from platform_site.accounts.enums import CITY as CITY_ROLES
from platform_site.accounts.enums import ENTERPRISE as ENTERPRISE_ROLES
from platform_site.accounts.enums import PROVINCE as PROVINCE_ROLES
from platform_site.accounts.enums import SUPPLIER as SUPPLIER_ROLES
from platform_site.accounts.enums import Event, Role
from platform_site.accounts.pages import member, official, staff, visitor
from platform_site.accounts.pages.second_factor import with_second_factor
from platform_site.kit.routes import PUBLIC, SIGNED_IN, route

ADMIN = frozenset({str(Role.BUREAU_ADMIN)})
OWN = "own organisation"


class Base36:
    """The user's number in a password reset link; must not swallow the hyphen behind it."""

    regex = "[0-9A-Za-z]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Base36, "base36")

# Own pages, as `accounts:…`.
_own: list[URLPattern] = [
    route("sign-up/", visitor.sign_up, name="sign_up", roles=PUBLIC, scope="none", audit=Event.SIGNED_UP),
    route(
        "invitation/<str:token>/",
        visitor.invitation,
        name="invitation",
        roles=PUBLIC,
        scope="none",
        audit=Event.INVITATION_ACCEPTED,
    ),
    route("profile/", member.profile, name="profile", roles=SIGNED_IN, scope="own data", audit=Event.PROFILE_CHANGED),
    route("switch/", member.switch, name="switch", roles=SIGNED_IN, scope="own data"),
    route("hand-over/", member.hand_over, name="hand_over", roles=SIGNED_IN, scope=OWN, audit=Event.HANDED_OVER),
]

# allauth's pages keep their own names, which allauth looks up. What is not listed here does not exist.
urlpatterns: list[URLPattern | URLResolver] = [
    mount("", include((_own, "accounts"))),
    route("login/", account.login, name="account_login", roles=PUBLIC, scope="none"),
    route("logout/", account.logout, name="account_logout", roles=PUBLIC, scope="none"),
    route("inactive/", account.account_inactive, name="account_inactive", roles=PUBLIC, scope="none"),
    route("reauthenticate/", account.reauthenticate, name="account_reauthenticate", roles=SIGNED_IN, scope="own data"),
    route("email/", account.email, name="account_email", roles=SIGNED_IN, scope="own data"),
    route(
        "confirm-email/",
        account.email_verification_sent,
        name="account_email_verification_sent",
        roles=PUBLIC,
        scope="none",
    ),
    route("confirm-email/<str:key>/", account.confirm_email, name="account_confirm_email", roles=PUBLIC, scope="none"),
    route(
        "password/change/", account.password_change, name="account_change_password", roles=SIGNED_IN, scope="own data"
    ),
    route("password/reset/", account.password_reset, name="account_reset_password", roles=PUBLIC, scope="none"),
    route(
        "password/reset/done/",
        account.password_reset_done,
        name="account_reset_password_done",
        roles=PUBLIC,
        scope="none",
    ),
    route(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
        roles=PUBLIC,
        scope="none",
    ),
    route(
        "password/reset/key/<base36:uidb36>-<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
        roles=PUBLIC,
        scope="none",
    ),
    route("second-factor/", mfa.index, name="mfa_index", roles=SIGNED_IN, scope="own data"),
    route("second-factor/code/", mfa.authenticate, name="mfa_authenticate", roles=PUBLIC, scope="none"),
    route("second-factor/again/", mfa.reauthenticate, name="mfa_reauthenticate", roles=SIGNED_IN, scope="own data"),
    route("second-factor/on/", totp.activate_totp, name="mfa_activate_totp", roles=SIGNED_IN, scope="own data"),
    route(
        "second-factor/off/",
        with_second_factor(totp.deactivate_totp),
        name="mfa_deactivate_totp",
        roles=SIGNED_IN,
        scope="own data",
    ),
    route(
        "second-factor/recovery-codes/",
        with_second_factor(codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
        roles=SIGNED_IN,
        scope="own data",
    ),
    route(
        "second-factor/recovery-codes/new/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
        roles=SIGNED_IN,
        scope="own data",
    ),
    route(
        "second-factor/recovery-codes/file/",
        with_second_factor(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
        roles=SIGNED_IN,
        scope="own data",
    ),
]


def staff_routes(*, readers: Iterable[str], admins: Iterable[str], entrusts: bool = True) -> list[URLPattern]:
    """The same pages in every portal: colleagues read the list, administrators do the rest.

    entrusts: bureaus may entrust third parties with daily work (S19/8); companies have no such page.
    """
    own, lead = frozenset(readers) | frozenset(admins), frozenset(admins)

    def led(pattern: str, view: Callable[..., Any], audit: str) -> URLPattern:
        return route(pattern, view, name=view.__name__, roles=lead, scope=OWN, audit=audit)

    entrusting = [led("staff/delegate/", staff.staff_delegate, Event.WORK_DELEGATED)] if entrusts else []
    return [
        *entrusting,
        route("staff/", staff.staff, name="staff", roles=own, scope=OWN),
        led("staff/invite/", staff.staff_invite, Event.MEMBER_INVITED),
        led("staff/<int:pk>/", staff.staff_member, Event.ROLES_CHANGED),
        led("staff/<int:pk>/end/", staff.staff_end, Event.MEMBER_REMOVED),
        led("staff/<int:pk>/hand-over/", staff.staff_hand_over, Event.HANDED_OVER),
        led("staff/<int:pk>/second-factor/", staff.staff_reset_second_factor, Event.SECOND_FACTOR_RESET),
        led("staff/invitations/<int:pk>/withdraw/", staff.staff_withdraw, Event.INVITATION_WITHDRAWN),
    ]


def _recovery_routes(roles: Iterable[str], scope: str) -> list[URLPattern]:
    return [
        route("recoveries/", official.recoveries, name="recoveries", roles=roles, scope=scope),
        route(
            "recoveries/<int:pk>/",
            official.recovery_open,
            name="recovery_open",
            roles=roles,
            scope=scope,
            audit=Event.RECOVERY_OPENED,
        ),
    ]


_keepers = PROVINCE_ROLES | ADMIN | {str(Role.SYSTEM_ADMIN), str(Role.AUDITOR)}

enterprise = staff_routes(readers=ENTERPRISE_ROLES, admins={str(Role.ENTERPRISE_ADMIN)}, entrusts=False)
supplier = staff_routes(readers=SUPPLIER_ROLES, admins={str(Role.SUPPLIER_ADMIN)}, entrusts=False)
city = [
    *staff_routes(readers=CITY_ROLES, admins=ADMIN),
    *_recovery_routes(ADMIN | {str(Role.CITY_REVIEWER), str(Role.CITY_APPROVER)}, "own city"),
]
province = [
    *staff_routes(readers=_keepers, admins=ADMIN),
    *_recovery_routes(PROVINCE_ROLES | ADMIN, "all"),
    route("bureaus/", official.bureaus, name="bureaus", roles=_keepers, scope="all"),
    route(
        "bureaus/<int:pk>/invite/",
        official.bureau_invite,
        name="bureau_invite",
        roles=ADMIN,
        scope="all",
        audit=Event.MEMBER_INVITED,
    ),
]
finance = staff_routes(readers={str(Role.FINANCE_OFFICER)}, admins=ADMIN)
expert = staff_routes(readers={str(Role.EXPERT)}, admins=ADMIN)
operator = staff_routes(readers={str(Role.OPERATOR_STAFF)}, admins=ADMIN)
