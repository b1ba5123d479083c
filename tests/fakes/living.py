"""A shop that is live, in a real data folder, with a worker that the test runs and a clock that the test moves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fakes.shop import wire
from fakes.story import at
from omtanke.folder import Folder
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.vocabulary.fact import Fact, Mode

MAJA, ERIK, AISHA, LIV = "maja", "erik", "aisha", "liv"
NAMES = {MAJA: "Maja Lindqvist", ERIK: "Erik Sandberg", AISHA: "Aisha Warsame", LIV: "Liv Grey"}
LOCALES = {LIV: "en-GB"}


class Living:
    """Tell it what happens, move its clock, let it work."""

    def __init__(self, path: Path, now: str = "2026-11-16 09:00") -> None:
        self.folder = Folder(path)
        self.now = at(now)
        self.inbox: SqlInbox = self.folder.inbox()
        self.log = self.folder.log()
        self._told = 0
        self._working = threading.Lock()
        self.restart()

    def clock(self) -> int:
        return self.now

    def restart(self) -> None:
        """A worker that follows the policy as it is written now."""
        self.worker = Worker(self.inbox, self.log, self.folder.keys, activate(self.log, self.folder.policy_text(), self.now))

    def hear(self, user: str, event: str, **properties: Any) -> None:
        """Something a customer does, or that is done for one, now."""
        self._told += 1
        call = {"type": "track", "event": event, "properties": properties}
        self._hear(user, call)

    def meet(self, user: str) -> None:
        """We learn who it is."""
        self._told += 1
        traits = {"name": NAMES[user], "email": f"{user}@example.com", "locale": LOCALES.get(user, "sv-SE"), "address": {"city": "Umeå"}}
        self._hear(user, {"type": "identify", "traits": traits})

    def tell_of(self, user: str, traits: dict[str, Any]) -> None:
        """Somebody tells who they are."""
        self._told += 1
        self._hear(user, {"type": "identify", "traits": traits})

    def tell_capacity(self, properties: dict[str, Any]) -> None:
        """Something is told of a warehouse, store or carrier, and of nobody."""
        self._told += 1
        self._hear("", {"type": "track", "event": "Capacity Changed", "properties": properties})

    def _hear(self, user: str, call: dict[str, Any]) -> None:
        source = self.inbox.source("door", Mode.LIVE, "Europe/Stockholm", "SEK").source
        message = call | {"messageId": f"m{self._told}", "context": {"channel": "web"}} | ({"userId": user} if user else {})
        self.inbox.append(source, [wire(message)], self.now)

    def until(self, when: str) -> None:
        """Time passes, and what falls due does."""
        self.now = at(when)
        self.work()

    def work(self) -> None:
        """Until nothing is left to do."""
        with self._working:
            while not self.worker.work(self.now).was_idle:
                pass

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The worker works by itself meanwhile, as it does beside the pages."""
        done = threading.Event()

        def go_on() -> None:
            while not done.wait(0.005):
                self.work()

        worker = threading.Thread(target=go_on, daemon=True)
        worker.start()
        yield
        done.set()
        worker.join()

    @contextmanager
    def not_at_work(self) -> Iterator[None]:
        """The worker reads nothing meanwhile."""
        with self._working:
            yield

    def facts(self, type_: str) -> list[Fact]:
        customers = [customer for _person, of_person in self.log.clusters() for customer in of_person]
        found = sorted(self.log.facts_of(customers), key=lambda one: one.position)
        return [one.fact for one in found if one.fact.type == type_]

    def close(self) -> None:
        self.inbox.close()
        self.log.close()


def a_saturday(path: Path) -> Living:
    """It is Saturday at 16.30: Maja waits for a parcel, Erik was to be called by now, Aisha's parcel may break, Liv was not content."""
    shop = Living(path)
    for user in NAMES:
        shop.meet(user)
    shop.hear(
        MAJA, "Order Completed", order_id="10482", products=[{"sku": "T3", "name": "Löparskor Trail 3"}], promises=[promised("2026-11-19", "Hos dig torsdag")]
    )
    shop.hear(AISHA, "Order Completed", order_id="10466", promises=[promised("2026-11-21", "Hos dig lördag")])
    shop.hear(LIV, "Order Completed", order_id="10401", promises=[promised("2026-11-20", "With you by Friday")])
    shop.work()
    shop.until("2026-11-19 12:00")
    shop.hear(LIV, "Shipment Delivered", order_id="10401")
    shop.until("2026-11-21 10:00")
    shop.hear(
        ERIK, "Callback Requested", case_id="4711", promises=[{"kind": "call_back", "until": "2026-11-21T16:20:00+01:00", "words": "Vi ringer före 16.20"}]
    )
    shop.hear(LIV, "Survey Answered", survey_id="s1", question="delivery_satisfaction", scale="1-5", score=1, comment="Left in the rain", about="delivery")
    shop.until("2026-11-21 16:30")
    return shop


def promised(until: str, words: str) -> dict[str, str]:
    return {"kind": "delivery", "until": until, "words": words, "place": "order confirmation"}
