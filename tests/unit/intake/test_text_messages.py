"""What 46elks and Twilio tell of text messages, in the forms that they document."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest

from fakes.story import at
from omtanke.intake.gathering import Sending
from omtanke.intake.hooks.telling import LeftAside
from omtanke.intake.hooks.text_messages import Heard, heard
from omtanke.intake.http import Problem
from omtanke.runtime.customer_links import Link
from omtanke.runtime.hooks import Hook
from omtanke.vocabulary.fact import Mode

NOW = at("2026-11-16 10:00")
SENDING = Sending("sms", Mode.LIVE, ZoneInfo("Europe/Stockholm"), "SEK")
DOOR = "https://in.butiken.example"
ELKS = Hook(sender="sms", kind="46elks", token="t")
# The token, address and signature of the example in Twilio's documentation of security.
TOKEN = "12345"
TWILIO = Hook(sender="sms", kind="twilio", token="t", secret=TOKEN)
EXAMPLE = {"CallSid": "CA1234567890ABCDE", "Caller": "+12349013030", "Digits": "1234", "From": "+12349013030", "To": "+18005551212"}
EXAMPLE_SIGNATURE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
ELKS_ANSWER = {
    "direction": "incoming",
    "id": "sf8425555e5d8db61dda7a7b3f1b91bdb",
    "from": "+46706861004",
    "to": "+46706860000",
    "created": "2018-07-13T13:57:23.741000",
    "message": "Hello how are you?",
}
SECRET_LINK = Link(7, 4711, NOW)


def hear(hook: Hook, fields: dict[str, str], query: str = "about=ours", signature: str = "", path: str = "/hooks/t") -> Heard:
    headers = [(b"x-twilio-signature", signature.encode())] if signature else []
    scope: dict[str, Any] = {"raw_path": path.encode(), "query_string": query.encode(), "headers": headers}
    return heard(hook, scope, urlencode(fields).encode(), DOOR, SENDING, NOW, lambda token: SECRET_LINK if token == "ours" else None)


def events(said: Heard) -> list[dict[str, Any]]:
    return [json.loads(one.wire) for one in said.read.taken]


def twilio(fields: dict[str, str], query: str = "about=ours") -> Heard:
    """Signed as Twilio signs, by a reckoning of its own."""
    signed = f"{DOOR}/hooks/t" + (f"?{query}" if query else "") + "".join(f"{name}{fields[name]}" for name in sorted(fields))
    return hear(TWILIO, fields, query, base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode())


def test_signature_of_twilios_own_example() -> None:
    scope: dict[str, Any] = {"raw_path": b"/myapp.php", "query_string": b"foo=1&bar=2", "headers": [(b"x-twilio-signature", EXAMPLE_SIGNATURE.encode())]}
    raw = urlencode(EXAMPLE).encode()
    said = heard(TWILIO, scope, raw, "https://mycompany.com/", SENDING, NOW, lambda token: None)
    assert [wrong["path"] for _message, wrong in said.read.refused] == ["MessageSid"]  # genuine, and about no message
    with pytest.raises(Problem, match="does not sign this call"):
        heard(TWILIO, scope, raw.replace(b"1234", b"1235"), "https://mycompany.com", SENDING, NOW, lambda token: None)


@pytest.mark.parametrize("signature", ["", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=", "å"])
def test_what_twilio_has_not_signed_is_not_heard(signature: str) -> None:
    with pytest.raises(Problem) as problem:
        hear(TWILIO, {"MessageSid": "SM1", "From": "+46701234567", "Body": "STOP"}, signature=signature)
    assert problem.value.status == 401


@pytest.mark.parametrize("word", ["STOP", "stopp", " Sluta! ", "Avsluta.", "unsubscribe", "END", "quit", "Cancel", '"Stop"'])
def test_stop_is_a_no_in_this_channel_to_all_that_was_not_asked_for(word: str) -> None:
    said = events(hear(ELKS, ELKS_ANSWER | {"message": word}))
    assert [(one["event"], one["properties"]["purpose"], one["properties"]["for_channel"]) for one in said] == [
        ("Consent Withdrawn", "marketing", "sms"),
        ("Consent Withdrawn", "surveys", "sms"),
    ]
    assert [one["messageId"] for one in said] == [f"46elks/{ELKS_ANSWER['id']}/{purpose}" for purpose in ("marketing", "surveys")]
    assert (said[0]["context"], said[0]["timestamp"]) == ({"channel": "sms", "traits": {"phone": "+46706861004"}}, "2018-07-13T13:57:23.741000Z")


@pytest.mark.parametrize("text", ["Hello how are you?", "Cancel my order, please", "Jag kan inte sluta le", "1", ""])
def test_anything_else_is_that_the_customer_has_written(text: str) -> None:
    (said,) = events(hear(ELKS, ELKS_ANSWER | {"message": text}))
    assert (said["event"], said["properties"], said["context"]["traits"]) == (
        "Case Message Received",
        {"text": text} if text else {},
        {"phone": "+46706861004"},
    )


def test_stop_that_twilio_has_heard_is_one_whatever_its_words() -> None:
    said = events(twilio({"MessageSid": "SM1", "SmsStatus": "received", "From": "+46701234567", "Body": "No thanks", "OptOutType": "STOP"}, ""))
    assert [one["event"] for one in said] == ["Consent Withdrawn"] * 2


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        (lambda: hear(ELKS, {"id": "s1", "status": "failed"}), "refused"),
        (lambda: twilio({"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}), "address"),
        (lambda: twilio({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30006"}), "address"),
        (lambda: twilio({"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30003"}), "refused"),
    ],
)
def test_receipt_for_what_has_not_arrived_is_told_as_our_own(said: Any, failure: str) -> None:
    (own,) = said().own
    message = json.loads(own.wire)
    assert (own.message_id, message["event"], message["customer"]) == ("receipt/4711", "Message Failed", 7)
    assert message["properties"] == {"message": 4711, "for_channel": "sms", "failure": failure}


@pytest.mark.parametrize("status", ["sent", "delivered"])
def test_receipt_for_what_has_arrived_is_left_aside(status: str) -> None:
    with pytest.raises(LeftAside):
        hear(ELKS, {"id": "s1", "status": status, "delivered": "2024-05-04T13:38:15.123000"})


def test_receipt_for_what_we_have_not_sent_is_refused() -> None:
    with pytest.raises(Problem) as problem:
        hear(ELKS, {"id": "s1", "status": "failed"}, "about=theirs")
    assert problem.value.status == 400


@pytest.mark.parametrize("fields", [{}, {"direction": "incoming", "message": "STOP"}, {"direction": "incoming", "id": "s1", "message": "STOP"}])
def test_what_is_neither_receipt_nor_answer_is_refused(fields: dict[str, str]) -> None:
    said = hear(ELKS, fields)
    assert (said.read.taken, said.own, len(said.read.refused)) == ([], (), 1)


@pytest.mark.parametrize("raw", [b"\xff\xfe=1", b'{"id": "s1"}', b"&".join(b"a%d=1" % n for n in range(200))])
def test_what_is_no_form_is_refused(raw: bytes) -> None:
    with pytest.raises(Problem) as problem:
        heard(ELKS, {"raw_path": b"/hooks/t", "query_string": b"", "headers": []}, raw, DOOR, SENDING, NOW, lambda token: None)
    assert problem.value.status == 400
