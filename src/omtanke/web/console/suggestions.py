"""Customers who are perhaps one person: the evidence side by side, for somebody to say whether they are."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from omtanke.runtime.matching import matchable
from omtanke.storage.identities import MetSeen, TellingSeen
from omtanke.storage.seen import FactSeen, Known
from omtanke.storage.suggestions import Suggestion, Suggestions, Verdict
from omtanke.vocabulary.fact import StaffAct
from omtanke.vocabulary.identity import LinkConfirmed, LinkRefused
from omtanke.web.accounts.access import May, may, staff_of
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.forms import ActForm, new_key
from omtanke.web.console.acting.saving import Event, may_save, save
from omtanke.web.console.acting.views import with_word
from omtanke.web.console.customers import since
from omtanke.web.console.evidence import Evidence, evidence
from omtanke.web.console.rows import who
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.telling import tell
from omtanke.web.words.voice import Voice

AT_ONCE, MOST_OPEN = 8, 5_000
MOST_BOUGHT = 2
BOUGHT = ("order_completed", "receipt_issued")
SUREST = 0.9999
VERDICTS: dict[str, tuple[Verdict, type[StaffAct]]] = {"same": ("confirmed", LinkConfirmed), "two": ("refused", LinkRefused)}


class VerdictForm(ActForm):
    """What somebody says of a pair; its numbers are those that the suggestion has."""

    one = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    two = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    verdict = forms.ChoiceField(choices=[(word, word) for word in VERDICTS])


@dataclass(frozen=True)
class Side:
    """One of the two. name: as known. address: their page. since, last_seen: in words. devices: how many. bought: the last purchases."""

    name: str
    address: str
    since: str
    last_seen: str
    devices: str
    bought: tuple[str, ...]


@dataclass(frozen=True)
class PairShown:
    """Two who are perhaps one. one, two: their numbers. first, second: the two. likely: how likely, in words. rows: the evidence.
    key: makes the form act once."""

    one: int
    two: int
    first: Side
    second: Side
    likely: str
    rows: tuple[Evidence, ...]
    key: str


@dataclass(frozen=True)
class SuggestionsPage:
    """The pairs. sentence: how many. pairs: the likeliest. fault: why something was not saved, or empty. may_act: whether anything can be said of them."""

    sentence: str
    pairs: tuple[PairShown, ...]
    fault: str
    may_act: bool


@may(May.SEE_CUSTOMERS, May.LINK_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def suggestions(request: HttpRequest) -> HttpResponseBase:
    """Look, or say. Joined, one is on the page of that person; refused, the next pair is there."""
    here, say = shop(), voice()
    if request.method == "POST":
        return decided(request, here, say)
    return show(request, here, say)


def decided(request: HttpRequest, here: Shop, say: Voice) -> HttpResponseBase:
    form = VerdictForm(request.POST)
    if not may_save(here):
        return show(request, here, say, _("These data have ended: they can be looked at, and nothing can be done in them."), 409)
    if not form.is_valid():
        return show(request, here, say, _("This form has expired. Look through it and send it again."), 422)
    one, two, staff = form.cleaned_data["one"], form.cleaned_data["two"], staff_of(request).pk
    with closing(opened(here)) as kept:
        if kept.of(one, two) is None:
            raise Http404
        leading = here.pages.leading((one, two))
        if len(matchable(here.pages, {*leading.values()})) < len({*leading.values()}):
            return show(request, here, say, _("One of the two does not want to be recognised, or their data are left alone. Nobody is held against them."), 409)
        verdict, act = VERDICTS[form.cleaned_data["verdict"]]
        saved = save(here, one, f"{act.type}:{one}:{two}:{staff}:{form.cleaned_data['key']}", [Event(act, {"staff": staff, "other": two})])
        if saved.fault:
            return show(request, here, say, saved.words, saved.status)
        kept.decide(one, two, verdict, staff, say.now)
    for customer in (one, two):
        met(customer, Seen.ACT)
    back = reverse("customer", args=[one]) if verdict == "confirmed" else reverse("suggestions")
    return redirect(with_word(back, "now" if saved.is_shown else "soon"))


def opened(here: Shop) -> Suggestions:
    return Suggestions(here.data)


def show(request: HttpRequest, here: Shop, say: Voice, fault: str = "", status: int = 200) -> HttpResponse:
    return render(request, "console/suggestions.html", {"page": suggestions_page(here, say, fault)}, status=status)


def suggestions_page(here: Shop, say: Voice, fault: str = "") -> SuggestionsPage:
    """The likeliest pairs of two persons; those who have become one meanwhile are left out, and whoever may not be matched any more."""
    with closing(opened(here)) as kept:
        waiting = kept.open(MOST_OPEN)
    leading = here.pages.leading({customer for one in waiting for customer in (one.one, one.two)})
    pairs = [(pair, leading[pair.one], leading[pair.two]) for pair in waiting if pair.one in leading and pair.two in leading]
    may_be = matchable(here.pages, {person for _pair, *both in pairs for person in both})
    apart = [pair for pair in pairs if pair[1] != pair[2] and {pair[1], pair[2]} <= may_be]
    return SuggestionsPage(sentence(len(apart), say), shown_pairs(here, apart[:AT_ONCE], say), fault, may_save(here))


def sentence(count: int, say: Voice) -> str:
    if not count:
        return _("Nobody here looks like somebody else.")
    return ngettext("One pair of customers is perhaps one person.", "%(n)s pairs of customers are perhaps one person each.", count) % {"n": say.number(count)}


def shown_pairs(here: Shop, pairs: Sequence[tuple[Suggestion, int, int]], say: Voice) -> tuple[PairShown, ...]:
    persons = list(dict.fromkeys(person for _, *both in pairs for person in both))
    for person in persons:
        met(person, Seen.PAIR)
    known = {one.person: one for one in here.pages.known(persons)}
    tellings: dict[int, list[TellingSeen]] = {person: [] for person in persons}
    for telling in here.pages.tellings(persons):
        tellings[telling.person].append(telling)
    seen, bought = here.pages.met(persons), here.pages.last_of_types(persons, BOUGHT, MOST_BOUGHT)
    sides = {person: side(known[person], seen[person], bought.get(person, ()), say) for person in persons}
    return tuple(
        PairShown(
            one=pair.one,
            two=pair.two,
            first=sides[one],
            second=sides[two],
            likely=_("%(share)s likely") % {"share": say.percent(min(pair.score, SUREST), 2)},
            rows=evidence(pair.likeness, tellings[one], tellings[two], say),
            key=new_key(),
        )
        for pair, one, two in pairs
    )


def side(known: Known, met: MetSeen, bought: Sequence[FactSeen], say: Voice) -> Side:
    return Side(
        name=who(known.name, known.city, known.person),
        address=reverse("customer", args=[known.person]),
        since=since(known, say),
        last_seen=say.moment(met.last_at) if met.last_at else "",
        devices=ngettext("%(n)s device", "%(n)s devices", met.devices) % {"n": say.number(met.devices)} if met.devices else "",
        bought=tuple(" · ".join((told.what, *told.details[:2], say.moment(fact.occurred_at))) for fact in bought for told in [tell(fact, say)]),
    )
