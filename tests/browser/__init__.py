"""The running platform in a real browser: one journey, and every main page at two widths."""
