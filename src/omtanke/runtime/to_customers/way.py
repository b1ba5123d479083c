"""What each way to customers has to do, and nothing else: make a message, and hand it over. Everything that is promised stands above it."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from omtanke.channels.outcome import Handed
from omtanke.messages.stated import StatedQuote
from omtanke.runtime.to_customers.filling import Filled
from omtanke.storage.outbox_deliveries import Delivery
from omtanke.vocabulary.play import MessageReleased


class Release(Struct, frozen=True):
    """One release of a message: whose it is, when it was let go by the shop's clock, and its fact's body."""

    delivery: Delivery
    person: int
    customer: int
    released_at: int
    body: MessageReleased


class Ready(Struct, frozen=True, kw_only=True):
    """A message as it is handed over. `wire`: what goes over the line, in the way's own form.

    `return_path`: where mail comes back to. `subject`, `text`, `reference`: what is told of it when it has gone.
    `segments`: of a text message, 0 for a mail. `quote`: what is offered in it, in the words `offered`.
    """

    recipient: str
    wire: bytes
    text: str
    return_path: str = ""
    subject: str = ""
    reference: str = ""
    segments: int = 0
    quote: StatedQuote | None = None
    offered: str = ""


class CannotSend(Exception):
    """Something of ours is not as it should be, and may be mended: the message waits. The text says what, without the customer."""


class Way(Protocol):
    """One way to customers that is set up."""

    def ready(self, release: Release, filled: Filled) -> Ready | None:
        """The message, made for the customer; None for an address that is none. In a thread. Raises CannotRender and CannotSend."""
        ...

    async def hand_over(self, ready: Ready) -> Handed:
        """One try. Raises nothing for what the other side says or does not say."""
        ...

    def rest(self) -> None:
        """Close what nobody has used for a moment."""
        ...

    def close(self) -> None: ...
