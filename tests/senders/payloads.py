"""What platforms and carriers send, as their references describe it; where a publisher gives a sample, of the same shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_ALL: dict[str, Any] = json.loads((Path(__file__).parent / "payloads.json").read_text(encoding="utf-8"))
CUSTOMER = _ALL["CUSTOMER"]
SHOPIFY_ORDER = _ALL["SHOPIFY_ORDER"]
FULFILLMENT = _ALL["FULFILLMENT"]
REFUND = _ALL["REFUND"]
CART = _ALL["CART"]
CHECKOUT = _ALL["CHECKOUT"]
WOO_ORDER = _ALL["WOO_ORDER"]
BRING = _ALL["BRING"]
BUDBEE = _ALL["BUDBEE"]
BUDBEE_OLDER = _ALL["BUDBEE_OLDER"]
INSTABOX = _ALL["INSTABOX"]
POSTNORD = _ALL["POSTNORD"]
DHL = _ALL["DHL"]
RECEIPT = _ALL["RECEIPT"]

EXAMPLES = {
    "shopify": SHOPIFY_ORDER,
    "woocommerce": WOO_ORDER,
    "bring": BRING,
    "budbee": BUDBEE,
    "dhl": DHL,
    "instabox": INSTABOX,
    "postnord": POSTNORD,
    "till": RECEIPT,
}
