"""Deliveries: what is on its way to whom, every try, and how each destination stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from omtanke.storage.database import Database, writing
from omtanke.storage.statements import listed, statements

SQL = statements("outbox/deliveries.sql")
FORGOTTEN_AT_ONCE = 5_000


class Delivery(Struct, frozen=True):
    """Something on its way. `key`: the webhook-id, or what the Message-ID is made from. `rung`: the steps of the ladder that have been taken."""

    delivery: int
    key: str
    way: str
    destination: str
    receiver: int
    type: str
    position: int
    state: str
    attempts: int
    rung: int
    made_at: int
    due_at: int
    ended_at: int


class NewDelivery(Struct, frozen=True):
    """A delivery of a fact to a receiver, or of a message to the customer it is for."""

    key: str
    destination: str
    receiver: int
    type: str
    position: int
    way: str = "webhook"


class Message(Struct, frozen=True):
    """The text of a mail or chat message to one of the staff. `recipient` is a mail address or the chat's webhook."""

    recipient: str
    subject: str
    text: str
    html: str
    language: str


class Attempt(Struct, frozen=True):
    """A try. `took` in microseconds; `status` 0 when nobody answered."""

    delivery: int
    attempt: int
    at: int
    took: int
    status: int
    answer: str


class Destination(Struct, frozen=True):
    """How a destination stands as a whole: failures in a row, and until when nothing is tried there."""

    name: str
    failures: int
    rests_until: int


class Count(Struct, frozen=True):
    """How many deliveries of a way (to one receiver, 0 for staff) are in a state, and when the oldest of them was made."""

    way: str
    receiver: int
    state: str
    count: int
    oldest_at: int


class Settled(Struct, frozen=True):
    """How a delivery stands after a try."""

    state: str
    rung: int
    due_at: int
    ended_at: int


class Deliveries:
    """The deliveries of one outbox."""

    def __init__(self, db: Database) -> None:
        self._db = db

    # Following the log

    def meta(self, name: str) -> str:
        row = self._db.execute(SQL["meta"], (name,)).fetchone()
        return row[0] if row else ""

    def set_meta(self, name: str, value: str) -> None:
        with writing(self._db):
            self._db.execute(SQL["set_meta"], (name, value))

    def follow(self, position: int, found: Iterable[NewDelivery], now: int) -> None:
        """The log has been read up to `position`, within a transaction of the caller's. Repeating it changes nothing."""
        for one in found:
            self._add(one, now)
        self._db.execute(SQL["set_meta"], ("position", str(position)))

    def add(self, one: NewDelivery, now: int) -> int:
        """A delivery that somebody asked for: a try; its number."""
        with writing(self._db):
            return self._add(one, now)

    def _add(self, one: NewDelivery, now: int) -> int:
        added = self._db.execute(SQL["add_delivery"], (one.key, one.way, one.destination, one.receiver, one.type, one.position, now, now)).fetchone()
        self._db.execute(SQL["add_destination"], (one.destination,))
        return int(added[0]) if added else 0

    # Sending

    def destinations(self) -> list[Destination]:
        return [Destination(*row) for row in self._db.execute(SQL["destinations"])]

    def due(self, destination: str, now: int, limit: int, *, latest_first: bool = False) -> list[Delivery]:
        """What is due at a destination, the longest or the latest due first."""
        return [Delivery(*row) for row in self._db.execute(SQL["due_latest" if latest_first else "due"], (destination, now, limit))]

    def message(self, delivery: int) -> Message | None:
        row = self._db.execute(SQL["message"], (delivery,)).fetchone()
        return Message(*row) if row else None

    def settle(self, attempt: Attempt, settled: Settled, destination: Destination) -> None:
        """What became of a try, and how delivery and destination stand after it."""
        with writing(self._db):
            self._db.execute(SQL["add_attempt"], (attempt.delivery, attempt.attempt, attempt.at, attempt.took, attempt.status, attempt.answer))
            self._db.execute(SQL["settle"], (settled.state, settled.rung, settled.due_at, settled.ended_at, attempt.delivery))
            self._db.execute(SQL["set_rest"], (destination.failures, destination.rests_until, destination.name))
            if settled.state != "waiting":
                self._db.execute(SQL["not_handed"], (attempt.delivery,))
            if settled.state == "delivered":
                self._db.execute(SQL["drop_message"], (attempt.delivery,))

    def postpone(self, delivery: int, due_at: int) -> None:
        with writing(self._db):
            self._db.execute(SQL["postpone"], (due_at, delivery))

    # What is sent at most once

    def begin_handing(self, delivery: int, now: int) -> bool:
        """It is about to be handed over. False when it was so before, and nobody knows how that ended."""
        with writing(self._db):
            return self._db.execute(SQL["begin_handing"], (now, delivery)).rowcount > 0

    def not_handed(self, delivery: int) -> None:
        """It has certainly not been taken, and may be tried again; or how it ended is known."""
        with writing(self._db):
            self._db.execute(SQL["not_handed"], (delivery,))

    def is_in_doubt(self, delivery: int) -> bool:
        """Whether it was about to be handed over, and how that ended was not written."""
        return self._db.execute(SQL["is_in_doubt"], (delivery,)).fetchone() is not None

    def hasten_doubtful(self, now: int) -> int:
        """Whatever was about to be handed over when a process ended is looked at now; how many."""
        with writing(self._db):
            self._db.execute(SQL["wake_doubtful"])
            return self._db.execute(SQL["hasten_doubtful"], (now,)).rowcount

    def give_up(self, made_before: int, now: int) -> int:
        """Deliveries that have waited longer than the ladder lasts have failed; how many.

        Mail to staff waits for its server, a paused receiver's for it, and what is for customers is never given up untold.
        """
        with writing(self._db):
            return self._db.execute(SQL["give_up"], (now, made_before, now)).rowcount

    def forget(self, ended_before: int) -> int:
        """What ended before leaves, some thousand at a time; how many."""
        with writing(self._db):
            return self._db.execute(SQL["forget"], (ended_before, FORGOTTEN_AT_ONCE)).rowcount

    def drop_old_news(self, made_before: int, now: int) -> int:
        """Letters and alerts that have waited since before are dropped; how many."""
        with writing(self._db):
            return self._db.execute(SQL["drop_old_news"], (now, made_before)).rowcount

    def drop_texts(self, ended_before: int) -> int:
        """The texts of what was given up before leave; how many."""
        with writing(self._db):
            return self._db.execute(SQL["drop_texts"], (ended_before,)).rowcount

    # Pages

    def get(self, delivery: int) -> Delivery | None:
        row = self._db.execute(SQL["delivery"], (delivery,)).fetchone()
        return Delivery(*row) if row else None

    def listed(self, before: int, limit: int, receiver: int = 0, way: str = "", state: str = "") -> list[Delivery]:
        """The latest first, from a number on; of one receiver, way or state, or all."""
        asked = {"before": before, "receiver": receiver, "way": way, "state": state, "limit": limit}
        return [Delivery(*row) for row in self._db.execute(SQL["listed"], asked)]

    def attempts(self, deliveries: Sequence[int]) -> dict[int, list[Attempt]]:
        """The tries of each, the first first."""
        found: dict[int, list[Attempt]] = {}
        for row in self._db.execute(SQL["attempts"], (listed(deliveries),)):
            found.setdefault(row[0], []).append(Attempt(*row))
        return found

    def counts(self) -> list[Count]:
        return [Count(*row) for row in self._db.execute(SQL["counts"])]

    def resend(self, delivery: int, now: int) -> bool:
        """Try it once more, at once. Whether there is such a delivery, and its text is still here."""
        one = self.get(delivery)
        if one is None or (one.way != "webhook" and self.message(delivery) is None):
            return False
        with writing(self._db):
            self._db.execute(SQL["hasten" if one.state == "waiting" else "resend"], (now, delivery))
            self._db.execute(SQL["set_rest"], (0, 0, one.destination))
        return True

    def resend_failed(self, receiver: int, since: int, now: int) -> int:
        """Try everything that failed and was made since a moment once more; how many."""
        with writing(self._db):
            count = self._db.execute(SQL["resend_failed"], (now, receiver, since)).rowcount
            self._db.execute(SQL["set_rest"], (0, 0, f"receiver/{receiver}"))
        return count

    def drop_waiting(self, receiver: int, now: int) -> int:
        """Nobody is there any more: what waits is dropped; how many."""
        with writing(self._db):
            return self._db.execute(SQL["drop_waiting"], (now, receiver)).rowcount
