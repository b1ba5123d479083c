"""Benchmarks: each compares two things in one run and prints medians and ratios. Never part of the tests."""
