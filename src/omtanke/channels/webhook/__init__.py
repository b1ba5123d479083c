"""Webhooks: signed, to receivers that the shop has named."""
