"""What lies beside the log of somebody goes, and what is another's stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from omtanke.runtime.dispatch import webhook_id
from omtanke.runtime.mentions import Mentions, mentions_of
from omtanke.storage.door_record import DoorRecord, DoorWindow, Event
from omtanke.storage.keys import Keys
from omtanke.storage.other_stores import OtherStores
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_deliveries import Attempt, Destination, NewDelivery, Settled
from omtanke.storage.sqlite import connect

KEYS = Keys(b"k" * 32)
ANNA = mentions_of([{"identifiers": [("user_id", "user-anna")]}], [KEYS.identifier_key("user_id", "user-anna")], KEYS.identifier_key)
FACT = KEYS.fact_id("shop", "m1")


@pytest.fixture
def stores(tmp_path: Path) -> Iterator[OtherStores]:
    opened = OtherStores(tmp_path, webhook_id)
    yield opened
    opened.close()


def remembered(data: Path) -> list[str]:
    window = DoorWindow(data)
    try:
        return sorted(one.message_id for one in window.calls("k", only_refused=False, limit=99))
    finally:
        window.close()


def test_folder_without_any_of_them_has_nothing_to_forget(stores: OtherStores) -> None:
    assert sum(getattr(stores.forget(ANNA, frozenset({FACT})), name) for name in ("calls", "waiting", "letters", "sessions", "exports")) == 0
    assert stores.databases() == frozenset()


def test_door_forgets_what_became_a_fact_of_theirs_and_what_names_them(stores: OtherStores, tmp_path: Path) -> None:
    record = DoorRecord(tmp_path, KEYS, 24, lambda: 10**15)
    for number, user, rule in (("m1", "x", ""), ("m2", "user-bo", ""), ("m3", "user-anna", "is wrong"), ("m4", "user-bo", "is wrong")):
        record.keep(Event("k", "shop", 10**15, "/v1/track", number, json.dumps({"userId": user}).encode(), rule=rule))
    record.write()
    record.first_said(FACT, b"digest", 10**15)
    record.first_said(b"another's", b"digest", 10**15)
    assert stores.forget_calls(ANNA, frozenset({FACT})) == 2
    assert remembered(tmp_path) == ["m2", "m4"]
    db = connect(tmp_path / "door.db", read_only=True)
    assert db.execute("SELECT fact_id FROM idempotent").fetchall() == [(b"another's",)]
    db.close()


def test_door_is_gone_through_again_by_keyed_hashes_alone(stores: OtherStores, tmp_path: Path) -> None:
    record = DoorRecord(tmp_path, KEYS, 24, lambda: 10**15)
    for number, user in (("m1", "user-anna"), ("m2", "user-bo")):
        record.keep(Event("k", "shop", 10**15, "/v1/track", number, json.dumps({"userId": user}).encode(), rule="is wrong"))
    record.write()
    assert stores.forget_calls(Mentions(KEYS.identifier_key, ANNA.keys), frozenset()) == 1
    assert remembered(tmp_path) == ["m2"]


def test_letter_that_names_them_is_not_sent_and_what_a_receiver_answered_about_them_goes(stores: OtherStores, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, lambda: 5)
    outbox.put_mail("one", "staff@example.com", "Today", "user-anna waits")
    outbox.put_mail("two", "staff@example.com", "Today", "user-bo waits")
    receiver = outbox.receivers.add("https://example.com/hook", ("order_completed",), "", 0, "whsec_x", 5)
    for fact_id, answer in ((FACT, "thanks, Anna"), (b"x" * 16, "thanks, Bo")):
        number = outbox.deliveries.add(NewDelivery(webhook_id(fact_id, receiver), f"receiver/{receiver}", receiver, "order_completed", 1), 5)
        outbox.deliveries.settle(Attempt(number, 1, 5, 1, 500, answer), Settled("failed", 1, 5, 5), Destination(f"receiver/{receiver}", 1, 0))
    assert stores.forget(ANNA, frozenset({FACT})).letters == 1
    rows = [(one.key if one.way == "mail" else one.way, one.state) for one in outbox.deliveries.listed(99, 9)]
    assert sorted(rows) == [("one", "dropped"), ("two", "waiting"), ("webhook", "failed"), ("webhook", "failed")]
    answers = outbox.connection.execute("SELECT answer FROM attempt ORDER BY answer").fetchall()
    assert answers == [("",), ("thanks, Bo",)]
    outbox.close()
