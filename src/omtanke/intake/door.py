"""The door: Segment's calls and the promise API over HTTP. An ASGI application without Django.

`POST /v1/track`, `/v1/identify`, `/v1/page`, `/v1/screen`, `/v1/group`, `/v1/alias` and `/v1/batch`, long or short; Basic
authorisation with the write key as user name, a Bearer token, or `writeKey` in the body. 200 means durable. A call that
breaks a rule is answered with 400 and, as problem+json (RFC 9457), every fault with its path, value and rule; of a
batch the good calls are kept. `POST /v1/events` takes CloudEvents. Browsers first ask what they are to do (`omtanke.intake.senders.browsers`) and whether they
may (`omtanke.intake.origins`). Everything under `/api/` is in `omtanke.intake.api`; what platforms and carriers send in forms
of their own to `/hooks/` is translated in `omtanke.intake.hooks`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from omtanke.folder_clock import wall_clock
from omtanke.intake.api import Api, Caller
from omtanke.intake.calls import Read, read_calls, read_events
from omtanke.intake.consents import consents_of_customer
from omtanke.intake.gathering import RETRY_AFTER_SECONDS, Gathering, Sending
from omtanke.intake.hooks import mail_returns
from omtanke.intake.hooks.receiving import PREFIX, headers_of, read_delivery, token_of
from omtanke.intake.hooks.telling import LeftAside
from omtanke.intake.hooks.text_messages import heard
from omtanke.intake.http import (
    LARGEST_BATCH,
    LARGEST_CALL,
    NO_CONTENT,
    Answer,
    Disconnected,
    Fault,
    Header,
    Problem,
    Receive,
    Scope,
    Send,
    authorised_key,
    encode,
    fault,
    query_key,
    read_body,
    receive_body,
    segments,
    send_answer,
)
from omtanke.intake.limits import Limits
from omtanke.intake.looking import Looking
from omtanke.intake.openapi import document
from omtanke.intake.origins import Origins
from omtanke.intake.quotes.answering import Quoting
from omtanke.intake.quotes.element import ELEMENT, element
from omtanke.intake.senders import cloudevents
from omtanke.intake.senders.browsers import door_of, rudderstack_source, segment_settings
from omtanke.intake.senders.tracking import BATCH, LONG, PATHS, settings_key, told
from omtanke.intake.watched import WatchedDoor
from omtanke.intake.whys import why_of_customer
from omtanke.runtime.customer_links import RECEIPT, opened
from omtanke.runtime.door_keys import KeyRing, ReadKey, WriteKey
from omtanke.runtime.hooks import MAIL_RETURNS, TEXT_MESSAGES, Hook
from omtanke.runtime.metrics import DoorMeter
from omtanke.runtime.own_sources import MESSAGES
from omtanke.runtime.return_paths import came_back
from omtanke.runtime.watching import PATHS as WATCHED_PATHS
from omtanke.settings import Settings
from omtanke.storage.database import FAILURES
from omtanke.storage.door_record import UNKNOWN_KEY, DoorRecord, Event
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Incoming, Receiving
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import zone_named

UNKNOWN = "The key is not known; the console's page Senders has those that are"
TAKEN = Answer(200, {"success": True})
# What is said to an answer of a customer would be sent to them.
NOTHING = Answer(NO_CONTENT)


class Door:
    """The ASGI application. `clock` says when events are received; limits and the record of calls go by the wall clock."""

    def __init__(self, data: Path, inbox: Receiving, keys: Keys, settings: Settings, clock: Callable[[], int], watched: WatchedDoor, meter: DoorMeter) -> None:
        self._settings = settings
        self._watched = watched
        self._meter = meter
        self._keys = keys
        self._clock = clock
        self._ring = KeyRing(data / "keys", wall_clock)
        self._record = DoorRecord(data, keys, settings.debugger_hours, wall_clock)
        self._limits = Limits(settings.door_events_per_second, settings.door_burst, wall_clock)
        self._gathering = Gathering(inbox, clock)
        self._looking = Looking(data, keys)
        self._api = Api(self._gathering, self._looking, self._record, settings.zone, clock)
        self._quoting = Quoting(self._looking, settings, clock, wall_clock, data)
        self._origins = Origins(settings.door_origins)
        self._sendings: dict[WriteKey | Hook, Sending] = {}
        self._as_ourselves = Sending(MESSAGES, Mode.LIVE, zone_named(settings.zone), settings.currency)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        try:
            answer = await self._answer(scope, receive)
        except Problem as problem:
            answer = problem.answer()
        except FAILURES:
            answer = Problem(503, "The store cannot be used just now; send it again", retry_after=RETRY_AFTER_SECONDS).answer()
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
        if path in PATHS or path == SOURCE_CONFIG or settings_key(path):
            return await self._answer_client(path, scope, receive)
        if path.startswith("/api/"):
            return await self._answer_api(scope, receive)
        if path.startswith(PREFIX):
            require_method(scope, "POST")
            return await self._take_delivery(token_of(path), scope, receive)
        if path == cloudevents.PATH:
            if scope["method"] == "OPTIONS":
                return cloudevents.granted(scope)
            require_method(scope, "POST", "OPTIONS")
            return await self._take_events(scope, receive)
        if path == ELEMENT:
            require_method(scope, "GET")
            return element()
        if path in WATCHED_PATHS:
            require_method(scope, "GET")
            return await self._watched.answer(scope)
        raise Problem(404, f"There is nothing at {path[:80]}; the door takes {', '.join(LONG)}, and /api/openapi.json says what else")

    # Events

    async def _answer_client(self, path: str, scope: Scope, receive: Receive) -> Answer:
        """A tracking client, perhaps in a page."""
        method = "POST" if path in PATHS else "GET"
        if scope["method"] == "OPTIONS":
            return self._origins.before(scope, f"{method}, OPTIONS")
        readable = self._origins.headers(scope)
        try:
            require_method(scope, method)
            answer = await self._take(PATHS[path], scope, receive) if path in PATHS else self._configuration(path, scope)
        except Problem as problem:
            answer = told(problem)
        return Answer(answer.status, answer.body, (*answer.headers, *readable)) if readable else answer

    def _configuration(self, path: str, scope: Scope) -> Answer:
        """What a browser client asks for before it sends. Raises Problem 401."""
        written = settings_key(path) or authorised_key(scope) or query_key(scope)
        key = self._writing(written, "settings")
        if path == SOURCE_CONFIG:
            return Answer(200, rudderstack_source(written, key.sender), (FRESH,))
        return Answer(200, segment_settings(written, *door_of(scope, self._settings.door_address)), (FRESH,))

    async def _take(self, call: str, scope: Scope, receive: Receive) -> Answer:
        """A call of events: made durable, or told what is wrong with it."""
        written = authorised_key(scope)
        key = self._writing(written, call) if written else None
        with self._limits.under_way(key.id if key else ""):
            largest = LARGEST_BATCH if call == BATCH else LARGEST_CALL
            raw = await receive_body(scope, receive, largest)
            try:
                body = read_body(raw, largest)
                key = key or self._writing(str(body.get("writeKey") or query_key(scope)), call)
                return await self._read_and_store(call, body, key)
            except Problem as problem:
                if key is not None and not problem.faults:
                    self._keep(key, call, "", raw, "", "", problem.title)
                raise

    async def _read_and_store(self, call: str, body: dict[str, Any], key: WriteKey) -> Answer:
        sending = self._sending(key)
        return await self._store(key, call, sending, read_calls(call, body, sending, self._clock, self._keys))

    async def _store(self, key: WriteKey | Hook, call: str, sending: Sending, read: Read) -> Answer:
        """Durable, or told what is wrong; of several the good ones are kept."""
        self._limits.charge(key.id, len(read.taken) + len(read.refused) or 1)
        if read.taken:
            await self._gathering.make_durable(sending, read.taken)
            for incoming in read.taken[-MOST_KEPT:]:
                self._keep(key, call, incoming.message_id, incoming.wire, remark=read.remarks.get(incoming.message_id))
        for message, wrong in read.refused[-MOST_KEPT:]:
            self._keep(key, call, id_of(message), encode(message), wrong["path"], wrong["value"], wrong["rule"])
        if read.refused:
            self._meter.refused.inc(len(read.refused))
            faults = [wrong for _, wrong in read.refused]
            raise Problem(400, f"{len(faults)} of {len(faults) + len(read.taken)} calls cannot be understood", faults)
        return TAKEN

    async def _take_events(self, scope: Scope, receive: Receive) -> Answer:
        """CloudEvents: made durable, or told what is wrong with them."""
        key = self._writing(authorised_key(scope) or query_key(scope), cloudevents.EVENTS)
        with self._limits.under_way(key.id):
            raw = await receive_body(scope, receive, LARGEST_BATCH)
            sending = self._sending(key)
            try:
                events = cloudevents.events_of(scope, raw)
            except Problem as problem:
                self._keep(key, cloudevents.EVENTS, "", raw, "", "", problem.title)
                raise
            return await self._store(key, cloudevents.EVENTS, sending, read_events(events, sending, self._clock, self._keys))

    async def _take_delivery(self, token: str, scope: Scope, receive: Receive) -> Answer:
        """What a platform, carrier or till says at its hook."""
        hook = self._ring.hook(token)
        if hook is None:
            raise Problem(404, "There is no hook at this address; `omtanke hook list` names those that are")
        self._limits.admit(hook.id)
        with self._limits.under_way(hook.id):
            raw = await receive_body(scope, receive, mail_returns.LARGEST_MAIL if hook.kind == MAIL_RETURNS else LARGEST_BATCH)
            sending, call = self._sending(hook), f"hooks/{hook.kind}"
            try:
                if hook.kind == MAIL_RETURNS:
                    return await self._take_returned(hook, call, scope, raw)
                if hook.kind in TEXT_MESSAGES:
                    return await self._take_text(hook, call, scope, raw, sending)
                read = read_delivery(hook, headers_of(scope), raw, sending, self._clock, self._keys)
            except LeftAside as left:
                self._keep(hook, call, "", raw[:LARGEST_BATCH], "", "", str(left))
                if hook.kind == MAIL_RETURNS:
                    return Answer(200, {"success": True, "left_aside": str(left)})
                return NOTHING if hook.kind in TEXT_MESSAGES else TAKEN
            except Problem as problem:
                if not problem.faults:
                    self._keep(hook, call, "", raw[:LARGEST_BATCH], "", "", problem.title)
                raise
            return await self._store(hook, call, sending, read)

    async def _take_text(self, hook: Hook, call: str, scope: Scope, raw: bytes, sending: Sending) -> Answer:
        """What a carrier of text messages says: a receipt for one of ours, told as our own, or what a customer has answered."""
        now = self._clock()
        said = heard(hook, scope, raw, self._settings.door_address, sending, now, lambda token: opened(self._keys, RECEIPT, token, now))
        if said.own:
            await self._tell_as_ours(hook, call, said.own)
        else:
            await self._store(hook, call, sending, said.read)
        return NOTHING

    async def _take_returned(self, hook: Hook, call: str, scope: Scope, raw: bytes) -> Answer:
        """A mail that came back: what became of one of ours. Anybody can write to the address, so that it is read beside the other calls."""
        now = self._clock()
        mail = mail_returns.mail_in(scope, raw)
        own = await asyncio.to_thread(mail_returns.told, mail, lambda head: came_back(self._keys, head, now))
        await self._tell_as_ours(hook, call, own)
        return TAKEN

    async def _tell_as_ours(self, hook: Hook, call: str, own: Sequence[Incoming]) -> None:
        """What has become of a message of ours, by whoever has carried it."""
        self._limits.charge(hook.id, len(own))
        await self._gathering.make_durable(self._as_ourselves, list(own))
        for incoming in own:
            self._keep(hook, call, incoming.message_id, incoming.wire)

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

    def _sending(self, key: WriteKey | Hook) -> Sending:
        sending = self._sendings.get(key)
        if sending is None:
            zone: ZoneInfo = zone_named(key.zone or self._settings.zone)
            mode = Mode(key.mode) if isinstance(key, WriteKey) else Mode.LIVE
            sending = self._sendings[key] = Sending(key.sender, mode, zone, key.currency or self._settings.currency)
        return sending

    def _keep(
        self, key: WriteKey | Hook, call: str, message_id: str, wire: bytes, path: str = "", value: str = "", rule: str = "", remark: Fault | None = None
    ) -> None:
        told = remark or fault(path, value, rule)
        self._record.keep(Event(key.id, key.sender, wall_clock(), call, message_id, wire, **told, is_taken=remark is not None))

    # The API

    async def _answer_api(self, scope: Scope, receive: Receive) -> Answer:
        match segments(scope):
            case ["api", "openapi.json"]:
                require_method(scope, "GET")
                return Answer(200, OPENAPI)
            case ["api", "promises"]:
                require_method(scope, "GET", "POST")
                return await self._promises(scope, receive)
            case ["api", "quotes"]:
                return await self._quotes(scope, receive)
            case ["api", "customers", user, "promises"]:
                require_method(scope, "GET")
                return await self._reading(scope, lambda caller: self._api.of_customer(scope, caller, user))
            case ["api", "customers", user, "consents"]:
                require_method(scope, "GET")
                return await self._reading(scope, lambda caller: consents_of_customer(self._looking, scope, caller, user))
            case ["api", "customers", user, "why"]:
                require_method(scope, "GET")
                return await self._reading(scope, lambda caller: why_of_customer(self._looking, scope, caller, user))
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
                    first = problem.faults[0] if problem.faults else fault("", "", problem.title)
                    self._keep(key, "promises", "", raw, first["path"], first["value"], first["rule"])
                raise
            if key is not None:
                self._keep(key, "promises", event_id, raw)
            return answer

    async def _quotes(self, scope: Scope, receive: Receive) -> Answer:
        """A day for a product page or a cart, asked by a server or by the page itself. Whoever may send from a page may ask from it."""
        if scope["method"] == "OPTIONS":
            return self._origins.before(scope, "POST, OPTIONS")
        readable = self._origins.headers(scope)
        try:
            require_method(scope, "POST", "OPTIONS")
            answer = await self._quoted(scope, receive)
        except Problem as problem:
            answer = problem.answer()
        return Answer(answer.status, answer.body, (*answer.headers, *readable)) if readable else answer

    async def _quoted(self, scope: Scope, receive: Receive) -> Answer:
        _, key_id, key = self._caller(scope, QUOTES)
        with self._limits.under_way(key_id):
            raw = await receive_body(scope, receive, LARGEST_CALL)
            self._limits.charge(key_id, 1)
            try:
                return await self._quoting.answer(read_body(raw, LARGEST_CALL))
            except Problem as problem:
                if key is not None:
                    self._keep(key, QUOTES, "", raw, "", "", problem.title)
                raise

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
QUOTES = "quotes"
SOURCE_CONFIG = "/sourceConfig/"
# It names the host that was asked, which the next one may not ask.
FRESH: Header = (b"cache-control", b"no-store")
OPENAPI = encode(document())


def unauthorised() -> Problem:
    return Problem(401, UNKNOWN, headers=((b"www-authenticate", b'Basic realm="key"'),))


def require_method(scope: Scope, *methods: str) -> None:
    """Raises Problem 405, naming those that are taken."""
    if scope["method"] not in methods:
        raise Problem(405, f"{scope['path'][:80]} takes {' and '.join(methods)}", headers=((b"allow", ", ".join(methods).encode()),))


def id_of(message: Mapping[str, Any]) -> str:
    """The message's own id, as far as it has one."""
    value = message.get("messageId")
    return value[:MOST_KEPT] if isinstance(value, str) else ""
