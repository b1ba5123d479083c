"""Plays: who is in one and how far, what becomes of each message, and what has gone out."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fact import Decided, Observed, OwnAct
from omtanke.vocabulary.fields import code, own, whole

SERVICE, TRANSACTIONAL, PROMOTIONAL, SURVEY = "service", "transactional", "promotional", "survey"
# What the customer has not asked for: sent at most once, and with a way to stop it.
NOT_ASKED_FOR = (PROMOTIONAL, SURVEY)
CLASSES = {
    SERVICE: "what we owe the customer: that it is late, that it is ready, that the money is on its way",
    TRANSACTIONAL: "the answer to what the customer has just done: an order, a return",
    PROMOTIONAL: "what the customer has not asked for, however kind",
    SURVEY: "a question to the customer",
}
# GSM 03.40 counts them in one byte.
MOST_SEGMENTS = 255
FAILURES = {
    "address": "there is no such address, or it takes nothing any more",
    "refused": "whoever carries it does not take it",
    "not_made": "it could not be made: it has a fault, or says a day that nobody promises",
    "not_set_up": "no way out is set up for this channel",
}


class Counted(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """How many facts of one type have come since the person entered."""

    fact: str
    times: int


class PlayEntered(Decided, frozen=True, kw_only=True):
    """A person is in a play from now on, in this version of it. `run` is the number of this time.

    `subject`: the number of what the play is about, 0 for the person; beside it what the fact that let them in names.
    `kept`: the values of that fact which conditions further on read, as MessagePack. `since_at`: since when what ends it counts.
    """

    play: str
    play_digest: str
    run: int
    key: str
    subject: int = 0
    cart: int = 0
    order: int = 0
    case: int = 0
    store: int = 0
    parcel: int = 0
    promise: int = 0
    kept: bytes = b""
    since_at: int
    is_held_out: bool = False


class PlayMoved(Decided, frozen=True, kw_only=True):
    """A person has come to this step of a play, counted from 0, and stays there until `until_at` or until what it waits for has come.

    `counted`: the facts since they entered that the play asks about.
    """

    play: str
    run: int
    step: int
    until_at: int = 0
    counted: tuple[Counted, ...] = ()


class PlayLeft(Decided, frozen=True, kw_only=True):
    """A person is no longer in a play; the reason says why. `step`: where they were, counted from 0."""

    play: str
    run: int
    step: int


class PlayTold(Decided, frozen=True, kw_only=True):
    """A play tells another system something, under a name that the shop has given it."""

    play: str
    run: int
    told: int
    event: str
    cart: int = 0
    order: int = 0
    case: int = 0
    store: int = 0


class MessageDue(Decided, frozen=True, kw_only=True):
    """The moment to say something has come. What becomes of it follows at once, from all that is known then."""

    message: int
    play: str
    run: int
    step: int
    message_class: str
    template: str
    channels: tuple[str, ...]


class MessageReleased(Decided, frozen=True, kw_only=True):
    """It is to be said now, in this channel. What has not been handed over within a minute is asked anew; `tries` counts that, from 0."""

    message: int
    play: str
    run: int
    message_class: str
    template: str
    for_channel: str
    tries: int = 0
    entry: bytes
    cart: int = 0
    order: int = 0
    case: int = 0
    store: int = 0
    parcel: int = 0
    promise: int = 0
    survey: int = 0


class MessageDeferred(Decided, frozen=True, kw_only=True):
    """It waits; the reason says why. It is asked again at `until_at`, or sooner when what it waits for is over."""

    message: int
    play: str
    run: int
    message_class: str
    until_at: int


class MessageSuppressed(Decided, frozen=True, kw_only=True):
    """It is not said; the reason says why. Of a message whose play is over, only the number is known."""

    message: int
    play: str = ""
    run: int = 0
    message_class: str = ""


MESSAGE = own("message", what="our own number of the message, when it is one of ours")
CHANNEL = code("for_channel", what="the channel", one_of=CHANNELS)


class MessageSent(Observed, frozen=True, kw_only=True):
    """A message has gone to the customer: ours, or one of another system that shares the customer's patience."""

    name = "Message Sent"
    personal = {"subject": "its heading", "text": "its words", "message_reference": "its Message-ID, or the carrier's own"}

    message: Annotated[int, MESSAGE] = 0
    message_class: Annotated[str, code("message_class", "class", what="what sort of message", one_of=CLASSES)] = PROMOTIONAL
    for_channel: Annotated[str, CHANNEL] = ""
    template: Annotated[str, code("template", "campaign", what="its name where it was made")] = ""
    segments: Annotated[int, whole("segments", "num_segments", what="how many segments a text message has; each costs", most=MOST_SEGMENTS)] = 0


class MessageInDoubt(OwnAct, frozen=True, kw_only=True):
    """It was handed over, and nobody knows whether it was taken. It is not sent again."""

    name = "Message In Doubt"

    message: Annotated[int, own("message", what="our own number of the message", required=True)]
    for_channel: Annotated[str, CHANNEL] = ""


class MessageFailed(OwnAct, frozen=True, kw_only=True):
    """It has not reached the customer."""

    name = "Message Failed"

    message: Annotated[int, MESSAGE] = 0
    for_channel: Annotated[str, CHANNEL] = ""
    failure: Annotated[str, code("failure", what="why", one_of=FAILURES)] = "refused"


class MessageReturned(OwnAct, frozen=True, kw_only=True):
    """It was released and not handed over in time: it is asked anew, since the customer's situation may be another by now."""

    name = "Message Returned"

    message: Annotated[int, own("message", what="our own number of the message", required=True)]
