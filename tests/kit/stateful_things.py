"""Real objects with states, of three floors, each made by its own command; and SQL that passes the code by."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from platform_site.accounts.models import Organisation
from platform_site.accounts.queries import bureau_of
from platform_site.notices.domain import publish_notice
from platform_site.notices.models import PublicNotice
from tests.accounts.people import AT, SETUP, actor, company, domain, member, set_up
from vouchers.domain import register_enterprise
from vouchers.models import Enterprise

PROFILE = {
    "address": "广州市天河区示例路 8 号",
    "kind": "manufacturing",
    "industry_code": "3311",
    "founded_on": date(2010, 5, 1),
    "contact_name": "梁工",
    "contact_phone": "13800000000",
}


def organisation(name: str = "省联盟") -> Organisation:
    return domain.create_organisation(kind="alliance", name=name, area_code="", by=SETUP, at=AT)


def notice() -> PublicNotice:
    set_up()
    by = actor(member(bureau_of("440600"), "approver", "city_approver"))
    return publish_notice(subject=("tests.list", "7"), title="兑现清单公示", days=7, by=by, at=AT)


def enterprise() -> Enterprise:
    set_up()
    owner, membership = company()
    return register_enterprise(organisation=owner, profile=PROFILE, by=actor(membership), at=AT)


def refused_by(statement: str, *parameters: Any) -> str:
    """Name of the constraint that refused the statement."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(refused.value.__cause__.diag.constraint_name)  # type: ignore[union-attr]


def set_state(thing: Model, state: str) -> str:
    return refused_by(f'UPDATE "{thing._meta.db_table}" SET state = %s WHERE id = %s', state, thing.pk)


def insert_copy(thing: Model, **changes: object) -> str:
    """A row like that of `thing`, with other values, written past the code."""
    names = [field.column for field in thing._meta.concrete_fields if field.column != "id"]
    chosen = ", ".join("%s" if name in changes else f'"{name}"' for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    given = [changes[name] for name in names if name in changes]
    table = thing._meta.db_table
    return refused_by(
        f'INSERT INTO "{table}" ({columns}) SELECT {chosen} FROM "{table}" WHERE id = %s', *given, thing.pk
    )
