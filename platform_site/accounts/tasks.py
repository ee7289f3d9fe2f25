"""Background work of the accounts floor."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from platform_site.accounts.domain import invitation_token
from platform_site.accounts.policies import invitation_findings
from platform_site.accounts.queries import invitation_by_id
from platform_site.kit import clock
from platform_site.outbox.domain import handles

SCHEDULE: dict[str, Any] = {}


@handles("accounts.send_invitation")
def send_invitation(*, invitation_id: int) -> None:
    """Nothing is sent when the letter was withdrawn, replaced or accepted meanwhile."""
    letter = invitation_by_id(invitation_id)
    if letter is None or invitation_findings(letter, clock.now()):
        return
    link = settings.SITE_URL + reverse("accounts:invitation", args=[invitation_token(letter)])
    context = {"letter": letter, "link": link}
    subject = render_to_string("emails/account_invitation_subject.txt", context).strip()
    body = render_to_string("emails/account_invitation.txt", context)
    send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [letter.email])
