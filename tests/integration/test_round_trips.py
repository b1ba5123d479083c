"""How often the worker waits for PostgreSQL's answer does not depend on how many customers a batch is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fakes.shop import KEYS, ZONE, Shop
from omtanke.intake.calls import checked
from omtanke.intake.gathering import Sending
from omtanke.storage.database import Rows, Values
from omtanke.storage.handed import Handing
from omtanke.storage.ports import Incoming
from omtanke.storage.postgres import PostgresDatabase
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import zone_named

FEW, MANY = 2, 40
# Where the log stands, what is due (twice), who is set aside, then what the messages name: identifiers, numbers and devices, customers and
# states; all that is written, in one go; and whether anybody asks to be forgotten.
LOOKS, WRITES = 10, 1


class Counted(PostgresDatabase):
    """Counts what is waited for, one answer after the other, between the beginning of a transaction and its end."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url, name)
        self.migrate(name)
        self.asked = self.sent = 0
        self._is_sending = False

    def execute(self, statement: str, values: Values = (), /) -> Rows:
        self.asked += not self._is_sending
        return super().execute(statement, values)

    @contextmanager
    def together(self) -> Iterator[None]:
        self._is_sending, self.sent = True, self.sent + 1
        with super().together():
            yield
        self._is_sending = False


def ordered(user: int, n: int) -> Incoming:
    """Somebody who has signed in on a device of their own orders."""
    properties = {"order_id": f"{user}-{n}", "promises": [{"kind": "delivery", "until": "2099-01-01", "words": "Hos dig i tid"}]}
    message = {
        "type": "track",
        "event": "Order Completed",
        "messageId": f"m{user}-{n}",
        "userId": f"u{user}",
        "anonymousId": f"d{user}",
        "properties": properties,
    }
    return checked(message, Sending("door", Mode.LIVE, zone_named(ZONE), "SEK"), 1_796_000_000_000_000, Handing("door", KEYS))


def asked_about(shop: Shop, database: Counted, users: range, n: int) -> tuple[int, int]:
    """How often a worker that has just begun, and remembers nobody, asks about a batch."""
    shop.restart()
    assert shop.worker.work(shop.clock).was_idle
    shop.inbox.append(1, [ordered(user, n) for user in users], shop.clock)
    asked, sent = database.asked, database.sent
    done = shop.worker.work(shop.clock)
    assert (done.entries, done.facts) == (len(users), 2 * len(users))
    return database.asked - asked, database.sent - sent


def test_batch_of_many_customers_asks_as_often_as_one_of_few(database_url: str) -> None:
    inbox, database = PostgresDatabase(database_url, "inbox"), Counted(database_url, "log")
    inbox.migrate("inbox")
    shop = Shop(SqlInbox(inbox, KEYS), SqlLog(database))
    shop.inbox.source("door", Mode.LIVE, ZONE, "SEK")
    shop.inbox.append(1, [ordered(user, 0) for user in range(MANY)], shop.clock)
    shop.work()
    few, many = (asked_about(shop, database, range(users), users) for users in (FEW, MANY))
    assert few == many == (LOOKS, WRITES)
    inbox.close()
    database.close()
