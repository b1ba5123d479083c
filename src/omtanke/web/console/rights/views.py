"""Requests about data by the time that is left, and one person's: what they asked, what was done, copies, who has looked."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from omtanke.folder_clock import wall_clock
from omtanke.runtime.exports import Exports, Made
from omtanke.storage.rights import RequestSeen, RightsPages
from omtanke.storage.seen import FactSeen, Known, PromiseSeen
from omtanke.vocabulary.promise import PromiseMade
from omtanke.vocabulary.rights import OBJECTION
from omtanke.vocabulary.time import local_date, moment_of
from omtanke.web.accounts.access import May, may, staff_of
from omtanke.web.accounts.looking import looks_at, met
from omtanke.web.accounts.models import Look, Seen
from omtanke.web.console.acting.saving import may_save
from omtanke.web.console.rights.deeds import RightsDeed, may_extend
from omtanke.web.console.rows import who
from omtanke.web.outgoing import written
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words import names
from omtanke.web.words import rights as words
from omtanke.web.words.names import count_word
from omtanke.web.words.promise_line import PromiseLine, promise_line
from omtanke.web.words.tellers.told import written as words_written
from omtanke.web.words.voice import Voice

MOST_ANSWERED, MOST_LOOKS = 50, 100
EXPORT_WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Button:
    """Something that can be done. label: in words. address: where."""

    label: str
    address: str


@dataclass(frozen=True)
class RequestRow:
    """A request.

    key: its number. name: who asked; address: what they have asked in all. right: for what; note: what it does by itself, or empty;
    words: in their own, or empty.
    reached: when. window: until when we answer; left: how much time is left, or that it is over. state, look: how it stands.
    line: the promise drawn, None once it is answered. promise: its address. acts: what can be done.
    """

    key: str
    name: str
    address: str
    right: str
    note: str
    words: str
    reached: str
    window: str
    left: str
    state: str
    look: str
    line: PromiseLine | None
    promise: str
    acts: tuple[Button, ...]


@dataclass(frozen=True)
class RightsPage:
    """Requests. sentence: how many wait. open: by the time that is left. answered: the latest first."""

    sentence: str
    open: tuple[RequestRow, ...]
    answered: tuple[RequestRow, ...]


@dataclass(frozen=True)
class Copy:
    """A copy of everything that lies here. when: it was made. size: in words. until: when it goes. address: where it is fetched."""

    when: str
    size: str
    until: str
    address: str


@dataclass(frozen=True)
class LookLine:
    """A look. who: by name. what: they saw or did. when: to a quarter of an hour; machine: for machines."""

    who: str
    what: str
    when: str
    machine: str


@dataclass(frozen=True)
class RightsOfPage:
    """One person's.

    name: theirs. address: their page. restricted: since when their data are left alone, or empty. requests: what they have asked. acts: what can be done.
    export: where a copy is asked for; is_making: whether one is being made. copies: those that lie here. looks: who has looked, the latest first.
    """

    name: str
    address: str
    restricted: str
    requests: tuple[RequestRow, ...]
    acts: tuple[Button, ...]
    export: str
    is_making: bool
    copies: tuple[Copy, ...]
    looks: tuple[LookLine, ...]


@may(May.ANSWER_REQUESTS, May.SEE_CUSTOMERS)
@require_GET
def rights(request: HttpRequest) -> HttpResponseBase:
    """All requests."""
    return render(request, "rights/rights.html", {"page": rights_page(shop(), voice())})


def rights_page(here: Shop, say: Voice) -> RightsPage:
    found = RightsPages(here.pages)
    open_, answered = found.open_requests(), found.answered_requests(MOST_ANSWERED)
    rows = request_rows(here, say, [*open_, *answered], reverse("rights"))
    return RightsPage(sentence(open_, say), tuple(rows[: len(open_)]), tuple(rows[len(open_) :]))


def sentence(waiting: Sequence[RequestSeen], say: Voice) -> str:
    """Two people wait for an answer about their data."""
    persons = len({one.person for one in waiting})
    if not persons:
        return _("Nobody waits for an answer about their data.")
    said = ngettext("%(n)s person waits for an answer about their data.", "%(n)s people wait for an answer about their data.", persons)
    return said % {"n": count_word(persons, say.number)}


def request_rows(here: Shop, say: Voice, found: Sequence[RequestSeen], path: str) -> list[RequestRow]:
    """By three statements, however many they are."""
    numbers = [one.promise for one in found]
    stating = here.pages.stating(numbers)
    known = {one.person: one for one in here.pages.known(list({one.person for one in found}))}
    promises = {one.promise: one for one in here.pages.promises(numbers)}
    is_open = may_save(here)
    return [
        request_row(one, known[one.person], promises.get(one.promise), own_words(one, stating.get(one.promise, ())), say, path, is_open=is_open)
        for one in found
    ]


def own_words(one: RequestSeen, facts: Sequence[FactSeen]) -> str:
    """What they wrote, among the facts of the moment at which it was taken down."""
    cause = next((fact.cause for fact in facts if isinstance(fact.body, PromiseMade) and fact.body.promise == one.promise), b"")
    return next((words_written(fact, "text") for fact in facts if fact.fact_id == cause), "")


def request_row(one: RequestSeen, known: Known, promise: PromiseSeen | None, asked: str, say: Voice, path: str, *, is_open: bool) -> RequestRow:
    local = say.of(one.zone)
    return RequestRow(
        key=str(one.promise),
        name=who(known.name, known.city, known.person),
        address=reverse("rights_of", args=[one.person]),
        right=words.right(one.right),
        note=words.marketing_stops() if one.right == OBJECTION else "",
        words=asked,
        reached=local.day(local_date(one.reached_at, local.zone)),
        window=local.window(0, one.until_at),
        left="" if one.answered_at else left(one.until_at, local),
        state=words.stands(one.outcome, is_answered=bool(one.answered_at), is_begun=bool(one.taken_at or one.extended_at)),
        look=look_of(one, promise),
        line=promise_line(promise, local) if promise is not None and not one.answered_at else None,
        promise=reverse("promise", args=[one.promise]),
        acts=tuple(acts_on(one, path)) if is_open else (),
    )


def left(until_at: int, say: Voice) -> str:
    """27 days left; or that the time is over."""
    if until_at <= say.now:
        return _("the time is over")
    return _("%(span)s left") % {"span": say.span(until_at - say.now)}


def look_of(one: RequestSeen, promise: PromiseSeen | None) -> str:
    """The colour follows the promise, which a refusal keeps as well."""
    return names.LOOKS[promise.status] if promise is not None else "kept" if one.answered_at else ""


def acts_on(one: RequestSeen, path: str) -> list[Button]:
    """What can be done about a request; an answer that was given in part can be completed."""
    back = "?" + urlencode({"next": path})
    if one.answered_at and one.outcome != "partly":
        return []
    answer = Button(_("Complete the answer") if one.answered_at else _("Answer the request"), reverse("rights_act", args=["answer", one.promise]) + back)
    longer = Button(_("It takes longer"), reverse("rights_act", args=["extend", one.promise]) + back)
    return [answer, longer] if may_extend(one) else [answer]


@may(May.ANSWER_REQUESTS, May.SEE_CUSTOMERS)
@require_GET
def rights_of(request: HttpRequest, person: int) -> HttpResponseBase:
    """One person's."""
    here, say = shop(), voice()
    leads = here.pages.person_of(person) if person < 2**63 else None
    if leads is None or leads[1] == "subject":
        raise Http404
    if leads[0] != person:
        return redirect("rights_of", leads[0])
    met(person, Seen.DATA)
    return render(request, "rights/person.html", {"page": rights_of_page(here, say, person, is_making="making" in request.GET)})


def rights_of_page(here: Shop, say: Voice, person: int, *, is_making: bool) -> RightsOfPage:
    (known,) = here.pages.known([person])
    found = RightsPages(here.pages)
    restricted_at, path = found.restricted_at(person), reverse("rights_of", args=[person])
    return RightsOfPage(
        name=who(known.name, known.city, person),
        address=reverse("customer", args=[person]),
        restricted=say.moment(restricted_at) if restricted_at else "",
        requests=tuple(request_rows(here, say, found.requests_of_person(person), path)),
        acts=tuple(acts_for(person, is_restricted=bool(restricted_at))) if may_save(here) else (),
        export=reverse("export", args=[person]),
        is_making=is_making,
        copies=tuple(copy(one, voice(wall_clock())) for one in Exports(here.data).of(known.customers)),
        looks=tuple(look_lines(looks_at(known.customers, MOST_LOOKS), voice(wall_clock()))),
    )


def acts_for(person: int, *, is_restricted: bool) -> list[Button]:
    """What can be done for a person."""
    labels = {
        RightsDeed.REQUEST: _("Take a request down"),
        RightsDeed.CORRECT: _("Put right what is wrong"),
        RightsDeed.LIFT if is_restricted else RightsDeed.RESTRICT: _("Let their data be used again") if is_restricted else _("Leave their data alone"),
    }
    return [Button(label, reverse("rights_act", args=[deed.value, person])) for deed, label in labels.items()]


def copy(one: Made, say: Voice) -> Copy:
    gone = local_date(one.made_at, say.zone) + timedelta(days=written().exports_kept_days)
    return Copy(say.moment(one.made_at), say.size(one.path.stat().st_size), say.dated(gone), reverse("export_file", args=[one.path.stem]))


def look_lines(looks: Sequence[Look], say: Voice) -> list[LookLine]:
    return [
        LookLine(
            one.who.called if one.who else _("a command"),
            words.seen(one.what),
            words.seen_when(one.what, moment_of(one.at), say),
            say.machine(moment_of(one.at)),
        )
        for one in looks
    ]


@may(May.ANSWER_REQUESTS, May.SEE_CUSTOMERS)
@require_POST
def export(request: HttpRequest, person: int) -> HttpResponseBase:
    """A copy of everything is made, by a process of its own: pages do not wait for a long story."""
    here = shop()
    leads = here.pages.person_of(person) if person < 2**63 else None
    if leads is None or leads[1] == "subject":
        raise Http404
    is_there = make_export(here, leads[0], staff_of(request).pk)
    return redirect(reverse("rights_of", args=[leads[0]]) + ("?saved=now" if is_there else "?making=1") + "#copies")


def make_export(here: Shop, person: int, staff: int) -> bool:
    """Whether it is there within a few seconds; else it goes on being made."""
    command = ["rights", "export", "--data", str(here.data), "--customer", str(person), "--staff", str(staff)]
    making = subprocess.Popen([sys.executable, "-m", "omtanke.cli", *command], start_new_session=True, stdout=subprocess.DEVNULL)
    try:
        return making.wait(EXPORT_WAIT_SECONDS) == 0
    except subprocess.TimeoutExpired:
        threading.Thread(target=making.wait, daemon=True, name="export").start()
        return False


@may(May.ANSWER_REQUESTS, May.SEE_CUSTOMERS)
@require_GET
def export_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One of the copies. That it was fetched is on record."""
    found = next((one for one in Exports(shop().data).all() if one.path.stem == name), None)
    if found is None:
        raise Http404
    met(found.customer, Seen.EXPORT)
    return FileResponse(found.path.open("rb"), as_attachment=True, filename=found.path.name, headers={"Cache-Control": "private, no-store"})
