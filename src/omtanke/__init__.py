"""Omtanke: every promise to a customer, kept in every channel."""

__version__ = "0.1.0"
