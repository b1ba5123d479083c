"""Messages to a chat by its incoming webhook."""
