"""What genuine clients say and ask for, beside the calls themselves."""
