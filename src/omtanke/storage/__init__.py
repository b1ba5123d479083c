"""Where facts are kept: inbox, log, lake; ports, memory and SQLite behind them."""
