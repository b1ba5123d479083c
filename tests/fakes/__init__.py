"""Fakes written by hand, and short ways to tell a story."""
