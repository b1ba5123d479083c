"""Which policy is in force: each version is kept, and its activation is a fact."""

from __future__ import annotations

from hashlib import blake2b

from omtanke.engine.policy import Policy, read_policies, read_policy
from omtanke.storage.ports import Batch, Log, Logged
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.running import PolicyActivated

# The customer of facts that are about the store as a whole.
NOBODY_IN_PARTICULAR = 0


def activate(log: Log, text: str, wall_clock: int) -> Policy:
    """The policy of `text`, activated as a new version unless it is the one in force. Raises PolicyFaults."""
    known = log.policies()
    version = known[-1][0] if known else 0
    earlier = read_policies((number, written) for number, _, written in known)
    policy = read_policy(text, version + 1, earlier.get(version))
    if known and known[-1][1] == policy.digest:
        return earlier[version]
    position = log.last_position() + 1
    next_customer, next_surrogate = log.counters()
    fact = Fact(
        fact_id=blake2b(f"policy:{policy.version}:{policy.digest}".encode(), digest_size=16).digest(),
        customer=NOBODY_IN_PARTICULAR,
        body=PolicyActivated(policy=policy.version, digest=policy.digest),
        occurred_at=wall_clock,
        received_at=wall_clock,
        now=wall_clock,
        mode=Mode.LIVE,
    )
    log.commit(
        Batch(
            consumed=log.consumed(),
            clock=log.clock(),
            facts=[Logged(position, fact)],
            next_customer=next_customer,
            next_surrogate=next_surrogate,
            policy=(policy.version, policy.digest, text, wall_clock),
        )
    )
    return policy
