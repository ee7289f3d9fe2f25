"""Pages of settlement: parse, one domain call, answer."""
