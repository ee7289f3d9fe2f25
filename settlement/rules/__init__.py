"""Formulas of settlement: free of Django and of the database, every result explained."""
