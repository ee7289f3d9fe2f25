"""Fixtures of the settlement tests: one world with an issued voucher per module, every test in a savepoint of its own."""

from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from tests.settlement.world import Case, issued
from tests.vouchers.shared_world import rolled_back
from tests.vouchers.world import World, make_world


@pytest.fixture(scope="module")
def base_case(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Case]:
    with django_db_blocker.unblock(), rolled_back():
        world = make_world(items=(5,))
        call_command("load_monitoring", verbosity=0)
        yield issued(world)


@pytest.fixture
def case(base_case: Case, django_db_blocker: DjangoDbBlocker) -> Iterator[Case]:
    with django_db_blocker.unblock(), rolled_back():
        yield deepcopy(base_case)


@pytest.fixture
def world(case: Case) -> World:
    return case.world


@pytest.fixture
def other(world: World) -> Case:
    """A second voucher of another enterprise."""
    return issued(world)
