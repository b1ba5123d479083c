"""Mail to customers, through the server that the settings name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from email.errors import MessageError
from functools import partial
from pathlib import Path

from omtanke.channels.email.customer import as_sent_to, customer_mail, reference_of
from omtanke.channels.email.handing import Connections
from omtanke.channels.email.seal import CannotSign, seal_of
from omtanke.channels.outcome import Handed
from omtanke.runtime.key_files import secret_in
from omtanke.runtime.logs import note
from omtanke.runtime.to_customers.filling import Filled
from omtanke.runtime.to_customers.making import letter_of
from omtanke.runtime.to_customers.way import CannotSend, Ready, Release
from omtanke.settings import CustomerMail
from omtanke.storage.outbox import wall_clock
from omtanke.vocabulary.time import SECOND

PASSWORD = "customer_mail.secret"


class ByMail:
    """`clock` is the shop's; `pool` waits for the server. `returns`: the address that a release comes back to, when it cannot be delivered."""

    def __init__(self, data: Path, server: CustomerMail, shop_name: str, pool: Executor, clock: Callable[[], int], returns: Callable[[Release], str]) -> None:
        self._data = data
        self._server = server
        self._sender_name = server.sender_name or shop_name
        self._pool = pool
        self._clock = clock
        self._returns = returns
        self._connections = Connections(server, secret_in(data / "keys", PASSWORD))

    def ready(self, release: Release, filled: Filled) -> Ready | None:
        """The mail, signed."""
        letter = letter_of(self._data, release.body, filled, release.delivery.made_at, self._clock())
        try:
            recipient = as_sent_to(letter.recipient)
        except (ValueError, IndexError, MessageError):
            return None
        made = customer_mail(letter, recipient, self._server.sender, self._sender_name)
        try:
            seal = seal_of(self._server, self._data / "keys")
            wire = seal.sealed(made, wall_clock() // SECOND) if seal else made
        except CannotSign as fault:
            note("mail_not_signed", "error", fault=str(fault))
            raise CannotSend("the mail could not be signed; the log of the process says why") from fault
        return Ready(
            recipient=recipient,
            wire=wire,
            subject=letter.subject,
            text=letter.text,
            return_path=self._returns(release),
            reference=reference_of(letter.number, self._server.sender),
            quote=filled.context.quote if letter.offered else None,
            offered=letter.offered,
        )

    async def hand_over(self, ready: Ready) -> Handed:
        work = partial(self._connections.hand_over, ready.return_path, ready.recipient, ready.wire)
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    def rest(self) -> None:
        self._connections.close_idle()

    def close(self) -> None:
        self._connections.close_idle(0.0)
