"""Text messages to customers, through the provider that the settings name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from omtanke.channels.outcome import Handed
from omtanke.channels.post import Poster
from omtanke.channels.sms.port import TextMessage
from omtanke.channels.sms.sending import PROVIDERS, hand_over
from omtanke.messages.sms import sms
from omtanke.runtime.key_files import secret_in
from omtanke.runtime.to_customers.filling import Filled
from omtanke.runtime.to_customers.making import short_of
from omtanke.runtime.to_customers.way import CannotSend, Ready, Release
from omtanke.settings import CustomerSms
from omtanke.storage.keys import normalised

SECRET = "customer_sms.secret"
# ITU-T E.164: a country's code and a number in it, fifteen figures at most.
E164 = re.compile(r"\+[1-9]\d{6,14}")


class BySms:
    """`country`: where telephone numbers are at home. `receipts`: the address at which we hear what became of a release; empty for none."""

    def __init__(self, data: Path, service: CustomerSms, country: str, poster: Poster, clock: Callable[[], int], receipts: Callable[[Release], str]) -> None:
        self._data = data
        self._service = service
        self._country = country
        self._poster = poster
        self._clock = clock
        self._receipts = receipts
        self._secret = secret_in(data / "keys", SECRET)
        self._provider = PROVIDERS[service.provider](service.user, self._secret, service.api)

    def ready(self, release: Release, filled: Filled) -> Ready | None:
        """The text, and whose number it goes to."""
        to = normalised("phone", filled.phone, self._country)
        if not E164.fullmatch(to):
            return None
        if not self._secret:
            raise CannotSend(f"keys/{SECRET} is not there, or is empty")
        short = short_of(self._data, release.body, filled, self._clock())
        message = TextMessage(self._service.sender, to, short.text, self._receipts(release))
        return Ready(
            recipient=to,
            wire=msgspec.json.encode(message),
            text=short.text,
            segments=sms(short.text).segments,
            quote=filled.context.quote if short.offered else None,
            offered=short.offered,
        )

    async def hand_over(self, ready: Ready) -> Handed:
        return await hand_over(self._poster, self._provider, msgspec.json.decode(ready.wire, type=TextMessage))

    def rest(self) -> None:
        """Each message has a connection of its own."""

    def close(self) -> None:
        """Nothing is kept open."""
