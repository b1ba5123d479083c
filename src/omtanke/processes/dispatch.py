"""Dispatch: webhooks, mail and chat leave from here, messages to customers too, and the morning letter is asked for."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from omtanke.channels.address import Guard
from omtanke.channels.chat.channel import ChatChannel
from omtanke.channels.email.channel import MailChannel, mail_password
from omtanke.channels.outcome import Outcome
from omtanke.channels.post import Poster
from omtanke.channels.webhook.channel import WebhookChannel
from omtanke.channels.webhook.payload import Payloads
from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.processes.addresses import Addresses
from omtanke.processes.drifting import Drifting
from omtanke.processes.to_customers import at_once_of, to_customers
from omtanke.processes.watched import open_watch, watch_of
from omtanke.runtime.disk import Disk
from omtanke.runtime.dispatch import AT_ONCE, Channel, Dispatch
from omtanke.runtime.dispatch_letters import due_day
from omtanke.runtime.dispatch_watch import Watch
from omtanke.runtime.exports import Exports
from omtanke.runtime.logs import note
from omtanke.runtime.metrics import DispatchMeter
from omtanke.runtime.pulse import Pulse
from omtanke.runtime.survey_links import survey_path
from omtanke.runtime.to_customers.channel import ToCustomers
from omtanke.runtime.to_customers.released import MAIL_WAY, SMS_WAY
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_deliveries import Delivery
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.time import DAY, zone_named

LOCK_SECONDS = 0.5
LOOK_SECONDS = 5.0
AGAIN_SECONDS, MOST_WRITING_SECONDS = 30, 120
# Names are looked up and mail is handed over in threads; they wait, and cost little.
THREADS, THREAD_NAME, THREAD_SECONDS = 16, "out", 0.3


class Letters:
    """Starts `run letters` when a letter or an alert is to be put into words: one at a time, and not at once again when it failed.

    `clock` is the shop's.
    """

    def __init__(self, folder: Folder, outbox: Outbox, addresses: Addresses, clock: Callable[[], int]) -> None:
        where = ["--host", addresses.host, "--port", str(addresses.pages_port)]
        self._command = [sys.executable, "-m", "omtanke.cli", "run", "letters", "--data", str(folder.path), *where]
        self._outbox = outbox
        self._clock = clock
        self._zone = zone_named(folder.settings.zone)
        self._writing: subprocess.Popen[bytes] | None = None
        self._began_at = 0.0

    def look(self) -> None:
        """Start it if there is something to write; end one that takes too long."""
        lasted = time.monotonic() - self._began_at
        if self._writing is not None and self._writing.poll() is None:
            if lasted > MOST_WRITING_SECONDS:
                self._writing.kill()
            return
        if self.is_due(self._clock()) and (self._writing is None or self._writing.returncode == 0 or lasted > AGAIN_SECONDS):
            self._began_at = time.monotonic()
            self._writing = subprocess.Popen(self._command, start_new_session=True)

    def is_due(self, now: int) -> bool:
        """Whether somebody's letter is due, or an alert is not in words yet."""
        choices = self._outbox.choices
        return bool(choices.unworded()) or any(due_day(choice, now, self._zone) for choice in choices.all())

    def stop(self) -> None:
        if self._writing is not None and self._writing.poll() is None:
            self._writing.terminate()
            try:
                self._writing.wait(1.0)
            except subprocess.TimeoutExpired:
                self._writing.kill()
                self._writing.wait()


def run(data: Path, host: str | None, port: int | None) -> int:
    """Until asked to end. Another one on the folder is waited for."""
    folder = Folder(data)
    folder.inbox().close()
    folder.log().close()
    return ended(asyncio.run(_run(folder, Addresses(folder, host, port, None))))


def ended(status: int) -> int:
    """The end. A thread that still waits for a name or for a mail server's word is not waited for; its try is made again."""
    waiting = [thread for thread in threading.enumerate() if thread.name.startswith(THREAD_NAME)]
    for thread in waiting:
        thread.join(THREAD_SECONDS / len(waiting))
    if any(thread.is_alive() for thread in waiting):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


async def _run(folder: Folder, addresses: Addresses) -> int:
    lock, pulse, meter = folder.lock("dispatch"), Pulse(), DispatchMeter(folder.path, folder.clock)
    open_watch("dispatch", folder, watch_of("dispatch", folder, meter, Disk(folder.path, folder.settings.keep_free_mb), pulse))
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    while not lock.try_take():
        pulse.beat("another dispatch has the folder; this one waits for it to end")
        if await _waited(stopping, LOCK_SECONDS):
            return 0
    outbox, facts, pool = folder.outbox(), Facts(folder.path), ThreadPoolExecutor(THREADS, THREAD_NAME)
    customers = to_customers(folder, addresses, outbox, facts, folder.inbox(), pool)
    try:
        await _dispatch(folder, addresses, outbox, facts, customers, pool, stopping, pulse, meter)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        customers.close()
        facts.close()
        outbox.close()
        lock.release()
    return 0


async def _dispatch(
    folder: Folder,
    addresses: Addresses,
    outbox: Outbox,
    facts: Facts,
    customers: ToCustomers,
    pool: ThreadPoolExecutor,
    stopping: asyncio.Event,
    pulse: Pulse,
    meter: DispatchMeter,
) -> None:
    note("started")
    watch = Watch(outbox, facts.is_subject, folder.settings.risk_burst)
    ways = channels(folder, outbox, payloads_of(folder, addresses, facts), customers, pool)
    dispatch = Dispatch(
        outbox,
        facts,
        ways,
        watch,
        wall_clock,
        turned=pulse.beat,
        tried=lambda delivery, outcome: tried(meter, delivery, outcome),
        at_once={**AT_ONCE, **at_once_of(folder.settings)},
    )
    drifting = Drifting(folder.path, watch, folder.clock, facts.policy)
    looking = asyncio.create_task(_look(Letters(folder, outbox, addresses, folder.clock), drifting, outbox, facts, watch, customers, folder, stopping))
    try:
        await dispatch.run(stopping)
    finally:
        stopping.set()
        await looking
        note("stopped")


def tried(meter: DispatchMeter, delivery: Delivery, outcome: Outcome) -> None:
    """Count a try, and say what became of it."""
    became = "waiting" if outcome.is_waiting else "done" if outcome.is_done else "failed"
    meter.tries.labels(delivery.way, became).inc()
    level = "info" if outcome.is_done else "debug" if outcome.is_waiting else "warning"
    which = {"delivery": delivery.delivery, "receiver": delivery.receiver, "position": delivery.position}
    note("delivery_tried", level, way=delivery.way, became=became, status=outcome.status, **which)


def payloads_of(folder: Folder, addresses: Addresses, facts: Facts) -> Payloads:
    """Payloads whose links lead to the pages as staff and customers reach them."""
    return Payloads(facts, folder.settings.pages_address or addresses.pages, lambda fact: survey_path(folder.keys, fact.position))


def channels(folder: Folder, outbox: Outbox, payloads: Payloads, customers: ToCustomers, pool: ThreadPoolExecutor) -> dict[str, Channel]:
    """The ways out, as the settings say."""
    settings, message = folder.settings, outbox.deliveries.message
    poster = Poster(Guard(settings.webhook_allow), pool)
    return {
        "webhook": WebhookChannel(outbox.receivers, payloads, poster, wall_clock),
        "mail": MailChannel(message, settings.mail, mail_password(folder.path / "keys"), settings.name, pool),
        "chat": ChatChannel(message, poster),
        MAIL_WAY: customers,
        SMS_WAY: customers,
    }


async def _look(
    letters: Letters, drifting: Drifting, outbox: Outbox, facts: Facts, watch: Watch, customers: ToCustomers, folder: Folder, stopping: asyncio.Event
) -> None:
    """Every few seconds: is the worker behind, is there an alert or a letter to write, has an export lain long enough? And a sign that we live."""
    clock, exports, export_span = folder.clock, Exports(folder.path), folder.settings.exports_kept_days * DAY
    while True:
        now, since = wall_clock(), facts.unread_since()
        watch.worker_waits(since, (clock() - since) // clock.speed)
        aside = facts.set_aside()
        watch.customers_set_aside(aside.persons, aside.since)
        drifting.look()
        watch.tell(now)
        letters.look()
        customers.rest()
        outbox.deliveries.set_meta("alive_at", str(now))
        exports.sweep(now - export_span)
        if await _waited(stopping, LOOK_SECONDS):
            letters.stop()
            drifting.stop()
            return


async def _waited(stopping: asyncio.Event, seconds: float) -> bool:
    """Wait so long; whether we were asked to end meanwhile."""
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return False
    return True
