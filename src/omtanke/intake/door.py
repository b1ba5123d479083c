"""The door: Segment's calls and the promise API over HTTP. An ASGI application without Django.

`POST /v1/track`, `/v1/identify`, `/v1/page`, `/v1/screen`, `/v1/group`, `/v1/alias` and `/v1/batch`; Basic
authorisation with the write key as user name, a Bearer token, or `writeKey` in the body. 200 means durable. A call that
breaks a rule is answered with 400 and, as problem+json (RFC 9457), every fault with its path, value and rule; of a
batch the good calls are kept. Everything under `/api/` is in `omtanke.intake.api`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from omtanke.folder_clock import wall_clock
from omtanke.intake.api import Api, Caller
from omtanke.intake.calls import BATCH, read_calls
from omtanke.intake.consents import consents_of_customer
from omtanke.intake.gathering import Gathering, Sending
from omtanke.intake.http import (
    LARGEST_BATCH,
    LARGEST_CALL,
    Answer,
    Disconnected,
    Problem,
    Receive,
    Scope,
    Send,
    authorised_key,
    encode,
    read_body,
    receive_body,
    send_answer,
)
from omtanke.intake.limits import Limits
from omtanke.intake.looking import Looking
from omtanke.intake.openapi import document
from omtanke.runtime.door_keys import KeyRing, ReadKey, WriteKey
from omtanke.settings import Settings
from omtanke.storage.door_record import UNKNOWN_KEY, DoorRecord, Event
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Inbox
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.reading import CALLS
from omtanke.vocabulary.time import zone_named

ENDPOINTS = (*CALLS, BATCH)
UNKNOWN = "The key is not known; the console's page Senders has those that are"
TAKEN = Answer(200, {"success": True})


class Door:
    """The ASGI application. `clock` says when events are received; limits and the record of calls go by the wall clock."""

    def __init__(self, data: Path, inbox: Inbox, keys: Keys, settings: Settings, clock: Callable[[], int]) -> None:
        self._settings = settings
        self._clock = clock
        self._ring = KeyRing(data / "keys", wall_clock)
        self._record = DoorRecord(data / "door.db", keys, settings.debugger_hours, wall_clock)
        self._limits = Limits(settings.door_events_per_second, settings.door_burst, wall_clock)
        self._gathering = Gathering(inbox, clock)
        self._looking = Looking(data, keys)
        self._api = Api(self._gathering, self._looking, self._record, settings.zone, clock)
        self._sendings: dict[WriteKey, Sending] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
        except Problem as problem:
            answer = problem.answer()
        except Disconnected:
            return
        await send_answer(send, answer)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._record.start()
            else:
                self._record.stop()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        path = scope["path"]
        if path.startswith("/v1/") and path[4:] in ENDPOINTS:
            require_method(scope, "POST")
            return await self._take(path[4:], scope, receive)
        if path.startswith("/api/"):
            return await self._answer_api(scope, receive)
        if path == "/healthz":
            require_method(scope, "GET")
            return Answer(200, {"status": "ok"})
        raise Problem(404, f"There is nothing at {path[:80]}; the door takes /v1/{', /v1/'.join(ENDPOINTS)}, and /api/openapi.json says what else")

    # Events

    async def _take(self, call: str, scope: Scope, receive: Receive) -> Answer:
        """A call of events: made durable, or told what is wrong with it."""
        written = authorised_key(scope)
        key = self._writing(written, call) if written else None
        with self._limits.under_way(key.id if key else ""):
            largest = LARGEST_BATCH if call == BATCH else LARGEST_CALL
            raw = await receive_body(scope, receive, largest)
            try:
                body = read_body(raw, largest)
                key = key or self._writing(str(body.get("writeKey") or ""), call)
                return await self._read_and_store(call, body, key)
            except Problem as problem:
                if key is not None and not problem.faults:
                    self._keep(key, call, "", raw, "", "", problem.title)
                raise

    async def _read_and_store(self, call: str, body: dict[str, Any], key: WriteKey) -> Answer:
        sending = self._sending(key)
        read = read_calls(call, body, sending, self._clock)
        self._limits.charge(key.id, len(read.taken) + len(read.refused) or 1)
        if read.taken:
            await self._gathering.make_durable(sending, read.taken)
            for incoming in read.taken[-MOST_KEPT:]:
                self._keep(key, call, incoming.message_id, incoming.wire)
        for message, wrong in read.refused[-MOST_KEPT:]:
            self._keep(key, call, id_of(message), encode(message), wrong["path"], wrong["value"], wrong["rule"])
        if read.refused:
            faults = [wrong for _, wrong in read.refused]
            raise Problem(400, f"{len(faults)} of {len(faults) + len(read.taken)} calls cannot be understood", faults)
        return TAKEN

    def _writing(self, written: str, call: str) -> WriteKey:
        """The write key. Raises Problem 401 for one that is not known, 403 for a read key without a sender, 429 for one that sends too much."""
        key = self._ring.writing(written) or self._as_sender(self._ring.reading(written))
        if key is None:
            if self._ring.reading(written):
                raise Problem(403, "This key can only read; events come in with a write key")
            self._record.keep(Event(UNKNOWN_KEY, "", wall_clock(), call, "", b"", "authorization", "…" + written[-4:] if written else "", UNKNOWN))
            raise unauthorised()
        self._limits.admit(key.id)
        return key

    def _as_sender(self, key: ReadKey | None) -> WriteKey | None:
        """A read key that may also write, as the sender that it names."""
        if key is None or not key.sender:
            return None
        return self._ring.as_sender(key.sender) or WriteKey(sender=key.sender, key=key.digest)

    def _sending(self, key: WriteKey) -> Sending:
        sending = self._sendings.get(key)
        if sending is None:
            zone: ZoneInfo = zone_named(key.zone or self._settings.zone)
            sending = self._sendings[key] = Sending(key.sender, Mode(key.mode), zone, key.currency or self._settings.currency)
        return sending

    def _keep(self, key: WriteKey, call: str, message_id: str, wire: bytes, path: str = "", value: str = "", rule: str = "") -> None:
        self._record.keep(Event(key.id, key.sender, wall_clock(), call, message_id, wire, path, value, rule))

    # The API

    async def _answer_api(self, scope: Scope, receive: Receive) -> Answer:
        match segments(scope):
            case ["api", "openapi.json"]:
                require_method(scope, "GET")
                return Answer(200, OPENAPI)
            case ["api", "promises"]:
                require_method(scope, "GET", "POST")
                return await self._promises(scope, receive)
            case ["api", "customers", user, "promises"]:
                require_method(scope, "GET")
                return await self._reading(scope, lambda caller: self._api.of_customer(scope, caller, user))
            case ["api", "customers", user, "consents"]:
                require_method(scope, "GET")
                return await self._reading(scope, lambda caller: consents_of_customer(self._looking, scope, caller, user))
            case ["api", "events", event_id]:
                require_method(scope, "GET")
                return await self._reading(scope, lambda caller: self._api.event(scope, caller, event_id))
        raise Problem(404, f"There is nothing at {scope['path'][:80]}; /api/openapi.json says what there is")

    async def _promises(self, scope: Scope, receive: Receive) -> Answer:
        if scope["method"] == "GET":
            return await self._reading(scope, lambda caller: self._api.promises(scope, caller))
        caller, key_id, key = self._caller(scope, "promises")
        with self._limits.under_way(key_id):
            raw = await receive_body(scope, receive, LARGEST_CALL)
            self._limits.charge(key_id, 1)
            try:
                answer, event_id = await self._api.say(scope, caller, read_body(raw, LARGEST_CALL), raw)
            except Problem as problem:
                if key is not None:
                    first: Mapping[str, str] = problem.faults[0] if problem.faults else {"path": "", "value": "", "rule": problem.title}
                    self._keep(key, "promises", "", raw, **first)
                raise
            if key is not None:
                self._keep(key, "promises", event_id, raw)
            return answer

    async def _reading(self, scope: Scope, look: Callable[[Caller], Any]) -> Answer:
        caller, key_id, _ = self._caller(scope, "")
        with self._limits.under_way(key_id):
            self._limits.charge(key_id, 1)
            answer: Answer = await look(caller)
            return answer

    def _caller(self, scope: Scope, call: str) -> tuple[Caller, str, WriteKey | None]:
        """Who calls, by which key. Raises Problem 401, 429."""
        written = authorised_key(scope)
        reading = self._ring.reading(written)
        if reading is not None:
            self._limits.admit(reading.id)
            as_sender = self._as_sender(reading)
            return Caller(self._sending(as_sender) if as_sender else None, True), reading.id, as_sender
        key = self._ring.writing(written)
        if key is None:
            if call and written:
                self._record.keep(Event(UNKNOWN_KEY, "", wall_clock(), call, "", b"", "authorization", "…" + written[-4:], UNKNOWN))
            raise unauthorised()
        self._limits.admit(key.id)
        return Caller(self._sending(key), False), key.id, key


MOST_KEPT = 200
OPENAPI = encode(document())


def unauthorised() -> Problem:
    return Problem(401, UNKNOWN, headers=((b"www-authenticate", b'Basic realm="key"'),))


def require_method(scope: Scope, *methods: str) -> None:
    """Raises Problem 405, naming those that are taken."""
    if scope["method"] not in methods:
        raise Problem(405, f"{scope['path'][:80]} takes {' and '.join(methods)}", headers=((b"allow", ", ".join(methods).encode()),))


def segments(scope: Scope) -> list[str]:
    """The path's parts, each unquoted by itself: an id may hold a slash."""
    return [unquote(part, errors="replace") for part in scope["raw_path"].decode("latin-1").strip("/").split("/")]


def id_of(message: Mapping[str, Any]) -> str:
    """The message's own id, as far as it has one."""
    value = message.get("messageId")
    return value[:MOST_KEPT] if isinstance(value, str) else ""
