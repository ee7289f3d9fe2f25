"""A database with policy and catalog loaded, and the people of the province."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from catalog.domain import draft_period, publish_period, sign_period
from catalog.models import Period
from catalog.queries import catalog_of, published_edition
from platform_site.kit.actor import Actor

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICER = Actor(user_id=101, label="省级经办", roles=frozenset({"province_officer"}), organisation_kind="province")
APPROVER = Actor(user_id=102, label="省级审批", roles=frozenset({"province_approver"}), organisation_kind="province")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture
def policy(cities: None) -> None:
    call_command("load_policy", verbosity=0)
    call_command("load_catalog", verbosity=0)


@pytest.fixture
def cities(db: None) -> None:
    """The province's bureau, in whose name a period is announced, and the cities."""
    call_command("load_cities", verbosity=0)


@pytest.fixture
def drafted(policy: None) -> Callable[..., Period]:
    """Draft the period of 2020 as the notice sets it; keyword arguments change it."""

    def draft(**changes: Any) -> Period:
        edition = published_edition(changes.pop("edition", "2020"))
        facts: dict[str, Any] = {
            "code": "2020",
            "title": "2020 年服务券",
            "apply_from": moment("2020-05-25T10:00:00"),
            "apply_to": moment("2020-09-30T17:00:00"),
            "redeem_from": moment("2020-10-08T10:00:00"),
            "redeem_to": moment("2021-02-08T17:00:00"),
            "clause": "N20/1",
            "assumptions_confirmed": True,
            "by": OFFICER,
            "at": moment("2020-05-15T09:00:00"),
        } | changes
        return draft_period(edition=edition, catalog_version=catalog_of(edition), **facts)

    return draft


@pytest.fixture
def published(cities: None, drafted: Callable[..., Period]) -> Callable[..., Period]:
    """The same, signed by the second person and announced on 15 May 2020 (or `announced`)."""

    def publish(announced: str = "2020-05-15T10:00:00", **changes: Any) -> Period:
        period = drafted(**changes)
        sign_period(period=period, by=APPROVER, at=moment(announced))
        return publish_period(period=period, by=APPROVER, at=moment(announced))

    return publish
