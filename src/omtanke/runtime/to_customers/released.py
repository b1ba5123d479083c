"""From the log to what is to be sent: each release of a message is one delivery, and one word of what became of it."""

from __future__ import annotations

from collections.abc import Iterable

from omtanke.storage.codec import decode_body
from omtanke.storage.outbox_deliveries import NewDelivery
from omtanke.storage.outbox_facts import Followed
from omtanke.vocabulary.play import NOT_ASKED_FOR, MessageReleased
from omtanke.vocabulary.time import MINUTE

RELEASED = "message_released"
# What is for customers fails and rests as one for each channel, and holds up neither staff mail nor webhooks.
MAIL_WAY, SMS_WAY = "customer_mail", "customer_sms"
WAYS = {"mail": (MAIL_WAY, "customer/mail"), "sms": (SMS_WAY, "customer/sms")}
TO_CUSTOMERS = "customer/"
# Nobody who is owed something waits for a crowd that is offered something: offers are a destination of their own, at the same server.
OFFERS = "/offers"
# What has been released and not handed over for so long is asked anew.
LASTS = MINUTE


def key_of(body: MessageReleased) -> str:
    """The same for the same release, whatever crashes."""
    return f"message/{body.message}/{body.tries}"


def messages_of(facts: Iterable[Followed]) -> list[NewDelivery]:
    """The messages among the facts. History has no effects."""
    found = []
    for fact in facts:
        if fact.type != RELEASED or fact.is_history:
            continue
        body = decode_body(fact.type, fact.version, fact.body)
        if isinstance(body, MessageReleased) and body.for_channel in WAYS:
            way, server = WAYS[body.for_channel]
            destination = server + OFFERS if body.message_class in NOT_ASKED_FOR else server
            found.append(NewDelivery(key_of(body), destination, 0, RELEASED, fact.position, way))
    return found


def server_of(destination: str) -> str:
    """What destinations share that lead to one server, and so its connections."""
    return destination.removesuffix(OFFERS)
