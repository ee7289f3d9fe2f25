"""Pages of the roof."""
