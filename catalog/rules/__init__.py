"""Formulas of the catalog, free of Django and of the database: frozen values in, explained values out."""
