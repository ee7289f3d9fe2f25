"""Who did what, when, under which operation: append-only entries written in the command's own transaction.

Also remembers which submitted forms were already carried out (idempotency keys). Imports the cellar only.
"""
