"""What units are told to manage: the same calendar from every store, in the order of the log."""

from __future__ import annotations

from fakes.shop import FIRST_POLICY, wire
from fakes.story import at
from omtanke.engine.capacity import Change
from omtanke.runtime.policies import activate
from omtanke.runtime.work import Worker
from omtanke.storage.keys import Keys
from omtanke.storage.memory import MemoryInbox
from omtanke.storage.ports import Log
from omtanke.vocabulary.fact import Mode

KEYS = Keys(b"capacity" * 4)
NOW = at("2026-11-23 09:00")


def tell(log: Log, *told: dict[str, object]) -> None:
    inbox = MemoryInbox(KEYS)
    source = inbox.source("door", Mode.LIVE, "Europe/Stockholm", "SEK").source
    calls = [{"type": "track", "event": "Capacity Changed", "messageId": f"c{n}", "properties": one} for n, one in enumerate(told)]
    inbox.append(source, [wire(call) for call in calls], NOW)
    worker = Worker(inbox, log, KEYS, activate(log, FIRST_POLICY, NOW))
    while not worker.work(NOW).was_idle:
        pass


def test_nothing_told_is_an_empty_calendar(log: Log) -> None:
    assert log.capacity() == ()


def test_calendar_holds_what_was_told_in_that_order(log: Log) -> None:
    tell(
        log,
        {"unit_id": "lager", "pace_percent": 60, "reason": "temporary staff"},
        {"unit_id": "DHL", "unit_kind": "carrier", "pace_percent": 0, "from": "2026-11-24T00:00:00+01:00", "until": "2026-11-26T00:00:00+01:00"},
    )
    warehouse, carrier = log.capacity()
    assert warehouse == Change(warehouse.unit, "lager", "", 60, NOW, 0, "temporary staff", NOW, warehouse.position)
    assert carrier == Change(carrier.unit, "DHL", "carrier", 0, at("2026-11-24 00:00"), at("2026-11-26 00:00"), "", NOW, carrier.position)
    assert (warehouse.unit, carrier.unit) == tuple(log.subject(KEYS.subject_key("store", name))[0] for name in ("lager", "DHL"))  # type: ignore[index]
    assert warehouse.position < carrier.position
