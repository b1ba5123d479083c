"""What sends to customers, put together as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from omtanke.channels.address import Guard
from omtanke.channels.post import Poster
from omtanke.folder import Folder
from omtanke.processes.addresses import Addresses
from omtanke.runtime.customer_links import ABOUT, RECEIPT, token_of
from omtanke.runtime.hooks import read_hooks
from omtanke.runtime.own_sources import MESSAGES, OwnSource
from omtanke.runtime.return_paths import return_path_of
from omtanke.runtime.to_customers.by_mail import ByMail
from omtanke.runtime.to_customers.by_sms import BySms
from omtanke.runtime.to_customers.channel import ToCustomers
from omtanke.runtime.to_customers.filling import Filling, ShopSaid
from omtanke.runtime.to_customers.released import WAYS
from omtanke.runtime.to_customers.telling import Telling
from omtanke.runtime.to_customers.way import Release, Way
from omtanke.settings import Settings
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_facts import Facts
from omtanke.storage.sql_inbox import SqlInbox


def to_customers(folder: Folder, addresses: Addresses, outbox: Outbox, facts: Facts, inbox: SqlInbox, pool: ThreadPoolExecutor) -> ToCustomers:
    """What sends to customers, with the shop's own clock, and links to the pages as customers reach them."""
    settings, clock = folder.settings, folder.clock
    pages = (settings.pages_address or addresses.pages).rstrip("/")
    shop = ShopSaid(name=settings.name, locale=settings.locale, zone=settings.zone, currency=settings.currency, pages_address=pages)
    return ToCustomers(
        facts,
        outbox.deliveries,
        Filling(facts, folder.keys, shop, clock),
        Telling(OwnSource(inbox, MESSAGES, settings.zone, settings.currency, clock)),
        ways_of(folder, pool, clock),
        pool,
        lambda at: (clock() - at) // clock.speed,
    )


def ways_of(folder: Folder, pool: ThreadPoolExecutor, clock: Callable[[], int]) -> dict[str, Way]:
    """The ways that are set up, by channel. `clock` is the shop's."""
    settings = folder.settings
    ways: dict[str, Way] = {}
    if settings.customer_mail:
        ways["mail"] = ByMail(folder.path, settings.customer_mail, settings.name, pool, clock, returns_of(folder))
    if settings.customer_sms:
        poster = Poster(Guard(settings.webhook_allow), pool)
        ways["sms"] = BySms(folder.path, settings.customer_sms, settings.country, poster, clock, receipts_of(folder))
    return ways


def returns_of(folder: Folder) -> Callable[[Release], str]:
    """Where a mail comes back to, the same for each try: an address of its own, or the sender's when the settings name none."""
    server = folder.settings.customer_mail
    if not server.return_path:
        return lambda release: server.sender
    return lambda release: return_path_of(folder.keys, server.return_path, release.customer, release.body.message, release.released_at)


def receipts_of(folder: Folder) -> Callable[[Release], str]:
    """The address at which we hear what became of a text message, the same for each try; none without a hook of its provider and the door's address."""
    settings = folder.settings
    hook = next((one for one in read_hooks(folder.path / "keys") if one.kind == settings.customer_sms.provider), None)
    if hook is None or not settings.door_address:
        return lambda release: ""
    place = f"{settings.door_address.rstrip('/')}{hook.path}?{ABOUT}="
    return lambda release: place + token_of(folder.keys, RECEIPT, release.customer, release.released_at, release.body.message)


def at_once_of(settings: Settings) -> dict[str, int]:
    """How many messages may be under way at the same time, by the server that takes them."""
    return {WAYS["mail"][1]: settings.customer_mail.at_once, WAYS["sms"][1]: settings.customer_sms.at_once}
