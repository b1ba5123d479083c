"""Use cases: accept, work, replay."""
