"""Mail to those who work here."""
