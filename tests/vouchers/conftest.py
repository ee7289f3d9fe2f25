"""Fixtures of the voucher tests."""

import pytest

from tests.vouchers.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
