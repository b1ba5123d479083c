"""An export holds everything about one person, and nothing of anybody else."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fakes.poison import of, poison
from fakes.shop import CURRENCY, KEYS, ZONE, Shop, sqlite_shop
from omtanke.runtime.export import About, Look, write_person
from omtanke.runtime.exports import Exports
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.door_record import DoorRecord, Event
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_deliveries import NewDelivery
from omtanke.storage.whole_person import WholePerson
from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.fact import OwnAct
from omtanke.vocabulary.fields import fields_of
from omtanke.vocabulary.rights import DetailsCorrected, RightsRequested
from omtanke.vocabulary.task import NoteAdded
from omtanke.vocabulary.time import DAY

MAJA, MOA = "maja", "moa"
# What fields are filled with, by the beginning of their form.
VALUES: dict[str, Any] = {
    "reference to": "N-1",
    "whole number": 1,
    "moment": "2026-11-21T09:00:00+01:00",
    "amount": 1,
    "code": "x1",
    "true": True,
    "ISO": "SEK",
}
ODD = {"Survey Answered": {"score": 4, "scale": "1-5"}, "Promise Stated": {"kind": "delivery", "until": "2026-12-01"}}
TELLABLE = {name: body for name, body in OBSERVED.items() if not issubclass(body, OwnAct)}


def value_for(form: str) -> Any:
    if form.startswith("one of "):
        return form.removeprefix("one of ").split(", ")[0]
    return next(value for begins, value in VALUES.items() if form.startswith(begins))


def marks_of(user: str, event: str) -> dict[str, str]:
    """A text for each personal field of an event, and for one that nobody has declared."""
    plain = [name for name in TELLABLE[event].personal if "." not in name and "[" not in name]
    return {name: f"{user}-{event.replace(' ', '')}-{name}-mark" for name in [*plain, "undeclared"]}


def told(user: str, event: str) -> dict[str, Any]:
    required = {field.names[0]: value_for(field.form) for _, field, _ in fields_of(TELLABLE[event]) if field.required}
    numbers = {name: f"{user}-{value}" if value == "N-1" else value for name, value in required.items()}
    return {
        "type": "track",
        "event": event,
        "messageId": f"{user}-{event}",
        "userId": user,
        "anonymousId": f"{user}-device",
        "context": {"ip": f"{user}-ip", "externalIds": [{"type": "crm", "id": f"{user}-crm"}]},
        "properties": numbers | ODD.get(event, {}) | marks_of(user, event),
    }


def identified(user: str) -> dict[str, Any]:
    names = ("name", "phone", "street", "loyalty_number", "hobby")
    traits = {name: f"{user}-trait-{name}" for name in names} | {"email": f"{user}@post.example", "address": {"city": f"{user}-town"}}
    return {"type": "identify", "messageId": f"{user}-identify", "userId": user, "traits": traits}


def everything(user: str) -> list[dict[str, Any]]:
    """One event of each type, who they are, and one that cannot be understood."""
    calls = [identified(user), *(told(user, event) for event in TELLABLE if event != "Customer Identified")]
    unknown = {"type": "track", "event": "Loom Woven", "messageId": f"{user}-loom", "userId": user, "properties": {"colour": f"{user}-loom-mark"}}
    wrong = {"type": "track", "event": "Order Completed", "messageId": f"{user}-wrong", "userId": user, "properties": {"text": f"{user}-wrong-mark"}}
    return [*calls, unknown, wrong]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Two customers with everything that can be told of them, on the log, at the door and on its way out."""
    shop = sqlite_shop(tmp_path, begins="2026-11-21 12:00")
    shop.hear([*everything(MAJA), *everything(MOA)])
    shop.work()
    console = OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock)
    for number, user in ((1, MAJA), (2, MOA)):
        console.put(NoteAdded, f"{user} note", number, {"staff": 7, "note": f"{user}-note-mark"})
        console.put(RightsRequested, f"{user} right", number, {"staff": 7, "right": "access", "text": f"{user}-right-mark"})
    shop.work()
    shop.hear(
        [{"type": "track", "event": "Late", "messageId": f"{user}-late", "userId": user, "properties": {"x": f"{user}-late-mark"}} for user in (MAJA, MOA)]
    )
    door = DoorRecord(tmp_path, KEYS, 24, lambda: shop.clock)
    for user in (MAJA, MOA):
        said = {"type": "track", "event": "Nonsense", "userId": user, "properties": {"x": f"{user}-door-mark"}}
        door.keep(Event("key", "shop", shop.clock, "track", f"d-{user}", json.dumps(said).encode()))
    door.write()
    outbox = Outbox(tmp_path)
    receiver = outbox.receivers.add("https://crm.example/", ("note_added",), "The register", 0, "whsec_c2VjcmV0", shop.clock)
    for one in shop.facts():
        if one.fact.type == "note_added":
            outbox.deliveries.add(NewDelivery(f"k{one.position}", f"receiver/{receiver}", receiver, "note_added", one.position), shop.clock)
    outbox.close()
    return shop


def exported(folder: Path, person: int) -> tuple[str, dict[str, Any]]:
    written, whole = io.BytesIO(), WholePerson(folder)
    write_person(written.write, whole, KEYS, About("Butiken", person, 1_795_000_000_000_000), [Look("service", 1_795_000_000_000_000, "customer")])
    whole.close()
    text = written.getvalue().decode()
    return text, json.loads(text)


def test_the_two_were_understood_as_two(shop: Shop) -> None:
    assert (shop.log.customers_of(1), shop.log.customers_of(2)) == ([1], [2])
    shop.assert_sound()


def test_everything_that_was_told_comes_out_and_nothing_of_anybody_else(shop: Shop, tmp_path: Path) -> None:
    text, _ = exported(tmp_path, 1)
    expected = {mark for event in TELLABLE if event != "Customer Identified" for mark in marks_of(MAJA, event).values()}
    expected |= {f"maja-{what}-mark" for what in ("loom", "wrong", "note", "right", "door", "late")}
    expected |= {f"maja-trait-{name}" for name in ("name", "phone", "street", "loyalty_number", "hobby")}
    expected |= {"maja@post.example", "maja-town", "maja-device", "crm:maja-crm", "maja-ip", "maja-N-1"}
    assert [mark for mark in sorted(expected) if mark not in text] == []
    assert [line for line in text.splitlines() if "moa" in line] == []


def test_every_byte_of_a_persons_personal_parts_is_in_it(shop: Shop, tmp_path: Path) -> None:
    """The other way round: what the stores hold, not what the test thinks that it told."""
    from omtanke.storage.codec import decode_personal
    from omtanke.web.console.rights.readable import leaves

    text, _ = exported(tmp_path, 2)
    with closing(sqlite3.connect(tmp_path / "log.db")) as log:
        parts = [decode_personal(row[0]) for row in log.execute("SELECT part FROM personal WHERE customer = 2")]
    said = {str(value) for part in parts for path, value in leaves({name: one for name, one in part.items() if name != "numbers"}, "")}
    said |= {number for part in parts for _kind, _surrogate, number in part.get("numbers", ())}
    assert len(said) > 100
    assert [value for value in said if json.dumps(value, ensure_ascii=False)[1:-1] not in text] == []


def test_what_is_in_it_besides(shop: Shop, tmp_path: Path) -> None:
    _, said = exported(tmp_path, 1)
    assert said["format"] == "omtanke-person/1"
    assert {(one["kind"], one["value"]) for one in said["identifiers"]} >= {
        ("user_id", "maja"),
        ("anonymous_id", "maja-device"),
        ("email", "maja@post.example"),
    }
    assert [(one["right"], "answered_at" in one) for one in said["requests"]] == [("access", False), ("access", False)]
    assert [(one["receiver"], one["type"], one["state"]) for one in said["sent"]] == [("The register", "note_added", "waiting")]
    assert said["looked_at"] == [{"role": "service", "at": "2026-11-18T11:06:40Z", "what": "customer"}]
    assert [one["path"] for one in said["not_understood"]] == ["properties.order_id"]
    assert [one["message"]["event"] for one in said["on_the_way"]] == ["Late"]
    assert all(isinstance(one["promise"], str) for one in said["promises"])
    decided = next(one for one in said["facts"] if one["type"] == "promise_made")
    assert (decided["reason"], bool(decided["because"])) == ("stated", True)


def test_right_address_comes_out_and_the_wrong_one_as_such(shop: Shop, tmp_path: Path) -> None:
    console = OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock)
    console.put(DetailsCorrected, "right", 1, {"staff": 7, "corrected": ["email"], "email": "maja@lind.example"})
    shop.work()
    _, said = exported(tmp_path, 1)
    addresses = {one["value"]: "corrected_at" in one for one in said["identifiers"] if one["kind"] == "email"}
    assert addresses == {"maja@post.example": True, "maja@lind.example": False}


def test_keys_are_those_of_the_how_to(shop: Shop, tmp_path: Path) -> None:
    from docs.documents import rows, sections, text_of

    table = sections(text_of("docs/how-to/answer-requests.md"))["What is in data.json"]
    assert [row[0].strip("`") for row in rows(table)] == ["format", "shop", "person", "made_at", *list(exported(tmp_path, 1)[1])[4:]]


def test_what_waits_because_we_failed_is_in_it(shop: Shop, tmp_path: Path) -> None:
    with poison(of(1)):
        shop.hear([{"type": "track", "messageId": "held", "userId": MAJA, "event": "Order Completed", "properties": {"order_id": "waits-4711"}}])
        shop.work()
    *_, one = exported(tmp_path, 1)[1]["held"]
    assert (one["type"], "waits-4711" in json.dumps(one["personal"]), exported(tmp_path, 2)[1]["held"]) == ("order_completed", True, [])


def test_customers_who_are_one_person_come_out_together_in_log_order(shop: Shop, tmp_path: Path) -> None:
    shop.hear([{"type": "identify", "messageId": "both", "userId": MOA, "context": {"externalIds": [{"type": "crm", "id": "maja-crm"}]}, "traits": {}}])
    shop.work()
    assert shop.log.customers_of(1) == [1, 2]
    text, said = exported(tmp_path, 1)
    positions = [one["position"] for one in said["facts"]]
    assert ("maja-note-mark" in text, "moa-note-mark" in text, positions) == (True, True, sorted(positions))


def test_files_are_their_owners_alone_and_whole_or_not_there(tmp_path: Path) -> None:
    exports = Exports(tmp_path)
    with exports.making(4, 1_795_000_000_000_000) as (archive, path):
        archive.writestr("data.json", "{}")
        assert exports.all() == []
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, exports.path)] == [0o600, 0o700]
    with pytest.raises(ZeroDivisionError), exports.making(4, 1_795_000_000_000_000) as (archive, _):
        archive.writestr("data.json", str(1 // 0))
    assert [one.path for one in exports.all()] == [path]
    assert sorted(exports.path.iterdir()) == [path]


def test_files_go_with_age(tmp_path: Path) -> None:
    exports, noon = Exports(tmp_path), 1_795_000_000_000_000
    for customer, at in ((1, noon), (2, noon + DAY), (3, noon + 2 * DAY)):
        with exports.making(customer, at) as (archive, _):
            archive.writestr("data.json", "{}")
    assert (exports.sweep(noon + DAY), [one.customer for one in exports.all()]) == (1, [3, 2])
