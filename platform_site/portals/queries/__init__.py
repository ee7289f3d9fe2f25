"""Reads across floors for the portals."""
