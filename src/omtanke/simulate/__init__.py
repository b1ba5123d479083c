"""The living shop: a retailer that does not exist, whose every truth is known, and whose people react."""
