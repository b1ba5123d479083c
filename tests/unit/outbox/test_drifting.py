"""Dispatch looks whether windows are kept as often as was said, and tells it once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from omtanke.insight.drift import Drift
from omtanke.processes.drifting import EVERY_SPAN, LEAST_SECONDS, Drifting
from omtanke.runtime.dispatch_watch import Watch
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_choices import Choice
from unit.insight.stored import Stored
from unit.insight.test_calibration import buy

NOW = 1_795_000_000_000_000
BY_MODEL, BY_TABLE = '[quotes]\ncountry = "SE"\nlanes.SE = [1, 4]\nlevel = 0.95\n', '[quotes]\ncountry = "SE"\nlanes.SE = [1, 4]\n'
FOUND = Drift(NOW, NOW - 5, 310, 0.951, 274)
SECONDS = 20


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Ten windows in a row that were 95 % sure, and broke."""
    stored = Stored(tmp_path)
    for number in range(1, 11):
        buy(stored, number, 950, came="")
    stored.set_clock("2026-11-05 12:00")
    stored.log.commit()
    stored.log.close()
    return tmp_path


def outbox_of(folder: Path, *wanted: str) -> tuple[Outbox, Watch]:
    outbox = Outbox(folder, lambda: NOW)
    outbox.choices.put(Choice(1, alerts=dict.fromkeys(wanted, ("mail",))))
    return outbox, Watch(outbox, lambda customer: False, 3)


def alerts(outbox: Outbox, watch: Watch) -> list[tuple[str, int, str]]:
    watch.tell(NOW)
    return [(one.kind, one.times, one.detail) for one in outbox.choices.unworded()]


def test_it_is_told_when_it_begins_and_not_for_as_long_as_it_lasts(tmp_path: Path) -> None:
    outbox, watch = outbox_of(tmp_path, "promises_drift")
    watch.drifts(None)
    assert alerts(outbox, watch) == []
    for found in (FOUND, FOUND, Drift(NOW + 9, NOW, 320, 0.95, 280)):
        watch.drifts(found)
    Watch(outbox, lambda customer: False, 3).drifts(FOUND)
    assert alerts(outbox, watch) == [("promises_drift", 1, "0.9510 274 310")]
    outbox.close()


def test_it_is_told_again_when_it_was_over_in_between(tmp_path: Path) -> None:
    outbox, watch = outbox_of(tmp_path, "promises_drift")
    for found in (FOUND, None, FOUND):
        watch.drifts(found)
    assert alerts(outbox, watch) == [("promises_drift", 2, "0.9510 274 310")]
    outbox.close()


def test_a_look_is_taken_by_another_process_and_told(data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outbox, watch = outbox_of(tmp_path_factory.mktemp("outbox"), "promises_drift")
    drifting = Drifting(data, watch, lambda: NOW, lambda: BY_MODEL)
    ends = time.monotonic() + SECONDS
    while not alerts(outbox, watch) and time.monotonic() < ends:
        drifting.look()
        time.sleep(0.05)
    assert alerts(outbox, watch) == [("promises_drift", 1, "0.9500 0 10")]
    assert not drifting.is_due()
    drifting.stop()
    outbox.close()


@pytest.mark.parametrize(
    ("wanted", "policy", "is_wanted"), [("promises_drift", BY_MODEL, True), ("promise_broken", BY_MODEL, False), ("promises_drift", BY_TABLE, False)]
)
def test_nobody_looks_for_nothing(tmp_path: Path, wanted: str, policy: str, is_wanted: bool) -> None:
    outbox, watch = outbox_of(tmp_path, wanted)
    assert Drifting(tmp_path, watch, lambda: NOW, lambda: policy).is_wanted() == is_wanted
    outbox.close()


def test_what_stood_when_the_table_came_back_is_told_anew_when_it_is_found_again(tmp_path: Path) -> None:
    outbox, watch = outbox_of(tmp_path, "promises_drift")
    watch.drifts(FOUND)
    Drifting(tmp_path, watch, lambda: NOW, lambda: BY_TABLE).look()
    watch.drifts(FOUND)
    assert alerts(outbox, watch) == [("promises_drift", 2, "0.9510 274 310")]
    outbox.close()


def test_it_looks_once_an_hour_of_the_shop_and_at_most_once_a_minute(data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outbox, watch = outbox_of(tmp_path_factory.mktemp("outbox"), "promises_drift")
    shop, wall = [NOW], [0.0]
    drifting = Drifting(data, watch, lambda: shop[0], lambda: BY_MODEL, lambda: wall[0])
    drifting.look()
    drifting.stop()
    found = []
    for shop[0], wall[0] in ((NOW + EVERY_SPAN - 1, LEAST_SECONDS), (NOW + EVERY_SPAN, LEAST_SECONDS - 1), (NOW + EVERY_SPAN, LEAST_SECONDS)):
        found.append(drifting.is_due())
    assert found == [False, False, True]
    outbox.close()
