"""Production's first step: invite a person into a bureau (by default the province's first administrator).

The letter goes out through the mail set-up; its link is printed too, for the case that mail does not work yet.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from platform_site.accounts.domain import invitation_token, invite_member
from platform_site.accounts.enums import Kind, Role
from platform_site.accounts.queries import bureau_at
from platform_site.kit import clock
from platform_site.kit.actor import system_actor
from platform_site.kit.findings import Refusal


class Command(BaseCommand):
    help = "Invite an official; without options the province's first administrator"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--kind", choices=Kind.values, default=Kind.PROVINCE.value)
        parser.add_argument(
            "--area", default="440000", help="six-digit code of city or county; 440000 for the province"
        )
        parser.add_argument(
            "--role", action="append", choices=Role.values, help="may be repeated; default bureau_admin"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bureau = bureau_at(options["kind"], options["area"])
        if bureau is None:
            raise CommandError("没有这个单位。请先运行 manage.py load_cities，并核对 --kind 和 --area。")
        try:
            letter = invite_member(
                organisation=bureau,
                email=options["email"],
                name=options["name"],
                roles=options["role"] or [Role.BUREAU_ADMIN.value],
                by=system_actor("create_official"),
                at=clock.now(),
            )
        except Refusal as refusal:
            raise CommandError(
                "\n".join(f"{one.title}。{one.reason}{one.remedy}" for one in refusal.findings)
            ) from refusal
        link = settings.SITE_URL + reverse("accounts:invitation", args=[invitation_token(letter)])
        self.stdout.write(f"已邀请 {letter.email} 加入{bureau.name}，7 天内有效：\n{link}")
