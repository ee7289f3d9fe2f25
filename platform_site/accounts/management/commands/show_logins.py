"""Who can sign in as what: one login per role, or all of them with --all. Prints no passwords, it knows none."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from platform_site.accounts.enums import Role
from platform_site.accounts.queries import logins_by_role
from platform_site.kit import clock


class Command(BaseCommand):
    help = "Print a login name per role"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every login, not one per role")

    def handle(self, *args: Any, **options: Any) -> None:
        found = logins_by_role(clock.now())
        if not found:
            self.stdout.write("还没有人员。演示数据：manage.py play_season；正式环境：manage.py create_official")
            return
        for role in Role:
            for membership in found.get(role.value, [])[: None if options["all"] else 1]:
                user, organisation = membership.user, membership.organisation
                self.stdout.write(
                    f"{role.value:<18} {user.username:<28} {user.name}　{organisation.name}　{role.label}"
                )
