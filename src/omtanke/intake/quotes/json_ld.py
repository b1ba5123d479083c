"""A quote as schema.org has it, for the page of the product: https://schema.org/OfferShippingDetails and https://schema.org/ShippingDeliveryTime."""

from __future__ import annotations

from typing import Any

from omtanke.engine.quote_policy import Lane

WORKING_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
SCHEMA = "https://schema.org"


def shipping_details(lane: Lane, cut_off: str) -> dict[str, Any]:
    """To stand under `shippingDetails` of an Offer. `cut_off`: as 14:00:00+01:00. Days are working days, as the type takes them to be."""
    return {
        "@context": SCHEMA,
        "@type": "OfferShippingDetails",
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": lane.country},
        "deliveryTime": {
            "@type": "ShippingDeliveryTime",
            "cutoffTime": cut_off,
            "businessDays": {"@type": "OpeningHoursSpecification", "dayOfWeek": [f"{SCHEMA}/{day}" for day in WORKING_DAYS]},
            "handlingTime": days(0, 0),
            "transitTime": days(lane.first, lane.last),
        },
    }


def days(least: int, most: int) -> dict[str, Any]:
    return {"@type": "QuantitativeValue", "minValue": least, "maxValue": most, "unitCode": "DAY"}
