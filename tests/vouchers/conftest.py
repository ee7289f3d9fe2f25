"""Fixtures of the voucher tests: one world per module, every test in a savepoint of its own."""

from tests.vouchers.shared_world import base_world, world

__all__ = ["base_world", "world"]
