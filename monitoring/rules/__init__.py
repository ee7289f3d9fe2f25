"""Formulas of monitoring: pure functions over plain values."""
