"""`GET /quotes.js`: the element that shows a day on the shop's own pages. It holds no key and no date, so anybody may have it and keep it for an hour."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from omtanke.intake.http import Answer

ELEMENT = "/quotes.js"
HEADERS = (
    (b"content-type", b"text/javascript; charset=utf-8"),
    (b"cache-control", b"public, max-age=3600"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)


@cache
def element() -> Answer:
    """The script."""
    return Answer(200, (files("omtanke.intake.quotes") / "quotes.js").read_bytes(), HEADERS)
