"""RudderStack's client for Python, as its documentation shows it. Called with the door's address and the write key;
`--slip`: with an event whose name is a slip of the pen; `--many N`: with so many further ones."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from rudderstack import analytics

analytics.dataPlaneUrl, analytics.write_key = sys.argv[1:3]
analytics.on_error = lambda error, items: print(repr(error), error, file=sys.stderr)

analytics.identify("kund-1", {"email": "ann@example.se", "firstName": "Ann", "address": {"country": "SE", "state": "Skåne"}})
analytics.page("kund-1", "Docs", "Skor", {"url": "https://shop.example/docs"})
analytics.screen("kund-1", None, "Brightness", {"from": "Settings Screen"})
analytics.track("kund-1", "Product Viewed", {"product_id": "LOP-101", "price": 1299, "currency": "SEK"})
analytics.track("kund-1", "Cart Viewed", {"cart_id": "c-1"}, timestamp=datetime(2026, 11, 17, 8, 14, tzinfo=UTC))
analytics.track(None, "Cart Viewed", {"cart_id": "c-2"}, anonymous_id="device-1")
analytics.group("kund-1", "household-7", {"name": "Familjen Ek"})
analytics.alias("device-1", "kund-1")
for number in range(int(sys.argv[sys.argv.index("--many") + 1]) if "--many" in sys.argv else 0):
    analytics.track("kund-1", "Cart Viewed", {"cart_id": f"many-{number}"})
if "--slip" in sys.argv:
    analytics.track("kund-1", "Order Completd")
analytics.flush()
analytics.shutdown()
