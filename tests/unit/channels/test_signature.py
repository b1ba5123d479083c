"""Our signature is the one that receivers' own library makes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import Webhook

from omtanke.channels.webhook.payload import webhook_type
from omtanke.channels.webhook.signature import headers, new_secret, sign


def test_signature_is_that_of_the_standards_own_library() -> None:
    secret, body = new_secret(), '{"type":"promise.kept","data":{"words":"Hemma på fredag"}}'
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    assert sign(secret, "msg_1", int(at.timestamp()), body.encode()) == Webhook(secret).sign("msg_1", at, body)


def test_published_example_is_reproduced() -> None:
    """From the specification's own test values."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    assert sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_secrets_are_long_and_never_the_same() -> None:
    assert len({new_secret() for _ in range(100)}) == 100
    assert len(new_secret()) == len("whsec_") + 44


def test_every_secret_signs() -> None:
    found = dict(headers([new_secret(), new_secret()], "msg_1", 1, b"{}"))
    assert [part[:3] for part in found["webhook-signature"].split(" ")] == ["v1,", "v1,"]


@pytest.mark.parametrize(
    ("type_", "name"),
    [("promise_broken", "promise.broken"), ("case_message_sent", "case.message_sent"), ("ping", "ping"), ("promise_at_risk", "promise.at_risk")],
)
def test_type_is_said_with_a_full_stop(type_: str, name: str) -> None:
    assert webhook_type(type_) == name
