"""Webhooks: one signed POST for each delivery."""

from __future__ import annotations

from collections.abc import Callable

from omtanke.channels.outcome import Outcome
from omtanke.channels.post import Poster
from omtanke.channels.webhook.payload import PING, Payloads
from omtanke.channels.webhook.signature import headers
from omtanke.storage.outbox_deliveries import Delivery
from omtanke.storage.outbox_receivers import Receivers
from omtanke.vocabulary.time import SECOND


class WebhookChannel:
    """Sends to receivers, in the form of Standard Webhooks."""

    def __init__(self, receivers: Receivers, payloads: Payloads, poster: Poster, clock: Callable[[], int]) -> None:
        self._receivers = receivers
        self._payloads = payloads
        self._poster = poster
        self._clock = clock

    async def send(self, delivery: Delivery) -> Outcome:
        """One try. The payload is made now, from the log; each try carries its own moment and signature."""
        receiver = self._receivers.get(delivery.receiver)
        if receiver is None or receiver.state == "removed":
            return Outcome(is_done=False, is_gone=True, answer="the receiver has been removed")
        if delivery.type != PING and self._payloads.is_withheld(delivery.position):
            return Outcome(is_done=False, is_withheld=True, answer="withheld: the customer's data are to be left alone")
        body = self._payloads.ping(delivery.made_at) if delivery.type == PING else self._payloads.of_fact(delivery.position)
        if body is None:
            return Outcome(is_done=False, is_final=True, answer="the fact cannot be read by this version of Omtanke")
        now = self._clock()
        return await self._poster.post(receiver.url, headers(receiver.secrets(now), delivery.key, now // SECOND, body), body)
