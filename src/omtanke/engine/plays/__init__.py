"""Plays: what we do for a customer when something happens, as data."""
