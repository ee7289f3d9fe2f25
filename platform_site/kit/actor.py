"""Who acts: a plain value that pages make from the session and commands receive as `by`."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """user_id None: nobody signed in, or the platform itself (then `label` names the job).

    organisation_kind: enterprise, supplier, city, county, province, alliance, finance, expert, operator, "".
    area_code: six-digit code of the city (or county) an official works for; the home city of a company; "" for none.
    roles: role names of the membership in use. delegated: entrusted staff, who may never approve (S19/8).
    """

    user_id: int | None = None
    label: str = ""
    organisation_id: int | None = None
    organisation_name: str = ""
    organisation_kind: str = ""
    area_code: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    membership_id: int | None = None
    delegated: bool = False

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None

    def has(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


ANONYMOUS = Actor(label="访客")


def system_actor(job: str) -> Actor:
    """The platform itself, named after the job that runs."""
    return Actor(label=f"平台·{job}", roles=frozenset({"system"}))
