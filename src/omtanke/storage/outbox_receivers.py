"""Receivers: who is told by webhook, of what, and how they know that it is us."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct

from omtanke.storage.database import Database, writing
from omtanke.storage.statements import listed, statements
from omtanke.vocabulary.time import DAY

SQL = statements("outbox/receivers.sql")
# While a secret is being changed both count, so that the other side can take its time.
ROTATION_SPAN = DAY


class Receiver(Struct, frozen=True):
    """Somebody who is told by webhook of what stands in the log after `since`. `types`: fact types.

    `state`: on, paused (deliveries wait), off (`why`), removed. The former secret counts beside the present one until `former_until`.
    """

    receiver: int
    url: str
    types: tuple[str, ...]
    since: int
    description: str
    state: str
    why: str
    secret: str
    former_secret: str
    former_until: int
    made_at: int

    @property
    def destination(self) -> str:
        """What fails and rests as one."""
        return f"receiver/{self.receiver}"

    def secrets(self, now: int) -> list[str]:
        """Those that sign now."""
        return [self.secret, self.former_secret] if self.former_secret and now < self.former_until else [self.secret]


class Receivers:
    """The receivers of one outbox."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, url: str, types: Sequence[str], description: str, since: int, secret: str, now: int) -> int:
        """A new receiver; its number."""
        with writing(self._db):
            return int(self._db.execute(SQL["add_receiver"], (url, listed(types), since, description, secret, now)).fetchone()[0])

    def all(self) -> list[Receiver]:
        """Those that have not been removed."""
        return [_receiver(row) for row in self._db.execute(SQL["receivers"])]

    def get(self, number: int) -> Receiver | None:
        """One of them, removed or not."""
        row = self._db.execute(SQL["receiver"], (number,)).fetchone()
        return _receiver(row) if row else None

    def change(self, number: int, url: str, types: Sequence[str], description: str) -> None:
        with writing(self._db):
            self._db.execute(SQL["change_receiver"], (url, listed(types), description, number))

    def set_state(self, number: int, state: str, why: str = "") -> None:
        with writing(self._db):
            self._db.execute(SQL["set_state"], (state, why, number))

    def switch_on(self, number: int, since: int) -> None:
        """Told again, of what stands in the log after `since`."""
        with writing(self._db):
            self._db.execute(SQL["set_state"], ("on", "", number))
            self._db.execute(SQL["begin_at"], (since, number))

    def rotate(self, number: int, secret: str, now: int) -> None:
        with writing(self._db):
            self._db.execute(SQL["rotate"], (now + ROTATION_SPAN, secret, number))


def _receiver(row: Sequence[Any]) -> Receiver:
    number, url, types, *rest = row
    return Receiver(number, url, tuple(msgspec.json.decode(types)), *rest)
