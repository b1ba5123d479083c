"""`make truth`: on many seeded runs of the living shop, does `omtanke ask plays` say what the remembered cart does?

Each run: the shop lives four weeks beside the real inbox, worker and log, an hour at a time, and hears of every reminder that has gone
out, as it hears of it by webhook. Half of those in the play are held out. Then the question is asked. What it says is held against
what the reminders did to those who were told: the same shop lives once more, with the same dice and all the same messages
but the first one to each of them, and who bought within seven days is counted in both lives. An interval of 95 % must cover that in 92 to 98 % of the runs.

    python -m benchmarks.reminder [first] [last]

The shop of these runs knows its customers, who leave many carts and buy seldom, so that little else than reminders
makes them buy; it may write to whoever has not said no. What each seed gave is kept as in `benchmarks.truth`.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from msgspec import Struct

from benchmarks.truth import BEGINS, DAYS, Found, Run, report
from omtanke.channels.webhook.payload import Payloads
from omtanke.folder import Folder
from omtanke.insight.ask import ask
from omtanke.playbook import shipped
from omtanke.processes.shop import REMEMBERED_CART, told_of
from omtanke.processes.worker import open_worker
from omtanke.runtime.own_sources import MESSAGES, OwnSource
from omtanke.runtime.to_customers.telling import Telling, sent
from omtanke.simulate.days import ZONE
from omtanke.simulate.planted import ShopSettings
from omtanke.simulate.shop import Event, Shop
from omtanke.simulate.told import Message
from omtanke.storage.codec import decode_body
from omtanke.storage.keys import KEY_LENGTH
from omtanke.storage.outbox_facts import Facts, Followed
from omtanke.storage.pages import Pages
from omtanke.storage.ports import Incoming
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import DAY, HOUR, MINUTE, moment_of

PERSONS = 1_200
SETTINGS = ShopSettings(surveys="omtanke", knows_everybody=True, browsing=0.0, intensity=0.15, carts=24.0)
HELD_OUT = 50
BOUGHT_WITHIN = 7 * DAY
PURCHASE = re.compile(rb'"event":"(Order Completed|Receipt Issued)"')
FOLLOWED_AT_ONCE = 100_000
# What is due on the hour goes out within a minute of it.
STEP, AFTER = HOUR, MINUTE
MARKETING = "[consent.purposes.marketing]     # news and offers from us\nbasis = "


class Heard(Struct, frozen=True):
    """A reminder that the shop has heard of: the run of the play that it belongs to, and the moment to which the shop had come."""

    run: int
    at: int
    told: Message


class Lived(Struct, frozen=True):
    """Four weeks: what the shop has sent, and the reminders that have gone out."""

    events: list[Event]
    heard: list[Heard]


class Turn(Struct, frozen=True):
    """The first time that a message was due to a person."""

    run: int
    due_at: int
    is_held_out: bool


class Compared(Struct, frozen=True):
    """A run whole: what was lived, who was in the play, and what the question says beside the truth."""

    lived: Lived
    turns: list[Turn]
    found: Found


def run_seed(seed: int, persons: int = PERSONS) -> Run:
    """The shop of a seed, what the question says of the play, and what the reminders did."""
    began = time.process_time()
    run = compare(seed, persons, SETTINGS)
    return Run(seed, time.process_time() - began, len(run.lived.events), (run.found,))


def compare(seed: int, persons: int, settings: ShopSettings) -> Compared:
    """The whole run of a seed."""
    ends = moment_of(BEGINS + timedelta(days=DAYS))
    with tempfile.TemporaryDirectory() as path:
        folder = shop_folder(Path(path), seed)
        write_policy(folder)
        lived = live(folder, Shop(seed, persons, BEGINS, settings))
        (said,) = ask(Path(path), "plays", as_of=ends).records
        turns = first_turns(folder)
    told = [one for one in turns if not one.is_held_out and one.due_at + BOUGHT_WITHIN <= ends]
    assert len(told) == said["told"], "the question and this benchmark do not speak of the same persons"
    effect = 100 * more_bought(told, lived, Shop(seed, persons, BEGINS, settings)) / len(told)
    found = Found("remembered cart, points", effect, said["effect"], said["effect_low"], said["effect_high"], said["told"], said["held_out"])
    return Compared(lived, turns, found)


def shop_folder(path: Path, seed: int) -> Folder:
    """A folder whose secret comes of the seed, so that chance holds out the same customers each time."""
    key = path / "keys" / "store.key"
    key.parent.mkdir(mode=0o700)
    key.write_bytes(Random(seed).randbytes(KEY_LENGTH))
    return Folder(path)


def write_policy(folder: Folder) -> None:
    """The first policy, under which marketing is allowed until a no, and the shipped play, which leaves half out."""
    ordinary = (files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8")
    written = {
        "policy/policy.toml": replaced(ordinary, f'{MARKETING}"opt_in"', f'{MARKETING}"opt_out"'),
        f"playbook/plays/{REMEMBERED_CART}.toml": replaced(shipped()[REMEMBERED_CART], "holdout_percent = 10", f"holdout_percent = {HELD_OUT}"),
    }
    for name, text in written.items():
        path = folder.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def replaced(text: str, old: str, new: str) -> str:
    assert old in text, f"{old!r} is not there any more"
    return text.replace(old, new)


def live(folder: Folder, shop: Shop) -> Lived:
    """Four weeks, an hour at a time: what the shop sends becomes facts, what is due is decided, and the shop hears of the reminders that go out.

    Whatever is released goes out at once; that it has, is told by the part of the product that tells it after handing over to a mail server.
    """
    inbox = folder.inbox()
    now = [shop.now]
    worker, worked_on = open_worker(folder)
    telling = Telling(OwnSource(inbox, MESSAGES, ZONE.key, "SEK", lambda: now[0]))
    source = inbox.source("shop", Mode.LIVE, ZONE.key, "SEK").source
    facts, position, lived = Facts(folder.path), 0, Lived([], [])
    payloads, run_of = Payloads(facts), dict[int, int]()

    def work() -> list[Followed]:
        nonlocal position
        while not worker.work(now[0]).was_idle:
            pass
        new = facts.after(position, FOLLOWED_AT_ONCE)
        position = new[-1].position if new else position
        return new

    for at in range(shop.now + AFTER, moment_of(BEGINS + timedelta(days=DAYS)) + STEP, STEP):
        now[0] = at
        events = shop.advance(at)
        lived.events.extend(events)
        inbox.append(source, [Incoming(one.message_id, one.occurred_at, one.wire) for one in events], at)
        released = [one for one in work() if one.type == "message_released"]
        for one in released:
            body: Any = decode_body(one.type, one.version, one.body)
            run_of[body.message] = body.run
            telling.tell(one.customer, body, sent(body, "", "", ""))
        for one in work() if released else ():
            if one.type == "message_sent" and isinstance(told := heard_by_webhook(payloads, one), Message):
                body = decode_body(one.type, one.version, one.body)
                lived.heard.append(Heard(run_of[body.message], shop.now, told))
                shop.receive(told)
    for opened in (inbox, worked_on, facts):
        opened.close()
    return lived


def heard_by_webhook(payloads: Payloads, fact: Followed) -> Message | None:
    """What the shop hears of a message that has gone out, as the demo's shop understands it; None for what it does not care about."""
    wire = payloads.of_fact(fact.position)
    said = msgspec.json.decode(wire) if wire else None
    told = told_of(said["data"], said["type"]) if said else None
    return told if isinstance(told, Message) else None


def first_turns(folder: Folder) -> list[Turn]:
    """For each person in the play the first time that a message was due, as the question counts them: who is one person is known at the end."""
    facts, pages = Facts(folder.path), Pages(folder.path)
    entered: dict[int, tuple[int, bool]] = {}
    due: dict[int, int] = {}
    for one in facts.after(0, 10_000_000):
        if one.type in ("play_entered", "message_due"):
            body: Any = decode_body(one.type, one.version, one.body)
            if one.type == "play_entered":
                entered[body.run] = (one.customer, body.is_held_out)
            else:
                due.setdefault(body.run, one.occurred_at)
    firsts: dict[int, Turn] = {}
    for run, due_at in sorted(due.items(), key=lambda one: (one[1], one[0])):
        customer, is_held_out = entered[run]
        person = pages.person_of(customer)
        firsts.setdefault(person[0] if person else customer, Turn(run, due_at, is_held_out))
    facts.close()
    pages.close()
    return list(firsts.values())


def more_bought(told: Sequence[Turn], lived: Lived, twin: Shop) -> int:
    """How many more of those told bought within seven days than would have, had the first message to each of them not come.

    `twin`: the same shop, which lives once more and hears of all the others.
    """
    turns = {one.run: one for one in told}
    events = []
    for heard in lived.heard:
        if heard.run not in turns:
            events += twin.advance(heard.at)
            twin.receive(heard.told)
    events += twin.advance(BEGINS + timedelta(days=DAYS, hours=1))
    bought, would_have = purchases(lived.events), purchases(events)
    more = 0
    for heard in lived.heard:
        if (turn := turns.get(heard.run)) is not None:
            more += buys(bought, heard.told.user_id, turn.due_at) - buys(would_have, heard.told.user_id, turn.due_at)
    return more


def purchases(events: Iterable[Event]) -> dict[str, list[int]]:
    """When each customer bought."""
    found = defaultdict[str, list[int]](list)
    for event in events:
        if PURCHASE.search(event.wire):
            found[msgspec.json.decode(event.wire)["userId"]].append(event.occurred_at)
    return found


def buys(bought: dict[str, list[int]], user_id: str, since: int) -> bool:
    return any(since <= at < since + BOUGHT_WITHIN for at in bought.get(user_id, ()))


if __name__ == "__main__":
    sys.exit(report(sys.argv[1:], "reminder-", run_seed))
