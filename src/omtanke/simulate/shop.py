"""The living shop: advance it and it tells what happens; tell it something and its people react.

    shop = Shop(seed=1, persons=5_000, begins_at=datetime(2026, 10, 1, tzinfo=ZoneInfo("Europe/Stockholm")))
    events = shop.advance(datetime(2026, 10, 29, tzinfo=ZoneInfo("Europe/Stockholm")))

The same seed, settings and moments of what is received give the same bytes, in whatever steps it is advanced.
"""

from __future__ import annotations

import io
import pickle
import zlib
from datetime import datetime
from random import Random

import msgspec

from omtanke.simulate import browsing, live, reactions, visits
from omtanke.simulate.customer import draw
from omtanke.simulate.goods import as_line
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.stores import LAST_QUARTER_OF_SEEN
from omtanke.simulate.told import Told
from omtanke.simulate.truth import Truth
from omtanke.simulate.work import Pulse
from omtanke.simulate.world import World
from omtanke.vocabulary.refusal import CannotDo

FIRST_ORDINARY = 101
MICROSECONDS = 1_000_000
FORM = b"omtanke shop 1\n"


class Event(msgspec.Struct, frozen=True, gc=False):
    """One call as a sender makes it. `at` is when it is sent, `occurred_at` its own timestamp, UTC microseconds."""

    message_id: str
    at: int
    wire: bytes
    occurred_at: int


class Answer(msgspec.Struct, frozen=True, gc=False):
    """An answer by link: what the customer clicks and writes. `at` is UTC microseconds."""

    link: str
    score: int
    comment: str
    at: int


class Left(msgspec.Struct, frozen=True):
    """A cart as the shop's site shows it: the first name of whoever left it, none where nobody is known, and its lines."""

    name: str
    lines: tuple[dict[str, object], ...]


class Visitor(msgspec.Struct, frozen=True):
    """A browser as the shop's site knows it: who is signed in on it, and the number of the cart that waits there. Empty: nobody, none."""

    name: str = ""
    user_id: str = ""
    cart_id: str = ""


class Shop:
    """A shop with so many persons, from a moment on."""

    def __init__(self, seed: int, persons: int, begins_at: datetime, settings: ShopSettings | None = None) -> None:
        settings = settings or ShopSettings()
        begins = seconds(begins_at)
        self.world = World(seed, begins, settings, Truth(settings.effects, LAST_QUARTER_OF_SEEN))
        self._people(seed, persons)
        if self.world.live_from is not None:
            live.enter(self.world, self.world.live_from)
        self.world.plan(begins, open_shop)

    def _people(self, seed: int, persons: int) -> None:
        world = self.world
        world.ordinary = [draw(Random(seed << 40 | number), number) for number in range(FIRST_ORDINARY, FIRST_ORDINARY + persons)]
        world.by_user = {one.user_id: one for one in world.ordinary}
        world.orders_a_day = visits.orders_a_day(persons, world.settings.intensity)
        world.warehouse.a_day = max(1.0, world.settings.capacity * world.orders_a_day)

    @property
    def truth(self) -> Truth:
        """What truly happened and what would have."""
        return self.world.truth

    @property
    def now(self) -> int:
        """The moment it has come to, UTC microseconds."""
        return self.world.now * MICROSECONDS

    def advance(self, until: datetime | int) -> list[Event]:
        """Everything sent since the last call up to and with `until` (a datetime, or UTC microseconds), in order of sending.

        The first call also tells what the cast did before the shop began.
        """
        end = seconds(until)
        if end < self.world.now:
            raise CannotDo(f"The shop has come to {self.world.now} s; it cannot go back to {end} s. Make another one with the same seed.")
        self.world.run(end)
        return [
            Event(message_id, sent_at * MICROSECONDS, wire, occurred_at * MICROSECONDS) for sent_at, _, message_id, wire, occurred_at in self.world.take(end)
        ]

    def receive(self, told: Told) -> None:
        """Its people and units react from now on; nothing that was told changes."""
        reactions.receive(self.world, told)

    def hand_over(self) -> None:
        """From now on the shop asks nobody by itself: who gets a link may answer by it."""
        self.world.settings = msgspec.structs.replace(self.world.settings, surveys="omtanke", answers="links")

    def cart(self, number: str) -> Left | None:
        """The cart of this number, while it waits to be gone on with."""
        who = reactions.with_cart(self.world, number)
        cart = who.cart if who is not None else browsing.of_nobody(self.world, number)
        return Left(who.person.first_name if who else "", tuple(as_line(n, pick) for n, pick in enumerate(cart.chosen, 1))) if cart else None

    def visitor(self, device: str) -> Visitor:
        """Who is at a browser, as far as the shop's site knows."""
        browser = self.world.browsers.get(device)
        if browser is None:
            return Visitor()
        who = self.world.by_user.get(browser.user_id)
        cart = who.cart if who is not None else browser.cart
        is_signed_in = who is not None and browser.is_signed_in
        return Visitor(who.person.name if who and is_signed_in else "", browser.user_id if is_signed_in else "", cart.cart_id if cart else "")

    def knows(self, email: str) -> bool:
        """Whether one of its customers has this address."""
        return browsing.known_by(self.world, email) is not None

    def answers(self) -> list[Answer]:
        """The answers by link that have come since the last call."""
        clicks, self.world.clicks = self.world.clicks, []
        return [Answer(one.link, one.score, one.comment, one.at) for one in clicks]

    def pulses(self) -> list[Pulse]:
        """What those who work here have answered since the last call."""
        pulses = [one for one in self.world.pulses if one.at <= self.now]
        self.world.pulses = [one for one in self.world.pulses if one.at > self.now]
        return pulses

    def save(self) -> bytes:
        """The whole of it, to go on from after a restart."""
        return FORM + zlib.compress(pickle.dumps(self.world, protocol=5), 1)

    @classmethod
    def load(cls, saved: bytes) -> Shop:
        """The shop as it was saved. Raises CannotDo for bytes of another form."""
        if not saved.startswith(FORM):
            raise CannotDo("These bytes are not a saved shop of this version; begin it anew from its seed.")
        shop = cls.__new__(cls)
        shop.world = OwnThings(io.BytesIO(zlib.decompress(saved[len(FORM) :]))).load()
        return shop


class OwnThings(pickle.Unpickler):
    """Reads back our own classes and functions, and two things of Python's; nothing else can be named."""

    ALLOWED = {
        ("msgspec._utils", "rebuild"),
        ("collections", "deque"),
        ("datetime", "date"),
    }

    def find_class(self, module: str, name: str) -> object:
        if module.startswith("omtanke.simulate.") or (module, name) in self.ALLOWED:
            return super().find_class(module, name)
        raise CannotDo(f"A saved shop holds nothing called {module}.{name}; it was changed after it was saved.")


def open_shop(world: World, now: int) -> None:
    """The first day, which may be half over."""
    for customer in world.ordinary if world.settings.knows_everybody else ():
        world.identify(now, customer, ("none", "register"))
        customer.is_known = True
    visits.day_begins(world, now, first=True)


def seconds(moment: datetime | int) -> int:
    """Whole seconds of a datetime with a zone, or of UTC microseconds."""
    if isinstance(moment, int):
        return moment // MICROSECONDS
    if moment.tzinfo is None:
        raise CannotDo(f"{moment} has no time zone; write it with one, as in datetime(2026, 10, 1, tzinfo=ZoneInfo('Europe/Stockholm')).")
    return int(moment.timestamp() // 1)
