"""One world per module; every test in a savepoint of its own."""

from typing import Any

import pytest

from tests.vouchers.shared_world import base_world, world
from tests.vouchers.world import World, make_enterprise
from vouchers.models import Enterprise

__all__ = ["base_world", "world"]


@pytest.fixture
def enterprise(world: World) -> tuple[Enterprise, object]:
    """An approved one of Foshan."""
    return make_enterprise(world)


@pytest.fixture(autouse=True)
def _officials_without_a_second_factor(settings: Any) -> None:
    """It has tests of its own."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
