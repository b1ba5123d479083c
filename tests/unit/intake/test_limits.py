"""What one sender may ask of the door."""

from __future__ import annotations

import gzip
import json
from contextlib import ExitStack
from typing import Any

import pytest

from omtanke.intake.http import DEEPEST, LARGEST_BATCH, Problem, read_body, unpacked
from omtanke.intake.limits import MOST_OF_ONE_KEY, MOST_UNDER_WAY, Limits

SECOND = 1_000_000


class Clock:
    """Stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def refused(limits: Limits, key: str) -> tuple[int, bytes] | None:
    """Status and Retry-After when the key is not let in."""
    try:
        limits.admit(key)
    except Problem as problem:
        return problem.status, dict(problem.headers)[b"retry-after"]
    return None


def test_key_that_has_sent_its_burst_waits_until_as_much_has_come_back() -> None:
    clock = Clock()
    limits = Limits(rate=10, burst=100, clock=clock)
    limits.charge("greedy", 130)
    assert (refused(limits, "greedy"), refused(limits, "modest")) == ((429, b"4"), None)
    clock.now = 3 * SECOND
    assert refused(limits, "greedy") == (429, b"1")
    clock.now = 4 * SECOND
    assert refused(limits, "greedy") is None


def test_key_that_rests_saves_no_more_than_its_burst() -> None:
    clock = Clock()
    limits = Limits(rate=10, burst=100, clock=clock)
    limits.charge("shop", 1)
    clock.now = 10_000 * SECOND
    limits.charge("shop", 100)
    assert refused(limits, "shop") == (429, b"1")


def test_calls_under_way_are_bounded_for_each_key_and_for_all() -> None:
    limits = Limits(10, 100, Clock())
    with ExitStack() as stack:
        for n in range(MOST_UNDER_WAY):
            stack.enter_context(limits.under_way(f"key {n // MOST_OF_ONE_KEY}"))
            if n == MOST_OF_ONE_KEY - 1:
                with pytest.raises(Problem) as greedy, limits.under_way("key 0"):
                    pass
                assert greedy.value.status == 429
        with pytest.raises(Problem) as full, limits.under_way("another"):
            pass
    assert (full.value.status, dict(full.value.headers)) == (503, {b"retry-after": b"1"})
    with limits.under_way("key 0"):
        pass


def nested(depth: int) -> dict[str, Any]:
    """An object of that depth, itself included."""
    body: dict[str, Any] = {}
    for _ in range(depth - 1):
        body = {"inner": body}
    return body


def test_body_may_be_nested_so_deep_and_no_deeper() -> None:
    assert read_body(json.dumps(nested(DEEPEST)).encode(), LARGEST_BATCH) == nested(DEEPEST)
    with pytest.raises(Problem, match="nested deeper than 50 levels"):
        read_body(json.dumps(nested(DEEPEST + 1)).encode(), LARGEST_BATCH)


def test_brackets_in_texts_are_no_depth() -> None:
    body = {"batch": [{"words": ":[ }{ ["} for _ in range(1_000)]}
    assert read_body(json.dumps(body).encode(), LARGEST_BATCH) == body


def test_gzip_is_unpacked_to_its_bound_and_no_further() -> None:
    assert unpacked(gzip.compress(b"x" * LARGEST_BATCH), LARGEST_BATCH) == b"x" * LARGEST_BATCH
    with pytest.raises(Problem, match="larger than 512000 bytes when it is unpacked"):
        unpacked(gzip.compress(b"x" * 200_000_000), LARGEST_BATCH)


def test_gzip_that_ends_too_early_is_said_to() -> None:
    with pytest.raises(Problem, match="gzip ends too early"):
        unpacked(gzip.compress(b"x" * 1_000)[:-20], LARGEST_BATCH)
