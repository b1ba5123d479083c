"""What leaves the house (`outbox.db`): webhooks, staff mail and chat messages, each delivery once by its key."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from omtanke.storage.database import Database, writing
from omtanke.storage.databases import open_database
from omtanke.storage.outbox_choices import Choices
from omtanke.storage.outbox_deliveries import SQL, Deliveries
from omtanke.storage.outbox_receivers import Receivers

MAIL = "mail"


def wall_clock() -> int:
    """The wall clock in microseconds."""
    return time.time_ns() // 1000


class Outbox:
    """One connection; use one object per thread or process. Several may write: each transaction is short."""

    def __init__(self, data: Path, clock: Callable[[], int] = wall_clock) -> None:
        self._db = open_database(data, "outbox")
        self._clock = clock
        self.deliveries = Deliveries(self._db)
        self.receivers = Receivers(self._db)
        self.choices = Choices(self._db)

    @property
    def connection(self) -> Database:
        return self._db

    def close(self) -> None:
        self._db.close()

    def writing(self) -> AbstractContextManager[None]:
        """One short transaction."""
        return writing(self._db)

    def put_mail(self, key: str, to: str, subject: str, text: str, html: str = "", language: str = "sv") -> bool:
        """A mail to one of the staff is to be sent. Whether it is new: the same key is one mail, whatever crashes."""
        with self.writing():
            return self.add_mail(key, "mail", to, subject, text, html, language)

    def add_mail(self, key: str, type_: str, to: str, subject: str, text: str, html: str, language: str) -> bool:
        """A mail, within a transaction of the caller's."""
        return self._add(key, "mail", MAIL, type_, (to, subject, text, html, language))

    def add_chat(self, key: str, type_: str, staff: int, url: str, text: str, language: str) -> bool:
        """A chat message to one of the staff, by the incoming webhook they have named; within a transaction of the caller's."""
        return self._add(key, "chat", f"chat/{staff}", type_, (url, "", text, "", language))

    def _add(self, key: str, way: str, destination: str, type_: str, message: tuple[str, str, str, str, str]) -> bool:
        now = self._clock()
        added = self._db.execute(SQL["add_delivery"], (key, way, destination, 0, type_, 0, now, now)).fetchone()
        if added is None:
            return False
        self._db.execute(SQL["add_message"], (added[0], *message))
        self._db.execute(SQL["add_destination"], (destination,))
        return True
