"""A living shop with plays and messages, and dispatch over it in this process that hands over to a real mail server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from fakes.living import Living
from fakes.mailbox import Mailbox, mail_server
from omtanke.channels.outcome import Outcome
from omtanke.playbook import shipped
from omtanke.processes.to_customers import ways_of
from omtanke.runtime.dispatch import Dispatch
from omtanke.runtime.dispatch_watch import Watch
from omtanke.runtime.own_sources import CONSOLE, MESSAGES, OwnSource
from omtanke.runtime.to_customers.channel import ToCustomers
from omtanke.runtime.to_customers.filling import Filling, ShopSaid
from omtanke.runtime.to_customers.released import MAIL_WAY, SMS_WAY
from omtanke.runtime.to_customers.telling import Telling
from omtanke.storage.outbox import Outbox, wall_clock
from omtanke.storage.outbox_deliveries import Delivery
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.rights import ProcessingRestricted

PAGES = "https://omtanke.butiken.example"
SENDER = "hej@butiken.example"
SECONDS = 20.0
SETTINGS = """
name = "Fjäll & Fot"
pages_address = "{pages}"
[customer_mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "{sender}"
{more}
"""


def write_shop(path: Path, port: int, plays: Sequence[str], more: str = "") -> None:
    """The settings and the playbook of a shop that sends by a server on this machine; no server with port 0."""
    path.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS.format(pages=PAGES, port=port, sender=SENDER, more=more)
    (path / "omtanke.toml").write_text(settings if port else settings.partition("[customer_mail]")[0], encoding="utf-8")
    folder = path / "playbook" / "plays"
    folder.mkdir(parents=True)
    for name in plays:
        (folder / f"{name}.toml").write_text(shipped()[name], encoding="utf-8")


def sms_settings(api: str, provider: str = "46elks", more: str = "") -> str:
    """The settings of a shop that sends text messages by a provider on this machine."""
    user = "u123" if provider == "46elks" else "AC" + "0" * 32
    place = api.removeprefix("http://")
    return f'webhook_allow = ["{place}"]\n{more}\n[customer_sms]\nprovider = "{provider}"\nsender = "Butiken"\nuser = "{user}"\napi = "{api}"\n'


def write_sms(path: Path, api: str, provider: str = "46elks", more: str = "") -> None:
    """The shop of a folder sends text messages from now on, and no mail."""
    (path / "omtanke.toml").write_text(f'name = "Fjäll & Fot"\npages_address = "{PAGES}"\n' + sms_settings(api, provider, more), encoding="utf-8")
    (path / "keys").mkdir(parents=True, exist_ok=True, mode=0o700)
    (path / "keys" / "customer_sms.secret").write_text("hemligt\n", encoding="utf-8")


class Sending:
    """Tell the shop what happens, let it work, let dispatch send. `ahead`: by how much the wall clock of dispatch is ahead, in microseconds."""

    def __init__(self, path: Path, port: int, plays: Sequence[str], more: str = "", now: str = "2026-11-16 09:00") -> None:
        write_shop(path, port, plays, more)
        self.shop = Living(path, now)
        self.mailbox = Mailbox()
        self.ahead = 0
        self.outbox = Outbox(path)
        self.pool = ThreadPoolExecutor(4)
        self.facts = Facts(path)
        self.restart()

    def restart(self, tried: Callable[[Delivery, Outcome], object] = lambda delivery, outcome: None, at_once: int = 4, **by_server: int) -> None:
        """A new dispatch: it knows what is stored and nothing else. `tried` hears of each try; `by_server`: so many at once, by mail or by sms."""
        folder, settings = self.shop.folder, self.shop.folder.settings
        shop = ShopSaid(name=settings.name, locale=settings.locale, zone=settings.zone, currency=settings.currency, pages_address=PAGES)
        self.customers = ToCustomers(
            self.facts,
            self.outbox.deliveries,
            Filling(self.facts, folder.keys, shop, self.shop.clock),
            Telling(OwnSource(self.shop.inbox, MESSAGES, settings.zone, settings.currency, self.shop.clock)),
            ways_of(folder, self.pool, self.shop.clock),
            self.pool,
            lambda at: self.shop.now - at,
        )
        watch = Watch(self.outbox, self.facts.is_subject, 20)
        channels = {MAIL_WAY: self.customers, SMS_WAY: self.customers}
        self.dispatch = Dispatch(
            self.outbox,
            self.facts,
            channels,
            watch,
            lambda: wall_clock() + self.ahead,
            chance=lambda: 0.0,
            tried=tried,
            at_once={"customer": at_once, **{f"customer/{one}": most for one, most in by_server.items()}},
        )
        self.dispatch.begin()

    def restrict(self, user: str) -> None:
        """Somebody asks us to leave their data alone."""
        (customer,) = {fact.customer for fact in self.shop.facts("order_completed")}
        console = OwnSource(self.shop.inbox, CONSOLE, "Europe/Stockholm", "SEK", self.shop.clock)
        console.put(ProcessingRestricted, f"restrict-{user}", customer, {"staff": 1, "why": "accuracy"})
        self.shop.work()

    def send(self, until: Callable[[], bool] | None = None) -> None:
        """Dispatch until it is so, or until nothing waits that is due; then the shop takes in what it is told."""
        asyncio.run(self._send(until or self._is_quiet))
        self.shop.work()

    def _is_quiet(self) -> bool:
        now = wall_clock() + self.ahead
        waits = any(one.state == "waiting" and one.due_at <= now for one in self.deliveries())
        return self.dispatch.position() >= self.facts.last_position() and not waits and not self.dispatch.under_way

    async def _send(self, until: Callable[[], bool]) -> None:
        stopping = asyncio.Event()
        task = asyncio.create_task(self.dispatch.run(stopping))
        try:
            async with asyncio.timeout(SECONDS):
                while not until() and not task.done():
                    await asyncio.sleep(0.01)
        finally:
            stopping.set()
            self.dispatch.wake()
            await task

    def deliveries(self) -> list[Delivery]:
        """All of them, the first first."""
        return self.outbox.deliveries.listed(2**62, 1000)[::-1]

    def became(self) -> list[str]:
        """What the engine was told, and what it decided on messages, in the order of the log."""
        types = ("message_released", "message_returned", "message_sent", "message_failed", "message_in_doubt", "message_suppressed")
        found = sorted((fact for type_ in types for fact in self.shop.facts(type_)), key=lambda one: one.position)
        return [fact.type.removeprefix("message_") for fact in found]

    def close(self) -> None:
        self.customers.close()
        self.pool.shutdown()
        self.facts.close()
        self.outbox.close()
        self.shop.close()


@contextmanager
def sending(path: Path, *plays: str, more: str = "", has_server: bool = True, now: str = "2026-11-16 09:00") -> Iterator[Sending]:
    """A shop with these shipped plays, and the mailbox of a server that runs."""
    with mail_server() as (mailbox, port):
        made = Sending(path, port if has_server else 0, plays, more, now)
        made.mailbox = mailbox
        try:
            yield made
        finally:
            made.close()
