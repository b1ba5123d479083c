"""The living shop and Omtanke's pages under names of their own over TLS, as a browser meets them, and Omtanke with all its processes behind.

`https://butiken.example` is the site of the demo's shop, with its goods, its carts and a way to join; the shop's other customers, its warehouse and
its carriers go on around whoever is there. `https://omtanke.butiken.example` leads to the pages of `omtanke serve`. Time runs an hour a second while
nothing is looked at, and as it does for us while somebody is at a browser.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from fakes.certificates import certified
from fakes.mailbox import Mailbox, mail_server
from fakes.web import free_port
from omtanke.folder import Folder
from omtanke.folder_clock import read_clock, set_clock
from omtanke.playbook import shipped
from omtanke.processes.demo import demo, give_an_ear
from omtanke.processes.shop import EAR, load_shop
from omtanke.runtime.door_keys import open_write_keys
from omtanke.storage.databases import read_database
from omtanke.vocabulary.time import HOUR, moment_of

SHOP, PAGES = "butiken.example", "omtanke.butiken.example"
ZONE = ZoneInfo("Europe/Stockholm")
# Of this shop and that evening, Maja's parcel comes on the Friday and Nils's the day before, both by somebody who brings it to the door.
SEED, CUSTOMERS, BEGINS = 109, 150, "2026-11-10 21:00"
# How fast time runs while nobody looks, and how long before a moment it stops, so that what ends slowly does not come too late.
FAST, BEFORE = 3_600, timedelta(hours=5)
OF_THE_CONNECTION = ("connection", "content-length", "transfer-encoding", "date", "server")
SETTINGS = """name = "Björk & Berg"
pages_address = "https://{pages}"
pages_hosts = ["{pages}", "127.0.0.1"]
cart_address = "https://{shop}/cart/{{cart}}"
webhook_allow = ["127.0.0.1:{ear}"]
[customer_mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "hej@butiken.example"
sender_name = "Sara på Björk & Berg"
"""
QUOTES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\n'


class Town:
    """The living shop's site, and Omtanke over a data folder that tells the shop's last months."""

    def __init__(self, data: Path, mailbox: Mailbox, mail_port: int) -> None:
        self.data, self.mailbox = data, mailbox
        self.pages, self.door, self.https = free_port(), free_port(), free_port()
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
        self.shop = int(json.loads((data / EAR).read_text(encoding="utf-8"))["port"])
        (data / "omtanke.toml").write_text(SETTINGS.format(shop=SHOP, pages=PAGES, ear=self.shop, port=mail_port), encoding="utf-8")
        self.key = open_write_keys(data / "keys")[0].key
        self._site = served(self, data.parent)

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

    def command(self, *words: str) -> str:
        """What `omtanke` says to it."""
        command = [sys.executable, "-m", "omtanke.cli", *words, "--data", str(self.data)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def live_until(self, when: str) -> None:
        """Everybody goes on living, fast, until it is nearly this time; then it is this time."""
        self.rest()
        self._serve(self.stands_at(), FAST)
        clock = read_clock(self.data / "clock.json")
        while clock() < moment_of(at(when) - BEFORE):
            time.sleep(0.01)
        self.go_on(when)

    def go_on(self, when: str) -> None:
        """It is now this time, and goes on from there as it does for us; all processes start anew."""
        self.rest()
        now = moment_of(at(when))
        assert self.stands_at() <= now, f"it has gone on for {(self.stands_at() - now) / HOUR:.1f} hours too long"
        self._serve(now, 1)

    def stands_at(self) -> int:
        """The moment to which the shop and the log have come, while nobody works."""
        log = Folder(self.data).log()
        clock = log.clock()
        log.close()
        return max(clock, load_shop(self.data).now)

    def _serve(self, now: int, speed: int) -> None:
        set_clock(self.data / "clock.json", now, speed)
        where = ["--data", str(self.data), "--port", str(self.pages), "--door-port", str(self.door), "--log-level", "error"]
        serving = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "serve", *where], stdout=subprocess.PIPE, text=True)
        self._running.append(serving)
        assert serving.stdout is not None
        while not (line := serving.stdout.readline()).startswith("Ctrl-C"):
            assert line, "omtanke serve has ended"
        shop = [sys.executable, "-m", "omtanke.cli", "run", "shop", "--data", str(self.data), "--door-port", str(self.door)]
        self._running.append(subprocess.Popen(shop, text=True))
        while not is_open(self.shop):
            time.sleep(0.02)

    def rest(self) -> None:
        """The shop first, so that the door is there for what it still has to tell."""
        while self._running:
            process = self._running.pop()
            process.terminate()
            process.wait(20)
            if process.stdout is not None:
                process.stdout.close()

    def close(self) -> None:
        self.rest()
        self._site.shutdown()
        self._site.server_close()

    def tell(self, user: str, event: str, **properties: Any) -> None:
        """What another server of the shop tells of a customer by number."""
        self._post("/v1/track", {"type": "track", "event": event, "properties": properties, "userId": user, "messageId": str(uuid4()), "writeKey": self.key})

    def scan(self, token: str, receipt: dict[str, Any]) -> None:
        """A receipt of the till, at its hook."""
        self._post(f"/hooks/{token}", receipt)

    def _post(self, path: str, body: dict[str, Any]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.door, timeout=20)
        connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        assert answer.status == 200, said

    def mails_to(self, user: str) -> list[EmailMessage]:
        return [mail for mail in self.mailbox.mails if mail["To"] == f"{user}@example.com"]


def at(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=ZONE)


def is_open(port: int) -> bool:
    """Whether somebody answers there."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.connect()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def served(town: Town, folder: Path) -> ThreadingHTTPServer:
    """Both names on one port, by TLS."""

    class Both(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

        def do_GET(self) -> None:
            self._pass_on(b"")

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers.get("content-length", "0"))))

        def _pass_on(self, body: bytes) -> None:
            is_pages = (self.headers.get("host") or "").partition(":")[0] == PAGES
            connection = http.client.HTTPConnection("127.0.0.1", town.pages if is_pages else town.shop, timeout=20)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"} | {"x-forwarded-proto": "https"}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            said = answer.read()
            connection.close()
            self.send_response(answer.status)
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in OF_THE_CONNECTION]
            for name, value in (*kept, ("content-length", str(len(said)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

    server = ThreadingHTTPServer(("127.0.0.1", town.https), Both)
    server.socket = certified(SHOP, folder)[0].wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@contextmanager
def a_town(data: Path) -> Iterator[Town]:
    with mail_server() as (mailbox, port):
        town = Town(data, mailbox, port)
        try:
            yield town
        finally:
            town.close()
