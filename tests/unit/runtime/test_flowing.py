"""When facts flow on: as soon as many have gathered, or nothing has come for a while."""

from __future__ import annotations

import pytest

from omtanke.runtime import working
from omtanke.runtime.working import FLUSH_AFTER_IDLE_SECONDS, FLUSH_EVERY_FACTS, Flowing


class Stream:
    """A log that grows, and a lake that can be taken by somebody else."""

    def __init__(self) -> None:
        self.last, self.flowed, self.is_taken = 0, 0, False

    def last_position(self) -> int:
        return self.last

    def flush(self) -> int:
        if self.is_taken:
            return 0
        self.flowed = self.last
        return self.flowed


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(working.time, "monotonic", lambda: now[0])
    return now


def flowing(stream: Stream) -> Flowing:
    return Flowing(stream, stream.last_position)


def test_what_is_there_flows_at_once() -> None:
    stream = Stream()
    stream.last = 7
    flowing(stream)
    assert stream.flowed == 7


def test_many_facts_flow_while_more_come(seconds: list[float]) -> None:
    stream = Stream()
    flow = flowing(stream)
    stream.last = FLUSH_EVERY_FACTS - 1
    flow.look()
    assert stream.flowed == 0
    stream.last = FLUSH_EVERY_FACTS
    flow.look()
    assert stream.flowed == FLUSH_EVERY_FACTS


def test_few_facts_flow_when_nothing_has_come_for_a_while(seconds: list[float]) -> None:
    stream = Stream()
    flow = flowing(stream)
    stream.last = 3
    flow.look()
    seconds[0] = FLUSH_AFTER_IDLE_SECONDS - 0.1
    flow.look()
    assert stream.flowed == 0
    seconds[0] = FLUSH_AFTER_IDLE_SECONDS
    flow.look()
    assert stream.flowed == 3


def test_a_lake_that_is_taken_is_tried_again(seconds: list[float]) -> None:
    stream = Stream()
    flow = flowing(stream)
    stream.last, stream.is_taken = FLUSH_EVERY_FACTS, True
    flow.look()
    stream.is_taken = False
    flow.look()
    assert stream.flowed == FLUSH_EVERY_FACTS
