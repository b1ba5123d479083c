"""Whether something may be said to a customer now, later or not at all: one budget of contacts over all senders.

What the customer has said themselves comes first. What we owe them and what answers them is said whatever else is; what they have not
asked for, and questions, wait for the end of quiet hours, of a case that is open and of a promise that is broken, and for room in the week.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine import consent
from omtanke.engine.consent import Consents
from omtanke.engine.consent_policy import MARKETING, SURVEYS
from omtanke.engine.contact_policy import minute_of
from omtanke.engine.policy import Policy
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.play import PROMOTIONAL, SURVEY
from omtanke.vocabulary.rights import ProcessingRestricted
from omtanke.vocabulary.time import DAY, datetime_of, day_starts_at, next_time_of_day, zone_named

MOST_CONTACTS = 40
MOST_OPEN = 20
WAITED_SPAN = 60 * DAY
ASKED_AGAIN = DAY
WEEK = 7 * DAY
# Whose say-so a class needs, and the classes that have to find room.
PURPOSES = {PROMOTIONAL: MARKETING, SURVEY: SURVEYS}
REACHES = {"mail": "has_email", "sms": "has_phone"}
ADDRESSES = {"mail": "email", "sms": "phone"}
# What a customer may choose for "frequency": so many in so long.
FREQUENCIES = {"as_usual": (0, 0), "weekly": (1, WEEK), "monthly": (1, 30 * DAY)}
RELEASED, DEFERRED, SUPPRESSED = "released", "deferred", "suppressed"
# The reason when every address that is known takes nothing any more.
UNDELIVERABLE = "undeliverable"
# The customer's own choice of a subject, as a preference: subject.cart.
SUBJECT = "subject."


class Person(Struct, frozen=True, array_like=True, gc=False):
    """What is known of the customer without their name: the fields of Customer Identified, as last put right."""

    region: str = ""
    country: str = ""
    locale: str = ""
    has_email: bool = False
    has_phone: bool = False


class Contact(Struct, frozen=True, array_like=True):
    """What bears on whether we may speak. `contacts`: when something promotional or a question went out, the latest last, by any sender;
    `cases` and `waiting`: open cases and broken promises with the moment; `preferences`: the customer's own, by name and channel;
    `dead`: channels whose address takes nothing any more."""

    person: Person = Person()
    allows: Consents = Consents()
    contacts: tuple[int, ...] = ()
    asked_at: int = 0
    bought_at: int = 0
    cases: dict[int, int] = {}
    waiting: dict[int, int] = {}
    preferences: dict[tuple[str, str], str] = {}
    dead: tuple[str, ...] = ()
    is_restricted: bool = False
    is_erased: bool = False


class Verdict(Struct, frozen=True, gc=False):
    """What becomes of a message. `outcome`: released, deferred or suppressed; `reason`: in vocabulary.reasons; `until`: when it is asked again."""

    outcome: str
    reason: str
    channel: str = ""
    until: int = 0


def verdict(contact: Contact, class_: str, channels: Sequence[str], policy: Policy, due_at: int, now: int, subject: str = "") -> Verdict:
    """Whether a message that was due at `due_at` may go out at `now`, and in which of the channels, the first that reaches first.

    What would have to wait for longer than the policy's patience is no news by then, and is not said, for the reason for which it would wait.
    """
    if contact.is_erased or contact.is_restricted:
        return Verdict(SUPPRESSED, "erased" if contact.is_erased else "restricted")
    channel, reason = channel_of(contact, class_, channels, policy, subject)
    if not channel:
        return Verdict(SUPPRESSED, reason)
    if class_ not in PURPOSES:
        return Verdict(RELEASED, "time_to_say", channel)
    if class_ == SURVEY and contact.asked_at and now - contact.asked_at < policy.surveys.rest:
        return Verdict(SUPPRESSED, "asked_lately")
    if now - due_at > policy.contact.patience:
        return Verdict(SUPPRESSED, "too_late")
    reason, until = waits_for(contact, policy, now)
    if not reason:
        return Verdict(RELEASED, "time_to_say", channel)
    if until - due_at > policy.contact.patience:
        return Verdict(SUPPRESSED, reason)
    return Verdict(DEFERRED, reason, until=until)


def channel_of(contact: Contact, class_: str, channels: Sequence[str], policy: Policy, subject: str = "") -> tuple[str, str]:
    """The first channel that reaches the customer and that they allow; or none, and the reason of the first that reaches."""
    refused = came_back = ""
    for channel in channels:
        if not getattr(contact.person, REACHES[channel]):
            continue
        if channel in contact.dead:
            came_back = UNDELIVERABLE
            continue
        reason = refused_in(contact, class_, channel, policy, subject)
        if not reason:
            return channel, ""
        refused = refused or reason
    return "", refused or came_back or "no_address"


def refused_in(contact: Contact, class_: str, channel: str, policy: Policy, subject: str = "") -> str:
    """The reason that the customer gives against a class in a channel, or a subject in all; empty when there is none."""
    purpose = PURPOSES.get(class_)
    if purpose is None:
        return ""
    if contact.preferences.get(("channel", channel)) == "off":
        return "own_choice"
    if subject and contact.preferences.get((SUBJECT + subject, "")) == "off":
        return "own_subject"
    found = consent.may(contact.allows, purpose, channel, policy)
    return "" if found.is_allowed else found.why


def waits_for(contact: Contact, policy: Policy, now: int) -> tuple[str, int]:
    """What something that was not asked for waits for, and until when at the least; ("", 0) for nothing."""
    zone = zone_named(policy.contact.zone_of(contact.person.country))
    if (until := _paused_until(contact, zone)) > now:
        return "paused", until
    if contact.cases and any(now - at < WAITED_SPAN for at in contact.cases.values()):
        return "open_case", now + ASKED_AGAIN
    if contact.waiting and any(now - at < WAITED_SPAN for at in contact.waiting.values()):
        return "broken_promise", now + ASKED_AGAIN
    if (until := _own_limit_until(contact, now)) > now:
        return "own_limit", until
    if (until := _room_at(contact.contacts, policy.contact.week_limit, WEEK, now)) > now:
        return "over_budget", until
    return ("quiet_hours", until) if (until := quiet_until(contact, policy, zone, now)) > now else ("", 0)


def _own_limit_until(contact: Contact, now: int) -> int:
    chosen = contact.preferences.get(("frequency", ""))
    most, span = FREQUENCIES.get(chosen, (0, 0)) if chosen else (0, 0)
    return _room_at(contact.contacts, most, span, now) if span else 0


def _room_at(contacts: tuple[int, ...], most: int, span: int, now: int) -> int:
    """When so many in so long will be fewer again; `now` or earlier when they are."""
    if len(contacts) < most:
        return now
    lately = [at for at in contacts if at > now - span]
    if len(lately) < most:
        return now
    return lately[-most] + span if most else now + span


def quiet_until(contact: Contact, policy: Policy, zone: ZoneInfo, now: int) -> int:
    """When the hour ends in which the customer is left in peace; 0 when it is none now."""
    return _quiet_until(*_quiet_hours(contact, policy), now, zone)


@lru_cache(maxsize=64)
def _quiet_until(begins: int, ends: int, now: int, zone: ZoneInfo) -> int:
    """The same for hours from one minute of the day to another. A letter to everybody asks about one moment."""
    at = datetime_of(now, zone)
    minute = at.hour * 60 + at.minute
    is_quiet = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
    return next_time_of_day(ends, now, zone) if is_quiet else 0


def _quiet_hours(contact: Contact, policy: Policy) -> tuple[int, int]:
    chosen = contact.preferences.get(("quiet_hours", ""))
    if chosen:
        first, _, last = chosen.partition("-")
        begins, ends = minute_of(first), minute_of(last)
        if begins is not None and ends is not None:
            return begins, ends
    return policy.contact.quiet_from, policy.contact.quiet_until


def _paused_until(contact: Contact, zone: ZoneInfo) -> int:
    """The day from which the customer takes something again, as they wrote it: 2026-12-27."""
    chosen = contact.preferences.get(("pause", ""))
    try:
        return day_starts_at(date.fromisoformat(chosen), zone) if chosen else 0
    except ValueError:
        return 0


# What facts change


def evolve_identified(contact: Contact, fact: Fact) -> Contact:
    """What was told last counts; an address that was told is alive again."""
    body: Any = fact.body
    was = contact.person
    person = Person(
        region=body.region or was.region,
        country=body.country or was.country,
        locale=body.locale or was.locale,
        has_email=body.has_email or was.has_email,
        has_phone=body.has_phone or was.has_phone,
    )
    told = [channel for channel, name in REACHES.items() if getattr(body, name)]
    dead = tuple(channel for channel in contact.dead if channel not in told)
    return contact if person == was and dead == contact.dead else replace(contact, person=person, dead=dead)


def evolve_corrected(contact: Contact, fact: Fact) -> Contact:
    """What was put right counts; an address that was is alive again, and one that is no longer known reaches nobody."""
    body: Any = fact.body
    known = {detail: detail not in body.emptied for detail in body.corrected}
    was = contact.person
    person = replace(
        was,
        region=body.region if "region" in known else was.region,
        locale=body.locale if "locale" in known else was.locale,
        has_email=known.get("email", was.has_email),
        has_phone=known.get("phone", was.has_phone),
    )
    dead = tuple(channel for channel in contact.dead if ADDRESSES[channel] not in known)
    return contact if person == was and dead == contact.dead else replace(contact, person=person, dead=dead)


def evolve_consent(contact: Contact, fact: Fact) -> Contact:
    body: Any = fact.body
    if body.purpose in PURPOSES.values():
        return replace(contact, allows=consent.EVOLVES[type(body)](contact.allows, fact))
    if not getattr(body, "is_objection", False):
        return contact
    return replace(contact, allows=replace(contact.allows, objected=consent.evolve_withdrawn(contact.allows, fact).objected))


def evolve_requested(contact: Contact, fact: Fact) -> Contact:
    """Whoever asks for the right to object wants no direct marketing any more."""
    allows = consent.evolve_requested(contact.allows, fact)
    return contact if allows is contact.allows else replace(contact, allows=allows)


def evolve_chosen(contact: Contact, fact: Fact) -> Contact:
    body: Any = fact.body
    key = (body.preference, body.for_channel)
    return replace(contact, preferences=dict(sorted((contact.preferences | {key: body.chosen}).items())[-MOST_OPEN:]))


def evolve_case(contact: Contact, fact: Fact) -> Contact:
    """A case is open from when the customer turns to us until it is resolved."""
    body: Any = fact.body
    return replace(contact, cases=dict(list((contact.cases | {body.case: fact.occurred_at}).items())[-MOST_OPEN:])) if body.case else contact


def evolve_resolved(contact: Contact, fact: Fact) -> Contact:
    body: Any = fact.body
    return replace(contact, cases={case: at for case, at in contact.cases.items() if case != body.case}) if body.case in contact.cases else contact


def evolve_broken(contact: Contact, fact: Fact) -> Contact:
    body: Any = fact.body
    if not body.is_waited_for:
        return evolve_over(contact, fact)
    return replace(contact, waiting=dict(list((contact.waiting | {body.promise: fact.now}).items())[-MOST_OPEN:]))


def evolve_over(contact: Contact, fact: Fact) -> Contact:
    body: Any = fact.body
    if body.promise not in contact.waiting:
        return contact
    return replace(contact, waiting={number: at for number, at in contact.waiting.items() if number != body.promise})


def evolve_bought(contact: Contact, fact: Fact) -> Contact:
    return replace(contact, bought_at=max(contact.bought_at, fact.occurred_at))


def evolve_asked(contact: Contact, fact: Fact) -> Contact:
    return replace(contact, asked_at=max(contact.asked_at, fact.occurred_at))


def evolve_restricted(contact: Contact, fact: Fact) -> Contact:
    return replace(contact, is_restricted=isinstance(fact.body, ProcessingRestricted))


def evolve_erased(contact: Contact, fact: Fact) -> Contact:
    return Contact(is_erased=True)


def contacted(contact: Contact, at: int) -> Contact:
    """Something that was not asked for has gone out."""
    contacts = (*contact.contacts, at)
    if len(contacts) > 1 and at < contacts[-2]:
        contacts = tuple(sorted(contacts))
    return replace(contact, contacts=contacts[-MOST_CONTACTS:])


def before_last(contact: Contact) -> Contact:
    """As if the last had not been let go: for one that is asked about anew, which has taken its room and was a question already."""
    return replace(contact, contacts=contact.contacts[:-1], asked_at=0)


def unreachable(contact: Contact, channel: str) -> Contact:
    """The address of a channel takes nothing any more."""
    return replace(contact, dead=tuple(sorted({*contact.dead, channel}))) if channel in REACHES else contact


def settled(contact: Contact, edge: int) -> Contact:
    """Without what bears on nothing since before the edge."""
    return replace(
        contact,
        allows=consent.settled(contact.allows, edge, edge),
        contacts=tuple(at for at in contact.contacts if at >= edge),
        asked_at=contact.asked_at if contact.asked_at >= edge else 0,
        bought_at=contact.bought_at if contact.bought_at >= edge else 0,
        cases={case: at for case, at in contact.cases.items() if at >= edge},
        waiting={promise: at for promise, at in contact.waiting.items() if at >= edge},
    )


def united(one: Contact, other: Contact) -> Contact:
    """Both as one person's; where both say something of the person, the second does."""
    return Contact(
        person=Person(*(later or earlier for earlier, later in zip(_of(one.person), _of(other.person), strict=True))),
        allows=consent.united(one.allows, other.allows),
        contacts=tuple(sorted((*one.contacts, *other.contacts)))[-MOST_CONTACTS:],
        asked_at=max(one.asked_at, other.asked_at),
        bought_at=max(one.bought_at, other.bought_at),
        cases=dict(list((one.cases | other.cases).items())[-MOST_OPEN:]),
        waiting=dict(list((one.waiting | other.waiting).items())[-MOST_OPEN:]),
        preferences=dict(sorted((one.preferences | other.preferences).items())[-MOST_OPEN:]),
        dead=tuple(sorted({*one.dead, *other.dead})),
        is_restricted=one.is_restricted or other.is_restricted,
        is_erased=one.is_erased or other.is_erased,
    )


def _of(person: Person) -> tuple[Any, ...]:
    return (person.region, person.country, person.locale, person.has_email, person.has_phone)
