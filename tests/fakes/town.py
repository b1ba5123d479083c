"""A shop's site and Omtanke's pages under names of their own over TLS, as a browser meets them, and Omtanke with all its processes behind.

`https://butiken.example` is the shop: a page with shoes that go into a cart, and a page for each cart that was begun, on any device. What is done there is told
to the door by the page itself. `https://omtanke.butiken.example` leads to the pages of `omtanke serve`. The clock of the data folder is set while nobody works.
"""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
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
from omtanke.folder_clock import set_clock
from omtanke.playbook import shipped
from omtanke.runtime.door_keys import open_write_keys
from omtanke.storage.databases import read_database
from omtanke.vocabulary.time import moment_of
from omtanke.web.app import first_link

SHOP, PAGES = "butiken.example", "omtanke.butiken.example"
ZONE = ZoneInfo("Europe/Stockholm")
SHOES = {"product_id": "T3", "name": "Löparskor Trail 3", "variant": "blå, 42", "price": 1499, "quantity": 1}
OF_THE_CONNECTION = ("connection", "content-length", "transfer-encoding", "date", "server")
SETTINGS = """name = "Fjäll & Fot"
pages_address = "https://{pages}"
pages_hosts = ["{pages}", "127.0.0.1"]
cart_address = "https://{shop}/cart/{{cart}}"
[customer_mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "hej@butiken.example"
sender_name = "Sara på Fjäll & Fot"
"""
QUOTES = '\n[quotes]\ncut_off = "14.00"\ncountry = "SE"\nlanes.SE = [1, 2]\n'
SITE = """<!doctype html><html lang="sv"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Fjäll &amp; Fot</title>
<h1>Fjäll &amp; Fot</h1><ul id="cart"></ul>
<button id="add">Lägg löparskorna i varukorgen</button> <button id="order">Beställ</button>
<script>
const cart = %(cart)s, lines = %(lines)s, shoes = %(shoes)s
const device = localStorage.device || (localStorage.device = "device-" + crypto.randomUUID())
let told = 0
async function tell(event, properties, type = "track", more = {}) {
  const context = { channel: "web", timezone: "Europe/Stockholm" }
  const body = { type, event, properties, ...more, anonymousId: device, messageId: crypto.randomUUID(), context, writeKey: "%(key)s" }
  if (localStorage.user) body.userId = localStorage.user
  const headers = { "content-type": "application/json" }
  const answer = await fetch("%(door)s/v1/" + type, { method: "POST", headers, body: JSON.stringify(body) })
  if (answer.ok) document.body.dataset.told = ++told
}
function show() { document.getElementById("cart").innerHTML = lines.map(one => `<li>${one.name}, ${one.variant}</li>`).join("") }
async function signIn(user, traits) { localStorage.user = user; await tell(undefined, undefined, "identify", { traits }) }
function signOut() { delete localStorage.user }
document.getElementById("add").onclick = async () => {
  lines.push(shoes); show()
  await fetch("/cart/" + cart, { method: "POST", body: JSON.stringify(lines) })
  await tell("Product Added", { cart_id: cart, ...shoes })
}
document.getElementById("order").onclick = () => tell("Order Completed", { order_id: "10482", cart_id: cart, total: 1499, products: lines,
  promises: [{ kind: "delivery", until: "2026-11-27", words: "Hos dig fredag", place: "kassan" }] })
show()
if (location.pathname.startsWith("/cart/")) tell("Cart Viewed", { cart_id: cart, products: lines })
</script></html>"""


class Town:
    """The shop's site, and Omtanke over a data folder."""

    def __init__(self, data: Path, mailbox: Mailbox, mail_port: int) -> None:
        self.data, self.mailbox = data, mailbox
        self.pages, self.door, self.https = free_port(), free_port(), free_port()
        self.carts: dict[str, list[dict[str, Any]]] = {}
        self._serving: subprocess.Popen[str] | None = None
        data.mkdir(parents=True)
        (data / "omtanke.toml").write_text(SETTINGS.format(shop=SHOP, pages=PAGES, port=mail_port), encoding="utf-8")
        folder = Folder(data)
        folder.policy_text()
        policy = data / "policy" / "policy.toml"
        policy.write_text(policy.read_text(encoding="utf-8") + QUOTES, encoding="utf-8")
        self.link = first_link(data)
        self.key = open_write_keys(data / "keys")[0].key
        self._site = served(self, data.parent)

    def play(self, name: str, text: str = "") -> None:
        """A play of the shop: one that is brought, for everybody, or its own."""
        plays = self.data / "playbook" / "plays"
        plays.mkdir(parents=True, exist_ok=True)
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

    def go_on(self, when: str) -> None:
        """It is now this time, and goes on from there; all processes start anew."""
        self.rest()
        set_clock(self.data / "clock.json", moment_of(datetime.fromisoformat(when).replace(tzinfo=ZONE)), 1)
        where = ["--data", str(self.data), "--port", str(self.pages), "--door-port", str(self.door), "--log-level", "error"]
        self._serving = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "serve", *where], stdout=subprocess.PIPE, text=True)
        assert self._serving.stdout is not None
        while not (line := self._serving.stdout.readline()).startswith("Ctrl-C"):
            assert line, "omtanke serve has ended"

    def rest(self) -> None:
        if self._serving is not None:
            self._serving.terminate()
            self._serving.wait(20)
            assert self._serving.stdout is not None
            self._serving.stdout.close()
            self._serving = None

    def close(self) -> None:
        self.rest()
        self._site.shutdown()
        self._site.server_close()

    def tell(self, user: str, event: str, **properties: Any) -> None:
        """What a server of the shop tells."""
        said = {"type": "identify", "traits": properties} if event == "identify" else {"type": "track", "event": event, "properties": properties}
        self._post(f"/v1/{said['type']}", {**said, "userId": user, "messageId": str(uuid4()), "writeKey": self.key})

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

    def site(self, path: str) -> str:
        """The shop's page at a path."""
        cart = path.removeprefix("/cart/") if path.startswith("/cart/") else "korg-1"
        lines = self.carts.get(cart, []) if path.startswith("/cart/") else []
        given = {"cart": json.dumps(cart), "lines": json.dumps(lines), "shoes": json.dumps(SHOES), "key": self.key, "door": f"http://127.0.0.1:{self.door}"}
        return SITE % given


def served(town: Town, folder: Path) -> ThreadingHTTPServer:
    """Both names on one port, by TLS."""

    class Both(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("content-length", "0"))))

        def _answer(self, body: bytes) -> None:
            if (self.headers.get("host") or "").partition(":")[0] == PAGES:
                self._pass_on(body)
                return
            if self.command == "POST":
                town.carts[self.path.removeprefix("/cart/")] = json.loads(body)
            self._send(200, [("content-type", "text/html; charset=utf-8")], town.site(self.path).encode())

        def _pass_on(self, body: bytes) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", town.pages, timeout=20)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"} | {"x-forwarded-proto": "https"}
            connection.request(self.command, self.path, body or None, headers)
            answer = connection.getresponse()
            said = answer.read()
            self._send(answer.status, [(name, value) for name, value in answer.getheaders() if name.lower() not in OF_THE_CONNECTION], said)
            connection.close()

        def _send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in (*headers, ("content-length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

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
