"""Importers: a publisher's files become messages of the wire form, in the order in which things happened."""
