"""From a message as senders write it (Segment's tracking form) to a body, a personal part and identifiers.

A message is `{"type": "track", "event": "Order Completed", "messageId", "userId", "anonymousId",
"timestamp" | "originalTimestamp", "sentAt", "context": {...}, "properties": {...}}`; `identify` carries
`traits`, `page` and `screen` carry `properties`, `group` a `groupId` and its `traits`, `alias` the
`previousId` by which the customer was known. `context.channel` and `context.touchpoint` say where it
happened, `context.timezone` where the customer's clock stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from omtanke.vocabulary.catalogue import OBSERVED, nearest_name
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fact import Observed, OwnAct, StaffAct
from omtanke.vocabulary.fields import TEXT_OR_NUMBER, Reading, is_code, number_text, read_object, read_properties
from omtanke.vocabulary.identity import PREVIOUS, CustomerAliased, CustomerGrouped, CustomerIdentified, Identifier, is_placeholder
from omtanke.vocabulary.page import PageViewed, ScreenViewed
from omtanke.vocabulary.promise import PromiseStated, QuoteGiven, read_stated
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.rights import DetailsCorrected, RightsRequested
from omtanke.vocabulary.running import UnknownObserved
from omtanke.vocabulary.store import ReceiptIssued, StoreVisited
from omtanke.vocabulary.survey import SurveyAnswered
from omtanke.vocabulary.task import PromiseRenegotiationRequested
from omtanke.vocabulary.time import SECOND, read_moment, zone_named

LONGEST_MESSAGE_ID = 100
LONGEST_IDENTIFIER = 320
# A clock that seems wrong by less may be right, and the message slow.
ON_ITS_WAY = 5 * SECOND
# Asked of every message; a union would be made anew each time.
VISITS = (StoreVisited, ReceiptIssued)
MayIdentify = Callable[[str, str], bool]
TO_MAKE_SENSE = (SurveyAnswered, PromiseRenegotiationRequested)
CALLS = ("track", "identify", "page", "screen", "group", "alias")


class Moment(Struct, frozen=True, array_like=True, gc=False):
    """When a sender says that something happened, before it is known when it was received. `said_at`: None, nothing was said. `sent_at`: when it
    was sent, by the sender's clock; None, nothing was said of that. `is_original`: it was said as `originalTimestamp`."""

    said_at: int | None = None
    sent_at: int | None = None
    is_original: bool = False

    def as_received(self, received_at: int) -> int:
        """When it happened. Nothing happens after it was received.

        The sender's clock ought to be the moment of receipt when it was sent. With `originalTimestamp` the difference is always taken off:
        receipt - (sentAt - originalTimestamp); else once the clock is wrong by more than a message is on its way.
        """
        if self.said_at is None:
            return received_at
        wrong_by = received_at - self.sent_at if self.sent_at is not None else 0
        is_wrong = self.is_original or abs(wrong_by) > ON_ITS_WAY
        return min(received_at, self.said_at + wrong_by if is_wrong else self.said_at)


UNSAID = Moment()


class Understood(Struct, frozen=True, gc=False):
    """A message that was understood. `personal` is the part that can be erased.

    `numbers` are the things it names, as (kind, surrogate, as written), the first the main one. `customer` is the
    one that our own pages named by number, 0 for none. `moment`: what `occurred_at` follows from once it is known
    when it was received.
    """

    body: Observed
    personal: Mapping[str, Any]
    identifiers: tuple[Identifier, ...]
    numbers: tuple[tuple[str, int, str], ...]
    occurred_at: int
    channel: str
    touchpoint: str
    customer: int = 0
    moment: Moment = UNSAID


def message_id(message: dict[str, Any]) -> str:
    """The sender's own id of the message, at most 100 characters."""
    value = message.get("messageId")
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_MESSAGE_ID:
        raise Refused("messageId", value, f"must be text of 1 to {LONGEST_MESSAGE_ID} characters")
    return value


def occurred_at(message: dict[str, Any], received_at: int, zone: ZoneInfo) -> tuple[int, str]:
    """When it happened, and the timestamp as the sender wrote it."""
    moment, written = moment_said(message, zone)
    return moment.as_received(received_at), written


def moment_said(message: dict[str, Any], zone: ZoneInfo) -> tuple[Moment, str]:
    """The moment that the sender says, and the timestamp as written.

    `sentAt` is the sender's clock at sending. Where both `timestamp` and `originalTimestamp` are sent and differ, `timestamp` was given on purpose.
    """
    original, sent, plain = message.get("originalTimestamp"), message.get("sentAt"), message.get("timestamp")
    written = plain or original
    if not written:
        return UNSAID, ""
    said_at = read_moment(written, "timestamp" if plain else "originalTimestamp", zone)
    sent_at = read_moment(sent, "sentAt", zone) if sent and (not original or original == written) else None
    return Moment(said_at, sent_at, bool(original)), written


def anybody(kind: str, value: str) -> bool:
    """Every value identifies somebody, placeholders apart."""
    return True


def read_message(
    message: dict[str, Any],
    received_at: int,
    zone: ZoneInfo,
    currency: str,
    refer: Callable[[str, str], int],
    is_own: bool = False,
    may_identify: MayIdentify = anybody,
) -> Understood:
    """Understand one message. Raises Refused with path, value and rule where a known event is wrong.

    An event of another name is kept whole in the personal part, unless its name is a slip of a known one. `is_own`:
    it comes from our own pages, which may name a `customer` by number, and say what staff do. `may_identify`: whether a
    value of a kind says who somebody is in this shop.
    """
    call = message.get("type", "track")
    if call not in CALLS:
        raise Refused("type", call, f"is not one of {', '.join(CALLS)}")
    context = read_object(message.get("context") or {}, "context")
    timezone = context.get("timezone")
    local = _zone(timezone) if isinstance(timezone, str) and timezone else zone
    said, timestamp = moment_said(message, local)
    moment = said.as_received(received_at)
    reading = Reading(local, currency, refer, is_own)
    body, rest = _read_body(call, message, timestamp, reading)
    if isinstance(body, RightsRequested):
        body = body.counted(moment, zone)
    elif isinstance(body, DetailsCorrected):
        body = body.compared(rest)
    personal: dict[str, Any] = {}
    if rest:
        personal["traits" if call in ("identify", "group") else "properties"] = rest
    if reading.left_over:
        personal["items"] = reading.left_over
    if reading.numbers:
        personal["numbers"] = reading.numbers
    identifiers = read_identifiers(message, context, rest if call == "identify" else read_object(context.get("traits") or {}, "context.traits"))
    identifiers = tuple([one for one in identifiers if may_identify(one.kind, one.value)])
    if identifiers:
        personal["identifiers"] = [(i.kind, i.value) for i in identifiers]
        body = replace(body, is_known=True) if isinstance(body, VISITS) else body
    more = {key: value for key, value in context.items() if key not in ("channel", "touchpoint", "timezone")}
    if more:
        personal["context"] = more
    return Understood(
        body=body,
        personal=personal,
        identifiers=identifiers,
        numbers=tuple(reading.numbers),
        occurred_at=moment,
        channel=_channel(context),
        touchpoint=_touchpoint(context),
        customer=_customer(message) if is_own else 0,
        moment=said,
    )


def _read_body(call: str, message: dict[str, Any], timestamp: str, reading: Reading) -> tuple[Observed, dict[str, Any]]:
    if call == "identify":
        traits = dict(read_object(message.get("traits") or {}, "traits"))
        body, rest = read_properties(CustomerIdentified, _flat_address(traits), timestamp, reading, "traits")
        assert isinstance(body, CustomerIdentified)
        known = CustomerIdentified(
            timestamp=timestamp,
            region=body.region,
            country=body.country,
            locale=body.locale,
            has_email=bool(rest.get("email")),
            has_phone=bool(rest.get("phone")),
        )
        return known, rest
    if call == "group":
        return _read_group(message, timestamp, reading)
    if call == "alias":
        _require(message, "userId", "the id by which the customer is known from now on")
        _require(message, "previousId", "the id by which the customer was known until now")
        return CustomerAliased(timestamp=timestamp), {}
    properties = read_object(message.get("properties") or {}, "properties")
    if call == "page":
        return read_properties(PageViewed, properties, timestamp, reading)
    if call == "screen":
        return read_properties(ScreenViewed, properties, timestamp, reading)
    event = message.get("event")
    if event in (None, ""):
        raise Refused("event", event, "is missing: the name of what happened")
    if not isinstance(event, str):
        raise Refused("event", event, "is not text: the name of what happened")
    if event == PromiseStated.name:
        return PromiseStated(timestamp=timestamp, stated=(read_stated(properties, "properties", reading),)), {}
    known_type = OBSERVED.get(event)
    if known_type is None:
        meant = nearest_name(event)
        if meant:
            raise Refused("event", event, f"is not known. Did you mean {meant!r}?")
        return UnknownObserved(timestamp=timestamp), {"event": event, **properties}
    if issubclass(known_type, OwnAct) and not reading.is_own:
        whose = "said by those who work here, in the console" if issubclass(known_type, StaffAct) else "told by Omtanke itself"
        raise Refused("event", event, f"is {whose}; no sender says it")
    body, rest = read_properties(known_type, properties, timestamp, reading)
    if isinstance(body, TO_MAKE_SENSE):
        body.require_sense()
    if known_type is QuoteGiven:
        body = QuoteGiven(**{name: getattr(body, name) for name in body.__struct_fields__ if name != "zone"}, zone=reading.zone.key)
    return body, rest


def _read_group(message: Mapping[str, Any], timestamp: str, reading: Reading) -> tuple[Observed, dict[str, Any]]:
    """The traits of a group are whatever the sender says of it; they stay in the personal part."""
    _require(message, "groupId", "the household, company or club")
    group = reading.reference("group", number_text(message["groupId"], "groupId"))
    return CustomerGrouped(timestamp=timestamp, group=group), dict(read_object(message.get("traits") or {}, "traits"))


def _require(message: Mapping[str, Any], name: str, what: str) -> None:
    if message.get(name) in (None, ""):
        raise Refused(name, None, f"is missing: {what}")


def _flat_address(traits: dict[str, Any]) -> dict[str, Any]:
    """Segment nests the address; region and country are read from it, the rest of it stays personal."""
    address = traits.get("address")
    if isinstance(address, dict):
        for name, inside in (("region", "state"), ("region", "region"), ("country", "country")):
            if name not in traits and address.get(inside):
                traits[name] = address[inside]
    return traits


def _customer(message: Mapping[str, Any]) -> int:
    """The customer that one of our own pages names by number."""
    customer = message.get("customer", 0)
    if isinstance(customer, bool) or not isinstance(customer, int) or customer < 0:
        raise Refused("customer", customer, "is not the number of a customer")
    return customer


def _zone(name: str) -> ZoneInfo:
    """The customer's zone, refused under the name that senders give it."""
    try:
        return zone_named(name)
    except Refused as refused:
        raise Refused("context.timezone", name, refused.rule) from refused


def _channel(context: Any) -> str:
    channel = context.get("channel")
    return channel if isinstance(channel, str) and channel in CHANNELS else "none"


def _touchpoint(context: Any) -> str:
    touchpoint = context.get("touchpoint")
    if isinstance(touchpoint, str) and is_code(touchpoint):
        return touchpoint
    return ""


def read_identifiers(message: dict[str, Any], context: Any, traits: Mapping[str, Any]) -> tuple[Identifier, ...]:
    """Everything that says who it was, strongest first; placeholder values say nothing."""
    found: list[Identifier] = []
    if not (traits or message.get("userId") or message.get("anonymousId") or context.get("externalIds")):
        return ()

    _add(found, "user_id", message.get("userId"), "userId")
    if traits:
        _add(found, "loyalty_number", traits.get("loyalty_number"), "traits.loyalty_number")
    if external := context.get("externalIds"):
        if not isinstance(external, list):
            raise Refused("context.externalIds", external, "is not a list of {id, type}")
        for n, entry in enumerate(external):
            named = read_object(entry, f"context.externalIds[{n}]")
            if named.get("id") and not is_placeholder(str(named["id"])):
                _add(found, "external", f"{named.get('type', '')}:{named['id']}", f"context.externalIds[{n}].id")
    if traits:
        _add(found, "email", traits.get("email"), "traits.email")
        _add(found, "phone", traits.get("phone"), "traits.phone")
    _add(found, "anonymous_id", message.get("anonymousId"), "anonymousId")
    if message.get("type") == "alias":
        _add(found, PREVIOUS, message.get("previousId"), "previousId")
    return tuple(dict.fromkeys(found)) if len(found) > 1 else tuple(found)


def _add(found: list[Identifier], kind: str, value: object, path: str) -> None:
    """One more, if it was said and says something."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, TEXT_OR_NUMBER):
        raise Refused(path, value, "is not an identifier: text or a number")
    text = str(value).strip()
    if len(text) > LONGEST_IDENTIFIER:
        raise Refused(path, value, f"is longer than {LONGEST_IDENTIFIER} characters")
    if not is_placeholder(text):
        found.append(Identifier(kind, text.lower() if kind == "email" else text))
