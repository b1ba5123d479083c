"""The OpenAPI 3.1 document of the door and the promise API. Its examples are run as tests (tests/integration/test_api.py)."""

from __future__ import annotations

from typing import Any

from omtanke import __version__
from omtanke.intake.api import ACTIONS, DEFAULT_LIMIT, LONGEST_EVENT_ID, LONGEST_KEY, LONGEST_WAIT, MOST_LIMIT
from omtanke.intake.http import LARGEST_BATCH, LARGEST_CALL
from omtanke.intake.openapi_quotes import ASKED_EXAMPLE, QUOTING, quote_shapes
from omtanke.intake.openapi_shapes import Schema, ref, schemas, standing
from omtanke.intake.senders import cloudevents
from omtanke.intake.senders.tracking import BATCH, LONG, PATHS
from omtanke.intake.whys import MOST
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fields import LONGEST_CODE
from omtanke.vocabulary.promise import STATES
from omtanke.vocabulary.reading import CALLS, LONGEST_IDENTIFIER

SAYS = {
    "track": "Something happened",
    "identify": "What is known of the customer",
    "page": "A page was shown",
    "screen": "A screen of the app was shown",
    "group": "The customer belongs to a household, company or club",
    "alias": "Two identifiers are one customer's",
}
PROBLEMS = {
    "400": "Something is wrong; each fault with its path, value and rule",
    "401": "The key is not known",
    "403": "The key may not do this",
    "404": "There is no such thing",
    "405": "The path takes another method",
    "408": "The body has not come in time",
    "409": "The sender is known with another mode, zone or currency",
    "422": "It was understood and cannot be done",
    "429": "The key sends too much",
    "503": "It cannot be stored, or there are too many calls, just now",
}
SAYING = """Durable first, then decided. `renegotiate` takes the fields of `state`; the earlier window is kept. With a write key the
answer says whether it was understood; with a read key that names a sender it shows the promise."""
TAGS = {"events": "What happened", "promises": "What we led customers to expect", "consent": "What customers allow", "messages": "What we say to customers"}
ORDER_PROMISE = {
    "promise_id": "10482-delivery",
    "kind": "delivery",
    "user_id": "kund-00001",
    "order_id": "10482",
    "from": "2099-11-19",
    "until": "2099-11-20",
    "words": "Hos dig torsdag–fredag",
    "occurred_at": "2026-11-17T09:14:00+01:00",
    "timezone": "Europe/Stockholm",
    "channel": "web",
    "touchpoint": "checkout",
}


def answers(good: dict[str, tuple[str, str]], *problems: str) -> Schema:
    """Responses: status -> (what it says, schema), and the problems that may come instead."""
    found: Schema = {status: {"description": says, "content": {"application/json": {"schema": ref(name)}}} for status, (says, name) in good.items()}
    headers = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds"}}
    for status in problems:
        problem: Schema = {"description": PROBLEMS[status], "content": {"application/problem+json": {"schema": ref("Problem")}}}
        found[status] = problem | ({"headers": headers} if status in ("429", "503") else {})
    return found


def body(schema: Schema, examples: Schema) -> Schema:
    return {"required": True, "content": {"application/json": {"schema": schema, "examples": {name: {"value": value} for name, value in examples.items()}}}}


WRITING = ("400", "401", "403", "408", "409", "429", "503")
READING = ("400", "401", "403", "404", "429", "503")


def event_path(call: str) -> Schema:
    """`/v1/…` for one event, or a batch."""
    example: Schema = {"messageId": f"an-example-of-{call}", "userId": "kund-00001", "timestamp": "2026-11-17T09:14:00+01:00", "context": {"channel": "web"}}
    own: dict[str, Schema] = {
        "track": {
            "event": "Order Completed",
            "properties": {"order_id": "10481", "total": 1299, "currency": "SEK", "promises": [{"kind": "delivery", "until": "2099-11-20"}]},
        },
        "identify": {"traits": {"name": "Ingrid Ek", "email": "ingrid@example.se", "locale": "sv"}},
        "page": {"properties": {"path": "/skor", "title": "Skor"}},
        "screen": {"properties": {"name": "Start"}},
        "group": {"groupId": "familjen-ek", "traits": {"name": "Familjen Ek"}},
        "alias": {"previousId": "device-1"},
    }
    example |= own.get(call, {})
    if call == BATCH:
        example = {"batch": [{**example, "messageId": f"of-a-batch-{n}", "type": "page", "properties": {"path": f"/{n}"}} for n in (1, 2)]}
    size = LARGEST_BATCH if call == BATCH else LARGEST_CALL
    return {
        "post": {
            "operationId": call,
            "tags": ["events"],
            "summary": SAYS.get(call, "Several events at once; the good ones are kept although others are refused"),
            "description": f"At most {size // 1024} KB, plain or gzipped. 200 means durable. The same messageId from the same sender is one fact."
            f" Also {also(call)}.",
            "security": [{"write": []}],
            "requestBody": body(ref("Batch" if call == BATCH else "Event"), {call: example}),
            "responses": answers({"200": ("It is durable", "Taken")}, *WRITING),
        }
    }


CLOUD_EVENT = {
    "specversion": "1.0",
    "type": "com.shop.order.completed",
    "source": "/shop/checkout",
    "id": "10480",
    "time": "2026-11-17T09:14:00+01:00",
    "userid": "kund-00001",
    "channel": "web",
    "data": {"order_id": "10480", "total": 1299, "currency": "SEK"},
}


def events_path() -> Schema:
    """`/v1/events`: CloudEvents."""
    one = body(ref("CloudEvent"), {"event": CLOUD_EVENT})["content"]["application/json"]
    several: Schema = {"schema": {"type": "array", "items": ref("CloudEvent")}, "examples": {"batch": {"value": [CLOUD_EVENT | {"id": "10479"}]}}}
    content = {"application/json": one, cloudevents.STRUCTURED: one, cloudevents.BATCHED: several}
    return {
        "post": {
            "operationId": cloudevents.EVENTS,
            "tags": ["events"],
            "summary": "CloudEvents 1.0: one, several, or, with ce- headers, the data of one",
            "description": "The type names the event, by its whole name or by its end; source and id together are said once.",
            "security": [{"write": []}],
            "requestBody": {"required": True, "content": content},
            "responses": answers({"200": ("It is durable", "Taken")}, *WRITING),
        }
    }


def also(call: str) -> str:
    """The other paths under which clients send it."""
    return ", ".join(path for path, known in PATHS.items() if known == call and path not in LONG)


def parameter(name: str, what: str, schema: Schema, where: str = "query", example: Any = None) -> Schema:
    found = {"name": name, "in": where, "description": what, "schema": schema, **({"required": True} if where == "path" else {})}
    return found | ({"example": example} if example is not None else {})


LISTING = (
    parameter("state", "Only those that stand so", {"enum": list(STATES)}),
    parameter("as_of", "As it was known at a moment, or at the end of a date", {"type": "string"}),
    parameter("limit", f"At most so many, {DEFAULT_LIMIT} when left out", {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT}),
    parameter("cursor", "`next` of the answer before", {"type": "string"}),
)
BY_ID = {"type": "string", "minLength": 1, "maxLength": LONGEST_IDENTIFIER}


def promise_paths() -> Schema:
    """`/api/…`."""
    headers = [
        parameter("Idempotency-Key", f"At most {LONGEST_KEY} characters: said again under it, it is said once", {"type": "string"}, "header"),
        parameter("Prefer", f"`wait=2`: wait for what becomes of it, at most {LONGEST_WAIT} seconds", {"type": "string"}, "header", "wait=5"),
    ]
    said = {
        "state": ORDER_PROMISE,
        "renegotiate": ORDER_PROMISE
        | {"action": "renegotiate", "until": "2099-11-24", "from": None, "words": "Hos dig senast tisdag", "occurred_at": "2026-11-18T10:00:00+01:00"},
        "fulfil": {"action": "fulfil", "promise_id": "10482-delivery", "occurred_at": "2026-11-19T08:00:00+01:00"},
        "state another": {"promise_id": "call-4711", "kind": "call_back", "user_id": "kund-00001", "until": "2099-11-17T12:00:00+01:00"},
        "retract": {"action": "retract", "promise_id": "call-4711", "reason": "agreed"},
    }
    both = answers(
        {"200": ("What became of it", "Said"), "201": ("A promise was made", "Said"), "202": ("It is durable; look later", "Said")}, *WRITING, "404", "422"
    )
    listed = answers({"200": ("The latest first", "Promises")}, *READING)
    return {
        "/api/promises": {
            "post": {
                "operationId": "say",
                "tags": ["promises"],
                "summary": "State a promise, renegotiate, fulfil or retract it",
                "description": SAYING,
                "security": [{"write": []}, {"read": []}],
                "parameters": headers,
                "requestBody": body({"oneOf": [ref(action.capitalize()) for action in ACTIONS]}, said),
                "responses": both,
            },
            "get": {
                "operationId": "promises",
                "tags": ["promises"],
                "summary": "The promises to whoever has an identifier, or about an order: exactly one of the three",
                "security": [{"read": []}],
                "parameters": [
                    parameter("user_id", "Your id of the customer", BY_ID),
                    parameter("anonymous_id", "A device", BY_ID),
                    parameter("order_id", "An order, also one whose customer you do not know", BY_ID, example="10482"),
                    *LISTING,
                ],
                "responses": listed,
            },
        },
        "/api/customers/{id}/promises": {
            "get": {
                "operationId": "promisesOfCustomer",
                "tags": ["promises"],
                "summary": "The promises to a customer",
                "security": [{"read": []}],
                "parameters": [
                    parameter("id", "Your id of the customer", BY_ID, "path", "kund-00001"),
                    parameter("order_id", "Only those about this order", BY_ID),
                    *LISTING,
                ],
                "responses": listed,
            }
        },
        "/api/events/{id}": {
            "get": {
                "operationId": "event",
                "tags": ["events"],
                "summary": "What became of an event",
                "security": [{"read": []}],
                "parameters": [
                    parameter(
                        "id",
                        "Its messageId; or, without source, the id of its fact",
                        {"type": "string", "minLength": 1, "maxLength": LONGEST_EVENT_ID},
                        "path",
                        "an-example-of-track",
                    ),
                    parameter("source", "The sender, as its write key is named; the read key's own, when it names one", {"type": "string"}, "query", "shop"),
                ],
                "responses": answers({"200": ("What became of it", "Became")}, *READING),
            }
        },
    }


def quote_paths() -> Schema:
    """`/api/quotes`."""
    return {
        "/api/quotes": {
            "post": {
                "operationId": "quote",
                "tags": ["promises"],
                "summary": "The days that may be said to a customer who has not ordered yet",
                "description": QUOTING,
                "security": [{"write": []}, {"read": []}],
                "requestBody": body(ref("QuoteAsked"), {"quote": ASKED_EXAMPLE}),
                "responses": answers({"200": ("The days, and the words for them", "Quote")}, "400", "401", "403", "408", "429", "503"),
            }
        }
    }


def consent_paths() -> Schema:
    """`/api/customers/…/consents`."""
    one_purpose = {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}
    return {
        "/api/customers/{id}/consents": {
            "get": {
                "operationId": "consentsOfCustomer",
                "tags": ["consent"],
                "summary": "What a customer allows, purpose by purpose, as the log stands",
                "security": [{"read": []}],
                "parameters": [
                    parameter("id", "Your id of the customer", BY_ID, "path", "kund-00001"),
                    parameter("purpose", "Only this one; one that the policy does not name needs a yes", one_purpose),
                    parameter("channel", "Whether in this channel; in all of them when left out", {"enum": list(CHANNELS)}),
                ],
                "responses": answers({"200": ("Each purpose: whether, why, since when", "Consents")}, *READING),
            }
        }
    }


def why_paths() -> Schema:
    """`/api/customers/…/why`."""
    return {
        "/api/customers/{id}/why": {
            "get": {
                "operationId": "whyOfCustomer",
                "tags": ["messages"],
                "summary": "Why something was said to a customer, waits, was not said, or why a play did not begin",
                "security": [{"read": []}],
                "parameters": [
                    parameter("id", "Your id of the customer", BY_ID, "path", "kund-00001"),
                    parameter("play", "Only what is about this play", {"type": "string", "minLength": 1, "maxLength": LONGEST_CODE}),
                ],
                "responses": answers({"200": (f"The last {MOST} decisions, the first first", "Whys")}, *READING),
            }
        }
    }


def document() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Omtanke",
            "version": __version__,
            "description": "Events in, promises kept. Errors are problem+json (RFC 9457): every fault with its path, value and rule.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": what} for name, what in TAGS.items()],
        "paths": {
            **{f"/v1/{call}": event_path(call) for call in (*CALLS, BATCH)},
            cloudevents.PATH: events_path(),
            **promise_paths(),
            **quote_paths(),
            **consent_paths(),
            **why_paths(),
            "/healthz": {
                "get": {
                    "operationId": "health",
                    "tags": ["events"],
                    "summary": "Whether the door can take events",
                    "security": [],
                    "responses": {
                        "200": {"description": "It can", "content": {"application/json": {"schema": standing("ok")}}},
                        "503": {"description": "It cannot just now, and why", "content": {"application/json": {"schema": standing("failing")}}},
                    },
                }
            },
        },
        "components": {
            "schemas": {**schemas(), **quote_shapes()},
            "securitySchemes": {
                "write": {"type": "http", "scheme": "basic", "description": "A write key as user name, no password. It can only write."},
                "read": {"type": "http", "scheme": "bearer", "description": "A read key. One that names a sender may also write as it."},
            },
        },
    }
