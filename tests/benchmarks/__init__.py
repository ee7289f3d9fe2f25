"""Benchmarks: `make bench NAME=x` runs `x.run()` on services and data of its own."""
