"""The processes of a running shop: worker, web and door, each with no more than it needs, and what watches them."""
