"""One promise's life: what was said, what happened, and why we say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from omtanke.storage.seen import FactSeen, PromiseSeen
from omtanke.vocabulary.promise import PromiseFirstWindowLearned, PromiseMade, PromiseRenegotiated
from omtanke.web.accounts.access import May, may
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.desk import desk_of
from omtanke.web.console.acting.offers import Acts, Desk, acts_on, whose
from omtanke.web.console.live import live
from omtanke.web.console.rows import where, who
from omtanke.web.console.timeline import Why, why
from omtanke.web.shop import Shop, sees_customers, shop, voice
from omtanke.web.words import names
from omtanke.web.words.promise_line import PromiseLine, became_in_words, promise_line
from omtanke.web.words.stated import Shown, shown_by, shown_with
from omtanke.web.words.telling import tell
from omtanke.web.words.voice import Voice

LIFE_TYPES = (
    "promise_made",
    "promise_renegotiated",
    "promise_first_window_learned",
    "promise_at_risk",
    "promise_fell_due",
    "promise_partly_met",
    "promise_kept",
    "promise_exceeded",
    "promise_broken",
    "promise_met_late",
    "promise_withdrawn",
    "promise_ending_corrected",
)
MOST_FACTS = 2_000
POLL_MS, BEAT_SECONDS = 500, 30
WINDOWS = PromiseMade | PromiseRenegotiated | PromiseFirstWindowLearned


@dataclass(frozen=True)
class WindowShown:
    """A window that was said.

    window: when. words: as shown, quoted, or empty; language: theirs. place: where it was shown. when: it was said. is_current: whether it counts now.
    """

    window: str
    words: str
    language: str
    place: str
    when: str
    is_current: bool


@dataclass(frozen=True)
class LifeFact:
    """A fact of a promise's life.

    what: in words. details: more. when: as said; machine: for machines. mood: good, bad or empty. why: its reason and grounds.
    """

    what: str
    details: str
    when: str
    machine: str
    mood: str
    why: Why


@dataclass(frozen=True)
class Term:
    """A line of what the promise is. label: what. value: as said. address: where it leads, or empty."""

    label: str
    value: str
    address: str = ""


@dataclass(frozen=True)
class PromisePage:
    """One promise.

    title: the words shown, or what it is; language: of the words, or empty. became: what became of it.
    state, look: in a word. line: the drawing, small: the same for a phone.
    person, person_address: to whom; person_number: theirs, 0 for a store and for those who may not see who customers are.
    whose: who has it, empty where nobody acts. acts: what can be done, None when nothing is to be done.
    terms: kind, subject, place, owner … windows: all that was said. life: its facts, oldest first.
    """

    title: str
    language: str
    became: str
    state: str
    look: str
    line: PromiseLine
    small: PromiseLine
    person: str
    person_address: str
    whose: str
    acts: Acts | None
    terms: tuple[Term, ...]
    windows: tuple[WindowShown, ...]
    life: tuple[LifeFact, ...]
    person_number: int = 0


def promise_mark(request: HttpRequest, number: int) -> int:
    """How far the log has come with the one it was given to."""
    pages = shop().pages
    return pages.last_of_promise(number) if number < 2**63 else 0


@may(May.SEE_PROMISES)
@live(promise_mark, POLL_MS, BEAT_SECONDS)
def promise(request: HttpRequest, number: int) -> HttpResponseBase:
    """One promise."""
    here = shop()
    page = promise_page(here, voice(), number, desk_of(request, here)) if number < 2**63 else None
    if page is None:
        raise Http404
    if page.person_number:
        met(page.person_number, Seen.PROMISE)
    return render(request, "console/promise.html", {"page": page})


def promise_page(here: Shop, say: Voice, number: int, desk: Desk | None = None) -> PromisePage | None:
    """The page of a promise, None when there is no such promise."""
    pages = here.pages
    found = pages.promises([number])
    if not found:
        return None
    one = found[0]
    shown = shown_with(one, pages.stating([number]).get(number, ()))
    say = say.of(shown.zone)
    life = [fact for fact in reversed(pages.of_types(one.person, LIFE_TYPES, MOST_FACTS)) if getattr(fact.body, "promise", 0) == number]
    known = pages.facts_by_id(one.person, {ground for fact in life for ground in fact.because}) | {fact.fact_id: fact for fact in life}
    windows = windows_of(one, life, known, say)
    is_store = one.customer_kind == "subject"
    task = pages.tasks([number]).get(number) if desk else None
    acts = acts_on(one, task, desk) if desk else None
    return PromisePage(
        title=names.quoted(shown.words) or _("%(kind)s %(window)s") % {"kind": names.kind(one.kind), "window": say.window(one.from_at, one.until_at)},
        language=shown.language if shown.words else "",
        became=became_in_words(one, say),
        state=names.state(one.status),
        look=names.LOOKS[one.status],
        line=promise_line(one, say, earlier_windows(one, life), is_large=True),
        small=promise_line(one, say, earlier_windows(one, life)),
        person=names.owner(one.owner) if is_store else who(one.name, one.city, one.person),
        person_address="" if is_store or not sees_customers() else reverse("customer", args=[one.person]),
        whose=whose(task, one.owner, desk, say) if desk and acts else "",
        acts=acts,
        terms=tuple(terms(one, shown, say)),
        windows=windows,
        life=tuple(life_fact(fact, known, say) for fact in life),
        person_number=0 if is_store or not sees_customers() else one.person,
    )


def earlier_windows(one: PromiseSeen, life: Sequence[FactSeen]) -> list[tuple[int, int]]:
    """Windows that were said and no longer count, each once."""
    said = [(fact.body.from_at, fact.body.until_at) for fact in life if isinstance(fact.body, WINDOWS)]
    return [window for window in dict.fromkeys(said) if window != (one.from_at, one.until_at)]


def windows_of(one: PromiseSeen, life: Sequence[FactSeen], known: Mapping[bytes, FactSeen], say: Voice) -> tuple[WindowShown, ...]:
    """Every window that was said, in the order in which it was, with its words."""
    shown = []
    for fact in sorted((f for f in life if isinstance(f.body, WINDOWS)), key=lambda f: f.occurred_at):
        stating = known.get(fact.cause)
        said = shown_by(one, fact, stating, known.get(fact.worded_by)) if stating is not None else Shown()
        body = fact.body
        assert isinstance(body, WINDOWS)
        where_shown = names.met(said.channel, said.touchpoint, said.place)
        is_current = (body.from_at, body.until_at) == (one.from_at, one.until_at)
        window, when = say.window(body.from_at, body.until_at), say.moment(fact.occurred_at)
        shown.append(WindowShown(window, names.quoted(said.words), said.language, where_shown, when, is_current))
    return tuple(shown)


def terms(one: PromiseSeen, shown: Shown, say: Voice) -> Iterable[Term]:
    """What the promise is, line by line."""
    yield Term(_("Kind"), names.kind(one.kind))
    if shown.what not in ("", names.kind(one.kind)):
        yield Term(_("About"), shown.what)
    if len(shown.number) > names.LONGEST_NUMBER:
        yield Term(_("Number in full"), shown.number)
    yield Term(_("Promised"), say.window(one.from_at, one.until_at))
    if shown_in := names.met(shown.channel, shown.touchpoint, shown.place):
        yield Term(_("Shown in"), shown_in)
    if place := where(one, shown):
        yield Term(_("Where"), place)
    yield Term(_("Answers for it"), names.owner(one.owner))
    if one.attended:
        yield Term(_("At the door"), _("the customer waits there in the window"))
    if one.follows:
        yield Term(_("Follows"), _("an earlier promise about the same"), reverse("promise", args=[one.follows]))
    if one.later:
        yield Term(_("Followed by"), _("a later promise about the same"), reverse("promise", args=[one.later]))


def life_fact(fact: FactSeen, known: Mapping[bytes, FactSeen], say: Voice) -> LifeFact:
    said = tell(fact, say)
    return LifeFact(said.what, " · ".join(said.details), say.moment(fact.occurred_at), say.machine(fact.occurred_at), said.mood, why(fact, known, say))
