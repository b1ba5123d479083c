"""Text messages: requests as the providers document them, and what their answers mean."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from fakes.certificates import certified
from fakes.receiver import Heard, hook_server
from omtanke.channels.address import Guard
from omtanke.channels.outcome import Handed
from omtanke.channels.post import Answer, Poster
from omtanke.channels.sms.elks import Elks
from omtanke.channels.sms.port import Provider, TextMessage
from omtanke.channels.sms.sending import PROVIDERS, hand_over
from omtanke.channels.sms.twilio import Twilio
from omtanke.settings import SMS_PROVIDERS

ACCOUNT = "AC" + "0" * 32
MESSAGE = TextMessage("Butiken", "+46701234567", "Hej Maja & Åke!", "https://in.butiken.example/hooks/t?about=x")
ELKS = Elks("u1", "p1")
TWILIO = Twilio(ACCOUNT, "token")
# The answer that 46elks shows to a message that it has taken, and the error that Twilio shows to a number that is none.
ELKS_TOOK = {
    "status": "created",
    "direction": "outgoing",
    "from": "YourCompany",
    "created": "2024-05-04T13:37:42.314100",
    "parts": 1,
    "to": "+46700000000",
    "cost": 5000,
    "message": "This is the message sent to the phone.",
    "id": "s70df59406a1b4643b96f3f91e0bfb7b0",
}
TWILIO_TOOK = {"sid": "SM" + "0" * 32, "status": "queued", "num_segments": "1", "error_code": None, "error_message": None}


def error(code: int, status: int, message: str = "no") -> Answer:
    return Answer(status, json.dumps({"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}", "status": status}))


def became(handed: Handed) -> str:
    """In a word: what a message that may be sent again would become."""
    outcome = handed.outcome
    kind = "taken" if outcome.is_done else "doubtful" if handed.is_doubtful else "address" if handed.is_address else "refused" if outcome.is_final else "later"
    return f"{kind} {handed.reference}".strip()


def test_every_provider_of_the_settings_is_there() -> None:
    assert tuple(PROVIDERS) == SMS_PROVIDERS


def test_request_to_46elks() -> None:
    request = ELKS.request(MESSAGE)
    assert (request.url, dict(request.headers)["Authorization"]) == ("https://api.46elks.com/a1/sms", "Basic " + base64.b64encode(b"u1:p1").decode())
    assert dict(parse_qsl(request.body.decode())) == {
        "from": "Butiken",
        "to": "+46701234567",
        "message": "Hej Maja & Åke!",
        "whendelivered": "https://in.butiken.example/hooks/t?about=x",
    }


@pytest.mark.parametrize(("sender", "who"), [("+46709876543", "From"), ("MG" + "0" * 32, "MessagingServiceSid")])
def test_request_to_twilio(sender: str, who: str) -> None:
    request = TWILIO.request(TextMessage(sender, "+46701234567", "Hej!"))
    assert request.url == f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    assert dict(parse_qsl(request.body.decode())) == {who: sender, "To": "+46701234567", "Body": "Hej!"}


@pytest.mark.parametrize(
    ("provider", "answer", "what"),
    [
        (ELKS, Answer(200, json.dumps(ELKS_TOOK)), "taken s70df59406a1b4643b96f3f91e0bfb7b0"),
        (ELKS, Answer(200, json.dumps(ELKS_TOOK | {"status": "failed"})), "refused"),
        (ELKS, Answer(200, "cut o"), "taken"),
        (ELKS, Answer(400, "API validation error"), "refused"),
        (ELKS, Answer(401, "API access requires Basic HTTP authentication"), "later"),
        (ELKS, Answer(403, '{"error": "Not enough credits"}'), "later"),
        (ELKS, Answer(429, ""), "later"),
        (ELKS, Answer(503, ""), "later"),
        (ELKS, Answer(301, ""), "later"),
        (ELKS, Answer(500, ""), "doubtful"),
        (ELKS, Answer(502, ""), "doubtful"),
        (TWILIO, Answer(201, json.dumps(TWILIO_TOOK)), f"taken {TWILIO_TOOK['sid']}"),
        (TWILIO, Answer(201, json.dumps(TWILIO_TOOK | {"status": "failed", "error_code": 30005})), "address"),
        (TWILIO, Answer(201, json.dumps(TWILIO_TOOK | {"status": "failed", "error_code": 30007})), "refused"),
        (TWILIO, error(21211, 400), "address"),
        (TWILIO, error(21610, 400), "address"),
        (TWILIO, error(21614, 400), "address"),
        (TWILIO, error(21606, 400), "refused"),
        (TWILIO, error(20003, 401), "later"),
        (TWILIO, error(20429, 429), "later"),
        (TWILIO, Answer(400, "[]"), "refused"),
        (TWILIO, Answer(504, ""), "doubtful"),
    ],
)
def test_what_an_answer_means(provider: Provider, answer: Answer, what: str) -> None:
    assert became(provider.handed(answer)) == what


def test_provider_that_asks_us_to_wait_is_given_the_time() -> None:
    assert TWILIO.handed(Answer(429, "", 30)).outcome.wait_seconds == 30


def test_number_that_an_answer_repeats_is_not_kept() -> None:
    handed = TWILIO.handed(error(21211, 400, "The 'To' number +46701234567 is not a valid phone number."))
    assert handed.outcome.answer == "21211 The 'To' number +… is not a valid phone number."


def given_to(url: str, guard: Guard, poster: Poster | None = None) -> Handed:
    with ThreadPoolExecutor(1) as pool:
        return asyncio.run(hand_over(poster or Poster(guard, pool, seconds=2.0), Elks("u1", "p1", url), MESSAGE))


def test_message_goes_over_tls_and_its_number_comes_back(tmp_path: Path) -> None:
    server_tls, trust = certified("localhost", tmp_path)

    def took(heard: Heard) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, json.dumps(ELKS_TOOK | {"message": "å" * 3000}).encode()

    with hook_server(took, server_tls) as server, ThreadPoolExecutor(1) as pool:
        poster = Poster(Guard([f"localhost:{server.port}"]), pool, trust, 2.0)
        handed = given_to(f"https://localhost:{server.port}", Guard(), poster)
        (heard,) = server.heard
    assert (became(handed), heard.path) == ("taken s70df59406a1b4643b96f3f91e0bfb7b0", "/a1/sms")


def test_nobody_there_has_certainly_taken_nothing() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        place = f"127.0.0.1:{nobody.getsockname()[1]}"
        assert became(given_to(f"http://{place}", Guard([place]))) == "later"


def test_connection_that_ends_without_an_answer_leaves_it_in_doubt() -> None:
    def hangs_up(heard: Heard) -> tuple[int, dict[str, str], bytes]:
        raise ConnectionAbortedError

    with hook_server(hangs_up) as server:
        assert became(given_to(f"http://{server.place}", Guard([server.place]))) == "doubtful"


def test_secret_is_not_sent_in_the_open() -> None:
    with hook_server() as server:
        handed = given_to(f"http://{server.place}", Guard())
        assert (became(handed), server.heard) == ("later", [])
