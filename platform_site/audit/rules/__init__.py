"""Django-free formulas of the seal."""
