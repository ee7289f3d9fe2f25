"""Fixtures of the settlement tests."""

import pytest
from django.core.management import call_command

from tests.settlement.world import Case, issued
from tests.vouchers.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    made = make_world(items=(5,))
    call_command("load_monitoring", verbosity=0)
    return made


@pytest.fixture
def case(world: World) -> Case:
    return issued(world)


@pytest.fixture
def other(world: World) -> Case:
    """A second voucher of another enterprise."""
    return issued(world)
