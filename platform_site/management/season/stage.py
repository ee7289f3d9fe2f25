"""The stage: the dialled clock, the dice, and the people who act."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from platform_site.accounts.domain import add_member, create_person
from platform_site.accounts.models import Organisation, User
from platform_site.accounts.queries import actor_for
from platform_site.files.domain import store_bytes
from platform_site.files.models import StoredFile
from platform_site.kit import clock
from platform_site.kit.actor import Actor, system_actor
from platform_site.management.season.names import Names

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Player:
    """A person on the stage: who signs in, and as whom the person acts."""

    user: User
    actor: Actor


class Stage:
    """Time moves forward only by `turn_to` and `wait`; every command gets `self.now`."""

    def __init__(self, *, seed: int, password: str) -> None:
        self.names = Names(seed)
        self.dice = random.Random(f"season:{seed}")
        self.director = system_actor("演示季")
        self._password = password
        self._people = 0

    @property
    def now(self) -> datetime:
        return clock.now()

    def turn_to(self, moment: datetime) -> None:
        """Dial the platform's clock to a moment."""
        clock.dial(moment - datetime.now(UTC))

    def turn_to_day(self, year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> None:
        self.turn_to(datetime(year, month, day, hour, minute, tzinfo=SHANGHAI))

    def wait(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> None:
        self.turn_to(self.now + timedelta(days=days, hours=hours, minutes=minutes))

    def person(self, place: Organisation, *roles: str, username: str = "") -> Player:
        """Somebody new in an organisation. Only people with a user name can sign in, with the demo's password."""
        self._people += 1
        user = create_person(
            username=username or f"person-{self._people:04d}",
            name=self.names.person(),
            email=f"{username or f'person-{self._people:04d}'}@example.test",
            phone=self.names.phone(),
            password=self._password if username else None,
            email_verified=True,
            by=self.director,
            at=self.now,
        )
        membership = add_member(organisation=place, user=user, roles=list(roles), by=self.director, at=self.now)
        return Player(user, actor_for(user, membership))

    def paper(self, name: str, content: bytes, *, purpose: str, by: Actor) -> StoredFile:
        """A PDF somebody hands in."""
        return store_bytes(
            name=name, content=content, content_type="application/pdf", purpose=purpose, by=by, at=self.now
        )

    @staticmethod
    def upload(name: str, content: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, content, content_type="application/pdf")
