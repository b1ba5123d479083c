"""The shapes of the OpenAPI document: what is sent, and what is answered."""

from __future__ import annotations

from typing import Any

from omtanke.engine.consent import WHYS
from omtanke.engine.consent_policy import BASES
from omtanke.intake.api import ACTIONS, STATING, TEXTS
from omtanke.intake.senders import cloudevents
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fields import LONGEST_CODE, LONGEST_NUMBER
from omtanke.vocabulary.promise import KINDS, REQUEST, STATES, SUBJECTS
from omtanke.vocabulary.reading import CALLS, LONGEST_IDENTIFIER, LONGEST_MESSAGE_ID

Schema = dict[str, Any]


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


def standing(status: str) -> Schema:
    """How the door stands; what is wrong, and how far behind the store is, for those on the machine or with the token."""
    number = {"type": "number"}
    behind = closed({"messages": number, "seconds": number, "wakes": number})
    said = {"status": {"const": status}, "role": {"const": "door"}, "wrong": {"type": "array", "items": {"type": "string"}}, "behind": behind}
    return closed(said, "wrong", "behind")


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
        "CloudEvent": cloud_event(),
        "Taken": closed({"success": {"const": True}}),
        "Fault": fault,
        "Problem": closed(
            {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "faults": {"type": "array", "items": ref("Fault")},
                "code": {"type": "string", "description": "At /v1: the kind of problem, as tracking clients look for it"},
                "message": {"type": "string", "description": "At /v1: title and first faults in one line, as tracking clients write it down"},
            },
            *("faults", "code", "message"),
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
        "Whys": closed(
            {
                "play": MAYBE_TEXT,
                "is_whole": {"type": "boolean", "description": "Whether there are no earlier ones"},
                "decisions": {"type": "array", "items": ref("Why")},
            }
        ),
        "Why": closed(
            {
                "at": MAYBE_MOMENT,
                "play": MAYBE_TEXT,
                "what": {"type": "string", "description": "The type of fact, or not_let_in"},
                "reason": nullable("string", description="As the reference of reasons has it"),
                "means": nullable("string", description="The reason in words"),
                "channel": MAYBE_TEXT,
                "until": MAYBE_MOMENT,
                "because": {"type": "array", "items": {"type": "string"}, "description": "Types of the facts that it rests on"},
                "policy": nullable("integer", description="The version by which it was decided"),
                "position": {"type": "integer", "description": "Its place in the log"},
            }
        ),
        "Said": closed({"event": ref("Became"), "promise": {"anyOf": [ref("Promise"), {"type": "null"}]}, "look": {"type": "string"}}),
    }


def cloud_event() -> Schema:
    """An event in the standard's structured mode. Further extension attributes are passed over."""
    some = {"type": "string", "minLength": 1}
    properties = {
        "specversion": {"const": cloudevents.VERSION},
        "type": some | {"description": "What happened: Order Completed, order_completed, com.shop.order.completed"},
        "source": some,
        "id": some | {"description": "With source it tells the event from all others"},
        "time": nullable("string"),
        "subject": MAYBE_TEXT,
        "userid": nullable("string", maxLength=LONGEST_IDENTIFIER, description="The customer, by your own id; not needed where data names an order or parcel"),
        "anonymousid": nullable("string", maxLength=LONGEST_IDENTIFIER, description="The customer, by a device"),
        "channel": {"enum": [*CHANNELS, None]},
        "touchpoint": code("The place, as you name it"),
        "timezone": nullable("string", description="The customer's IANA zone"),
        "data": nullable("object", description="The fields of the event"),
        "data_base64": MAYBE_TEXT,
    }
    return {"type": "object", "properties": properties, "required": ["specversion", "type", "source", "id"]}


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
