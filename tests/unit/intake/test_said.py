"""What is said to the promise API, as an event of the vocabulary."""

from __future__ import annotations

import json

import pytest

from docs.documents import blocks, text_of
from omtanke.intake.api import FIELDS, LONGEST_KEY, Problem, idempotency_key, read_said, wait_of
from omtanke.intake.openapi import document


def test_promise_of_the_page_is_understood() -> None:
    (promise,) = map(json.loads, blocks("json", text_of("docs/how-to/promise-api.md")))
    said = read_said(promise)
    assert (said.given, said.message["event"], said.message["userId"]) == ("10482-delivery", "Promise Stated", "kund-00001")
    assert said.message["context"] == {"timezone": "Europe/Stockholm", "channel": "web", "touchpoint": "checkout"}
    assert said.message["properties"].keys() == {"promise_id", "kind", "order_id", "from", "until", "words", "place"}


@pytest.mark.parametrize("action", FIELDS)
def test_document_names_the_fields_that_are_taken(action: str) -> None:
    schema = document()["components"]["schemas"][action.capitalize()]
    assert set(schema["properties"]) == set(FIELDS[action])


@pytest.mark.parametrize(("prefer", "seconds"), [("", 0), ("wait=2", 2), ("respond-async, wait = 5", 5), ("wait=999999", 10), ("wait=soon", 0), ("await=3", 0)])
def test_wish_to_wait_is_read_within_bounds(prefer: str, seconds: int) -> None:
    assert wait_of({"headers": [(b"prefer", prefer.encode())]}) == seconds


@pytest.mark.parametrize(("written", "key"), [("order-1", "order-1"), ('"order-1"', "order-1"), ("", "")])
def test_idempotency_key_is_read_with_and_without_its_quotes(written: str, key: str) -> None:
    assert idempotency_key({"headers": [(b"idempotency-key", written.encode())]}) == key


@pytest.mark.parametrize("written", ["x" * (LONGEST_KEY + 1), "two words", "å"])
def test_idempotency_key_that_cannot_be_is_refused(written: str) -> None:
    with pytest.raises(Problem, match="cannot be understood"):
        idempotency_key({"headers": [(b"idempotency-key", written.encode())]})
