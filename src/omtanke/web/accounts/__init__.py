"""Staff: accounts, sign-in, preferences. The only people Django knows."""
