"""A world that is made once per module and rolled back to its beginning after each test.

`ITEMS` in the module names the catalog items that have a product. Never beside `db`: this brings its own transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.vouchers.world import World, make_world


@contextmanager
def rolled_back() -> Iterator[None]:
    """A block of the test's own, which the lock order does not count."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def base_world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    with django_db_blocker.unblock(), rolled_back():
        yield make_world(items=getattr(request.module, "ITEMS", (7,)))


@pytest.fixture
def world(base_world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    with django_db_blocker.unblock(), rolled_back():
        yield deepcopy(base_world)
