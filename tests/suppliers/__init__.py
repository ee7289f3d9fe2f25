"""Suppliers, products, agents: by the real commands."""
