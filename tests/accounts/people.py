"""People and organisations of the accounts tests, made by the real commands."""

from datetime import UTC, date, datetime

from platform_site.accounts import domain, queries
from platform_site.accounts.models import Membership, Organisation, User
from platform_site.kit.actor import Actor, system_actor

AT = datetime(2020, 6, 1, 2, 0, tzinfo=UTC)
SETUP = system_actor("tests")
PASSWORD = "shan-shui-tian-yuan-8"


def company_number(serial: int) -> str:
    """A number whose check digit is right."""
    body = f"91440101MA5{serial:06d}"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(letter) * weight for letter, weight in zip(body, weights, strict=True))
    return body + alphabet[(31 - total) % 31]


def place(code: str, name: str, *, tile: tuple[int, int], counties: bool = True) -> dict[str, object]:
    rows = [{"code": f"{code[:4]}05", "name": f"{name}甲区"}] if counties else []
    return {
        "code": code, "name": f"{name}市", "short": name, "region": "prd", "tile": list(tile), "counties": rows,
    }  # fmt: skip


def set_up() -> None:
    cities = [
        place("440100", "广州", tile=(5, 2)),
        place("440600", "佛山", tile=(4, 2)),
        place("441900", "东莞", tile=(6, 2), counties=False),
    ]
    domain.set_up_places(cities=cities, by=SETUP, at=AT)


def person(username: str, *, email: str = "", at: datetime = AT) -> User:
    return domain.create_person(
        username=username,
        name=f"{username}先生",
        email=email or f"{username}@example.com",
        password=PASSWORD,
        email_verified=True,
        by=SETUP,
        at=at,
    )


def member(organisation: Organisation, username: str, *roles: str, until: date | None = None) -> Membership:
    user = User.objects.filter(username=username).first() or person(username)
    return domain.add_member(organisation=organisation, user=user, roles=roles, until=until, by=SETUP, at=AT)


def actor(membership: Membership) -> Actor:
    return queries.actor_for(membership.user, membership)


def company(serial: int = 1, *, kind: str = "enterprise", area_code: str = "440100") -> tuple[Organisation, Membership]:
    """A company with one administrator, as sign-up makes it."""
    user = domain.sign_up(
        kind=kind,
        organisation_name=f"第{serial}机械有限公司",
        uscc=company_number(serial),
        area_code=area_code,
        name=f"联系人{serial}",
        phone="13800000000",
        email=f"{kind}{serial}@example.com",
        username=f"{kind}{serial}",
        password=PASSWORD,
        by=SETUP,
        at=AT,
    )
    membership = user.memberships.get()
    return membership.organisation, membership
