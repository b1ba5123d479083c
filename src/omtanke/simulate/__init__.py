"""A small Nordic retailer whose truth is known: seeded, documented, for demo, tests and benchmarks."""
