"""When something that failed is tried again, and when a destination rests."""

from __future__ import annotations

import pytest

from omtanke.channels.outcome import Outcome
from omtanke.runtime.dispatch_ladder import RUNGS, after_try, at_once, settled
from omtanke.storage.outbox_deliveries import Delivery, Destination, Settled
from omtanke.vocabulary.time import HOUR, MINUTE, SECOND

NOW = 1_795_000_000_000_000
FAILED = Outcome(is_done=False, status=500)


def waiting(rung: int = 0) -> Delivery:
    return Delivery(1, "msg_1", "webhook", "receiver/1", 1, "promise_kept", 7, "waiting", rung, rung, NOW, NOW, 0)


@pytest.mark.parametrize(
    ("rung", "wait"),
    list(enumerate((5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR))),
)
def test_each_failure_waits_as_standard_webhooks_says(rung: int, wait: int) -> None:
    assert settled(waiting(rung), FAILED, NOW, 0.0) == Settled("waiting", rung + 1, NOW + wait, 0)


def test_jitter_makes_it_a_fifth_later_at_most() -> None:
    assert settled(waiting(3), FAILED, NOW, 1.0).due_at == NOW + 144 * MINUTE


def test_tenth_failure_is_the_last() -> None:
    assert settled(waiting(len(RUNGS) - 1), FAILED, NOW, 0.0) == Settled("failed", len(RUNGS), NOW, NOW)


def test_failure_for_good_is_not_tried_again() -> None:
    assert settled(waiting(), Outcome(is_done=False, status=550, is_final=True), NOW, 0.0).state == "failed"


def test_retry_after_longer_than_the_ladder_counts() -> None:
    assert settled(waiting(), Outcome(is_done=False, status=503, wait_seconds=60), NOW, 0.0).due_at == NOW + MINUTE


def test_retry_after_shorter_than_the_ladder_does_not() -> None:
    assert settled(waiting(1), Outcome(is_done=False, status=503, wait_seconds=60), NOW, 0.0).due_at == NOW + 5 * MINUTE


@pytest.mark.parametrize(("before", "rest"), [(3, 0), (4, MINUTE), (5, 2 * MINUTE), (9, 32 * MINUTE), (10, HOUR), (400, HOUR)])
def test_destination_rests_longer_each_time_from_the_fifth_failure_on(before: int, rest: int) -> None:
    stands = after_try(Destination("receiver/1", before, 0), FAILED, NOW)
    assert stands == Destination("receiver/1", before + 1, NOW + rest if rest else 0)


def test_success_ends_the_rest() -> None:
    assert after_try(Destination("receiver/1", 9, NOW + HOUR), Outcome(is_done=True, status=204), NOW) == Destination("receiver/1", 0, 0)


def test_one_message_that_is_wrong_says_nothing_about_its_destination() -> None:
    stands = Destination("mail", 2, 0)
    assert after_try(stands, Outcome(is_done=False, status=550, is_final=True), NOW) == stands


def test_destination_in_doubt_gets_one_try_at_a_time() -> None:
    assert [at_once(Destination("receiver/1", failures, 0), 4) for failures in (0, 4, 5)] == [4, 4, 1]
