"""The living shop as `omtanke demo` runs it, with a clock that is moved and a mail server that keeps what it is given.

The shop's site has its goods, its carts and a way to join; its other customers, its warehouse and its carriers go on around whoever is there.
Time runs an hour a second while nobody looks, and as it does for us while somebody is at a browser.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from fakes.mailbox import Mailbox, mail_server
from fakes.web import free_port
from omtanke.folder import Folder
from omtanke.folder_clock import read_clock, set_clock
from omtanke.playbook import shipped
from omtanke.processes.demo import demo, give_an_ear
from omtanke.processes.shop import EAR, load_shop
from omtanke.runtime.door_keys import open_write_keys
from omtanke.storage.databases import read_database
from omtanke.vocabulary.time import HOUR, SECOND, moment_of

ZONE = ZoneInfo("Europe/Stockholm")
# Of this shop and that evening, Maja's parcel comes on the Friday and Nils's the day before, both by somebody who brings it to the door.
SEED, CUSTOMERS, BEGINS = 109, 150, "2026-11-10 21:00"
# How fast time runs while nobody looks, and how long before a moment it is cut off, as by a loss of power: while processes end as they should, hours pass.
# Processes take some seconds to start, in which time runs already: a night lasts at least so long.
FAST, BEFORE, LEAST_SECONDS = 3_600, 2 * HOUR, 20
QUOTES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\n'


class Town:
    """The living shop's site, and Omtanke over a data folder that tells the shop's last months."""

    def __init__(self, data: Path, mailbox: Mailbox, mail_port: int) -> None:
        self.data, self.mailbox = data, mailbox
        self._pages, self._door_port = free_port(), free_port()
        self._running: list[subprocess.Popen[str]] = []
        data.mkdir(parents=True)
        set_clock(data / "clock.json", moment_of(at(BEGINS)), 1)
        (data / "demo.txt").write_text(f"{at(BEGINS).isoformat()} {CUSTOMERS} {SEED}\n", encoding="utf-8")
        demo(data, CUSTOMERS, SEED, lambda *_: None)
        folder = Folder(data)
        folder.policy_text()
        policy = data / "policy" / "policy.toml"
        policy.write_text(policy.read_text(encoding="utf-8") + QUOTES, encoding="utf-8")
        give_an_ear(folder)
        ports = json.loads((data / EAR).read_text(encoding="utf-8"))
        settings = data / "omtanke.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace(f"port = {ports['mail_port']}\n", f"port = {mail_port}\n"), encoding="utf-8")
        self.shop, self.pages, self._door = (f"http://127.0.0.1:{one}" for one in (ports["port"], self._pages, self._door_port))
        self.key = open_write_keys(data / "keys")[0].key

    def play(self, name: str, text: str = "") -> None:
        """A play of the shop: one that is brought, for everybody, or its own."""
        plays = self.data / "playbook" / "plays"
        (plays / f"{name}.toml").write_text(text or shipped()[name].replace("holdout_percent = 10\n", ""), encoding="utf-8")

    def text_of_play(self, name: str) -> str:
        return (self.data / "playbook" / "plays" / f"{name}.toml").read_text(encoding="utf-8")

    def count(self, type_: str) -> int:
        """How many facts of a type are in the log."""
        db = read_database(self.data, "log")
        (found,) = db.execute("SELECT count(*) FROM fact WHERE type = ?", (type_,)).fetchone()
        db.close()
        return int(found)

    def promised(self, since: str, until: str) -> list[str]:
        """How the deliveries stand that were promised between these moments."""
        db, between = read_database(self.data, "log"), (moment_of(at(since)), moment_of(at(until)))
        found = db.execute("SELECT status FROM promise WHERE kind = 'delivery' AND made_at BETWEEN ? AND ? ORDER BY made_at", between).fetchall()
        db.close()
        return [str(status) for (status,) in found]

    def command(self, *words: str) -> str:
        """What `omtanke` says to it."""
        command = [sys.executable, "-m", "omtanke.cli", *words, "--data", str(self.data)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def live_until(self, when: str) -> None:
        """Everybody goes on living, fast, until it is nearly this time; then it is this time."""
        self.rest()
        here, there = self.stands_at(), moment_of(at(when)) - BEFORE
        self._serve(here, max(1, min(FAST, (there - here) // (LEAST_SECONDS * SECOND))))
        clock = read_clock(self.data / "clock.json")
        while clock() < there:
            time.sleep(0.01)
        self._end(signal.SIGKILL)
        self.go_on(when)

    def go_on(self, when: str) -> None:
        """It is now this time, and goes on from there as it does for us; all processes start anew."""
        self.rest()
        now = moment_of(at(when))
        assert self.stands_at() <= now, f"it has gone on for {(self.stands_at() - now) / HOUR:.1f} hours too long"
        self._serve(now, 1)

    def stands_at(self) -> int:
        """The moment to which the shop and all that was observed have come, while nobody works."""
        log = Folder(self.data).log()
        clock = log.clock()
        log.close()
        return max(clock, load_shop(self.data).now)

    def _serve(self, now: int, speed: int) -> None:
        set_clock(self.data / "clock.json", now, speed)
        where = ["--data", str(self.data), "--port", str(self._pages), "--door-port", str(self._door_port), "--log-level", "error"]
        serving = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "serve", *where], stdout=subprocess.PIPE, text=True, start_new_session=True)
        self._running.append(serving)
        assert serving.stdout is not None
        while not (line := serving.stdout.readline()).startswith("Ctrl-C"):
            assert line, "omtanke serve has ended"
        shop = [sys.executable, "-m", "omtanke.cli", "run", "shop", "--data", str(self.data), "--door-port", str(self._door_port)]
        self._running.append(subprocess.Popen(shop, text=True, start_new_session=True))
        while not is_open(self.shop):
            time.sleep(0.02)

    def rest(self) -> None:
        """The shop first, so that the door is there for what it still has to tell."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        while self._running:
            process = self._running.pop()
            os.killpg(process.pid, how) if how == signal.SIGKILL else process.terminate()
            process.wait(20)
            if process.stdout is not None:
                process.stdout.close()
        while any(is_open(one) for one in (self.shop, self.pages, self._door)):
            time.sleep(0.02)

    def tell(self, user: str, event: str, **properties: Any) -> None:
        """What another server of the shop tells of a customer by number."""
        self._post("/v1/track", {"type": "track", "event": event, "properties": properties, "userId": user, "messageId": str(uuid4()), "writeKey": self.key})

    def scan(self, token: str, receipt: dict[str, Any]) -> None:
        """A receipt of the till, at its hook."""
        self._post(f"/hooks/{token}", receipt)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        connection = http.client.HTTPConnection(urlsplit(self._door).netloc, timeout=20)
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        assert answer.status == 200, said

    def mails_to(self, user: str) -> list[EmailMessage]:
        return [mail for mail in self.mailbox.mails if mail["To"] == f"{user}@example.com"]


def at(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=ZONE)


def is_open(address: str) -> bool:
    """Whether somebody answers there."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=5)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


@contextmanager
def a_town(data: Path) -> Iterator[Town]:
    with mail_server() as (mailbox, port):
        town = Town(data, mailbox, port)
        try:
            yield town
        finally:
            town.rest()
