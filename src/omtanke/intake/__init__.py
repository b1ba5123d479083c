"""Doors for events: the door for senders, and importers of the past."""
