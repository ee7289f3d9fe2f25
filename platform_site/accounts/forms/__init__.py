"""Forms of the accounts floor."""

from platform_site.accounts.forms.sign_in import (
    AskResetForm,
    ChangeOwnPasswordForm,
    CodeAgainForm,
    CodeForm,
    NewEmailForm,
    NewPasswordForm,
    PasswordAgainForm,
    SignInForm,
    SwitchOnForm,
)
from platform_site.accounts.forms.sign_up import JoinForm, ProfileForm, SignUpForm
from platform_site.accounts.forms.staff import (
    DelegateForm,
    HandOverForm,
    InviteForm,
    RecoveryForm,
    RolesForm,
    SearchForm,
)

__all__ = [
    "AskResetForm",
    "ChangeOwnPasswordForm",
    "CodeAgainForm",
    "CodeForm",
    "DelegateForm",
    "HandOverForm",
    "InviteForm",
    "JoinForm",
    "NewEmailForm",
    "NewPasswordForm",
    "PasswordAgainForm",
    "ProfileForm",
    "RecoveryForm",
    "RolesForm",
    "SearchForm",
    "SignInForm",
    "SignUpForm",
    "SwitchOnForm",
]
