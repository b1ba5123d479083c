"""A month with us: what one customer got, from all senders, on which day, and which promises stood meanwhile."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.message_pages import MessagePages
from omtanke.storage.seen import PromiseSeen
from omtanke.vocabulary.time import FIRST_DAY, LAST_DAY, day_starts_at
from omtanke.web.accounts.access import May, may
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.customers import about_person
from omtanke.web.console.messages import Asked
from omtanke.web.console.month_said import Contacts, Got, contacts_of, got_in
from omtanke.web.console.month_terms import Term, terms_of
from omtanke.web.console.rows import PromiseRow, promise_rows, who
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words import names
from omtanke.web.words.voice import Voice

MOST_PROMISES = 60
BACK_TO = 2000


@dataclass(frozen=True)
class DuePromise:
    """A promise that is due on a day. what: kind, in words. state, look: how it stands, and how the word is coloured. address: its page."""

    what: str
    state: str
    look: str
    address: str


@dataclass(frozen=True)
class Day:
    """A day of the month.

    number: of the month. label: the whole day. machine: for machines. column: under which weekday it stands, from 1. is_today: whether it is today.
    got: what the customer got. due: promises due on it. stands: how many promises stood, in words, or empty. is_empty: whether there is nothing to tell.
    """

    number: int
    label: str
    machine: str
    column: int
    is_today: bool
    got: tuple[Got, ...]
    due: tuple[DuePromise, ...]
    stands: str
    is_empty: bool


@dataclass(frozen=True)
class MonthPage:
    """A month with us.

    sentence: how much they got. about: who it is. name, address: of the customer, and their page. month: its name. weekdays: the heads of the columns.
    days: each of the month. asked_for: how many were not asked for, in a sentence. terms: how much is enough, label and value. others: what was not sent,
    in a sentence, or empty; others_address: the way to it. promises: those that stood, as rows. is_cut: there is more than is shown.
    earlier, later: the addresses of the months beside, or empty.
    """

    sentence: str
    about: str
    name: str
    address: str
    month: str
    weekdays: tuple[str, ...]
    days: tuple[Day, ...]
    asked_for: str
    terms: tuple[Term, ...]
    others: str
    others_address: str
    promises: tuple[PromiseRow, ...]
    is_cut: bool
    earlier: str
    later: str


@may(May.SEE_CUSTOMERS)
def month(request: HttpRequest, person: int) -> HttpResponseBase:
    """One customer's month. Customers who became one person lead to that person."""
    here, say = shop(), voice()
    leads = here.pages.person_of(person)
    if leads is None or leads[1] == "subject":
        raise Http404
    first = month_of(request.GET.get("month", ""), say.today)
    if leads[0] != person:
        return redirect(address_of(leads[0], first))
    met(person, Seen.CUSTOMER)
    return render(request, "console/month.html", {"page": month_page(here, say, person, first)})


def month_of(text: str, today: date) -> date:
    """The first day of the month written 2026-11; of this month when it is none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if BACK_TO <= first.year < LAST_DAY.year else today.replace(day=1)


def address_of(person: int, first: date) -> str:
    return f"{reverse('month', args=[person])}?month={first:%Y-%m}"


def month_page(here: Shop, say: Voice, person: int, first: date) -> MonthPage:
    (one,) = here.pages.known([person])
    following = (first + timedelta(days=31)).replace(day=1)
    since, until = day_starts_at(first, say.zone), day_starts_at(following, say.zone)
    read = MessagePages(here.pages)
    got, is_cut = got_in(here.pages, say, person, since, until)
    contacts = contacts_of(here.pages, person, since, until)
    numbers = read.promises_standing(person, since, until, MOST_PROMISES + 1)
    promises = here.pages.promises(numbers[:MOST_PROMISES])
    name = who(one.name, one.city, person)
    asked = Asked(person=str(person), since=f"{first:%Y-%m-%d}", to=f"{following - timedelta(days=1):%Y-%m-%d}")
    return MonthPage(
        sentence=sentence(name, sum(map(len, got.values())), say.month(first), say),
        about=about_person(one, say),
        name=name,
        address=reverse("customer", args=[person]),
        month=say.month(first),
        weekdays=tuple(say.weekday_short(date(2024, 1, day)) for day in range(1, 8)),  # the first of January 2024 was a Monday
        days=tuple(days_of(first, got, promises, say)),
        asked_for=asked_for_words(contacts, say),
        terms=terms_of(here.pages, say, person, contacts, is_now=since <= say.now < until),
        others=others_words(read.ends_to(person, since, until), say),
        others_address=reverse("messages") + asked.address(),
        promises=tuple(promise_rows(here.pages, say, numbers[:MOST_PROMISES])),
        is_cut=is_cut or len(numbers) > MOST_PROMISES,
        earlier=address_of(person, (first - timedelta(days=1)).replace(day=1)) if first > max(FIRST_DAY, date(BACK_TO, 1, 1)) else "",
        later=address_of(person, following) if following <= say.today else "",
    )


def sentence(name: str, count: int, month: str, say: Voice) -> str:
    """Maja Lindqvist fick fyra meddelanden i november 2026."""
    if not count:
        return _("%(name)s got nothing from us in %(month)s.") % {"name": name, "month": month}
    said = ngettext("%(name)s heard from us once in %(month)s.", "%(name)s heard from us %(n)s times in %(month)s.", count)
    return said % {"name": name, "n": say.number(count), "month": month}


def asked_for_words(contacts: Contacts, say: Voice) -> str:
    """How much of it they had not asked for."""
    count = len(contacts.within)
    if not count:
        return _("None of it was an offer or a question from us.")
    return ngettext("%(n)s was an offer or a question from us.", "%(n)s were offers or questions from us.", count) % {"n": say.number(count)}


def others_words(ends: Mapping[str, int], say: Voice) -> str:
    """What was put off or not sent; empty for nothing."""
    withheld, put_off = ends.get("suppressed", 0), ends.get("deferred", 0)
    parts = [
        ngettext("%(n)s message was not sent", "%(n)s messages were not sent", withheld) % {"n": say.number(withheld)} if withheld else "",
        ngettext("%(n)s waits", "%(n)s wait", put_off) % {"n": say.number(put_off)} if put_off else "",
    ]
    return ", ".join(part for part in parts if part)


def days_of(first: date, got: Mapping[date, Sequence[Got]], promises: Sequence[PromiseSeen], say: Voice) -> Iterable[Day]:
    """Every day of the month, in the shop's zone."""
    due: dict[date, list[PromiseSeen]] = {}
    for one in promises:
        due.setdefault(say.last_day(one.until_at), []).append(one)
    for day in Calendar().itermonthdates(first.year, first.month):
        if day.month == first.month:
            yield a_day(day, got.get(day, ()), due.get(day, ()), standing(day, promises, say), say)


def standing(day: date, promises: Iterable[PromiseSeen], say: Voice) -> int:
    """How many promises stood at some time of the day."""
    begins, ends = day_starts_at(day, say.zone), day_starts_at(day + timedelta(days=1), say.zone)
    return sum(one.made_at < min(ends, say.now) and (not one.ended_at or one.ended_at >= begins) for one in promises) if begins <= say.now else 0


def a_day(day: date, got: Sequence[Got], due: Sequence[PromiseSeen], stands: int, say: Voice) -> Day:
    return Day(
        number=day.day,
        label=say.full_day(day),
        machine=day.isoformat(),
        column=day.isoweekday(),
        is_today=day == say.today,
        got=tuple(got),
        due=tuple(DuePromise(names.kind(p.kind), names.state(p.status), names.LOOKS[p.status], reverse("promise", args=[p.promise])) for p in due),
        stands=ngettext("%(n)s promise stood", "%(n)s promises stood", stands) % {"n": say.number(stands)} if stands else "",
        is_empty=not (got or due),
    )
