"""The outside world: webhooks, mail and chat."""
