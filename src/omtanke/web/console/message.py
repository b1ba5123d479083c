"""One message to a customer: what it said, and its way from when it was due, each step with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from omtanke.storage.message_pages import MessagePages, MessageSeen
from omtanke.storage.seen import FactSeen
from omtanke.web.accounts.access import May, may
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.message_rows import MessageRow, message_rows
from omtanke.web.console.timeline import Why, why
from omtanke.web.shop import Shop, sees_customers, shop, voice
from omtanke.web.words import spoken
from omtanke.web.words.telling import tell
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class Step:
    """Something that was told or decided of it. what: in words. details: more. when, machine: the moment. mood: good, bad or empty. why: the reason,
    or None for what was told."""

    what: str
    details: str
    when: str
    machine: str
    mood: str
    why: Why | None


@dataclass(frozen=True)
class MessagePage:
    """A message.

    title: what it is called. row: as in the list. play: the address of its play, or empty. subject, text: what it said, empty when it has not gone,
    was another system's, or has been erased. is_hidden: it may be there, and the one who asks may not see it. steps: its way, the first first.
    """

    title: str
    row: MessageRow
    play: str
    subject: str
    text: str
    is_hidden: bool
    steps: tuple[Step, ...]


@may(May.SEE_PROMISES)
def message(request: HttpRequest, customer: int, number: int) -> HttpResponseBase:
    """What it said is personal; that somebody looked is noted."""
    here = shop()
    one = MessagePages(here.pages).messages_to(customer, [number]).get(number)
    if one is None:
        raise Http404
    if sees_customers():
        met(one.person, Seen.CUSTOMER)
    return render(request, "console/message.html", {"page": message_page(here, voice(), one)})


def message_page(here: Shop, say: Voice, one: MessageSeen) -> MessagePage:
    course = MessagePages(here.pages).course(one)
    (row,) = message_rows(here.pages, say, [one])
    known = here.pages.facts_by_id(one.person, {ground for fact in course for ground in fact.because})
    sent = next((fact for fact in reversed(course) if fact.type == "message_sent"), None)
    told = (sent.personal.get("properties") or {}) if sent else {}
    return MessagePage(
        title=spoken.title(one),
        row=row,
        play=reverse("play", args=[one.play]) if one.play else "",
        subject=str(told.get("subject", "")),
        text=str(told.get("text", "")),
        is_hidden=sent is not None and not sees_customers(),
        steps=tuple(step(fact, known, say) for fact in course),
    )


def step(fact: FactSeen, known: dict[bytes, FactSeen], say: Voice) -> Step:
    said = tell(fact, say)
    at = fact.now if fact.is_decided else fact.occurred_at
    return Step(said.what, " · ".join(said.details), say.moment(at), say.machine(at), said.mood, why(fact, known, say) if fact.is_decided else None)
