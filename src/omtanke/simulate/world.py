"""The running shop: its clock and queue, its dice, its people and what is under way, and how what happens is told.

Moments are whole seconds since 1970. Nothing here knows what customers do; the modules beside plan and tell.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from typing import Any

import msgspec

from omtanke.simulate.customer import Customer
from omtanke.simulate.days import written
from omtanke.simulate.people import traits
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.told import CapacityChange
from omtanke.simulate.truth import Truth
from omtanke.simulate.work import Browser, Case, Click, Order, Pulse, Restock, Visited, Warehouse

Place = tuple[str, str]
Pending = tuple[int, int, str, bytes, int]
ENCODER = msgspec.json.Encoder()
SAID_AGAIN_AFTER = 95
KEPT_SECONDS = 90 * 86_400


class World:
    """Everything that changes as the shop lives. Pickled whole by `Shop.save`."""

    def __init__(self, seed: int, begins_at: int, settings: ShopSettings, truth: Truth) -> None:
        self.seed = seed
        self.now = begins_at
        self.begins_at = begins_at
        self.live_from = None if settings.live_from is None else int(settings.live_from.timestamp())
        self.settings = msgspec.structs.replace(settings, live_from=None)
        self.effects = settings.effects
        self.truth = truth
        self.ordinary: list[Customer] = []
        self.orders_a_day = 0.0
        self.by_user: dict[str, Customer] = {}
        self.browsers: dict[str, Browser] = {}
        self.orders: dict[str, Order] = {}
        self.cases: dict[str, Case] = {}
        self.visited: dict[str, Visited] = {}
        self.warehouse = Warehouse()
        self.capacity: list[CapacityChange] = []
        self.out: list[Restock] = []
        self.promised_back: dict[str, list[tuple[str, Customer]]] = {}
        self.clicks: list[Click] = []
        self.pulses: list[Pulse] = []
        self.queue: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self.pending: list[Pending] = []
        self.over: deque[tuple[int, dict[str, Any], str]] = deque()
        self.last_number = 0
        self.shop_told = 0
        self.load: dict[str, list[int]] = {}
        self._count = 0
        self._dice: dict[str, Random] = {}
        self._contexts: dict[tuple[str, ...], dict[str, Any]] = {}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_dice": {}, "_contexts": {}}

    def __setstate__(self, saved: dict[str, Any]) -> None:
        self.__dict__.update({"browsers": {}, **saved})  # a shop that was saved before it had a site has no browsers

    def dice(self, what: str, who: int, which: int = 0) -> Random:
        """Chance of its own for one thing in one life: what else has happened does not change it."""
        rng = self._dice.get(what)
        if rng is None:
            rng = self._dice[what] = Random()
        rng.seed((PURPOSES[what] << 128) + (self.seed << 96) + (who << 48) + which)
        return rng

    def plan(self, at: int, act: Callable[..., None], *what: Any) -> None:
        """`act(world, at, *what)` will be done then; acts of the same moment in the order of planning."""
        self._count += 1
        heappush(self.queue, (at, self._count, act, what))

    def run(self, until: int) -> None:
        """Do all that is planned up to and with `until`."""
        queue = self.queue
        while queue and queue[0][0] <= until:
            at, _, act, what = heappop(queue)
            self.now = at
            act(self, at, *what)
        self.now = max(self.now, until)

    def take(self, until: int) -> list[Pending]:
        """What has been told up to and with `until`, in order of sending."""
        due = [one for one in self.pending if one[0] <= until]
        if due:
            self.pending = [one for one in self.pending if one[0] > until]
            due.sort()
        return due

    def tell(
        self,
        at: int,
        event: str,
        properties: dict[str, Any],
        place: tuple[str, ...],
        who: Customer | None = None,
        device: str = "",
        signed_in: bool = True,
        sent_at: int = 0,
    ) -> None:
        """A track call. `place` is channel, touchpoint and perhaps the sort of device; `device` has an anonymous id.

        Who is not `signed_in` is only their device. `sent_at`: told later than it happened.
        """
        self._tell(at, {"type": "track", "event": event}, "properties", properties, place, who, device, signed_in, sent_at)

    def page(self, at: int, url: str, title: str, place: tuple[str, ...], who: Customer, device: str = "", signed_in: bool = True) -> None:
        """A page call, or in the app a screen call."""
        if place[0] == "app":
            self._tell(at, {"type": "screen", "name": title}, "properties", {"title": title}, place, who, device, signed_in, 0)
        else:
            self._tell(at, {"type": "page"}, "properties", {"url": url, "title": title}, place, who, device, signed_in, 0)

    def identify(self, at: int, who: Customer, place: tuple[str, ...], device: str = "", **more: object) -> None:
        """An identify call with all traits and `more`."""
        self._tell(at, {"type": "identify"}, "traits", {**traits(who.person), **more}, place, who, device, True, 0)

    def call(self, at: int, call: dict[str, Any], place: tuple[str, ...], who: Customer, **says: dict[str, Any]) -> None:
        """An alias or group call."""
        field, value = next(iter(says.items()), ("context", {}))
        self._tell(at, call, field, value, place, who, "", True, 0)

    def _tell(
        self,
        at: int,
        call: dict[str, Any],
        field: str,
        says: dict[str, Any],
        place: tuple[str, ...],
        who: Customer | None,
        device: str,
        signed_in: bool,
        sent_at: int,
    ) -> None:
        if who is None:
            self.shop_told += 1
            message_id = f"s{self.seed}-0-{self.shop_told}-{at:x}"
        else:
            who.told += 1
            message_id = f"s{self.seed}-{who.number}-{who.told}-{at:x}"
        call["messageId"] = message_id
        call["timestamp"] = written(at)
        if who is not None and signed_in:
            call["userId"] = who.person.user_id
        if device:
            call["anonymousId"] = device
        context = self._contexts.get(place)
        call["context"] = context if context is not None else self._context(place)
        if field != "context":
            call[field] = says
        self.keep(message_id, at, max(at, sent_at), ENCODER.encode(call))

    def keep(self, message_id: str, at: int, sent_at: int, wire: bytes) -> None:
        """A message waits to be sent; as real senders do, a few are sent twice."""
        self._count += 1
        self.pending.append((sent_at, self._count, message_id, wire, at))
        if (self._count * 2654435761 & 0xFFFFF) < self.settings.repeats * 0x100000:
            self._count += 1
            self.pending.append((sent_at + SAID_AGAIN_AFTER, self._count, message_id, wire, at))

    def _context(self, place: tuple[str, ...]) -> dict[str, Any]:
        said: dict[str, Any] = {"channel": place[0], "touchpoint": place[1]}
        if len(place) > 2:
            said["device"] = {"type": place[2]}
        self._contexts[place] = said
        return said

    def keep_for_a_while(self, at: int, among: dict[str, Any], number: str) -> None:
        """What is over can still be asked about for ninety days."""
        self.over.append((at + KEPT_SECONDS, among, number))

    def forget(self, at: int) -> None:
        """What was over long ago leaves."""
        while self.over and self.over[0][0] <= at:
            _, among, number = self.over.popleft()
            among.pop(number, None)

    def pace(self, unit: str, at: int) -> float:
        """How much of its ordinary work a unit manages at a moment."""
        pace = 1.0
        for change in self.capacity:
            if change.unit == unit and change.from_at <= at * 1_000_000 < change.until_at:
                pace *= change.pace
        return pace

    def note_load(self, unit: str, went_wrong: bool) -> None:
        """A unit has kept or broken a promise; its staff feel it at the end of the week."""
        kept_and_not = self.load.setdefault(unit, [0, 0])
        kept_and_not[went_wrong] += 1


PURPOSES = {
    name: n
    for n, name in enumerate(
        (
            "visit errand session order pack carry watch arrive answer wrong return case answer_case store look doors run_out pulse "
            "survey remind subscribe review collect wonder link touch persuade annoy"
        ).split()
    )
}
