"""What one customer got from us in a span of time, whoever sent it, and how much of it took of their patience."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from omtanke.engine.contact import PURPOSES
from omtanke.runtime.own_sources import OWN_SOURCES
from omtanke.storage.message_pages import MessagePages, MessageSeen
from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.time import DAY, local_date
from omtanke.web.console.message_rows import address_of
from omtanke.web.words import names, spoken
from omtanke.web.words.tellers.told import written
from omtanke.web.words.telling import tell
from omtanke.web.words.voice import Voice

MOST = 500
WEEK = 7 * DAY
MESSAGES = ("message_sent", "message_in_doubt")
# What reaches a customer beside messages: answers of service, questions, what colleagues say. A chat is not: they are there.
OTHERS = ("case_message_sent", "callback_made", "customer_told", "survey_sent", "survey_asked")
# A play that asks says so in a message.
IN_A_MESSAGE = "asked_in_a_play"


@dataclass(frozen=True)
class Got:
    """Something that the customer got. clock: when. title: what. about: from whom, and by which channel. heading: of a message, quoted, or empty.
    look: how it is coloured. is_offer: whether it was an offer or a question. address: its own page, or its place on the customer's."""

    clock: str
    title: str
    about: str
    heading: str
    look: str
    is_offer: bool
    address: str


class Contacts(Struct, frozen=True):
    """Moments at which offers and questions took of the customer's patience, as the engine counts them: ours when they were let go, those of other
    systems when they were told of. `within`: in the span; `before`: in the seven days before it."""

    within: tuple[int, ...]
    before: tuple[int, ...] = ()

    def in_week_to(self, moment: int) -> int:
        """How many in the seven days up to a moment, itself included."""
        return sum(moment - WEEK < one <= moment for one in (*self.before, *self.within))

    @property
    def fullest(self) -> tuple[int, int]:
        """The most in any seven days that end in the span, and the moment at which they end; zeros for none."""
        return max(((self.in_week_to(one), one) for one in self.within), default=(0, 0))


def got_in(pages: Pages, say: Voice, person: int, since: int, until: int) -> tuple[dict[date, list[Got]], bool]:
    """By day, the first first; and whether there was more than is shown."""
    read = MessagePages(pages)
    facts = read.said_to(person, (*MESSAGES, *OTHERS), since, until, MOST + 1)
    told = [fact for fact in facts[:MOST] if fact.reason != IN_A_MESSAGE]
    numbers = {getattr(fact.body, "message", 0) for fact in told} - {0}
    ours = read.messages_to(person, numbers)
    senders = {one.source: one.name for one in pages.sources() if one.name not in OWN_SOURCES}
    found: dict[date, list[Got]] = {}
    for fact in told:
        found.setdefault(local_date(fact.occurred_at, say.zone), []).append(got(fact, ours.get(getattr(fact.body, "message", 0)), person, senders, say))
    return found, len(facts) > MOST


def got(fact: FactSeen, ours: MessageSeen | None, person: int, senders: Mapping[int, str], say: Voice) -> Got:
    body: Any = fact.body
    is_doubt = fact.type == "message_in_doubt"
    return Got(
        clock=say.clock(fact.occurred_at),
        title=title_of(fact, ours, say),
        about=", ".join(about_of(fact, ours, senders)),
        heading=written(fact, "subject") if fact.type == "message_sent" else "",
        look="risk" if is_doubt else "",
        is_offer=(ours.message_class if ours else getattr(body, "message_class", "")) in PURPOSES or fact.type.startswith("survey_"),
        address=address_of(ours) if ours else f"{reverse('customer', args=[person])}#at-{fact.position}",
    )


def title_of(fact: FactSeen, ours: MessageSeen | None, say: Voice) -> str:
    """What it is called: a message by its name, anything else as on the timeline."""
    if ours:
        name = spoken.title(ours)
        return _("%(message)s (in doubt)") % {"message": name} if fact.type == "message_in_doubt" else name
    template = getattr(fact.body, "template", "")
    return names.play(template) if template else tell(fact, say).what


def about_of(fact: FactSeen, ours: MessageSeen | None, senders: Mapping[int, str]) -> Iterable[str]:
    """From whom, and by which channel."""
    if ours and ours.play and names.play(ours.play) != spoken.title(ours):
        yield _("the play “%(play)s”") % {"play": names.play(ours.play)}
    elif fact.source in senders:
        yield senders[fact.source]
    if channel := names.channel(getattr(fact.body, "for_channel", "") or (fact.channel if fact.type not in MESSAGES else "")):
        yield channel


def contacts_of(pages: Pages, person: int, since: int, until: int) -> Contacts:
    """What took of the customer's patience in the span, and in the seven days before it."""
    facts = MessagePages(pages).said_to(person, ("message_released", "message_sent"), since - WEEK, until, 2 * MOST)
    moments = sorted(fact.occurred_at if fact.type == "message_sent" else fact.now for fact in facts if took(fact))
    return Contacts(tuple(one for one in moments if one >= since), tuple(one for one in moments if one < since))


def took(fact: FactSeen) -> bool:
    """Whether it took of the customer's patience."""
    body: Any = fact.body
    if body is None or body.message_class not in PURPOSES:
        return False
    return not body.tries if fact.type == "message_released" else not body.message and not fact.is_history
