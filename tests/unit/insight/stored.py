"""A small store for questions: a log.db with the facts of a few told customers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from fakes.story import Story, at
from omtanke.storage.lake import Lake
from omtanke.storage.ports import Logged
from omtanke.storage.sql_log import SQL, fact_row
from omtanke.storage.sqlite import connect
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.time import DAY

RECEIVED_AT = at("2026-11-20 09:00")


class Stored:
    """A data folder with a log and, when flushed, a lake."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.log: sqlite3.Connection = connect(folder / "log.db")
        self.log.migrate("log")
        self.lake = Lake(folder / "lake")
        self.numbers: dict[tuple[str, str], int] = {}
        self.position = 0
        self.stories = 0

    def story(self) -> Story:
        """A story whose orders and promises have numbers of this store."""
        self.stories += 1
        story = Story(number=self.stories)
        story._numbers = self.numbers
        return story

    def add(self, facts: Iterable[Fact], customer: int = 1, touchpoint: str = "", days_later: int = 0) -> None:
        """Facts at the end of the log, as the customer's."""
        rows = []
        for fact in facts:
            self.position += 1
            told = replace(fact, customer=customer, touchpoint=touchpoint, received_at=RECEIVED_AT + days_later * DAY)
            rows.append(fact_row(Logged(self.position, told)))
        self.log.executemany(SQL["add_fact"], rows)

    def know(self, customer: int, person: int | None = None, kind: str = "person") -> None:
        """Who a customer leads to."""
        self.log.execute("INSERT INTO customer (customer, person, kind) VALUES (?, ?, ?)", (customer, person or customer, kind))

    def set_clock(self, when: str) -> None:
        self.log.execute(SQL["set_meta"], ("clock", str(at(when))))


def order(number: str, until: str, **more: object) -> dict[str, object]:
    """The properties of an order with a delivery promise until a day."""
    return {"order_id": number, "promises": [{"kind": "delivery", "until": until}], **more}


def answer(number: str, score: int, **more: object) -> dict[str, object]:
    """The properties of an answer about an order."""
    return {"survey_id": f"survey of {number}", "order_id": number, "score": score, **more}


def tell_everyone(stored: Stored) -> dict[int, Story]:
    """Eight orders of seven persons; what came of each stands in its comment. The clock is 2026-11-05 12:00 in Stockholm.

    Returns the story of each customer.
    """
    told: list[tuple[int, Story]] = []

    anna = stored.story()  # exceeded: more than a day before; 5 stars
    anna.tell("2026-10-01 08:00", "Customer Identified", region="Skåne")
    anna.tell("2026-10-05 10:00", "Order Completed", **order("A", "2026-10-09"))
    anna.tell("2026-10-06 10:00", "Order Shipped", order_id="A", carrier="PostNord")
    anna.tell("2026-10-08 12:00", "Shipment Delivered", order_id="A")
    anna.tell("2026-10-09 12:00", "Survey Answered", **answer("A", 5))
    told.append((1, anna))

    bo = stored.story()  # broken, arrived late, answered while waiting; 1 star
    bo.tell("2026-10-05 10:00", "Order Completed", **order("B", "2026-10-09", region="Uppsala", carrier="Bring"))
    bo.tell("2026-10-11 10:00", "Survey Answered", **answer("B", 1))
    bo.tell("2026-10-12 10:00", "Shipment Delivered", order_id="B")
    told.append((2, bo))

    cia = stored.story()  # broken, never arrived; 2 stars
    cia.tell("2026-10-20 10:00", "Order Completed", **order("C", "2026-10-31"))
    cia.tell("2026-11-02 10:00", "Survey Answered", **answer("C", 2))
    told.append((3, cia))

    dan = stored.story()  # withdrawn; 2 stars
    dan.tell("2026-10-05 10:00", "Order Completed", **order("D", "2026-10-09"))
    dan.tell("2026-10-06 10:00", "Order Cancelled", order_id="D")
    dan.tell("2026-10-07 10:00", "Survey Answered", **answer("D", 2))
    told.append((4, dan))

    eva = stored.story()  # renegotiated: kept against the new window, broken against the first, answered after; 3 stars
    eva.tell("2026-10-05 10:00", "Order Completed", **order("E", "2026-10-09"))
    eva.tell("2026-10-08 10:00", "Order Updated", **order("E", "2026-10-14"))
    eva.tell("2026-10-14 10:00", "Shipment Delivered", order_id="E")
    eva.tell("2026-10-15 10:00", "Survey Answered", **answer("E", 3))
    told.append((5, eva))

    finn = stored.story()  # open; has answered on another scale
    finn.tell("2026-11-01 10:00", "Order Completed", **order("F", "2026-11-30"))
    finn.tell("2026-11-02 10:00", "Survey Answered", **answer("F", 9, scale="0-10"))
    told.append((6, finn))

    gun = stored.story()  # broken, then corrected to kept by late evidence; 4 stars
    gun.tell("2026-10-05 10:00", "Order Completed", **order("G", "2026-10-09"))
    gun.tell("2026-10-09 18:00", "Shipment Delivered", known="2026-10-11 08:00", order_id="G")
    gun.tell("2026-10-12 10:00", "Survey Answered", **answer("G", 4))
    told.append((7, gun))

    unnamed = stored.story()  # kept; Anna, under another name
    unnamed.tell("2026-10-05 11:00", "Order Completed", **order("H", "2026-10-09"))
    unnamed.tell("2026-10-09 10:00", "Shipment Delivered", order_id="H")
    told.append((8, unnamed))

    for customer, story in told:
        story.wait("2026-11-05 12:00")
        stored.add(story.facts, customer, touchpoint="checkout" if customer != 3 else "store/nordstan")
        stored.know(customer, 1 if customer == 8 else customer, "unnamed" if customer == 8 else "person")
    stored.set_clock("2026-11-05 12:00")
    return dict(told)
