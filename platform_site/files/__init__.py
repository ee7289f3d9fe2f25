"""Stored files: checked by content on the way in, handed out only to those who may see them.

Imports the cellar only; who may read is a list of organisations that the owning floor grants.
"""
