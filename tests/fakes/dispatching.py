"""A folder with a shop in it, and dispatch over it in this process until something is so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fakes.shop import FIRST_POLICY, KEYS, Shop, sqlite_shop
from omtanke.channels.address import Guard, Resolve, system_resolve
from omtanke.channels.chat.channel import ChatChannel
from omtanke.channels.email.channel import MailChannel
from omtanke.channels.post import Poster
from omtanke.channels.webhook.channel import WebhookChannel
from omtanke.channels.webhook.payload import Payloads
from omtanke.channels.webhook.signature import new_secret
from omtanke.runtime.dispatch import Dispatch
from omtanke.runtime.dispatch_watch import Watch
from omtanke.runtime.survey_links import survey_path
from omtanke.settings import MailServer
from omtanke.storage.outbox import Outbox, wall_clock
from omtanke.storage.outbox_facts import Facts
from omtanke.storage.outbox_receivers import Receiver

SECONDS = 20.0
PAGES = "https://omtanke.example"


class Clock:
    """The wall clock, moved on as one likes."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return wall_clock() + self.ahead


class Post:
    """Shop, outbox and dispatch over one folder. `allowed`: places in the own network."""

    def __init__(
        self,
        data: Path,
        allowed: tuple[str, ...] = (),
        mail: MailServer | None = None,
        resolve: Resolve = system_resolve,
        policy: str = FIRST_POLICY,
    ) -> None:
        self.shop: Shop = sqlite_shop(data, policy=policy)
        self.clock = Clock()
        self.outbox = Outbox(data, self.clock)
        self.facts = Facts(data)
        self.pool = ThreadPoolExecutor(4)
        self.watch = Watch(self.outbox, self.facts.is_subject, burst=3)
        poster = Poster(Guard(allowed, resolve), self.pool, seconds=2.0)
        payloads = Payloads(self.facts, PAGES, lambda fact: survey_path(KEYS, fact.position))
        message = self.outbox.deliveries.message
        channels = {
            "webhook": WebhookChannel(self.outbox.receivers, payloads, poster, wall_clock),
            "mail": MailChannel(message, mail or MailServer(), "", "Butiken", self.pool),
            "chat": ChatChannel(message, poster),
        }
        self.dispatch = Dispatch(self.outbox, self.facts, channels, self.watch, self.clock, chance=lambda: 0.0)
        self.dispatch.begin()

    def receiver(self, url: str, *types: str) -> Receiver:
        number = self.outbox.receivers.add(url, types, "the shop's own", 0, new_secret(), self.clock())
        found = self.outbox.receivers.get(number)
        assert found is not None
        return found

    def hear(self, *messages: dict[str, Any]) -> None:
        self.shop.hear(messages)
        self.shop.work()

    def run(self, until: Callable[[], bool]) -> None:
        """Dispatch until it is so. Raises TimeoutError after 20 seconds."""
        asyncio.run(self._run(until))

    async def _run(self, until: Callable[[], bool]) -> None:
        stopping = asyncio.Event()
        task = asyncio.create_task(self.dispatch.run(stopping))
        try:
            async with asyncio.timeout(SECONDS):
                while not until() and not task.done():
                    await asyncio.sleep(0.02)
        finally:
            stopping.set()
            self.dispatch.wake()
            await task

    def states(self) -> list[str]:
        return [one.state for one in reversed(self.outbox.deliveries.listed(2**62, 1000))]

    def close(self) -> None:
        self.pool.shutdown()
        self.facts.close()
        self.outbox.close()
        self.shop.inbox.close()  # type: ignore[attr-defined]
        self.shop.log.close()  # type: ignore[attr-defined]


@contextmanager
def post(data: Path, *allowed: str, **how: Any) -> Iterator[Post]:
    made = Post(data, allowed, **how)
    try:
        yield made
    finally:
        made.close()


def order(number: str, user: str = "u1", until: str = "2026-12-04", **more: Any) -> dict[str, Any]:
    """An order with a delivery promise."""
    promise = {"kind": "delivery", "until": until, "words": "Hemma hos dig senast fredag", "promise_id": f"p-{number}"}
    properties = {"order_id": number, "total": 1499.5, "promises": [promise], **more}
    return {
        "type": "track",
        "event": "Order Completed",
        "messageId": f"order-{number}",
        "userId": user,
        "timestamp": "2026-11-30T10:00:00+01:00",
        "properties": properties,
    }


def delivered(number: str, at: str = "2026-11-30T11:00:00+01:00", user: str = "u1") -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Shipment Delivered",
        "messageId": f"delivered-{number}",
        "userId": user,
        "timestamp": at,
        "properties": {"order_id": number},
    }
