"""Products, and the lines of an order or cart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import Reading, amount, code, currency, number_text, reference, take, whole
from omtanke.vocabulary.refusal import Refused


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One line of an order: so many of one product at a price."""

    line: int = 0
    product: Annotated[int, reference("product", "product_id", "sku", what="the product")] = 0
    quantity: Annotated[int, whole("quantity", what="how many", most=100_000)] = 1
    price: Annotated[int, amount("price", what="price of one")] = 0
    category: Annotated[str, code("category", what="the product's category")] = ""


def read_line(item: Mapping[str, Any], path: str, reading: Reading) -> Line:
    """A line is named by its `line_id`, else its product; within one order the same name is the same line.

    Where no order is named, a line's name says nothing: it is 0, and what is told counts for the parcel.
    """
    rest = dict(item)
    named = next((name for name in ("line_id", "product_id", "sku") if rest.get(name)), "")
    written = rest.get(named)
    rest.pop("line_id", None)
    if written is None:
        raise Refused(path, item, "names no line: send line_id, product_id or sku")
    name = number_text(written, f"{path}.{named}")
    line = reading.reference("line", name) if reading.order_number else 0
    if not line and rest.keys() & {"product_id", "sku"} == set():
        rest["line_id"] = name
    values = take(Line, rest, path, reading)
    reading.keep(path, rest)
    return Line(line=line, **values)


class ProductViewed(Observed, frozen=True, kw_only=True):
    """The customer has looked at a product."""

    name = "Product Viewed"

    product: Annotated[int, reference("product", "product_id", "sku", what="the product", required=True)]
    price: Annotated[int, amount("price", what="price shown")] = 0
    currency: Annotated[str, currency()] = ""
    category: Annotated[str, code("category", what="the product's category")] = ""


class ProductRestocked(Observed, frozen=True, kw_only=True):
    """A product can be bought again. Reaches every customer who was promised it."""

    name = "Product Restocked"

    product: Annotated[int, reference("product", "product_id", "sku", what="the product", required=True)]
    quantity: Annotated[int, whole("quantity", what="how many came")] = 0
