"""Formulas of the suppliers' floor: pure, without Django and database; limits come in as data beside their clause."""
