"""The promise API: promises stated, renegotiated, fulfilled and retracted; promises and events looked up.

What is said is an event like any other: made durable first, decided by the worker. `Prefer: wait=2` waits for that.
"""

from __future__ import annotations

import asyncio
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec
from msgspec import Struct

from omtanke.intake import representation as shown
from omtanke.intake.calls import stored
from omtanke.intake.gathering import Gathering, Sending
from omtanke.intake.http import Answer, Fault, Header, Problem, Scope, fault, header, query
from omtanke.intake.looking import Looking
from omtanke.runtime.promise_life import PromiseLife, causes, lives
from omtanke.storage.door_record import DoorRecord
from omtanke.storage.lookups import EventFound, Lookups
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fields import CODE, LONGEST_CODE
from omtanke.vocabulary.promise import STATES, SUBJECTS, PromiseFulfilled, PromiseRetracted, PromiseStated
from omtanke.vocabulary.reading import LONGEST_IDENTIFIER, LONGEST_MESSAGE_ID
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import day_ends_at, read_date, read_moment, zone_named

ACTIONS = {
    "state": PromiseStated.name,
    "renegotiate": PromiseStated.name,
    "fulfil": PromiseFulfilled.name,
    "retract": PromiseRetracted.name,
}
STATING = ("state", "renegotiate")
WHO = ("user_id", "anonymous_id")
NUMBERS = tuple(f"{kind}_id" for kind in SUBJECTS if kind != "customer")
COMMON_FIELDS = ("action", "promise_id", *WHO, "occurred_at", "timezone", "channel", "touchpoint")
FIELDS = {
    "state": (*COMMON_FIELDS, "kind", "from", "until", "words", "place", "owner", "attended", "subject", *NUMBERS),
    "renegotiate": (*COMMON_FIELDS, "kind", "from", "until", "words", "place", "owner", "attended", "subject", *NUMBERS),
    "fulfil": COMMON_FIELDS,
    "retract": (*COMMON_FIELDS, "reason"),
}
TEXTS = {"words": 2_000, "place": 500}
EVENT_PREFIX = "promise:"
LONGEST_KEY = LONGEST_MESSAGE_ID - len(EVENT_PREFIX)
LONGEST_EVENT_ID = 200
PRINTABLE = re.compile(r"[\x21-\x7e]+")
WAIT = re.compile(r"\bwait\s*=\s*([0-9]{1,6})")
LONGEST_WAIT = 10
DEFAULT_LIMIT, MOST_LIMIT = 20, 100
FACT_ID = re.compile(r"[0-9a-f]{32}")
ALWAYS = 2**62
# How the wire form's names are called here.
PATHS = {
    "userId": "user_id",
    "anonymousId": "anonymous_id",
    "timestamp": "occurred_at",
    "zone": "timezone",
    "context.timezone": "timezone",
    "messageId": "Idempotency-Key",
}


class Caller(Struct, frozen=True):
    """Who calls: the sender it may write as (None: it may only read), and whether it may read."""

    sending: Sending | None
    may_read: bool


class Said(Struct, frozen=True):
    """A call that has been understood. `message` is its wire form, `given` the promise's id, `order` and `event` what it names."""

    action: str
    message: dict[str, Any]
    given: str


class Api:
    """Everything under /api/."""

    def __init__(self, gathering: Gathering, looking: Looking, record: DoorRecord, zone: str, clock: Callable[[], int]) -> None:
        self._gathering = gathering
        self._looking = looking
        self._record = record
        self._zone = zone_named(zone)
        self._clock = clock

    # Saying

    async def say(self, scope: Scope, caller: Caller, body: dict[str, Any], raw: bytes) -> tuple[Answer, str]:
        """One of the four actions; the answer, and the id of its event."""
        sending = may_write(caller)
        said = read_said(body)
        now, key = self._clock(), idempotency_key(scope)
        event_id = EVENT_PREFIX + (key or uuid4().hex)
        fact_id = self._looking.keys.fact_id(sending.source, event_id)
        if key:
            now = await self._first_said(fact_id, raw, now)
        try:
            incoming = stored({**said.message, "messageId": event_id}, sending, now, stamped_at=0 if said.message.get("timestamp") else now)
        except Refused as refused:
            raise Problem(400, "The promise cannot be understood", [api_fault(refused)]) from refused
        await self._gathering.make_durable(sending, [incoming])
        seconds = wait_of(scope)
        look = f"/api/events/{quote(event_id, safe='')}?source={quote(sending.source, safe='')}"
        waiting: Answer = Answer(
            202, {"event": shown.event(event_id, sending.source, fact_id, "waiting"), "promise": None, "look": look}, ((b"location", look.encode()),)
        )
        if not seconds or not await self._looking.wait_for(fact_id, seconds):
            return waiting, event_id
        applied: tuple[Header, ...] = ((b"preference-applied", f"wait={seconds}".encode()),)
        return await self._outcome(sending, said, event_id, fact_id, caller.may_read, applied), event_id

    async def _first_said(self, fact_id: bytes, raw: bytes, now: int) -> int:
        """When this was first said under its key. Raises Problem 422 when something else was."""
        digest = sha256(raw).digest()
        first, at = await asyncio.get_running_loop().run_in_executor(self._gathering.writer, self._record.first_said, fact_id, digest, now)
        if first != digest:
            raise Problem(422, "This Idempotency-Key was used for another call; use a new one for what is new")
        return at

    async def _outcome(self, sending: Sending, said: Said, event_id: str, fact_id: bytes, may_read: bool, headers: tuple[Header, ...]) -> Answer:
        """What the worker has made of it: for one who may only write, whether; for one who may read, the promise as it stands."""
        given = self._looking.keys.subject_key("promise", f"{sending.source}\x1f{said.given}") if said.given else b""
        became = await self._looking.ask(lambda lookups: became_of(lookups, fact_id, given))
        if became.refused:
            raise Problem(422, "The event was stored and could not be understood", became.refused)
        if any(one["reason"] == "promise_unknown" for one in became.decided):
            raise Problem(404, "The promise is not known", [fault("promise_id", said.given, "is not the id of a promise that this sender has stated")])
        status = 201 if any(one["what"] == "promise_made" for one in became.decided) else 200
        found = {"decided": became.decided} if may_read else {}
        look = f"/api/events/{quote(event_id, safe='')}?source={quote(sending.source, safe='')}"
        body = {"event": shown.event(event_id, sending.source, fact_id, "understood", **found), "promise": became.promise if may_read else None, "look": look}
        return Answer(status, body, headers)

    # Looking

    async def promises(self, scope: Scope, caller: Caller) -> Answer:
        """The promises to whoever has one identifier, or about one order."""
        may_see(caller)
        asked = query(scope, ("user_id", "anonymous_id", "order_id", *LISTING))
        named = [name for name in ("user_id", "anonymous_id", "order_id") if asked.get(name)]
        if len(named) != 1:
            raise Problem(400, "The query cannot be understood", [fault("user_id", "", "or anonymous_id or order_id: exactly one of them says whose promises")])
        return await self._listed(asked, named[0], identifier(asked[named[0]], named[0]))

    async def of_customer(self, scope: Scope, caller: Caller, user: str) -> Answer:
        """The promises to one customer, by the shop's own id."""
        may_see(caller)
        asked = query(scope, ("order_id", *LISTING))
        return await self._listed(asked, "user_id", identifier(user, "id"))

    async def _listed(self, asked: Mapping[str, str], name: str, value: str) -> Answer:
        listing, keys = read_listing(asked, self._zone), self._looking.keys
        order = keys.subject_key("order", asked["order_id"]) if asked.get("order_id") else b""
        who = keys.identifier_key(name, value) if name != "order_id" else b""

        def look(lookups: Lookups) -> list[PromiseLife] | None:
            surrogate, owner = lookups.subject(order) if order else (0, 0)
            person = lookups.person_of_identifier(who) if who else owner
            return None if not person else about(lives_of(lookups, person, listing.as_of), surrogate if order else None)

        found = await self._looking.ask(look)
        if found is None:
            raise Problem(404, "Nobody is known by this", [fault(name if name != "user_id" or "user_id" in asked else "id", value, "is not known")])
        page, cursor = listing.page(found)
        return Answer(200, {"promises": [shown.promise(one) for one in page], "next": cursor})

    async def event(self, scope: Scope, caller: Caller, event_id: str) -> Answer:
        """What became of a message, by its id from its sender, or by the id of its fact."""
        may_see(caller)
        asked = query(scope, ("source",))
        source = asked.get("source") or (caller.sending.source if caller.sending else "")
        is_fact = not source and FACT_ID.fullmatch(event_id) is not None
        if not source and not is_fact:
            raise Problem(400, "The query cannot be understood", [fault("source", "", "is missing: the sender of the event, as its write key is named")])
        if not 0 < len(event_id) <= LONGEST_EVENT_ID:
            raise Problem(400, "The id cannot be understood", [fault("id", event_id, f"is not 1 to {LONGEST_EVENT_ID} characters")])
        fact_id = bytes.fromhex(event_id) if is_fact else self._looking.keys.fact_id(source, event_id)
        state, found = await self._looking.ask(lambda lookups: looked_up(lookups, fact_id))
        if state == "unknown":
            where = f"from {source!r}" if source else "as a fact"
            raise Problem(404, "The event is not known", [fault("id", event_id, f"has never come {where}")])
        return Answer(200, shown.event(None if is_fact else event_id, source or None, fact_id, state, **found))


def may_write(caller: Caller) -> Sending:
    """The sender that is written as. Raises Problem 403."""
    if caller.sending is None:
        raise Problem(403, "This key can only read; a write key, or a read key that names a sender, can write")
    return caller.sending


def may_see(caller: Caller) -> None:
    """Raises Problem 403 for a key that can only write."""
    if not caller.may_read:
        raise Problem(403, "A write key can only write; the console makes read keys")


# What is said


def read_said(body: Mapping[str, Any]) -> Said:
    """The call as an event of the vocabulary. Raises Problem 400 with every fault that can be told at once."""
    action = body.get("action", "state")
    if not isinstance(action, str) or action not in ACTIONS:
        raise Problem(400, "The promise cannot be understood", [fault("action", repr(action), f"is not one of {', '.join(ACTIONS)}")])
    faults = [
        fault(name, repr(value), f"is not a field of {action}; those are {', '.join(FIELDS[action])}")
        for name, value in body.items()
        if name not in FIELDS[action]
    ]
    faults += [found for name in body if name in FIELDS[action] and (found := plain_fault(name, body[name]))]
    if action != "state" and not body.get("promise_id"):
        faults.append(fault("promise_id", repr(body.get("promise_id")), f"is missing: which promise to {action}"))
    if action in STATING and not any(body.get(name) for name in (*WHO, *NUMBERS, "subject")):
        faults.append(fault("user_id", repr(body.get("user_id")), "is missing, and so are anonymous_id and order_id: one of them says to whom it was promised"))
    if faults:
        raise Problem(400, "The promise cannot be understood", faults)
    return Said(action, message_of(action, body), str(body.get("promise_id") or "").strip())


def plain_fault(name: str, value: Any) -> Fault | None:
    """What is wrong with a field that the vocabulary takes as it comes, or passes over."""
    if value is None:
        return None
    if name in TEXTS and not (isinstance(value, str) and len(value) <= TEXTS[name]):
        return fault(name, repr(value), f"is not text of at most {TEXTS[name]} characters")
    if name == "channel" and not (isinstance(value, str) and value in CHANNELS):
        return fault(name, repr(value), f"is not one of {', '.join(CHANNELS)}")
    if name == "touchpoint" and not (isinstance(value, str) and len(value) <= LONGEST_CODE and CODE.fullmatch(value)):
        return fault(name, repr(value), f"is not a code: 1 to {LONGEST_CODE} letters, figures, spaces or -_./:")
    if name == "timezone" and not isinstance(value, str):
        return fault(name, repr(value), "is not a time zone; write it as in Europe/Stockholm")
    if name in ("promise_id", *NUMBERS) and value != "" and (isinstance(value, bool) or not isinstance(value, str | int)):
        return fault(name, repr(value), "is not a number or text that names something")
    return None


def message_of(action: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The event in the wire form that every sender uses."""
    own = ("action", *WHO, "occurred_at", "timezone", "channel", "touchpoint")
    context = {name: body[name] for name in ("timezone", "channel", "touchpoint") if body.get(name)}
    return {
        "type": "track",
        "event": ACTIONS[action],
        "userId": body.get("user_id"),
        "anonymousId": body.get("anonymous_id"),
        **({"timestamp": body["occurred_at"]} if body.get("occurred_at") else {}),
        "context": context,
        "properties": {name: value for name, value in body.items() if name not in own and value is not None},
    }


def api_fault(refused: Refused) -> Fault:
    """A fault of the vocabulary under the names that are used here."""
    path = refused.path.removeprefix("properties.")
    return fault(PATHS.get(path, path), refused.shown, refused.rule)


def idempotency_key(scope: Scope) -> str:
    """The header's key, empty for none. Raises Problem 400 for one that cannot be."""
    key = header(scope, b"idempotency-key").strip().strip('"')
    if key and not (len(key) <= LONGEST_KEY and PRINTABLE.fullmatch(key)):
        raise Problem(400, "The Idempotency-Key cannot be understood", [fault("Idempotency-Key", key, f"is not 1 to {LONGEST_KEY} printable characters")])
    return key


def wait_of(scope: Scope) -> int:
    """How many seconds the caller would wait for the worker, at most 10."""
    found = WAIT.search(header(scope, b"prefer"))
    return min(int(found[1]), LONGEST_WAIT) if found else 0


def identifier(value: str, name: str) -> str:
    """An identifier as it is looked up. Raises Problem 400."""
    if not 0 < len(value.strip()) <= LONGEST_IDENTIFIER:
        raise Problem(400, "The call cannot be understood", [fault(name, value, f"is not 1 to {LONGEST_IDENTIFIER} characters")])
    return value.strip()


# What is found


class Became(Struct, frozen=True):
    """What the worker has made of an event: what was decided, the promise that it is about, or what was wrong."""

    decided: list[dict[str, Any]]
    promise: dict[str, Any] | None
    refused: list[Fault]


def became_of(lookups: Lookups, fact_id: bytes, given: bytes) -> Became:
    """Read in one go."""
    found = lookups.event(fact_id)
    if found is None:
        told = lookups.refused(fact_id)
        return Became([], None, [fault(told.path, told.value, told.rule)] if told else [])
    resting = lookups.resting_on(found.person, fact_id, found.position)
    number = next((getattr(fact.body, "promise", 0) for fact in resting if fact.type.startswith("promise_")), 0)
    surrogate = lookups.subject(given)[0] if given else 0
    known = lives_of(lookups, found.person, ALWAYS)
    about_it = [one for one in known if one.promise.promise == number or (surrogate and one.promise.given == surrogate)]
    return Became([shown.decided(fact) for fact in resting], shown.promise(about_it[0]) if about_it else None, [])


def lives_of(lookups: Lookups, person: int, as_of: int) -> list[PromiseLife]:
    """Every promise to a person as it was known at a moment, the latest first."""
    facts = lookups.promise_facts(person, as_of)
    return lives(facts, lookups.stating_facts(person, causes(facts)))


def about(found: list[PromiseLife], order: int | None) -> list[PromiseLife]:
    """Those about an order, or all."""
    return (
        found
        if order is None
        else [one for one in found if order and order in (one.promise.order, one.promise.subject if one.promise.subject_kind == "order" else 0)]
    )


def looked_up(lookups: Lookups, fact_id: bytes) -> tuple[str, dict[str, Any]]:
    """(state, what is known) of a message: understood, refused, waiting or unknown."""
    found: EventFound | None = lookups.event(fact_id)
    if found is not None:
        return "understood", shown.understood(found, lookups.resting_on(found.person, fact_id, found.position))
    told = lookups.refused(fact_id)
    if told is not None:
        return "refused", shown.refused(told)
    return ("waiting" if lookups.has_come(fact_id) else "unknown"), {}


LISTING = ("state", "as_of", "limit", "cursor")


class Listing(Struct, frozen=True):
    """Which promises of a list are wanted. `after` is the place of the last one that was shown: moment and number."""

    state: str
    as_of: int
    limit: int
    after: tuple[int, int] | None

    def page(self, found: list[PromiseLife]) -> tuple[list[PromiseLife], str | None]:
        """The next ones, and where to go on from; None at the end."""
        wanted = [one for one in found if not self.state or one.state == self.state]
        if self.after is not None:
            wanted = [one for one in wanted if place(one) < self.after]
        page = wanted[: self.limit]
        return page, cursor_of(place(page[-1])) if len(wanted) > self.limit else None


def place(one: PromiseLife) -> tuple[int, int]:
    """By which lists are ordered."""
    return one.promise.made_at, one.promise.promise


def cursor_of(where: tuple[int, int]) -> str:
    """A place as opaque text."""
    return urlsafe_b64encode(msgspec.msgpack.encode(where)).decode().rstrip("=")


def read_listing(asked: Mapping[str, str], zone: Any) -> Listing:
    """Raises Problem 400 with every fault."""
    faults: list[Fault] = []
    state = asked.get("state", "")
    if "state" in asked and state not in STATES:
        faults.append(fault("state", state, f"is not one of {', '.join(STATES)}"))
    limit = asked.get("limit", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdecimal() and len(limit) <= 3 and 1 <= int(limit) <= MOST_LIMIT):
        faults.append(fault("limit", limit, f"is not a whole number from 1 to {MOST_LIMIT}"))
        limit = "1"
    as_of, after = ALWAYS, None
    try:
        if "as_of" in asked:
            day = read_date(asked["as_of"], "as_of")
            as_of = read_moment(asked["as_of"], "as_of", zone) if day is None else day_ends_at(day, zone) - 1
    except Refused as refused:
        faults.append(fault("as_of", asked["as_of"], refused.rule))
    try:
        if "cursor" in asked:
            after = msgspec.msgpack.decode(urlsafe_b64decode(asked["cursor"] + "=="), type=tuple[int, int])
    except (ValueError, msgspec.DecodeError, msgspec.ValidationError):
        faults.append(fault("cursor", asked["cursor"], "is not a cursor that an earlier answer gave as `next`"))
    if faults:
        raise Problem(400, "The query cannot be understood", faults)
    return Listing(state, as_of, int(limit), after)
