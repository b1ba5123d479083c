"""Customers are linked and parted while promises fall due and webhooks leave, with two workers on one store that are killed at random
moments: every message is one fact, every effect is told under one id, and no promise breaks twice.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fakes.receiver import hook_server
from fakes.shop import CURRENCY, FIRST_POLICY, KEYS, ZONE, Shop, assert_one_ending, sqlite_shop
from omtanke.bootstrap import check_folder
from omtanke.channels.webhook.signature import new_secret
from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.storage.databases import open_database
from omtanke.storage.ports import Incoming
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.fact import Mode, Observed
from omtanke.vocabulary.identity import LinkConfirmed, SplitRequested

KILLS = 60 if os.environ.get("OMTANKE_SOAK") else 10
PERSONS = 12
LONG = 2_000
TYPES = ["promise_made", "promise_broken", "task_assigned"]
QUICK = FIRST_POLICY.replace("grace_seconds = 43200", "grace_seconds = 1").replace("at_risk_seconds = 86400", "at_risk_seconds = 1")


class Feed:
    """What the shop's systems and those who work there say, each message once."""

    def __init__(self, folder: Folder) -> None:
        self.keys = folder.keys
        self._numbers = itertools.count()
        self._inbox = folder.inbox()
        self._source = self._inbox.source("shop", Mode.LIVE, ZONE, CURRENCY).source
        self._console = OwnSource(folder.inbox(), CONSOLE, ZONE, CURRENCY, wall_clock)
        self.told = 0

    def tell(self, *messages: dict[str, Any]) -> None:
        incoming = [Incoming(f"m{next(self._numbers)}", 0, json.dumps({"type": "track", "properties": {}, **message}).encode()) for message in messages]
        self._inbox.append(self._source, incoming, wall_clock())
        self.told += len(messages)

    def act(self, event: type[Observed], customer: int, **named: int) -> None:
        self._console.put(event, f"a{next(self._numbers)}", customer, {"staff": 1, **named})
        self.told += 1


def order(number: str, who: dict[str, str], seconds: float) -> dict[str, Any]:
    until = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    return {"event": "Order Completed", **who, "properties": {"order_id": number, "promises": [{"kind": "delivery", "until": until}]}}


def start(process: str, data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "omtanke.cli", "run", process, "--data", str(data)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_until(so: Any, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < deadline, "it did not become so"
        time.sleep(0.1)


def test_linked_and_parted_under_kills_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    seed = int(os.environ.get("OMTANKE_SEED", time.time_ns() % 1_000_000))
    print(f"seed {seed}")
    dice, data = random.Random(seed), tmp_path / "data"
    (data / "policy").mkdir(parents=True)
    (data / "policy" / "policy.toml").write_text(QUICK, encoding="utf-8")
    with hook_server() as server:
        (data / "omtanke.toml").write_text(f'webhook_allow = ["{server.place}"]\n', encoding="utf-8")
        folder = Folder(data)
        folder.outbox().receivers.add(server.url, TYPES, "the shop's own", 0, new_secret(), 1)
        feed, log = Feed(folder), folder.log()
        for user in ("long-1", "long-2"):
            feed.tell(*({"event": "Product Viewed", "userId": user, "properties": {"product_id": f"p{n}"}} for n in range(LONG)))
        workers, dispatch = [start("worker", data), start("worker", data)], start("dispatch", data)
        for kill in range(KILLS):
            for n in range(PERSONS):
                feed.tell(
                    order(f"{kill}/{n}/d", {"anonymousId": f"d{n}"}, dice.uniform(0.5, 4)), order(f"{kill}/{n}/u", {"userId": f"u{n}"}, dice.uniform(0.5, 4))
                )
                feed.tell({"type": "identify", "userId": f"u{n}", "anonymousId": f"d{n}", "traits": {}})
            say_who_is_who(feed, log, dice, kill)
            time.sleep(dice.uniform(0.6, 1.6))
            victim = dice.randrange(2)
            workers[victim].kill()
            workers[victim].wait()
            workers[victim] = start("worker", data)
            if kill % 3 == 2:
                dispatch.kill()
                dispatch.wait()
                dispatch = start("dispatch", data)
        wait_until(lambda: is_at_rest(log, folder, feed))
        facts = effects(log)
        wait_until(lambda: len(set(server.ids())) >= len(facts))
        for process in (*workers, dispatch):
            process.terminate()
            process.wait(15)
        assert len(set(server.ids())) == len(facts)
    *_, checked = check_folder(data)
    assert [one.what for one in checked.differences[:5]] == []
    all_facts = [one.fact for one in log.facts_from(0, 1_000_000)]
    assert len({fact.fact_id for fact in all_facts}) == len(all_facts)
    (refused,) = log.connection.execute("SELECT count(*) FROM quarantine").fetchone()  # a link that another act had ended already
    assert sum(1 for fact in all_facts if fact.source and not fact.cause and not fact.reason) + refused == feed.told
    broken = Counter(fact.body.promise for fact in all_facts if fact.type == "promise_broken")  # type: ignore[attr-defined]
    assert (len(broken), set(broken.values())) == (2 * PERSONS * KILLS, {1})
    assert {"customers_linked", "customers_unlinked"} <= {fact.type for fact in all_facts}
    for _, customers in log.persons():
        assert_one_ending(one.fact for one in log.facts_of(customers))


def say_who_is_who(feed: Feed, log: SqlLog, dice: random.Random, kill: int) -> None:
    """Somebody who works here joins the two long histories, parts them again, and parts and joins a few of the others."""
    customers = [customer for _, some in log.persons() for customer in some]
    made = [link for link in log.links_of(customers) if link.status == "made"]
    for link in dice.sample(made, min(2, len(made))):
        feed.act(SplitRequested, link.one, one=link.one, two=link.two)
    ended = [link for link in log.links_of(customers) if link.status == "refused"]
    for link in dice.sample(ended, min(2, len(ended))):
        feed.act(LinkConfirmed, link.one, other=link.two)
    if kill == 1:
        one, two = (log.identifier(feed.keys.identifier_key("user_id", user)) for user in ("long-1", "long-2"))
        if one and two:
            feed.act(LinkConfirmed, one, other=two)


def is_at_rest(log: SqlLog, folder: Folder, feed: Feed) -> bool:
    """Everything has become facts, every promise has broken, and nothing is folded beside the work."""
    inbox = folder.inbox()
    try:
        if log.consumed() < inbox.last_entry() or log.regroupings():
            return False
    finally:
        inbox.close()
    (still_open,) = log.connection.execute("SELECT count(*) FROM promise WHERE status IN ('made', 'at_risk', 'due')").fetchone()
    return not still_open


def effects(log: SqlLog) -> list[bytes]:
    """The facts that the receiver has asked for."""
    return [row[0] for row in log.connection.execute(f"SELECT fact_id FROM fact WHERE mode = 0 AND type IN ({','.join('?' * len(TYPES))})", TYPES)]


def test_two_workers_in_turn_make_of_it_what_one_does(tmp_path: Path) -> None:
    """Each sees that the other has written, and forgets what it knew."""
    shop = sqlite_shop(tmp_path)
    other_log = SqlLog(open_database(tmp_path, "log"))
    other = Worker(SqlInbox(open_database(tmp_path, "inbox"), KEYS), other_log, KEYS, activate(other_log, FIRST_POLICY, shop.clock))
    for n, turn in enumerate(turns(shop)):
        turn.work(shop.clock, limit=2)
        other.work(shop.clock, limit=2) if n % 2 else shop.worker.work(shop.clock, limit=2)
        shop.wait(3_600_000_000)
    while not (shop.worker.work(shop.clock).was_idle and other.work(shop.clock).was_idle):
        pass
    shop.assert_sound()
    assert [len(customers) for _, customers in shop.log.persons()] == [2] * 5
    assert [one.fact.type for one in shop.facts()].count("customers_linked") == 5
    other_log.close()


def turns(shop: Shop) -> Iterator[Worker]:
    """What comes in between two turns: five people, each on a device first and signed in later."""
    for n in range(5):
        shop.hear(
            [{"type": "track", "event": "Product Added", "messageId": f"a{n}", "anonymousId": f"d{n}", "properties": {"cart_id": f"k{n}", "product_id": "p"}}]
        )
        yield shop.worker
        shop.hear([{"type": "identify", "messageId": f"i{n}", "userId": f"u{n}", "anonymousId": f"d{n}", "traits": {"email": f"{n}@example.org"}}])
        yield shop.worker
