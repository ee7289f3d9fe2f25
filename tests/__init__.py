"""Tests of the whole house. They may import everything; nothing imports them."""
