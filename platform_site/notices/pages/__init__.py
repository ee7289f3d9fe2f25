"""Pages of notices, one module per kind of visitor."""
