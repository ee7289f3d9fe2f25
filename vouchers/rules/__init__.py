"""Formulas of the voucher floor, free of Django and of the database."""
