"""The demo season: invented companies and people play a season of the scheme through the real commands.

Deterministic by seed; uses the dialled clock. Imports everything: it is a guest on the roof.
"""
