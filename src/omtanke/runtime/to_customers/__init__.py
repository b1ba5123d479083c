"""Messages to customers: from a fact of the log to what is handed over, and what became of it."""
