"""Pages and screens looked at. Addresses are in the personal part."""

from __future__ import annotations

from omtanke.vocabulary.fact import Observed


class PageViewed(Observed, frozen=True, kw_only=True):
    """A page of the shop was shown: Segment's page call."""

    name = "Page Viewed"
    personal = {"url": "the address", "title": "its title", "referrer": "where from"}


class ScreenViewed(Observed, frozen=True, kw_only=True):
    """A screen of the app was shown: Segment's screen call."""

    name = "Screen Viewed"
    personal = {"title": "its title"}
