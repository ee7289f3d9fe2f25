"""Formulas of notices: pure, without Django and database."""
