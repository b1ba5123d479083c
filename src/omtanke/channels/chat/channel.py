"""Chat: an incoming webhook as Slack, Mattermost, Rocket.Chat and Teams' workflows take it: `{"text": …}`."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from omtanke.channels.outcome import Outcome
from omtanke.channels.post import Poster
from omtanke.storage.outbox_deliveries import Delivery, Message


class ChatChannel:
    """Sends to the address that one of the staff has named."""

    def __init__(self, message: Callable[[int], Message | None], poster: Poster) -> None:
        self._message = message
        self._poster = poster

    async def send(self, delivery: Delivery) -> Outcome:
        message = self._message(delivery.delivery)
        if message is None:
            return Outcome(is_done=False, is_final=True, answer="its text has left")
        body = msgspec.json.encode({"text": message.text})
        return await self._poster.post(message.recipient, [("Content-Type", "application/json; charset=utf-8")], body)
