"""The demo's shop as a process of its own: it lives by the folder's clock, tells the door what happens, hears by webhook what we do,
its customers answer by the links they get, and it has a small site of its own. What it knows lies in `demo.shop`, so that it goes on after a stop.
"""

from __future__ import annotations

import base64
import http.client
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from omtanke.channels.webhook.signature import is_signed
from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.processes.addresses import Addresses
from omtanke.processes.demo_post import PostOffice
from omtanke.processes.demo_site import Answer, Site, Visit, device_in, language_of
from omtanke.processes.stopping import on_stop
from omtanke.runtime.door_keys import open_write_keys
from omtanke.simulate.reactions import OFFER, REMINDER
from omtanke.simulate.shop import Event, Left, Shop, Visitor
from omtanke.simulate.told import AtBrowser, Message, NewDate, SurveyLink, Told
from omtanke.vocabulary.play import PROMOTIONAL
from omtanke.vocabulary.time import SECOND, moment_of

STATE = "demo.shop"
EAR, HEARD_AT = "demo.json", "/heard"
HEARD_TYPES = ("survey_asked", "promise_made", "promise_renegotiated", "message_sent")
REMEMBERED_CART = "remembered_cart"
LARGEST_BATCH = 400
LARGEST_WEBHOOK = 64 * 1024
TICK_SECONDS = 0.25
SAVE_EVERY_SECONDS = 5.0
PATIENCE_SECONDS = 10.0
UNREACHED = (OSError, http.client.HTTPException)


def told_of(data: dict[str, Any], type_: str) -> Told | None:
    """What a webhook means to the shop; None for what the shop itself has brought about."""
    customer = data.get("customer", {}).get("user_id", "")
    at = moment_of(datetime.fromisoformat(data["occurred_at"]))
    about = {name: data[name] for name in ("order_id", "case_id", "store_id") if data.get(name)}
    if type_ == "survey.asked":
        asked = {name: data[name] for name in ("about", "question", "scale", "link")}
        return SurveyLink(user_id=customer, survey_id=data["link"].rpartition("/")[2], at=at, **about, **asked)
    if type_ == "message.sent":
        return message_of(data, customer, at)
    if data.get("touchpoint") != "console":
        return None
    from_at, until_at = (moment_of(datetime.fromisoformat(data[name])) if data.get(name) else 0 for name in ("from_at", "until_at"))
    order, case = about.get("order_id", ""), about.get("case_id", "")
    return NewDate(user_id=customer, order_id=order, case_id=case, from_at=from_at, until_at=until_at, words=data.get("words", ""), at=at)


def message_of(data: dict[str, Any], customer: str, at: int) -> Message | None:
    """A message of ours that was not asked for; None for what is owed, and for what the shop itself has sent."""
    if not data.get("message") or data.get("message_class") != PROMOTIONAL:
        return None
    return Message(user_id=customer, kind=REMINDER if data.get("template") == REMEMBERED_CART else OFFER, at=at)


class Ear:
    """A receiver of webhooks on loopback, which believes only what is signed. What it heard waits until it is taken. The shop's site is on the same port."""

    def __init__(self, port: int, secret: str, site: Site) -> None:
        self.port, self.site = port, site
        self._heard: list[Told] = []
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self._secret = secret
        self._server = ThreadingHTTPServer(("127.0.0.1", port), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self) -> list[Told]:
        with self._lock:
            heard, self._heard = self._heard, []
        return heard

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def hear(self, headers: dict[str, str], body: bytes) -> int:
        """The status to answer with. The same id twice is heard once."""
        if not is_signed(self._secret, headers, body, wall_clock() // SECOND):
            return 401
        said = json.loads(body)
        told = told_of(said["data"], said["type"]) if said["type"] != "ping" else None
        with self._lock:
            if told is not None and headers["webhook-id"] not in self._known:
                self._known.add(headers["webhook-id"])
                self._heard.append(told)
        return 204

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        ear, site = self, self.site

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._show(site.page(self._visit(b"")))

            def do_POST(self) -> None:
                body = self.rfile.read(min(int(self.headers.get("content-length", 0)), LARGEST_WEBHOOK))
                if self.path != HEARD_AT:
                    self._show(site.press(self._visit(body)))
                    return
                self._send(ear.hear({name.lower(): value for name, value in self.headers.items()}, body), (), b"")

            def _visit(self, body: bytes) -> Visit:
                said = {name: self.headers.get(name, "") for name in ("accept-language", "cookie", "user-agent")}
                sort = "mobile" if "Mobi" in said["user-agent"] else "desktop"
                form = dict(parse_qsl(body.decode("utf-8", "replace")))
                return Visit(unquote(urlsplit(self.path).path), language_of(said["accept-language"]), device_in(said["cookie"]), sort, form)

            def _show(self, answer: Answer) -> None:
                self._send(answer.status, answer.headers(), answer.page.encode())

            def _send(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> None:
                self.send_response(status)
                for name, value in (*headers, ("content-length", str(len(body)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: what is heard is personal."""

        return Handler


class Mouth:
    """Tells the door, in batches, each until it is durable; and presses the buttons behind links.

    What is told of a customer or a browser are Segment's calls. Warehouse, carriers and stores know neither: theirs are CloudEvents, which need name
    only an order, a parcel or a store.
    """

    def __init__(self, door: str, key: str) -> None:
        self._door = door
        self._authorisation = "Basic " + base64.b64encode(f"{key}:".encode()).decode()

    def tell(self, events: Sequence[Event]) -> bool:
        """Whether all of it is durable; what was told before is told again without harm."""
        return all(self._post(batch) for batch in in_batches(events))

    def _post(self, batch: Sequence[Event]) -> bool:
        path, kind, body = written(batch)
        request = urllib.request.Request(f"{self._door}{path}", body, {"authorization": self._authorisation, "content-type": kind})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS):
                return True
        except urllib.error.HTTPError as refused:
            return refused.code == 400  # the good ones are kept; the others are there to be seen in the debugger
        except UNREACHED:
            return False

    def answer(self, link: str, score: int, comment: str) -> bool:
        """Whether the answer is saved. One click, and perhaps a line."""
        return self._press(link, {"score": str(score)}) and (not comment or self._press(link, {"comment": comment}))

    def _press(self, link: str, form: dict[str, str]) -> bool:
        try:
            with urllib.request.urlopen(link, urllib.parse.urlencode(form).encode(), timeout=PATIENCE_SECONDS):
                return True
        except urllib.error.HTTPError as refused:
            return refused.code < 500
        except UNREACHED:
            return False


def in_batches(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    """In their order, those that name somebody apart from those that do not."""
    for _, some in groupby(events, names_somebody):
        alike = list(some)
        for n in range(0, len(alike), LARGEST_BATCH):
            yield alike[n : n + LARGEST_BATCH]


def names_somebody(event: Event) -> bool:
    said = json.loads(event.wire)
    return "userId" in said or "anonymousId" in said


def written(batch: Sequence[Event]) -> tuple[str, str, bytes]:
    """Where a batch goes, its content type and its bytes."""
    if names_somebody(batch[0]):
        return "/v1/batch", "application/json", b'{"batch":[' + b",".join(event.wire for event in batch) + b"]}"
    return "/v1/events", "application/cloudevents-batch+json", json.dumps([cloud_event(json.loads(event.wire)) for event in batch]).encode()


def cloud_event(said: dict[str, Any]) -> dict[str, Any]:
    """A track call that names nobody, as a CloudEvent."""
    where = {name: said["context"][name] for name in ("channel", "touchpoint")}
    return {
        "specversion": "1.0",
        "type": said["event"],
        "source": f"/shop/{where['touchpoint']}",
        "id": said["messageId"],
        "time": said["timestamp"],
        **where,
        "data": said["properties"],
    }


class Living:
    """The shop and its mouth, a tick at a time; whoever is at its site comes in between."""

    def __init__(self, folder: Folder, shop: Shop, mouth: Mouth) -> None:
        self._folder = folder
        self._shop = shop
        self._mouth = mouth
        self._untold: list[Event] = []
        self._unanswered: list[tuple[str, int, str]] = []
        self._was_visited = False
        self._one_at_a_time = threading.Lock()

    def tick(self, heard: Sequence[Told]) -> bool:
        """Live up to now; whether anything was heard or pressed."""
        with self._one_at_a_time:
            for told in heard:
                self._shop.receive(told)
            self._live()
            untold, self._untold = self._untold, []
            has_changed, self._was_visited = bool(heard) or self._was_visited, False
            self._unanswered += [(one.link, one.score, one.comment) for one in self._shop.answers()]
        if untold and not self._mouth.tell(untold):
            with self._one_at_a_time:
                self._untold = untold + self._untold
        self._unanswered = [one for one in self._unanswered if not self._mouth.answer(*one)]
        return has_changed

    def _live(self) -> None:
        self._untold += self._shop.advance(max(self._folder.clock(), self._shop.now))

    def cart(self, number: str) -> Left | None:
        with self._one_at_a_time:
            return self._shop.cart(number)

    def visitor(self, device: str) -> Visitor:
        with self._one_at_a_time:
            return self._shop.visitor(device)

    def knows(self, email: str) -> bool:
        with self._one_at_a_time:
            return self._shop.knows(email)

    def take(self, done: Callable[[int], AtBrowser]) -> None:
        """At this moment; what comes of it is told with the next tick."""
        with self._one_at_a_time:
            self._live()
            self._shop.receive(done(self._shop.now))
            self._was_visited = True

    def save(self) -> None:
        """What the shop knows, unless the door does not know yet what happened in it."""
        with self._one_at_a_time:
            if not self._untold and not self._unanswered:
                save_shop(self._folder.path, self._shop)


def save_shop(data: Path, shop: Shop) -> None:
    new = data / f"{STATE}.new"
    new.write_bytes(shop.save())
    new.rename(data / STATE)


def load_shop(data: Path) -> Shop:
    return Shop.load((data / STATE).read_bytes())


def run(data: Path, host: str | None, door_port: int | None) -> int:
    """Until asked to end."""
    folder = Folder(data)
    addresses, key = Addresses(folder, host, None, door_port), open_write_keys(data / "keys")[0].key
    heard_at = json.loads((data / EAR).read_text(encoding="utf-8"))
    stopping = threading.Event()
    on_stop(stopping.set)
    office = PostOffice(heard_at["mail_port"]) if "mail_port" in heard_at else None  # none in the folder of an earlier version
    shop = load_shop(data)
    living, waited = Living(folder, shop, Mouth(addresses.door, key)), 0.0
    ear = Ear(heard_at["port"], heard_at["secret"], Site(office, living))
    while not stopping.wait(TICK_SECONDS):
        waited += TICK_SECONDS
        if living.tick(ear.take()) or waited >= SAVE_EVERY_SECONDS:
            living.save()
            waited = 0.0
    ear.close()
    living.save()
    if office is not None:
        office.close()
    return 0
