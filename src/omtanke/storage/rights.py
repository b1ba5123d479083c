"""What pages and dispatch read of rights: requests with their month, and who is to be left alone. Moments are UTC microseconds, 0 for none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from omtanke.storage.pages import Pages
from omtanke.storage.statements import statements

SQL = statements("pages/rights.sql")
MOST = 200


class RequestSeen(Struct, frozen=True):
    """A right that somebody has asked for. It has the number of its promise. `taken_at`: when one of us took it on."""

    promise: int
    customer: int
    person: int
    right: str
    reached_at: int
    until_at: int
    latest_at: int
    zone: str
    extended_at: int
    answered_at: int
    outcome: str
    taken_at: int


class RightsPages:
    """Through the windows that pages have. Nothing that it reads is personal."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def _requests(self, name: str, **asked: Any) -> list[RequestSeen]:
        return [RequestSeen(*row) for row in self._pages.ask(SQL[name], **asked)]

    def open_requests(self, limit: int = MOST) -> list[RequestSeen]:
        """The soonest due first."""
        return self._requests("open_requests", limit=limit)

    def answered_requests(self, limit: int = MOST) -> list[RequestSeen]:
        """The latest first."""
        return self._requests("answered_requests", limit=limit)

    def requests_of_person(self, person: int, limit: int = MOST) -> list[RequestSeen]:
        return self._requests("requests_of_person", person=person, limit=limit)

    def request(self, promise: int) -> RequestSeen | None:
        return next(iter(self._requests("request", promise=promise)), None)

    def restricted_at(self, person: int) -> int:
        """Since when what is known of a person is to be left alone; 0 when it is not."""
        return self._pages.ask(SQL["restricted"], person=person)[0][0] or 0

    def left_alone(self, persons: Iterable[int]) -> frozenset[int]:
        """Those of the persons whose data are left alone, who have been erased, or who wait for it."""
        return frozenset(row[0] for row in self._pages.ask(SQL["left_alone"], persons=json.dumps(list(persons))))
