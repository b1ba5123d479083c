"""Sixty and more wrong events, each with the message that its sender is told. The table is `wrong_events.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from omtanke.intake.calls import read_calls
from omtanke.intake.gathering import Sending
from omtanke.storage.keys import Keys
from omtanke.vocabulary.fact import Mode

NOON = 1_795_000_000_000_000
KEYS = Keys(b"wrong events" * 4)
SENDING = Sending("shop", Mode.LIVE, ZoneInfo("Europe/Stockholm"), "SEK")
WRONG: list[dict[str, Any]] = json.loads((Path(__file__).parent / "wrong_events.json").read_text(encoding="utf-8"))


def test_there_are_sixty_of_them_and_no_two_alike() -> None:
    assert len({json.dumps(one["body"], sort_keys=True) for one in WRONG}) == len(WRONG) >= 60


@pytest.mark.parametrize("wrong", WRONG, ids=[f"{n}-{one['path']}" for n, one in enumerate(WRONG)])
def test_wrong_event_is_told_where_what_and_why(wrong: dict[str, Any]) -> None:
    read = read_calls(wrong["call"], wrong["body"], SENDING, lambda: NOON, KEYS)
    assert read.taken == []
    assert [fault for _, fault in read.refused] == [{name: wrong[name] for name in ("path", "value", "rule")}]


def test_right_events_beside_a_wrong_one_are_taken() -> None:
    right = {"type": "page", "messageId": "right", "userId": "u"}
    read = read_calls("batch", {"batch": [right, *(one["body"] for one in WRONG if one["call"] == "track")]}, SENDING, lambda: NOON, KEYS)
    assert [one.message_id for one in read.taken] == ["right"]
    assert [fault["path"].startswith("batch[") for _, fault in read.refused] == [True] * sum(one["call"] == "track" for one in WRONG)
