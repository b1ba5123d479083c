"""What has become of a message, told to the engine: one word for each time it was released, and the first one counts."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from omtanke.messages.stated import StatedQuote
from omtanke.runtime.own_sources import OwnSource
from omtanke.runtime.to_customers.released import key_of
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.play import MessageFailed, MessageInDoubt, MessageReleased, MessageReturned, MessageSent
from omtanke.vocabulary.promise import QuoteGiven
from omtanke.vocabulary.time import datetime_of

TOUCHPOINT = "message"


class Became(Struct, frozen=True):
    """What is to be told: the event and what it says. Subject and words of what was sent are in it, which are personal."""

    event: type[Observed]
    properties: dict[str, Any]


def sent(body: MessageReleased, subject: str, text: str, reference: str, segments: int = 0) -> Became:
    said = {"template": body.template, "message_class": body.message_class, "subject": subject, "text": text, "message_reference": reference}
    counted = {"segments": segments} if segments else {}
    return Became(MessageSent, {**_of(body), **said, **counted})


def in_doubt(body: MessageReleased) -> Became:
    return Became(MessageInDoubt, _of(body))


def failed(body: MessageReleased, failure: str) -> Became:
    return Became(MessageFailed, {**_of(body), "failure": failure})


def returned(body: MessageReleased) -> Became:
    return Became(MessageReturned, {"message": body.message})


def _of(body: MessageReleased) -> dict[str, Any]:
    return {"message": body.message, "for_channel": body.for_channel}


class Telling:
    """Tells it as an event of our own. May be used by several threads."""

    def __init__(self, source: OwnSource) -> None:
        self._source = source

    def tell(self, customer: int, body: MessageReleased, became: Became) -> None:
        """Make it durable. What has been told of this release before stays as it was told. Raises one of FAILURES, or OSError."""
        self._source.put(became.event, key_of(body), customer, became.properties, channel=body.for_channel, touchpoint=TOUCHPOINT)

    def tell_quote(self, customer: int, body: MessageReleased, quote: StatedQuote, words: str) -> None:
        """What the message offers: a date that the customer may expect, and until when they can take it. Raises as `tell` does."""
        from_at, until_at, valid_until = (datetime_of(at).isoformat() for at in (quote.from_at, quote.until_at, quote.valid_until))
        said = {"quote_id": f"{body.message}", "from": from_at, "until": until_at, "valid_until": valid_until, "words": words, "place": body.template}
        self._source.put(QuoteGiven, f"{key_of(body)}/quote", customer, said, channel=body.for_channel, touchpoint=TOUCHPOINT)
