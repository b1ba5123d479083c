"""From an event that the door has made durable until the mail server has the mail that it leads to, with `omtanke serve` as a shop runs it.

The simulated shop's own events come in singly, so many a second, with all plays at work that are brought; each mail is written, signed with a key
of 2,048 bits and handed over by SMTP. Then a crowd orders at once, which shows how many mails leave in a second. Sender, product and mail
server share the cores. What customers have done before is told before there are plays, and is not counted.
"""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.door import NO_LIMIT, free_port
from benchmarks.linking import at
from benchmarks.throughput import Serving, serving, tell, told
from benchmarks.throughput_load import Prepared, batch_request
from benchmarks.timing import Table
from omtanke.intake.calls import checked
from omtanke.intake.gathering import Sending
from omtanke.playbook import shipped
from omtanke.simulate.shop import Shop
from omtanke.storage.codec import decode_body
from omtanke.storage.databases import read_database
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.play import MessageFailed, MessageReleased, MessageSent
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import SECOND, moment_of, zone_named

PERSONS, DAYS = 6_000, 40
RATE, SECONDS, CROWD = 200, 60, 2_000
WANTED_SECONDS = 2.0
PATIENCE_SECONDS = 60.0
MAIL = """{no_limit}
name = "Fjäll & Fot"
pages_address = "https://omtanke.butiken.example"
[customer_mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "hej@butiken.example"
dkim_selector = "omtanke"
dkim_domain = "butiken.example"
"""
FATES = """SELECT type, version, body, received_at FROM fact
WHERE position > ? AND type IN ('message_released', 'message_sent', 'message_failed')"""
SHOES = {"sku": "T3", "name": "Löparskor Trail 3", "variant": "blå, 42", "quantity": 2, "price": 149.5}
PROMISE = {"kind": "delivery", "until": "2099-01-01", "words": "Hos dig i tid"}


def run() -> None:
    """Print the table."""
    table = Table(f"From an event to its mail: {RATE} events a second of the shop's own for {SECONDS} seconds, {len(shipped())} plays")
    folder = Path(tempfile.mkdtemp())
    try:
        with MailServer() as server:
            (folder / "data" / "keys").mkdir(mode=0o700, parents=True)
            write_key(folder / "data" / "keys")
            with serving(folder / "data", MAIL.format(no_limit=NO_LIMIT, port=server.port)) as shop:
                measure(shop, folder, server, table)
    finally:
        shutil.rmtree(folder)


class MailServer:
    """`benchmarks.mail_sink` as a process."""

    def __init__(self) -> None:
        self.port = free_port()

    def __enter__(self) -> MailServer:
        words = [sys.executable, "-m", "benchmarks.mail_sink", str(self.port)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self._process.stdout.readline()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def taken(self) -> list[tuple[str, float, str]]:
        """Everything that it took; it ends."""
        said, _ = self._process.communicate()
        return [(recipient, seconds, named) for recipient, seconds, named in json.loads(said)]


def write_key(keys: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (keys / "dkim.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def write_playbook(data: Path) -> None:
    """All plays that are brought; what is under way follows them within a second or two."""
    plays = data / "plays"
    plays.mkdir()
    for name, text in shipped().items():
        (plays / f"{name}.toml").write_text(text, encoding="utf-8")
    (data / "playbook").mkdir()
    plays.rename(data / "playbook" / "plays")
    time.sleep(3.0)


def measure(shop: Serving, folder: Path, server: MailServer, table: Table) -> None:
    before, ours = events()
    crowd = [call(f"i{n}", n, {"type": "identify", "traits": {"email": f"b{n}@example.com", "locale": "sv-SE"}}) for n in range(CROWD)]
    known = [*before, *crowd]
    batches = [known[n : n + 200] for n in range(0, len(known), 200)]
    wait_for(shop, folder, Prepared([len(one) for one in batches], [batch_request(shop.port, shop.key, one) for one in batches]), 0)
    write_playbook(shop.data)
    used, first = shop.used(), shop.log.last_position()
    wait_for(shop, folder, Prepared([1] * len(ours), [track(shop, one) for one in ours]), RATE)
    waits = handed_over(shop, first)
    split = {name: 1e3 * (now - used[name]) / len(waits) for name, now in shop.used().items()}
    table.line("mails that these events led to", len(waits), "mails", f"{len(waits) / SECONDS:.0f} a second")
    beside = f"under {WANTED_SECONDS:.0f}; median {at(waits, 0.5):.2f}, slowest {max(waits):.2f}"
    table.line("from the event to the mail server: p99", at(waits, 0.99), "s", beside)
    table.line("cores, of both for each mail", sum(split.values()), "ms", ", ".join(f"{name} {cost:.1f}" for name, cost in split.items() if cost >= 0.05))
    began, first = time.perf_counter(), shop.log.last_position()
    wait_for(shop, folder, Prepared([1] * CROWD, [track(shop, order(n)) for n in range(CROWD)]), 0)
    table.line("mails a second when a crowd orders at once", len(handed_over(shop, first)) / (time.perf_counter() - began), "mails/s", f"{CROWD:,} orders")
    table.line("mails that the server took", len(server.taken()), "mails")


def events() -> tuple[list[bytes], list[bytes]]:
    """What customers have done before, and what they do while it is looked at, which happens when it is told."""
    now = datetime.now(UTC)
    sending, found = Sending("shop", Mode.LIVE, zone_named("Europe/Stockholm"), "SEK"), []
    for event in Shop(1, PERSONS, now - timedelta(days=DAYS)).advance(now):
        message = json.loads(event.wire)
        with contextlib.suppress(Refused):
            checked(message, sending, moment_of(now))
            found.append(message)
    count = RATE * SECONDS
    ours = [{name: said for name, said in one.items() if name not in ("timestamp", "originalTimestamp", "sentAt")} for one in found[-count:]]
    return [json.dumps(one).encode() for one in found[:-count]], [json.dumps(one).encode() for one in ours]


def wait_for(shop: Serving, folder: Path, prepared: Prepared, rate: int) -> None:
    told(tell(shop, folder, prepared, rate), prepared)
    shop.wait_until_consumed()


def handed_over(shop: Serving, first: int) -> list[float]:
    """Seconds from the receipt of what led to a message until it was handed over, of each that an event after a position led to at once."""
    released: dict[int, int] = {}
    log, until = read_database(shop.data, "log"), time.monotonic() + PATIENCE_SECONDS
    while True:
        rows = log.execute(FATES, (first,))
        waits, released = [], {}
        for type_, version, body, received_at in rows.fetchall():
            said = decode_body(type_, version, body)
            if isinstance(said, MessageReleased):
                released[said.message] = received_at
            elif isinstance(said, MessageSent | MessageFailed) and said.message in released:
                waits.append((received_at - released.pop(said.message)) / SECOND)
        if not released or time.monotonic() > until:
            log.close()
            return [*waits, *[float("inf")] * len(released)]
        time.sleep(0.2)


def order(n: int) -> bytes:
    properties = {"order_id": f"A{n}", "total": 299, "products": [SHOES], "promises": [PROMISE]}
    return call(f"o{n}", n, {"type": "track", "event": "Order Completed", "properties": properties})


def track(shop: Serving, raw: bytes) -> bytes:
    """A call of its own as bytes of HTTP."""
    authorisation = base64.b64encode(f"{shop.key}:".encode()).decode()
    kind = json.loads(raw).get("type", "track")
    head = f"POST /v1/{kind} HTTP/1.1\r\nhost: 127.0.0.1:{shop.port}\r\nauthorization: Basic {authorisation}\r\ncontent-length: {len(raw)}\r\n\r\n"
    return head.encode() + raw


def call(message: str, customer: int, said: dict[str, object]) -> bytes:
    return json.dumps(said | {"messageId": message, "userId": f"u{customer}"}).encode()
