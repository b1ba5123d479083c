"""Mail to customers, and what may not leave: each release is tried, and one word of what became of it goes back to the engine.

What is owed is sent at least once, always under the same Message-ID. What was not asked for is sent at most once: that it is about to be
handed over is written down before, and whoever finds that after a crash tells that it is in doubt and does not send it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from email.errors import MessageError
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from omtanke.channels.email.customer import Letter, as_sent_to, customer_mail, reference_of
from omtanke.channels.email.handing import Connections, Handed
from omtanke.channels.email.seal import CannotSign, seal_of
from omtanke.channels.outcome import Outcome
from omtanke.messages.findings import CannotRender
from omtanke.messages.stated import StatedQuote
from omtanke.runtime.faults import described
from omtanke.runtime.logs import note
from omtanke.runtime.to_customers.allowed import is_refused
from omtanke.runtime.to_customers.filling import Filled, Filling
from omtanke.runtime.to_customers.making import letter_of, said_of
from omtanke.runtime.to_customers.released import AT_MOST_ONCE, LASTS
from omtanke.runtime.to_customers.telling import Became, Telling, failed, in_doubt, returned, sent
from omtanke.settings import CustomerMail
from omtanke.storage.database import FAILURES
from omtanke.storage.outbox import wall_clock
from omtanke.storage.outbox_deliveries import Deliveries, Delivery
from omtanke.storage.outbox_facts import Facts
from omtanke.storage.pages import FactSeen
from omtanke.vocabulary.play import MessageReleased
from omtanke.vocabulary.time import SECOND

T = TypeVar("T")
PASSWORD = "customer_mail.secret"
UNREADABLE = Outcome(is_done=False, is_final=True, answer="the fact cannot be read by this version of Omtanke")
ERASED = Outcome(is_done=False, is_withheld=True, answer="withheld: the customer has been erased")
RETURNED = Outcome(is_done=False, is_withheld=True, answer="returned: it is asked anew whether it may be said")
IN_DOUBT = Outcome(is_done=False, is_final=True, answer="in doubt: it was given to the server, and no answer is known")
NOT_SET_UP = Outcome(is_done=False, is_final=True, answer="no way out is set up for this channel")
NOT_MADE = Outcome(is_done=False, is_final=True, answer="it could not be made; the log of the process says why")
NO_ADDRESS = Outcome(is_done=False, is_final=True, answer="no address is known that mail can be sent to")


class Release(Struct, frozen=True):
    """One release of a message, as it stands in the log."""

    delivery: Delivery
    person: int
    fact: FactSeen
    body: MessageReleased


class Written(Struct, frozen=True):
    """A mail as it is handed over."""

    letter: Letter
    recipient: str
    wire: bytes
    quote: StatedQuote | None


class Ended(Struct, frozen=True):
    """What became of a release, for the engine and for the outbox. `quote`: what was offered in it, in the words `offered`."""

    became: Became
    outcome: Outcome
    quote: StatedQuote | None = None
    offered: str = ""


class ToCustomers:
    """Sends what a play has released. `age`: how long ago, by the wall clock, a moment of the shop's clock was; microseconds.

    Without a server, or in a channel that is not there yet, the engine is told that no way out is set up.
    """

    def __init__(
        self,
        data: Path,
        facts: Facts,
        deliveries: Deliveries,
        filling: Filling,
        telling: Telling,
        server: CustomerMail,
        shop_name: str,
        pool: Executor,
        clock: Callable[[], int],
        age: Callable[[int], int],
    ) -> None:
        self._data = data
        self._facts = facts
        self._deliveries = deliveries
        self._filling = filling
        self._telling = telling
        self._server = server
        self._sender_name = server.sender_name or shop_name
        self._pool = pool
        self._clock = clock
        self._age = age
        self._connections = Connections(server, password_of(data / "keys"))
        self._untold: dict[int, tuple[Release, Ended]] = {}

    async def send(self, delivery: Delivery) -> Outcome:
        """One try. What became of it is told first and settled afterwards; what could not be told is told by the next try, which sends nothing."""
        known = self._untold.get(delivery.delivery)
        if known is None:
            release = self._release(delivery)
            if isinstance(release, Outcome):
                return release
            ended = await self._try(release)
            if isinstance(ended, Outcome):
                return ended
            known = self._untold[delivery.delivery] = (release, ended)
        release, ended = known
        if ended.quote is not None:
            await self._beside(partial(self._telling.tell_quote, release.fact.customer, release.body, ended.quote, ended.offered))
        await self._beside(partial(self._telling.tell, release.fact.customer, release.body, ended.became))
        del self._untold[delivery.delivery]
        return ended.outcome

    def close(self) -> None:
        """Close what is open to the server."""
        self._connections.close_idle(0.0)

    def rest(self) -> None:
        """Close connections that nobody has used for a moment."""
        self._connections.close_idle()

    def _release(self, delivery: Delivery) -> Release | Outcome:
        found = self._facts.at(delivery.position)
        if found is None or not isinstance(found[1].body, MessageReleased):
            return UNREADABLE
        person, fact = found
        return ERASED if self._facts.is_erased(fact.customer) else Release(delivery, person, fact, found[1].body)

    async def _try(self, release: Release) -> Ended | Outcome:
        """How it ended; an outcome alone when it is tried again."""
        body = release.body
        if self._deliveries.is_in_doubt(release.delivery.delivery):
            return Ended(in_doubt(body), IN_DOUBT)
        if self._age(max(release.fact.now, release.fact.received_at)) > LASTS or self._facts.is_restricted(release.person):
            return Ended(returned(body), RETURNED)
        if is_refused(self._facts, release.person, body):
            return Ended(returned(body), RETURNED)
        if body.for_channel != "mail" or not self._server:
            return Ended(failed(body, "not_set_up"), NOT_SET_UP)
        try:
            filled = self._filling.of(release.person, release.fact.customer, body)
            written = await self._beside(partial(self._written, release, filled))
        except FAILURES:
            raise  # our own store failed: it stays due
        except CannotSign as fault:
            note("mail_not_signed", "error", fault=str(fault))
            return Outcome(is_done=False, answer="the mail could not be signed; the log of the process says why")
        except Exception as fault:  # whatever it is, another try would end alike, and the play goes on
            note_not_made(body, fault)
            return Ended(failed(body, "not_made"), NOT_MADE)
        return await self._hand_over(release, written) if written else Ended(failed(body, "address"), NO_ADDRESS)

    async def _hand_over(self, release: Release, written: Written) -> Ended | Outcome:
        body, number = release.body, release.delivery.delivery
        is_once = body.message_class in AT_MOST_ONCE
        if is_once and not self._deliveries.begin_handing(number, wall_clock()):
            return Ended(in_doubt(body), IN_DOUBT)
        handed = await self._beside(partial(self._connections.hand_over, self._server.sender, written.recipient, written.wire))
        ended = self._ended(body, written, handed, is_once)
        if ended is None and is_once:
            self._deliveries.not_handed(number)
        return ended or handed.outcome

    def _written(self, release: Release, filled: Filled) -> Written | None:
        """The mail, signed; None for an address that is none. Raises CannotRender and CannotSign."""
        letter = letter_of(self._data, release.body, filled, release.delivery.made_at, self._clock())
        try:
            recipient = as_sent_to(letter.recipient)
        except (ValueError, IndexError, MessageError):
            return None
        made = customer_mail(letter, recipient, self._server.sender, self._sender_name)
        seal = seal_of(self._server, self._data / "keys")
        wire = seal.sealed(made, wall_clock() // SECOND) if seal else made
        return Written(letter, recipient, wire, filled.context.quote if letter.offered else None)

    def _ended(self, body: MessageReleased, written: Written, handed: Handed, is_once: bool) -> Ended | None:
        """How it ended; None when it may go better another time."""
        if handed.outcome.is_done:
            letter = written.letter
            became = sent(body, letter.subject, letter.text, reference_of(body.message, self._server.sender))
            return Ended(became, handed.outcome, written.quote, letter.offered)
        if handed.is_doubtful:
            return Ended(in_doubt(body), IN_DOUBT) if is_once else None
        if handed.outcome.is_final:
            return Ended(failed(body, "address" if handed.is_address else "refused"), handed.outcome)
        return None

    async def _beside(self, work: Callable[[], T]) -> T:
        """Work that waits or computes, in a thread: nobody else is held up by it."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def password_of(keys: Path) -> str:
    """The password of the server that takes mail to customers; empty when there is none."""
    path = keys / PASSWORD
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def note_not_made(body: MessageReleased, fault: Exception) -> None:
    """What stands in the way, for whoever looks after the messages; of what is raised by surprise only its kind and place."""
    findings: list[dict[str, Any]] = said_of(fault.findings) if isinstance(fault, CannotRender) else [{"fault": described(fault)}]
    for finding in findings:
        note("message_not_made", "error", message=body.message, play=body.play, template=body.template, **finding)
