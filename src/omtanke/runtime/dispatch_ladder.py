"""When something that failed is tried again, and when a destination as a whole rests. Pure; chance comes in."""

from __future__ import annotations

from omtanke.channels.outcome import Outcome
from omtanke.storage.outbox_deliveries import Delivery, Destination, Settled
from omtanke.vocabulary.time import DAY, HOUR, MINUTE, SECOND

# Standard Webhooks: how long after the try before.
RUNGS = (0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
# So much later at most, so that what failed together does not come back together.
JITTER = 0.2
# All steps, with the most of jitter.
LONGEST = 4 * DAY
# A destination that failed so often in a row rests, longer each time; after a rest one try shows how it is.
FAILURES_BEFORE_REST = 5
FIRST_REST, LONGEST_REST = MINUTE, HOUR
BUSY = (429, 503)


def settled(delivery: Delivery, outcome: Outcome, now: int, chance: float) -> Settled:
    """How a delivery stands after a try. `chance` from 0 to 1."""
    if outcome.is_done:
        return Settled("delivered", delivery.rung, now, now)
    if outcome.is_gone or outcome.is_withheld:
        return Settled("dropped", delivery.rung, now, now)
    rung = delivery.rung + 1
    if outcome.is_final or rung >= len(RUNGS):
        return Settled("failed", rung, now, now)
    wait = int(RUNGS[rung] * (1 + JITTER * chance))
    return Settled("waiting", rung, now + max(wait, outcome.wait_seconds * SECOND), 0)


def after_try(destination: Destination, outcome: Outcome, now: int) -> Destination:
    """How a destination stands after a try. One message that can never be delivered says nothing about it."""
    if outcome.is_done or outcome.is_gone:
        return Destination(destination.name, 0, 0)
    if outcome.is_final or outcome.is_withheld:
        return destination
    failures = destination.failures + 1
    rests_until = destination.rests_until
    if failures >= FAILURES_BEFORE_REST:
        rests_until = max(rests_until, now + min(FIRST_REST * 2 ** min(failures - FAILURES_BEFORE_REST, 10), LONGEST_REST))
    if outcome.wait_seconds and outcome.status in BUSY:
        rests_until = max(rests_until, now + outcome.wait_seconds * SECOND)
    return Destination(destination.name, failures, rests_until)


def at_once(destination: Destination, usual: int) -> int:
    """How many tries may be under way there at the same time: one, as long as it is not known to be well again."""
    return usual if destination.failures < FAILURES_BEFORE_REST else 1
