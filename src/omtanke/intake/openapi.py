"""The OpenAPI 3.1 document of the door and the promise API. Its examples are run as tests (tests/integration/test_api.py)."""

from __future__ import annotations

from typing import Any

from omtanke import __version__
from omtanke.engine.consent import WHYS
from omtanke.engine.consent_policy import BASES
from omtanke.intake.api import ACTIONS, DEFAULT_LIMIT, LONGEST_EVENT_ID, LONGEST_KEY, LONGEST_WAIT, MOST_LIMIT, STATING, TEXTS
from omtanke.intake.calls import BATCH
from omtanke.intake.http import LARGEST_BATCH, LARGEST_CALL
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fields import LONGEST_CODE, LONGEST_NUMBER
from omtanke.vocabulary.promise import KINDS, REQUEST, STATES, SUBJECTS
from omtanke.vocabulary.reading import CALLS, LONGEST_IDENTIFIER, LONGEST_MESSAGE_ID

Schema = dict[str, Any]

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
TAGS = {"events": "What happened", "promises": "What we led customers to expect", "consent": "What customers allow"}
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


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def nullable(kind: str, **more: Any) -> Schema:
    return {"type": [kind, "null"], **more}


def code(what: str) -> Schema:
    return nullable("string", maxLength=LONGEST_CODE, description=what)


def number(what: str) -> Schema:
    return {"type": ["string", "integer", "null"], "maxLength": LONGEST_NUMBER, "description": what}


def closed(properties: Schema, *optional: str, **more: Any) -> Schema:
    """An object with just these fields."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


MOMENT = {"type": "string", "format": "date-time"}
MAYBE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
MAYBE_TEXT = {"type": ["string", "null"]}


def stating_fields() -> Schema:
    """Fields of a statement."""
    return {
        "kind": {"enum": list(KINDS), "description": "What is promised"},
        "from": nullable("string", description="Not before: a moment, or a date, which begins at 00.00 in the customer's zone"),
        "until": {"type": "string", "description": "At the latest: a moment, or a date, which ends at 24.00 in the customer's zone"},
        "words": nullable("string", maxLength=TEXTS["words"], description="The words shown to the customer"),
        "place": nullable("string", maxLength=TEXTS["place"], description="Where they were shown"),
        "owner": code("The unit that answers for it"),
        "attended": nullable("boolean", description="The customer waits at the door in the window"),
        "subject": nullable(
            "object",
            properties={"kind": {"enum": list(SUBJECTS)}, "id": {"type": ["string", "integer"], "maxLength": LONGEST_NUMBER}},
            required=["kind"],
            description="What it is about; or order_id, line_id, parcel_id … beside",
        ),
        **{f"{kind}_id": number(f"{what[0].upper()}{what[1:]}, as you number it") for kind, what in SUBJECTS.items() if kind != "customer"},
    }


def common_fields(action: str) -> Schema:
    """Fields of every action."""
    who = nullable("string", maxLength=LONGEST_IDENTIFIER)
    return {
        "action": {"const": action} if action != "state" else {"const": "state", "default": "state"},
        "promise_id": number("Your own id of the promise; it counts for your sender"),
        "user_id": who | {"description": "The customer, by your own id"},
        "anonymous_id": who | {"description": "The customer, by a device"},
        "occurred_at": nullable("string", description="When it was said; now, when it is left out"),
        "timezone": nullable("string", description="The customer's IANA zone, in which dates are meant; yours, when it is left out"),
        "channel": {"enum": [*CHANNELS, None]},
        "touchpoint": code("The place, as you name it"),
    }


def action_schema(action: str) -> Schema:
    """The body of one action."""
    properties = common_fields(action)
    required = [] if action == "state" else ["action", "promise_id"]
    if action in STATING:
        properties |= stating_fields()
        required += ["kind", "until"]
    if action == "retract":
        properties["reason"] = code("A code for why")
    return {"type": "object", "title": action, "properties": properties, "required": required, "additionalProperties": False}


def schemas() -> Schema:
    """Every shape."""
    event = {
        "type": "object",
        "properties": {
            "type": {"enum": list(CALLS)},
            "event": {"type": "string", "description": "For track: the name of what happened"},
            "messageId": {"type": "string", "minLength": 1, "maxLength": LONGEST_MESSAGE_ID},
            "userId": nullable("string", maxLength=LONGEST_IDENTIFIER),
            "anonymousId": nullable("string", maxLength=LONGEST_IDENTIFIER),
            "timestamp": nullable("string"),
            "originalTimestamp": nullable("string"),
            "sentAt": nullable("string"),
            "context": nullable("object"),
            "properties": nullable("object"),
            "traits": nullable("object"),
            "groupId": {"type": ["string", "integer", "null"]},
            "previousId": MAYBE_TEXT,
            "writeKey": {"type": "string"},
        },
        "required": ["messageId"],
    }
    window = closed(
        {
            "from": MAYBE_MOMENT,
            "until": MAYBE_MOMENT,
            "zone": MAYBE_TEXT,
            "said_at": MAYBE_MOMENT,
            "words": MAYBE_TEXT,
            "place": MAYBE_TEXT,
            "event": {"type": "string", "description": "The fact that stated it"},
        }
    )
    turn = closed({"what": {"type": "string"}, "at": MAYBE_MOMENT, "reason": {"type": "string"}, "because": {"type": "array", "items": {"type": "string"}}})
    decided = closed({"what": {"type": "string"}, "at": MAYBE_MOMENT, "reason": {"type": "string"}, "promise": MAYBE_TEXT})
    fault = closed({"path": {"type": "string"}, "value": {"type": "string"}, "rule": {"type": "string"}})
    return {
        "Event": event,
        "Batch": {"type": "object", "properties": {"batch": {"type": "array", "items": ref("Event")}}, "required": ["batch"]},
        "Taken": closed({"success": {"const": True}}),
        "Fault": fault,
        "Problem": closed(
            {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "faults": {"type": "array", "items": ref("Fault")}},
            "faults",
        ),
        **{action.capitalize(): action_schema(action) for action in ACTIONS},
        "Window": window,
        "Turn": turn,
        "Promise": closed(
            {
                "id": {"type": "string"},
                "promise_id": MAYBE_TEXT,
                "kind": {"enum": list(KINDS)},
                "state": {"enum": list(STATES)},
                "subject": closed({"kind": {"enum": [*SUBJECTS, REQUEST]}, "id": MAYBE_TEXT}),
                "order_id": MAYBE_TEXT,
                "owner": MAYBE_TEXT,
                "attended": {"type": "boolean"},
                "made_at": MAYBE_MOMENT,
                "first": {"anyOf": [ref("Window"), {"type": "null"}]},
                "current": {"anyOf": [ref("Window"), {"type": "null"}]},
                "windows": {"type": "array", "items": ref("Window")},
                "risk_at": MAYBE_MOMENT,
                "met_at": MAYBE_MOMENT,
                "ended_at": MAYBE_MOMENT,
                "first_window_met": {"type": ["boolean", "null"]},
                "follows": MAYBE_TEXT,
                "why": {"type": "array", "items": ref("Turn")},
            }
        ),
        "Promises": closed({"promises": {"type": "array", "items": ref("Promise")}, "next": MAYBE_TEXT | {"description": "The cursor of the next page"}}),
        "Decided": decided,
        "Became": closed(
            {
                "id": MAYBE_TEXT,
                "source": MAYBE_TEXT,
                "fact": {"type": "string"},
                "state": {"enum": ["waiting", "understood", "refused"]},
                "type": {"type": "string"},
                "position": {"type": "integer"},
                "occurred_at": MAYBE_MOMENT,
                "received_at": MAYBE_MOMENT,
                "channel": {"type": "string"},
                "touchpoint": MAYBE_TEXT,
                "decided": {"type": "array", "items": ref("Decided")},
                "faults": {"type": "array", "items": ref("Fault")},
            },
            *("type", "position", "occurred_at", "received_at", "channel", "touchpoint", "decided", "faults"),
        ),
        "Permission": closed(permission_fields()),
        "Purpose": closed(
            {
                "purpose": {"type": "string"},
                "basis": {"enum": list(BASES), "description": words_of(BASES)},
                "direct_marketing": {"type": "boolean", "description": "Whether an objection to direct marketing covers it"},
                **permission_fields(),
                "channels": {
                    "type": "object",
                    "additionalProperties": ref("Permission"),
                    "description": "Channels of which something else was said; empty when one was asked for",
                },
            }
        ),
        "Consents": closed({"channel": {"enum": [*CHANNELS, None]}, "purposes": {"type": "array", "items": ref("Purpose")}}),
        "Said": closed({"event": ref("Became"), "promise": {"anyOf": [ref("Promise"), {"type": "null"}]}, "look": {"type": "string"}}),
    }


def permission_fields() -> Schema:
    """Whether something is allowed, and why."""
    return {
        "allowed": {"type": "boolean"},
        "why": {"enum": list(WHYS), "description": words_of(WHYS)},
        "since": MAYBE_MOMENT | {"description": "When it was said; null when nothing was"},
        "event": MAYBE_TEXT | {"description": "The fact that said it"},
    }


def words_of(codes: dict[str, str]) -> str:
    return "; ".join(f"`{name}`: {meaning}" for name, meaning in codes.items())


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
            "description": f"At most {size // 1024} KB, plain or gzipped. 200 means durable. The same messageId from the same sender is one fact.",
            "security": [{"write": []}],
            "requestBody": body(ref("Batch" if call == BATCH else "Event"), {call: example}),
            "responses": answers({"200": ("It is durable", "Taken")}, *WRITING),
        }
    }


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
            **promise_paths(),
            **consent_paths(),
            "/healthz": {
                "get": {
                    "operationId": "health",
                    "tags": ["events"],
                    "summary": "Whether the door is open",
                    "security": [],
                    "responses": {"200": {"description": "It is", "content": {"application/json": {"schema": closed({"status": {"const": "ok"}})}}}},
                }
            },
        },
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "write": {"type": "http", "scheme": "basic", "description": "A write key as user name, no password. It can only write."},
                "read": {"type": "http", "scheme": "bearer", "description": "A read key. One that names a sender may also write as it."},
            },
        },
    }
