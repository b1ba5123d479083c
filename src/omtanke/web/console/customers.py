"""Customers: found by name, e-mail, telephone or number, and one person's whole story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from omtanke.folder_clock import wall_clock
from omtanke.runtime.preferences import unreachable_in
from omtanke.storage.rights import RightsPages
from omtanke.storage.seen import FactSeen, Known, Owed, PromiseSeen
from omtanke.vocabulary.time import local_date
from omtanke.web.accounts.access import May, is_allowed, may
from omtanke.web.accounts.looking import looks_at, met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.desk import desk_of
from omtanke.web.console.acting.offers import Act, Deed, Desk, act
from omtanke.web.console.consents import ConsentsPart, consents_part
from omtanke.web.console.given import GivenRow, given_rows
from omtanke.web.console.live import live
from omtanke.web.console.places import read_place, write_place
from omtanke.web.console.rights.views import LookLine, look_lines
from omtanke.web.console.rows import PromiseRow, called, promise_row, who
from omtanke.web.console.set_aside import aside_words
from omtanke.web.console.timeline import Happened, timeline
from omtanke.web.console.urgent import AnswerRow, answer_rows
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.names import OWN_WORDS, town
from omtanke.web.words.stated import language_of, shown_with
from omtanke.web.words.telling import BEST, about, tell
from omtanke.web.words.voice import Voice

MOST_FOUND = 25
MOST_WAITING = 10
MOST_PROMISES = 60
MOST_ANSWERS = 5
MOST_NOTES = 5
MOST_LOOKS = 5
POLL_MS, BEAT_SECONDS = 450, 30
MOST_BOUGHT = 200
PHONE = re.compile(r"[+(]?[\d][\d\s()/-]{5,19}")
BOUGHT = ("order_completed", "receipt_issued")


@dataclass(frozen=True)
class Found:
    """Somebody who was found. name, about: who. owed: what we owe them, or empty. is_waiting: whether something is broken. address: their page."""

    name: str
    about: str
    owed: str
    is_waiting: bool
    address: str


@dataclass(frozen=True)
class CustomersPage:
    """The search.

    sentence: what came of it. asked: what was searched for. heading: over the list, or empty. found: who.
    is_more: whether there are more than are shown.
    """

    sentence: str
    asked: str
    heading: str
    found: tuple[Found, ...]
    is_more: bool


@dataclass(frozen=True)
class Answer:
    """An answer to a survey. score, best: on its scale. about: what. when: the day. comment: in their own words, language: theirs."""

    score: str
    best: int
    about: str
    when: str
    comment: str
    language: str


@dataclass(frozen=True)
class Contact:
    """A way to reach somebody. said: as written. address: for the telephone or the post, by one press. note: that it takes nothing any more, or empty."""

    said: str
    address: str
    note: str = ""


@dataclass(frozen=True)
class Note:
    """Something that a colleague has noted. words: theirs. who: whose, or empty. when: the moment."""

    words: str
    who: str
    when: str


@dataclass(frozen=True)
class CustomerPage:
    """One person.

    name: as known. about: town, since when. language: theirs, or empty. contact: telephone and e-mail. owed: open and broken promises.
    low: answers that somebody has to turn to. given: what plays have given somebody to do, or could not say.
    notes: by colleagues, the latest first. note: the way to write one, or None.
    ended: the latest others; promises: how they ended, in a sentence. bought: orders and receipts in a phrase, last: the last one. answers: what they answered.
    erasing: the way to erase them, or to the receipt; empty for those who may not. is_erased: they have been.
    happened: the timeline; earlier: the address of what came before, or empty; is_first: whether this is its first page.
    person: their number.
    consents: what they allow, or None.
    aside: that we have failed at them, and what waits, or empty. restricted: since when their data are left alone, or empty.
    rights: what they have asked about their data, empty for those who may not see it; looks: who has looked, None for them.
    """

    name: str
    about: str
    language: str
    contact: tuple[Contact, ...]
    owed: tuple[PromiseRow, ...]
    low: tuple[AnswerRow, ...]
    given: tuple[GivenRow, ...]
    notes: tuple[Note, ...]
    note: Act | None
    ended: tuple[PromiseRow, ...]
    promises: str
    bought: str
    last: str
    answers: tuple[Answer, ...]
    happened: tuple[Happened, ...]
    earlier: str
    is_first: bool
    person: int
    restricted: str
    aside: str
    rights: str
    looks: tuple[LookLine, ...] | None
    consents: ConsentsPart | None = None
    erasing: str = ""
    is_erased: bool = False


class Beside(Struct, frozen=True):
    """What the one who asks sees beside the story. looks: who has looked. rights: the way to what was asked about the data."""

    looks: bool = False
    rights: bool = False


STORY_ONLY = Beside()


@may(May.SEE_CUSTOMERS)
def customers(request: HttpRequest) -> HttpResponseBase:
    """Search; a single hit by number, e-mail or telephone opens at once."""
    asked = request.GET.get("q", "").strip()[:200]
    here, say = shop(), voice()
    found, is_exact = search(here, asked)
    if is_exact and len(found) == 1:
        return redirect("customer", found[0].person)
    return render(request, "console/customers.html", {"page": customers_page(here, say, asked, found)})


def search(here: Shop, asked: str) -> tuple[list[Known], bool]:
    """Who is meant, and whether by something that is theirs alone. Nobody is meant: those who wait for us."""
    if not asked:
        waiting = here.pages.promises(here.pages.urgent_broken(MOST_WAITING))
        return here.pages.known(list(dict.fromkeys(one.person for one in waiting))), False
    pages, keys = here.pages, here.keys
    kinds = ("email",) if "@" in asked else ("phone", "user_id", "loyalty_number") if PHONE.fullmatch(asked) else ("user_id", "loyalty_number")
    persons = pages.by_identifier([keys.identifier_key(kind, asked) for kind in kinds])
    if not persons:
        number = asked.removeprefix("#").strip()
        persons = pages.by_subject([keys.subject_key(kind, own + number) for kind, words in OWN_WORDS.items() for own in ("", *words)])
    if not persons and any(sign.isdigit() or sign == ":" for sign in asked):
        persons = pages.by_identifier([keys.identifier_key("external", one) for one in (asked, *(f"{type_}:{asked}" for type_ in pages.external_types()))])
    if persons:
        return pages.known(list(dict.fromkeys(persons))), True
    return pages.by_name(asked, MOST_FOUND + 1), False


def customers_page(here: Shop, say: Voice, asked: str, found: Sequence[Known]) -> CustomersPage:
    counts = here.pages.promise_counts([one.person for one in found])
    if not asked:
        sentence = _("Who would you like to meet?")
    elif not found:
        sentence = _("We know nobody by that name, e-mail, telephone or number.")
    elif len(found) > MOST_FOUND:
        sentence = _("More than %(n)s people match “%(asked)s”.") % {"n": say.number(MOST_FOUND), "asked": asked}
    else:
        sentence = ngettext("One person matches “%(asked)s”.", "%(n)s people match “%(asked)s”.", len(found)) % {"n": say.number(len(found)), "asked": asked}
    rows = tuple(found_row(one, counts.get(one.person), say) for one in found[:MOST_FOUND])
    heading = _("Waiting for us now") if found and not asked else ""
    return CustomersPage(sentence, asked, heading, rows, len(found) > MOST_FOUND)


def found_row(one: Known, owed: Owed | None, say: Voice) -> Found:
    return Found(
        name=who(one.name, one.city, one.person),
        about=about_person(one, say),
        owed=owed_words(owed, say),
        is_waiting=bool(owed and owed.waiting),
        address=reverse("customer", args=[one.person]),
    )


def owed_words(owed: Owed | None, say: Voice) -> str:
    """What we owe, in a phrase."""
    if owed is None or not (owed.waiting or owed.open):
        return ""
    broken = ngettext("%(n)s broken", "%(n)s broken", owed.waiting) % {"n": owed.waiting} if owed.waiting else ""
    open_ = ngettext("%(n)s promise open", "%(n)s promises open", owed.open) % {"n": owed.open} if owed.open else ""
    return ", ".join(part for part in (broken, open_) if part)


def about_person(one: Known, say: Voice) -> str:
    """Umeå · kund sedan 22 september 2026; for somebody without a name a number instead of the town, which stands for the name."""
    town_or_number = (town(one.city) or one.region) if one.name or not one.city else _("no. %(number)s") % {"number": one.person}
    return " · ".join(part for part in (town_or_number, since(one, say)) if part)


def since(one: Known, say: Voice) -> str:
    """Kund sedan mars 2024."""
    if not one.first_seen_at:
        return ""
    return _("customer since %(day)s") % {"day": say.dated(local_date(one.first_seen_at, say.zone), with_year=True)}


def customer_mark(request: HttpRequest, person: int) -> int:
    """How far the log has come with a person."""
    return shop().pages.last_of_person(person)


@may(May.SEE_CUSTOMERS)
@live(customer_mark, POLL_MS, BEAT_SECONDS)
def customer(request: HttpRequest, person: int) -> HttpResponseBase:
    """One person: what we owe on top, then everything that happened. Customers who became one person lead to that person."""
    here, say = shop(), voice()
    leads = here.pages.person_of(person)
    if leads is None:
        raise Http404
    if leads[0] != person:
        return redirect("customer", leads[0])
    if leads[1] != "subject":
        met(person, Seen.CUSTOMER)
    erasure = here.pages.erasure(person)
    is_erased = erasure is not None and erasure.status != "received"
    desk = None if is_erased else desk_of(request, here)
    page = customer_page(here, say, person, request.GET.get("before", ""), desk, beside(request, leads[1]))
    erasing = reverse("erase", args=[person]) if is_allowed(request, May.ERASE) and leads[1] != "subject" else ""
    page = replace(page, erasing=erasing, is_erased=is_erased)
    return render(request, "console/customer.html", {"page": page})


def beside(request: HttpRequest, kind: str) -> Beside:
    """Nothing beside a store's own ledger, and beside what came earlier."""
    if kind == "subject" or "before" in request.GET:
        return STORY_ONLY
    rights = is_allowed(request, May.ANSWER_REQUESTS)
    return Beside(looks=rights or is_allowed(request, May.MANAGE_STAFF), rights=rights)


def customer_page(here: Shop, say: Voice, person: int, before: str, desk: Desk | None = None, see: Beside = STORY_ONLY) -> CustomerPage:
    """The page of a person, from a place in the timeline on."""
    pages = here.pages
    (one,) = pages.known([person])
    place = read_place(before)
    numbers = pages.promises_of_person(person, MOST_PROMISES)
    stating, promises = pages.stating(numbers), pages.promises(numbers)
    tasks = {task.task: task for task in pages.tasks_of_person(person, MOST_PROMISES)}
    rows = {p.promise: promise_row(p, shown_with(p, stating.get(p.promise, ())), say, desk, tasks.get(p.promise)) for p in promises}
    low = answer_rows(pages, [task for task in tasks.values() if task.about == "answer" and task.is_open], say, desk)
    given = given_rows(pages, [task for task in tasks.values() if task.about in ("play", "message") and task.is_open], say, desk)
    told = pages.of_types(person, (*BOUGHT, "survey_answered", "note_added"), MOST_BOUGHT)
    happened, following = timeline(pages, say, person, place)
    owed = [p for p in promises if p.is_open or p.is_waiting]
    ended = sorted((p for p in promises if p not in owed), key=lambda p: p.until_at, reverse=True)
    bought, last = bought_words([fact for fact in told if fact.type in BOUGHT], say)
    return CustomerPage(
        name=(called if one.kind == "subject" else who)(one.name, one.city, person),
        about=about_person(one, say),
        language=language_of(one.locale),
        contact=tuple(contacts(one, say, unreachable_in(pages, person))),
        owed=tuple(rows[p.promise] for p in owed),
        low=tuple(low.values()),
        given=tuple(given.values()),
        notes=tuple(note(fact, say) for fact in told if fact.type == "note_added")[:MOST_NOTES],
        note=act(Deed.NOTE, "", person, desk.path) if desk else None,
        ended=tuple(rows[p.promise] for p in ended[:6]),
        promises=ended_words(ended, say),
        bought=bought,
        last=last,
        answers=tuple(answer(fact, say, language_of(one.locale)) for fact in told if fact.type == "survey_answered")[:MOST_ANSWERS],
        happened=happened,
        earlier=f"?before={write_place(following)}#timeline" if following else "",
        is_first=not before,
        person=person,
        consents=consents_part(pages, say, person, desk) if one.kind != "subject" else None,
        aside=aside_words(pages, person, say),
        restricted=say.moment(restricted_at) if (restricted_at := RightsPages(pages).restricted_at(person)) else "",
        rights=reverse("rights_of", args=[person]) if see.rights else "",
        looks=tuple(look_lines(looks_at(one.customers, MOST_LOOKS), voice(wall_clock()))) if see.looks else None,
    )


def contacts(one: Known, say: Voice, dead: Sequence[str]) -> Iterator[Contact]:
    """The telephone first: it is what one has in the hand. `dead`: channels whose address takes nothing any more."""
    if one.phone:
        yield Contact(say.phone(one.phone), "tel:" + re.sub(r"[^+\d]", "", one.phone), _("takes no text messages") if "sms" in dead else "")
    if one.email:
        yield Contact(one.email, "mailto:" + one.email, _("what we wrote came back") if "mail" in dead else "")


def note(fact: FactSeen, say: Voice) -> Note:
    words = (fact.personal.get("properties") or {}).get("note", "")
    return Note(str(words), say.staff_name(getattr(fact.body, "staff", 0)), say.moment(fact.occurred_at))


def ended_words(ended: Sequence[PromiseSeen], say: Voice) -> str:
    """We kept 11 of 12 earlier promises."""
    counted = [p for p in ended if p.status in ("kept", "exceeded", "broken")]
    if not counted:
        return ""
    kept = sum(p.status != "broken" for p in counted)
    if kept == len(counted):
        return ngettext("We kept the one before.", "We kept all %(n)s earlier promises.", kept) % {"n": say.number(kept)}
    said = ngettext("We broke the one before.", "We kept %(kept)s of %(n)s earlier promises.", len(counted))
    return said % {"n": say.number(len(counted)), "kept": say.number(kept)}


def bought_words(facts: Sequence[FactSeen], say: Voice) -> tuple[str, str]:
    """Seven purchases for 8 430 kr in all; and the last one."""
    if not facts:
        return "", ""
    totals: dict[str, int] = {}
    for fact in facts:
        totals[getattr(fact.body, "currency", "")] = totals.get(getattr(fact.body, "currency", ""), 0) + getattr(fact.body, "total", 0)
    money = _("%(sum)s in all") % {"sum": ", ".join(say.money(total, code) for code, total in totals.items())} if any(totals.values()) else ""
    count = ngettext("%(n)s purchase", "%(n)s purchases", len(facts)) % {"n": say.number(len(facts))}
    return ", ".join(part for part in (count, money) if part), f"{tell(facts[0], say).what} · {say.day(local_date(facts[0].occurred_at, say.zone))}"


def answer(fact: FactSeen, say: Voice, language: str) -> Answer:
    score, scale, question = getattr(fact.body, "score", 0), getattr(fact.body, "scale", "1-5"), getattr(fact.body, "question", "")
    return Answer(str(score), BEST.get(scale, 5), "".join(about(question)), say.day(local_date(fact.occurred_at, say.zone)), tell(fact, say).quote, language)
