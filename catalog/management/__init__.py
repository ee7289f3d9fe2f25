"""Management of the catalog."""
