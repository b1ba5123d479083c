"""The part of the OpenAPI document about quotes."""

from __future__ import annotations

from omtanke.intake.openapi_shapes import MAYBE_MOMENT, MAYBE_TEXT, Schema, closed, code, nullable, number, ref
from omtanke.intake.quotes.asked import MOST_ITEMS, MOST_KILOGRAMS, MOST_QUANTITY
from omtanke.messages.languages import LANGUAGES
from omtanke.runtime.quotes import MODEL, TABLE
from omtanke.vocabulary.fields import LONGEST_NUMBER

QUOTING = """For a product page, a cart or a checkout. Name the `id` as `quote_id` in *Order Completed*, and the promise of the order has this window and these
words. Nothing is written for a quote that nobody takes. What cannot be understood is named in `remarks`, and the window is then a wide one: whatever
JSON object is sent, the answer is 200. Pages may ask from a browser, as they may send."""
ASKED_EXAMPLE = {
    "items": [{"product_id": "LOP-101", "quantity": 1, "weight": 0.8}],
    "destination": {"country": "SE", "postal_code": "111 22"},
    "language": "sv",
}


def quote_shapes() -> Schema:
    """What is asked, and what is answered."""
    item = {
        "type": "object",
        "properties": {
            "product_id": number("The product, as you number it"),
            "quantity": nullable("integer", minimum=1, maximum=MOST_QUANTITY),
            "weight": nullable("number", minimum=0, maximum=MOST_KILOGRAMS, description="Kilograms"),
        },
        "description": "Further fields of a product are passed over",
    }
    maybe_date = nullable("string", format="date")
    return {
        "QuoteAsked": {
            "type": "object",
            "properties": {
                "items": nullable("array", items=item, maxItems=MOST_ITEMS),
                "destination": nullable(
                    "object",
                    properties={
                        "country": nullable("string", description="ISO 3166, two letters; the policy's own when left out"),
                        "postal_code": number("As it is written there"),
                        "region": code("Region, as you write it in your orders; a learnt model knows how long it takes to there"),
                    },
                ),
                "origin": code("From where: the warehouse or store, as you name it; what was told of its capacity counts"),
                "service": code("How it is sent, as you name it; a carrier's name, and what was told of its capacity counts"),
                "moment": nullable("string", description="When it would be ordered; now, when it is left out"),
                "language": nullable("string", description=f"The customer's: {' or '.join(LANGUAGES)}, with or without a country; the shop's when left out"),
                "timezone": nullable("string", description="The customer's IANA zone, in which the days are meant; the shop's when left out"),
                "customer": number("The customer, by your own id"),
            },
        },
        "CapacityTold": closed(
            {
                "unit": MAYBE_TEXT | {"description": "The warehouse, store or carrier, as it was named"},
                "pace_percent": {"type": "integer", "minimum": 0, "description": "Of the ordinary pace; 0, it is closed"},
                "from": MAYBE_MOMENT,
                "until": MAYBE_MOMENT | {"description": "null, until something else is told"},
                "reason": MAYBE_TEXT,
            }
        ),
        "Quote": closed(
            {
                "id": MAYBE_TEXT | {"maxLength": LONGEST_NUMBER, "description": "`quote_id` of the order; null when no day is said"},
                "from": MAYBE_MOMENT,
                "until": MAYBE_MOMENT | {"description": "24.00 of the last day, which is the next day's beginning"},
                "zone": MAYBE_TEXT | {"description": "The IANA zone of the days"},
                "first_day": maybe_date,
                "last_day": maybe_date,
                "words": MAYBE_TEXT | {"description": "To be shown as they are"},
                "language": {"enum": list(LANGUAGES)},
                "valid_until": MAYBE_MOMENT | {"description": "The last moment at which an order takes it"},
                "probability": nullable("number", description="How probable it is that the window is kept; null when the days rest on the policy's table"),
                "rests_on": closed(
                    {
                        "kind": {
                            "enum": [TABLE, MODEL],
                            "description": "The table `quotes` of the policy, or a model that was learnt from the shop's own orders",
                        },
                        "policy": {"type": "integer", "description": "The version of the policy"},
                        "model": nullable("integer", description="The version of the model"),
                        "learnt_until": nullable("string", format="date", description="The day whose beginning the model knows everything up to"),
                        "region": MAYBE_TEXT | {"description": "Where the model knows the order to go; null, it reckons with all regions"},
                        "country": MAYBE_TEXT | {"description": "Whose lane"},
                        "working_days": nullable("array", items={"type": "integer"}, description="At the earliest, at the latest"),
                        "cut_off": MAYBE_TEXT,
                        "capacity": {
                            "type": "array",
                            "items": ref("CapacityTold"),
                            "description": "What was told of capacity and bears on it, in the order of telling",
                        },
                        "is_wide": {"type": "boolean", "description": "Whether the window is wide because not all could be understood"},
                        "unused": {"type": "array", "items": {"type": "string"}, "description": "What was said and makes no difference"},
                    }
                ),
                "remarks": {"type": "array", "items": ref("Fault")},
                "json_ld": nullable(
                    "object",
                    description="schema.org's OfferShippingDetails, for the page; null when the window is wide, or a model's: its days are no working days",
                ),
            }
        ),
    }
