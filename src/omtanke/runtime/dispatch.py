"""Dispatch: follows the log, puts a delivery for each receiver of each live fact, and sends what is due.

Nothing is lost and nothing is doubled by a crash: the cursor and the deliveries it led to are one transaction, a delivery's key is made
from fact and receiver, and a try whose end was not written is made again under the same key. Order within a destination is not promised.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Protocol

from omtanke.channels.outcome import Outcome
from omtanke.runtime.dispatch_ladder import LONGEST, after_try, at_once, settled
from omtanke.runtime.dispatch_watch import Watch
from omtanke.runtime.to_customers.released import TO_CUSTOMERS, messages_of, server_of
from omtanke.storage.database import FAILURES
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_deliveries import Attempt, Delivery, Destination, NewDelivery
from omtanke.storage.outbox_facts import Facts, Followed
from omtanke.storage.outbox_receivers import Receiver
from omtanke.vocabulary.time import DAY, MINUTE

FOLLOWED_AT_ONCE = 2_000
IDLE_SECONDS = 0.25
LAST_SECONDS = 2.0
# Tries under way at the same time: to one destination, and to all.
AT_ONCE: Mapping[str, int] = {"webhook": 4, "mail": 2, "chat": 1, "customer": 8}
MOST_AT_ONCE = 64
UNTRIED_SPAN = MINUTE
KEPT_SPAN, TEXT_KEPT_SPAN, NEWS_SPAN = 30 * DAY, 7 * DAY, DAY // 2
SWEEP_SPAN = 10 * MINUTE
ID_LENGTH = 32


class Channel(Protocol):
    """A way out."""

    async def send(self, delivery: Delivery) -> Outcome: ...


def webhook_id(fact_id: bytes, receiver: int) -> str:
    """The same for the same fact and receiver, whatever crashes."""
    return "msg_" + sha256(b"%s/%d" % (fact_id, receiver)).hexdigest()[:ID_LENGTH]


def deliveries_of(facts: Iterable[Followed], receivers: Sequence[Receiver]) -> list[NewDelivery]:
    """Who is told of which of the facts. History has no effects; who is off is told nothing, who is paused later."""
    wanted: dict[str, list[Receiver]] = {}
    for receiver in receivers:
        for type_ in receiver.types if receiver.state in ("on", "paused") else ():
            wanted.setdefault(type_, []).append(receiver)
    return [
        NewDelivery(webhook_id(fact.fact_id, receiver.receiver), receiver.destination, receiver.receiver, fact.type, fact.position)
        for fact in facts
        if not fact.is_history
        for receiver in wanted.get(fact.type, ())
        if fact.position > receiver.since
    ]


class Dispatch:
    """One process's work. `channels`: by way; `at_once`: tries at the same time, by server or sort of destination; `chance` spreads
    what is tried again; `turned` hears of each turn, `tried` of each try."""

    def __init__(
        self,
        outbox: Outbox,
        facts: Facts,
        channels: Mapping[str, Channel],
        watch: Watch,
        clock: Callable[[], int],
        chance: Callable[[], float] = random.random,
        turned: Callable[[], object] = lambda: None,
        tried: Callable[[Delivery, Outcome], object] = lambda delivery, outcome: None,
        at_once: Mapping[str, int] = AT_ONCE,
    ) -> None:
        self._outbox = outbox
        self._facts = facts
        self._channels = channels
        self._watch = watch
        self._clock = clock
        self._chance = chance
        self._turned = turned
        self._tried = tried
        self._at_once = at_once
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._busy: Counter[str] = Counter()
        self._woken = asyncio.Event()
        self._swept_at = 0

    # Following

    def begin(self) -> None:
        """Where following begins: where it stopped; the first time at the end of the log, or where the first receiver begins.

        What was about to be handed over when the last process ended, and may not be sent twice, is looked at first.
        """
        self._outbox.deliveries.hasten_doubtful(self._clock())
        if not self._outbox.deliveries.meta("position"):
            since = [receiver.since for receiver in self._outbox.receivers.all()]
            self._outbox.deliveries.set_meta("position", str(min([self._facts.last_position(), *since])))

    def position(self) -> int:
        """The last place in the log that has been followed."""
        return int(self._outbox.deliveries.meta("position") or 0)

    def follow(self) -> int:
        """Take the next facts; how many there were."""
        facts = self._facts.after(self.position(), FOLLOWED_AT_ONCE)
        if not facts:
            return 0
        now = self._clock()
        found = [*deliveries_of(facts, self._outbox.receivers.all()), *messages_of(facts)]
        seen = self._watch.see((fact for fact in facts if not fact.is_history), now)
        with self._outbox.writing():
            self._outbox.deliveries.follow(facts[-1].position, found, now)
            for kind, at, position, times in seen:
                self._outbox.choices.happened(kind, at, position, times=times)
        return len(facts)

    # Sending

    async def run(self, stopping: asyncio.Event) -> None:
        """Until told to stop; then what is under way has two seconds, and what has not ended is tried again by the next start."""
        self._woken = asyncio.Event()
        self.begin()
        while not stopping.is_set():
            self._turned()
            followed = self.follow()
            self.start_due()
            self._sweep()
            if followed < FOLLOWED_AT_ONCE:
                await self._rest(stopping)
            else:
                await asyncio.sleep(0)
        if self._under_way:
            await asyncio.wait(self._under_way.values(), timeout=LAST_SECONDS)
        for task in list(self._under_way.values()):
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _rest(self, stopping: asyncio.Event) -> None:
        """Until a try has ended, or a moment has passed."""
        self._woken.clear()
        if not stopping.is_set():
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._woken.wait()
            except TimeoutError:
                return

    @property
    def under_way(self) -> int:
        """How many tries have begun and not ended."""
        return len(self._under_way)

    def wake(self) -> None:
        """Look at once whether there is something to do, or to stop."""
        self._woken.set()

    def start_due(self) -> int:
        """Begin the tries that are due, a few for each destination, so that a slow one holds nobody up; how many began.

        Destinations go by their names, so that what is owed to customers goes before what they are offered. What was released to them
        last goes first: in a crowd that takes longer than a message may wait, the longest waiting would all be too late when their turn
        comes, and nothing would ever be sent.
        """
        now, begun = self._clock(), 0
        for destination in self._outbox.deliveries.destinations():
            if destination.rests_until > now:
                continue
            room = min(self._room(destination), MOST_AT_ONCE - len(self._under_way))
            if room <= 0:
                continue
            is_latest_first = destination.name.startswith(TO_CUSTOMERS)
            due = self._outbox.deliveries.due(destination.name, now, room + self._busy[server_of(destination.name)], latest_first=is_latest_first)
            for delivery in [one for one in due if one.delivery not in self._under_way][:room]:
                self._start(delivery)
                begun += 1
        return begun

    def _room(self, destination: Destination) -> int:
        server = server_of(destination.name)
        kind = destination.name.partition("/")[0]
        usual = self._at_once.get(server) or self._at_once["webhook" if kind == "receiver" else kind]
        return at_once(destination, usual) - self._busy[server]

    def _start(self, delivery: Delivery) -> None:
        self._busy[server_of(delivery.destination)] += 1
        task = asyncio.create_task(self._try(delivery))
        self._under_way[delivery.delivery] = task
        task.add_done_callback(lambda _done: self._ended(delivery))

    def _ended(self, delivery: Delivery) -> None:
        del self._under_way[delivery.delivery]
        server = server_of(delivery.destination)
        self._busy[server] -= 1
        if not self._busy[server]:
            del self._busy[server]
        self.wake()

    async def _try(self, delivery: Delivery) -> None:
        began = self._clock()
        try:
            outcome = await self._channels[delivery.way].send(delivery)
        except FAILURES:
            return  # our own store failed, and the receiver was asked nothing: it stays due
        except Exception as error:  # a fault of ours in one delivery is no reason to stop the others
            outcome = Outcome(is_done=False, answer=f"could not be made ready: {type(error).__name__}")
        now = self._clock()
        self._tried(delivery, outcome)
        with suppress(*FAILURES):  # what cannot be written down is tried again, under the same id
            if outcome.is_waiting:
                self._outbox.deliveries.postpone(delivery.delivery, now + UNTRIED_SPAN)
            else:
                self._settle(delivery, outcome, began, now)

    def _settle(self, delivery: Delivery, outcome: Outcome, began: int, now: int) -> None:
        stands = next(one for one in self._outbox.deliveries.destinations() if one.name == delivery.destination)
        attempt = Attempt(delivery.delivery, delivery.attempts + 1, began, now - began, outcome.status, outcome.answer)
        self._outbox.deliveries.settle(attempt, settled(delivery, outcome, now, self._chance()), after_try(stands, outcome, now))
        if outcome.is_gone and delivery.receiver:
            self._switch_off(delivery, now)

    def _switch_off(self, delivery: Delivery, now: int) -> None:
        """410: nobody is there any more. Those who look after receivers are told."""
        receiver = self._outbox.receivers.get(delivery.receiver)
        if receiver is None or receiver.state in ("off", "removed"):
            return
        self._outbox.receivers.set_state(delivery.receiver, "off", "410")
        self._outbox.deliveries.drop_waiting(delivery.receiver, now)
        with self._outbox.writing():
            self._outbox.choices.happened("receiver_off", now, detail=receiver.description or str(receiver.receiver))

    def _sweep(self) -> None:
        """What has waited longer than the ladder lasts, is no news any more, or ended long ago."""
        now = self._clock()
        if now - self._swept_at < SWEEP_SPAN:
            return
        self._swept_at = now
        deliveries = self._outbox.deliveries
        deliveries.give_up(now - LONGEST, now)
        deliveries.drop_old_news(now - NEWS_SPAN, now)
        deliveries.drop_texts(now - TEXT_KEPT_SPAN)
        deliveries.forget(now - KEPT_SPAN)
