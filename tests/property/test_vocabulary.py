"""Whatever is sent: it is understood, or refused with path, value and rule. What is personal never reaches a body."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fakes.happenings import EVENTS
from fakes.shop import Shop, sqlite_shop
from omtanke.storage.codec import decode_body, encode
from omtanke.storage.handed import Handing, Places, read_handed, understood
from omtanke.storage.keys import Keys
from omtanke.storage.ports import Incoming
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.fields import fields_of
from omtanke.vocabulary.reading import Understood, read_message
from omtanke.vocabulary.refusal import Refused

ZONE = ZoneInfo("Europe/Stockholm")
NOW = 1_795_000_000_000_000
MARK = "Ebba Åkesson, Storgatan 3"

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**25), 10**25),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=12),
    st.sampled_from(
        ["2026-11-21", "2026-11-21T09:14:00+01:00", "9999-12-31", "0001-01-01", "-1", "1e999", "SEK", "delivery", "Europe/Stockholm", "../../etc/passwd", "us"]
    ),
)
names = sorted({name for body in OBSERVED.values() for _, field, _ in fields_of(body) for name in field.names})
anything = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from([*names, "kind", "id", "subject", "line_id", "until"]), st.text(max_size=5)), inner, max_size=5),
    ),
    max_leaves=12,
)
TOP = ("type", "event", "messageId", "userId", "anonymousId", "timestamp", "originalTimestamp", "sentAt", "context", "properties", "traits", "products")


@st.composite
def written(draw: st.DrawFn) -> dict[str, Any]:
    """A message that is nearly one: known names, and in some places anything."""
    message: dict[str, Any] = {"type": draw(st.sampled_from(["track", "identify", "page", "screen"])), "event": draw(st.sampled_from(sorted(OBSERVED)))}
    message["properties"] = draw(st.dictionaries(st.sampled_from(names), anything, max_size=5))
    message["context"] = draw(st.dictionaries(st.sampled_from(["channel", "touchpoint", "timezone", "externalIds", "traits"]), anything, max_size=3))
    return message | draw(st.dictionaries(st.sampled_from(TOP), anything, max_size=4))


def read(message: Any) -> Understood | Refused:
    numbers: dict[tuple[str, str], int] = {}
    try:
        return read_message(message, NOW, ZONE, "SEK", lambda kind, number: numbers.setdefault((kind, number), len(numbers) + 1))
    except Refused as refused:
        return refused


@given(message=st.one_of(st.dictionaries(st.one_of(st.sampled_from(TOP), st.text(max_size=6)), anything, max_size=6), written()))
def test_any_object_is_understood_or_refused(message: dict[str, Any]) -> None:
    result = read(message)
    if isinstance(result, Refused):
        assert result.rule
        assert str(result)
    else:
        assert decode_body(result.body.type, result.body.version, encode(result.body)) == result.body
        assert abs(result.occurred_at) < 2**62


@given(message=written(), received_at=st.sampled_from((NOW, NOW + 1_000_000, 0)))
def test_what_the_door_hands_over_is_what_the_wire_says(message: dict[str, Any], received_at: int) -> None:
    keys, numbers = Keys(b"handed on" * 4), dict[tuple[str, bytes], int]()

    def surrogate(kind: str, key: bytes) -> int:
        return numbers.setdefault((kind, key), 100 + len(numbers))

    def refer(kind: str, number: str) -> int:
        return surrogate(kind, keys.number_key("shop", kind, number))

    try:
        data = Handing("shop", keys).hand_over(read_message(message, NOW, ZONE, "SEK", Places().refer))
    except Refused:
        return
    handed = read_handed(data) if data else None
    if handed is not None:
        told = understood(handed, received_at, surrogate)
        said = read_message(message, received_at, ZONE, "SEK", refer)
        assert (told.body, told.personal, told.identifiers, told.numbers) == (said.body, said.personal, said.identifiers, said.numbers)
        assert (told.occurred_at, told.channel, told.touchpoint, told.customer) == (said.occurred_at, said.channel, said.touchpoint, said.customer)


@given(
    wires=st.lists(st.one_of(st.binary(max_size=60), written().map(lambda one: json.dumps(one).encode())), min_size=1, max_size=4), mode=st.sampled_from(Mode)
)
def test_any_wire_becomes_a_fact_or_lies_in_quarantine(wires: list[bytes], mode: Mode) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_taken(sqlite_shop(Path(folder)), wires, mode)


def assert_taken(shop: Shop, wires: list[bytes], mode: Mode) -> None:
    source = shop.inbox.source("door", mode, "Europe/Stockholm", "SEK").source
    shop.inbox.append(source, [Incoming(str(n), 0, wire) for n, wire in enumerate(wires)], shop.clock)
    shop.work()
    told = [one for one in shop.facts() if one.fact.source and one.fact.type != "customers_linked"]
    assert isinstance(shop.log, SqlLog)
    ((refused,),) = shop.log.connection.execute("SELECT count(*) FROM quarantine").fetchall()
    assert len(told) + refused == len(wires)
    shop.assert_sound()


def test_wire_that_is_hard_to_keep_is_kept_or_lies_in_quarantine(tmp_path: Path) -> None:
    nested = [b'{"event":"x","properties":{"a":' + b"[" * depth + b"]" * depth + b"}}" for depth in (200, 900, 940, 960, 985, 5_000)]
    wires = [
        *nested,
        b'{"event":"x","properties":{"a":%d}}' % 10**30,
        b'{"event":"x","properties":{"a":"\xed\xa0\x80"}}',
        b'{"event":"x","properties":{"a":"\\u0000"}}',
    ]
    assert_taken(sqlite_shop(tmp_path), wires, Mode.LIVE)


marked: dict[str, Any] = {
    "name": MARK,
    "message": MARK,
    "text": MARK,
    "words": MARK,
    "place": MARK,
    "recipient": MARK,
    "shipping_address": {"street": MARK},
    "unheard_of": MARK,
}


@given(data=st.data(), event=st.sampled_from(sorted(EVENTS)))
def test_what_is_personal_never_reaches_the_body(data: st.DataObject, event: str) -> None:
    """Every personal field, undeclared ones, numbers and identifiers carry a mark; no body and no code does."""
    properties: dict[str, Any] = {name: data.draw(values) for name, values in EVENTS[event].items()}
    properties |= {"until": "2026-11-27", "kind": "delivery", **marked}
    properties |= {name: f"{MARK} {value}" for name, value in properties.items() if name.endswith("_id")}
    for one in (*properties.get("products", ()), *properties.get("promises", ())):
        one |= {"words": MARK, "note": MARK}
    message = {
        "type": "track",
        "event": event,
        "userId": MARK,
        "anonymousId": MARK,
        "properties": properties,
        "context": {"traits": {"email": MARK, "phone": MARK}, "touchpoint": "checkout", "page": {"title": MARK}},
    }
    result = read(message)
    assert isinstance(result, Understood)
    assert MARK.encode() not in encode(result.body)
    assert MARK not in (result.channel, result.touchpoint)
    assert MARK in msgspec.json.encode(result.personal).decode()


@given(
    traits=st.dictionaries(
        st.sampled_from(["name", "first_name", "email", "phone", "address", "city", "postal_code", "loyalty_number", "nickname"]), st.just(MARK), min_size=1
    )
)
def test_what_a_customer_tells_never_reaches_the_body(traits: dict[str, Any]) -> None:
    result = read({"type": "identify", "userId": MARK, "traits": traits})
    assert isinstance(result, Understood)
    assert MARK.encode() not in encode(result.body)
