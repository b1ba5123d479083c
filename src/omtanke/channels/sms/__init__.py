"""Text messages, by a provider that takes them over HTTP."""
