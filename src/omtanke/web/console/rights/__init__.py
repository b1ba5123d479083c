"""What customers ask about their own data: requests with their month, what is done about them, and who has looked at whom."""
