"""Fixtures of the accounts tests."""

import pytest

from tests.accounts.people import set_up


@pytest.fixture
def places(db: None) -> None:
    set_up()
