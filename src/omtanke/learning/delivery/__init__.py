"""The day of delivery as a distribution, learnt from the shop's own orders, those still under way among them; and windows quoted from it."""
