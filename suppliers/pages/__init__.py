"""Pages of the suppliers' floor, one module per kind of visitor."""
