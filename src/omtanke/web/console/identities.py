"""By what a person is known, who linked what and why, and one link taken apart: first as it would be, then in earnest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from omtanke.storage.identities import IdentifierSeen, LinkSeen
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.identity import SplitRequested
from omtanke.vocabulary.time import local_date
from omtanke.web.accounts.access import May, is_allowed, may, staff_of
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.acting.forms import ActForm, new_key
from omtanke.web.console.acting.saving import Event, may_save, save
from omtanke.web.console.acting.views import with_word
from omtanke.web.console.rows import who
from omtanke.web.console.sides import SideShown, sides_of
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words import known_by
from omtanke.web.words.telling import place_of, tell
from omtanke.web.words.voice import Voice

MOST_FACTS = 20_000
DEVICE = "anonymous_id"


@dataclass(frozen=True)
class Known:
    """A value by which a person is known. kind: of it. value: as told. since, last: when. customer: the number it is recorded under.
    more: of a device, whether it is shared; of an address, that it was wrong."""

    kind: str
    value: str
    since: str
    last: str
    customer: int
    more: str


@dataclass(frozen=True)
class Linked:
    """What is known of two customers. state: in a word; look: its colour, never the only sign. between: their numbers. why: what showed it.
    who: of us, or empty. when: the moment. fact: what happened then, or empty. ended: why and when it ended, or empty.
    split: where it can be taken apart, or empty."""

    state: str
    look: str
    between: tuple[int, int]
    why: str
    who: str
    when: str
    fact: str
    ended: str
    split: str


@dataclass(frozen=True)
class IdentitiesPage:
    """By what a person is known. name: theirs. back: their page. known: the values. links: who linked what. summary: both, in a sentence."""

    name: str
    back: str
    known: tuple[Known, ...]
    links: tuple[Linked, ...]
    summary: str


@dataclass(frozen=True)
class SplitPage:
    """A link, as it would be without it. name: the person's. why: what the link rests on. sides: who each would be. fault: why it was not saved, or empty.
    key: makes the form act once, empty when nothing can be done. back: where one came from."""

    name: str
    why: str
    sides: tuple[SideShown, ...]
    fault: str
    key: str
    back: str


@may(May.SEE_CUSTOMERS)
@require_GET
def identities(request: HttpRequest, person: int) -> HttpResponseBase:
    """By what they are known; a customer who has become part of another leads there."""
    here, say = shop(), voice()
    leads = here.pages.person_of(person)
    if leads is None:
        raise Http404
    if leads[0] != person:
        return redirect("identities", leads[0])
    met(person, Seen.IDENTITIES)
    may_split = is_allowed(request, May.LINK_CUSTOMERS) and may_save(here)
    return render(request, "console/identities.html", {"page": identities_page(here, say, person, may_split)})


def identities_page(here: Shop, say: Voice, person: int, may_split: bool) -> IdentitiesPage:
    found, links = here.pages.identifiers_of(person, MOST_FACTS), here.pages.links_of(person)
    (one,) = here.pages.known([person])
    facts = {fact.position: fact for _, fact in here.pages.facts_at([link.linked_position for link in links if link.linked_position])}
    causes = here.pages.facts_by_id(person, {fact.cause for fact in facts.values() if fact.cause})
    return IdentitiesPage(
        name=who(one.name, one.city, person),
        back=reverse("customer", args=[person]),
        known=tuple(known_values(here, found, say)),
        links=tuple(linked(link, person, facts.get(link.linked_position), causes, say, may_split) for link in links),
        summary=summary(found, links, say),
    )


def summary(found: Sequence[IdentifierSeen], links: Sequence[LinkSeen], say: Voice) -> str:
    """Known by 5 identifiers, of them 2 devices; 2 links."""
    values = {(one.kind, one.value) for one in found}
    devices = sum(kind == DEVICE for kind, _ in values)
    made = sum(link.status == "made" for link in links)
    parts = (
        ngettext("known by %(n)s identifier", "known by %(n)s identifiers", len(values)) % {"n": say.number(len(values))},
        ngettext("%(n)s device", "%(n)s devices", devices) % {"n": say.number(devices)} if devices else "",
        ngettext("%(n)s link", "%(n)s links", made) % {"n": say.number(made)} if made else "",
    )
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def known_values(here: Shop, found: Sequence[IdentifierSeen], say: Voice) -> Iterable[Known]:
    """Strongest first, as `IDENTIFIERS` has them; within a kind the last heard first."""
    keys = {one.value: here.keys.identifier_key(DEVICE, one.value) for one in found if one.kind == DEVICE}
    shared = here.pages.shared_devices(keys.values()) if keys else frozenset()
    order = list(known_by.IDENTIFIERS)
    for one in sorted(found, key=lambda one: (order.index(one.kind) if one.kind in order else len(order), -one.last_at)):
        value = say.phone(one.value) if one.kind == "phone" else one.value
        yield Known(known_by.identifier(one.kind), value, day_of(one.first_at, say), say.moment(one.last_at), one.customer, more_of(one, keys, shared, say))


def more_of(one: IdentifierSeen, keys: Mapping[str, bytes], shared: Set[bytes], say: Voice) -> str:
    """Whose a device is; that an address was wrong."""
    if one.corrected_at:
        return _("put right %(day)s; it still leads here") % {"day": say.day(local_date(one.corrected_at, say.zone))}
    if one.kind != DEVICE:
        return ""
    return _("shared with others") if keys[one.value] in shared else _("theirs alone")


def day_of(moment: int, say: Voice) -> str:
    return say.dated(local_date(moment, say.zone), with_year=True)


def linked(link: LinkSeen, person: int, fact: FactSeen | None, causes: dict[bytes, FactSeen], say: Voice, may_split: bool) -> Linked:
    cause = causes.get(fact.cause) if fact is not None else None
    moment = link.linked_at or link.ended_at
    is_made = link.status == "made"
    return Linked(
        state=known_by.state(link.status),
        look=known_by.LOOKS.get(link.status, "still"),
        between=(link.one, link.two),
        why=known_by.linked_by(link.by),
        who=say.staff_name(link.staff) if link.staff else "",
        when=say.moment(moment) if moment else "",
        fact=" · ".join(part for part in (tell(cause, say).what, place_of(cause), say.moment(cause.occurred_at)) if part) if cause is not None else "",
        ended=f"{known_by.unlinked_by(link.ended_by)}, {say.moment(link.ended_at)}" if link.ended_at and link.linked_at else "",
        split=reverse("split", args=[person, link.one, link.two]) if is_made and may_split else "",
    )


# One link, taken apart


@may(May.SEE_CUSTOMERS, May.LINK_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, person: int, one: int, two: int) -> HttpResponseBase:
    """What each of the two would have; said twice it happens once."""
    here, say = shop(), voice()
    link = next((link for link in here.pages.links_of(person) if (link.one, link.two) == (one, two) and link.status == "made"), None)
    if link is None:
        raise Http404
    met(person, Seen.IDENTITIES)
    if request.method != "POST":
        return show(request, here, say, person, link)
    return parted(request, here, say, person, link)


def parted(request: HttpRequest, here: Shop, say: Voice, person: int, link: LinkSeen) -> HttpResponseBase:
    form = ActForm(request.POST)
    if not may_save(here):
        return show(request, here, say, person, link, _("These data have ended: they can be looked at, and nothing can be done in them."), 409)
    if not form.is_valid():
        return show(request, here, say, person, link, _("This form has expired. Look through it and send it again."), 422)
    staff = staff_of(request).pk
    act = Event(SplitRequested, {"staff": staff, "one": link.one, "two": link.two})
    saved = save(here, person, f"split:{link.one}:{link.two}:{staff}:{form.cleaned_data['key']}", [act])
    if saved.fault:
        return show(request, here, say, person, link, saved.words, saved.status)
    for customer in (link.one, link.two):  # on record with both, who are two from now on
        met(customer, Seen.ACT)
    return redirect(with_word(reverse("identities", args=[person]), "now" if saved.is_shown else "soon"))


def show(request: HttpRequest, here: Shop, say: Voice, person: int, link: LinkSeen, fault: str = "", status: int = 200) -> HttpResponse:
    return render(request, "console/split.html", {"page": split_page(here, say, person, link, fault)}, status=status)


def split_page(here: Shop, say: Voice, person: int, link: LinkSeen, fault: str) -> SplitPage:
    (one,) = here.pages.known([person])
    return SplitPage(
        name=who(one.name, one.city, person),
        why=known_by.linked_by(link.by),
        sides=sides_of(here.pages, person, one.customers, link, say),
        fault=fault,
        key=new_key() if may_save(here) else "",
        back=reverse("identities", args=[person]),
    )
