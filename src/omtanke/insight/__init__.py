"""Questions about many customers, in SQL over the lake and the log's tail."""
