"""Tracking clients of Segment and RudderStack: the paths they know, and what they say in a place of their own.

Each was found by running the client itself; `tests/senders` does so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from omtanke.intake.http import Answer, Problem
from omtanke.vocabulary.reading import CALLS
from omtanke.vocabulary.time import datetime_of

BATCH = "batch"
LONG = {f"/v1/{call}": call for call in (*CALLS, BATCH)}
# Segment's browser client shortens a call to its first letter; its documentation has /v1/import for a batch of the past,
# and RudderStack's browser client a path of its own for what is sent as the page is left.
SHORT = {f"/v1/{call[0]}": call for call in (*CALLS, BATCH)}
PATHS = {**LONG, **SHORT, "/v1/import": BATCH, "/beacon/v1/batch": BATCH}
SETTINGS = re.compile(r"/v1/projects/([^/]+)/settings")
# What a client calls the place where it runs, and the channel that this is. A server's own is not the customer's.
CHANNEL_OF = {"web": "web", "browser": "web", "mobile": "app"}
BROWSER_LIBRARIES = ("analytics.js", "RudderLabs JavaScript SDK")
# RudderStack's browser client tells no zone, but how far the clock is from Greenwich.
OFFSET = re.compile(r"GMT([+-])([0-9]{2}):?([0-9]{2})")
WEST, EAST = timedelta(hours=-12), timedelta(hours=14)
NAMES = ("name", "category")
CODES = {400: "invalid_request", 401: "unauthorized", 403: "forbidden", 429: "too_many_requests", 503: "unavailable"}
MOST_TOLD = 3


def settings_key(path: str) -> str:
    """The write key in the path under which Segment's browser client asks for its settings; empty for another path."""
    found = SETTINGS.fullmatch(path)
    return found[1] if found else ""


def settle(message: dict[str, Any], zone: ZoneInfo, now: int) -> dict[str, Any]:
    """The message with everything in the place where the tracking form has it. `zone`: the sender's; `now`: when it came."""
    context = message.get("context")
    said: dict[str, Any] = context if isinstance(context, dict) else {}
    call = message.get("type")
    if call == "identify" and not message.get("traits") and said.get("traits"):
        message["traits"] = said["traits"]
    elif call in ("page", "screen"):
        _name_page(message)
    if "channel" not in said and (channel := channel_of(message, said)):
        message["context"] = said = {**said, "channel": channel}
    offset = said.get("timezone")
    if isinstance(offset, str) and (found := OFFSET.fullmatch(offset)):
        message["context"] = {**said, "timezone": zone_at(found, zone, now), "utc_offset": offset}
    return message


def zone_at(offset: re.Match[str], zone: ZoneInfo, now: int) -> str | None:
    """The zone of a customer whose browser tells an offset only: None, which is the sender's, where the offset is the same now (and
    then in summer, too); else one that keeps the offset. Those with half hours have no such zone, and are as if nothing was told.
    """
    sign, hours, minutes = offset.groups()
    east = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    if datetime_of(now, zone).utcoffset() == east or int(minutes) or not WEST <= east <= EAST:
        return None
    return f"Etc/GMT{-round(east / timedelta(hours=1)):+d}"  # with the sign of the old way of counting: hours that Greenwich is ahead


def channel_of(message: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """Where the client runs, as far as it says so: by its own word, by a telephone's description, by its library's name."""
    told = message.get("channel")
    if isinstance(told, str):
        return CHANNEL_OF.get(told, "")
    if isinstance(context.get("device"), dict):
        return "app"
    library = context.get("library")
    return "web" if isinstance(library, dict) and library.get("name") in BROWSER_LIBRARIES else ""


def _name_page(message: dict[str, Any]) -> None:
    """A page's name and category stand beside its properties with some clients, among them with others."""
    properties = message.get("properties") or {}
    if isinstance(properties, dict):
        named = {name: message[name] for name in NAMES if message.get(name) and name not in properties}
        if named:
            message["properties"] = {**properties, **named}


def told(problem: Problem) -> Answer:
    """What is wrong, also under the two names that the Python clients look for: without them they send what is refused again and again."""
    faults = "; ".join(f"{one['path']}: {one['value']} {one['rule']}" for one in problem.faults[:MOST_TOLD])
    message = f"{problem.title}: {faults}" if faults else problem.title
    return Answer(problem.status, {**problem.body, "code": CODES.get(problem.status, "refused"), "message": message}, problem.headers)
