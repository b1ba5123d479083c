"""What is for customers, and what may not leave: each release is tried, and one word of what became of it goes back to the engine.

What is owed is sent at least once, as mail always under the same Message-ID. What was not asked for is sent at most once: that it is about to
be handed over is written down before, and whoever finds that after a crash tells that it is in doubt and does not send it again. That holds for
every way; how a message is made and handed over is each way's own (`omtanke.runtime.to_customers.way`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from omtanke.channels.outcome import Handed, Outcome
from omtanke.messages.findings import CannotRender
from omtanke.messages.stated import StatedQuote
from omtanke.runtime.faults import described
from omtanke.runtime.logs import note
from omtanke.runtime.to_customers.allowed import is_refused
from omtanke.runtime.to_customers.filling import Filling
from omtanke.runtime.to_customers.making import said_of
from omtanke.runtime.to_customers.released import LASTS
from omtanke.runtime.to_customers.telling import Became, Telling, failed, in_doubt, returned, sent
from omtanke.runtime.to_customers.way import CannotSend, Ready, Release, Way
from omtanke.storage.database import FAILURES
from omtanke.storage.outbox import wall_clock
from omtanke.storage.outbox_deliveries import Deliveries, Delivery
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.play import NOT_ASKED_FOR, MessageReleased

T = TypeVar("T")
UNREADABLE = Outcome(is_done=False, is_final=True, answer="the fact cannot be read by this version of Omtanke")
ERASED = Outcome(is_done=False, is_withheld=True, answer="withheld: the customer has been erased")
RETURNED = Outcome(is_done=False, is_withheld=True, answer="returned: it is asked anew whether it may be said")
IN_DOUBT = Outcome(is_done=False, is_final=True, answer="in doubt: it was given to the server, and no answer is known")
NOT_SET_UP = Outcome(is_done=False, is_final=True, answer="no way out is set up for this channel")
NOT_MADE = Outcome(is_done=False, is_final=True, answer="it could not be made; the log of the process says why")
NO_ADDRESS = Outcome(is_done=False, is_final=True, answer="no address is known that it can be sent to")


class Ended(Struct, frozen=True):
    """What became of a release, for the engine and for the outbox. `quote`: what was offered in it, in the words `offered`."""

    became: Became
    outcome: Outcome
    quote: StatedQuote | None = None
    offered: str = ""


class ToCustomers:
    """Sends what a play has released. `ways`: those that are set up, by channel; of another the engine is told that no way out is.

    `age`: how long ago, by the wall clock, a moment of the shop's clock was; microseconds.
    """

    def __init__(
        self,
        facts: Facts,
        deliveries: Deliveries,
        filling: Filling,
        telling: Telling,
        ways: Mapping[str, Way],
        pool: Executor,
        age: Callable[[int], int],
    ) -> None:
        self._facts = facts
        self._deliveries = deliveries
        self._filling = filling
        self._telling = telling
        self._ways = ways
        self._pool = pool
        self._age = age
        self._untold: dict[int, tuple[Release, Ended]] = {}

    async def send(self, delivery: Delivery) -> Outcome:
        """One try. What became of it is told first and settled afterwards; what could not be told is told by the next try, which sends nothing."""
        known = self._untold.get(delivery.delivery)
        if known is None:
            found = self._facts.at(delivery.position)
            if found is None or not isinstance(found[1].body, MessageReleased):
                return UNREADABLE
            person, fact = found
            if self._facts.is_erased(fact.customer):
                return ERASED
            release = Release(delivery, person, fact.customer, max(fact.now, fact.received_at), found[1].body)
            ended = await self._try(release)
            if isinstance(ended, Outcome):
                return ended
            known = self._untold[delivery.delivery] = (release, ended)
        release, ended = known
        if ended.quote is not None:
            await self._beside(partial(self._telling.tell_quote, release.customer, release.body, ended.quote, ended.offered))
        await self._beside(partial(self._telling.tell, release.customer, release.body, ended.became))
        del self._untold[delivery.delivery]
        return ended.outcome

    def close(self) -> None:
        """Close what is open to servers."""
        for way in self._ways.values():
            way.close()

    def rest(self) -> None:
        """Close connections that nobody has used for a moment."""
        for way in self._ways.values():
            way.rest()

    async def _try(self, release: Release) -> Ended | Outcome:
        """How it ended; an outcome alone when it is tried again."""
        body = release.body
        if self._deliveries.is_in_doubt(release.delivery.delivery):
            return Ended(in_doubt(body), IN_DOUBT)
        if self._age(release.released_at) > LASTS or self._facts.is_restricted(release.person):
            return Ended(returned(body), RETURNED)
        if is_refused(self._facts, release.person, body):
            return Ended(returned(body), RETURNED)
        way = self._ways.get(body.for_channel)
        if way is None:
            return Ended(failed(body, "not_set_up"), NOT_SET_UP)
        try:
            filled = self._filling.of(release.person, release.customer, body)
            ready = await self._beside(partial(way.ready, release, filled))
        except FAILURES:
            raise  # our own store failed: it stays due
        except CannotSend as fault:
            return Outcome(is_done=False, answer=str(fault))
        except Exception as fault:  # whatever it is, another try would end alike, and the play goes on
            note_not_made(body, fault)
            return Ended(failed(body, "not_made"), NOT_MADE)
        return await self._hand_over(release, way, ready) if ready else Ended(failed(body, "address"), NO_ADDRESS)

    async def _hand_over(self, release: Release, way: Way, ready: Ready) -> Ended | Outcome:
        body, number = release.body, release.delivery.delivery
        is_once = body.message_class in NOT_ASKED_FOR
        if is_once and not self._deliveries.begin_handing(number, wall_clock()):
            return Ended(in_doubt(body), IN_DOUBT)
        handed = await way.hand_over(ready)
        ended = ended_of(body, ready, handed, is_once)
        if ended is None and is_once:
            self._deliveries.not_handed(number)
        return ended or replace(handed.outcome, is_final=False)

    async def _beside(self, work: Callable[[], T]) -> T:
        """Work that waits or computes, in a thread: nobody else is held up by it."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def ended_of(body: MessageReleased, ready: Ready, handed: Handed, is_once: bool) -> Ended | None:
    """How it ended; None when it may go better another time."""
    if handed.outcome.is_done:
        became = sent(body, ready.subject, ready.text, handed.reference or ready.reference, ready.segments)
        return Ended(became, handed.outcome, ready.quote, ready.offered)
    if handed.is_doubtful:
        return Ended(in_doubt(body), IN_DOUBT) if is_once else None
    if handed.outcome.is_final:
        return Ended(failed(body, "address" if handed.is_address else "refused"), handed.outcome)
    return None


def note_not_made(body: MessageReleased, fault: Exception) -> None:
    """What stands in the way, for whoever looks after the messages; of what is raised by surprise only its kind and place."""
    findings: list[dict[str, Any]] = said_of(fault.findings) if isinstance(fault, CannotRender) else [{"fault": described(fault)}]
    for finding in findings:
        note("message_not_made", "error", message=body.message, play=body.play, template=body.template, **finding)
