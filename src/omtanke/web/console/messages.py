"""Messages: what was said to customers, what waits, what was not sent, and what is in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct
from msgspec.structs import replace

from omtanke.storage.message_pages import OTHERS, RETURNED, MessagePages, Wanted
from omtanke.storage.seen import START
from omtanke.vocabulary.time import LAST_DAY, day_starts_at
from omtanke.web.accounts.access import May, may
from omtanke.web.console.customers import MOST_FOUND, search
from omtanke.web.console.filters import Filter, choose
from omtanke.web.console.live import live
from omtanke.web.console.message_rows import MessageRow, message_rows
from omtanke.web.console.places import read_place, write_place
from omtanke.web.shop import Shop, sees_customers, shop, voice
from omtanke.web.words import names, spoken
from omtanke.web.words.voice import Voice

PAGE_SIZE = 30
POLL_MS, BEAT_SECONDS = 2_000, 60
COUNTED_DAYS = 7
LONGEST = 120
FIRST_DAY = date(2000, 1, 1)
# What can be asked for, and what of it stands at the top.
ENDS = ("sent", "released", "deferred", "suppressed", "failed", RETURNED, "in_doubt")
COUNTED = ("sent", "deferred", "suppressed", "failed")


class Asked(Struct, frozen=True):
    """What the address asks for; empty: everything. `q`: a customer in words; `person`: one by number; `since`, `to`: days, both of them in; `became`: of
    ENDS."""

    q: str = ""
    person: str = ""
    play: str = ""
    channel: str = ""
    became: str = ""
    since: str = ""
    to: str = ""
    after: str = ""

    def address(self, **changes: str) -> str:
        """The query of the same page with some things changed; always from the top of the list."""
        changed = replace(self, after=changes.pop("after", ""), **changes)
        return "?" + urlencode({name: value for name in self.__struct_fields__ if (value := getattr(changed, name))})

    @property
    def is_filtered(self) -> bool:
        return any((self.q, self.person, self.play, self.channel, self.became, self.since, self.to))


@dataclass(frozen=True)
class MessagesPage:
    """Messages.

    sentence: how much was said of late. counts: what became of the messages of late: number, word, address. doubt: how many are in doubt, in a
    sentence, or empty; doubt_address: the way to them. is_empty: nothing has ever been said. asked: the customer searched for; found: what
    came of that search, or empty. since, to: the days asked for. filters: what can be chosen. is_filtered: whether anything is.
    rows: the list. following: the address of more, or empty. first: that of the top, empty when it is this.
    """

    sentence: str
    counts: tuple[tuple[str, str, str], ...]
    doubt: str
    doubt_address: str
    is_empty: bool
    asked: str
    found: str
    since: str
    to: str
    filters: tuple[Filter, ...]
    is_filtered: bool
    rows: tuple[MessageRow, ...]
    following: str
    first: str


def messages_mark(request: HttpRequest) -> int:
    """When something last became of a message."""
    return MessagePages(shop().pages).last_at()


@may(May.SEE_PROMISES)
@live(messages_mark, POLL_MS, BEAT_SECONDS)
def messages(request: HttpRequest) -> HttpResponseBase:
    """The log, the latest first."""
    return render(request, "console/messages.html", {"page": messages_page(shop(), voice(), read_asked(request.GET.dict()))})


def read_asked(query: Mapping[str, str]) -> Asked:
    """What the address asks for; what makes no sense is left out."""
    given = {name: query.get(name, "").strip()[:LONGEST] for name in Asked.__struct_fields__}
    asked = Asked(**given)
    return replace(
        asked,
        q=asked.q if sees_customers() else "",
        person=asked.person if sees_customers() and asked.person.isdecimal() and len(asked.person) < 19 else "",
        became=asked.became if asked.became in ENDS else "",
        since=asked.since if day_of(asked.since) else "",
        to=asked.to if day_of(asked.to) else "",
    )


def day_of(text: str) -> date | None:
    """The day written as 2026-11-24; None when it is none that a shop can mean."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day < LAST_DAY else None


def messages_page(here: Shop, say: Voice, asked: Asked) -> MessagesPage:
    read = MessagePages(here.pages)
    persons, found = persons_of(here, say, asked.q) if not asked.person else ((int(asked.person),), "")
    listed = read.latest(wanted_of(asked, persons, say), read_place(asked.after), PAGE_SIZE + 1)
    page = listed[:PAGE_SIZE]
    following = write_place(page[-1]) if len(listed) > PAGE_SIZE else ""
    counts, doubt = read.counts(day_starts_at(say.today - timedelta(days=COUNTED_DAYS - 1), say.zone)), read.in_doubt()
    return MessagesPage(
        sentence=sentence(counts.get("sent", 0), read.last_at(), say),
        counts=tuple((say.number(n), spoken.became(one), Asked(became=one).address()) for one in COUNTED if (n := counts.get(one, 0))),
        doubt=doubt_words(doubt, say),
        doubt_address=Asked(became="in_doubt").address(),
        is_empty=not (asked.is_filtered or asked.after or page),
        asked=asked.q,
        found=found,
        since=asked.since,
        to=asked.to,
        filters=filters_of(read, asked),
        is_filtered=asked.is_filtered,
        rows=message_rows(here.pages, say, read.messages(page)),
        following=asked.address(after=following) + "#log" if following else "",
        first=asked.address() + "#log" if asked.after else "",
    )


def sentence(sent: int, last_at: int, say: Voice) -> str:
    """How much was said of late."""
    if not last_at:
        return _("Nothing has been said to a customer yet.")
    if not sent:
        return _("We have written to nobody in the last seven days.")
    return ngettext("We have written once in the last seven days.", "We have written %(n)s times in the last seven days.", sent) % {"n": say.number(sent)}


def doubt_words(count: int, say: Voice) -> str:
    """That messages are in doubt; empty when none is."""
    if not count:
        return ""
    said = ngettext(
        "%(n)s message is in doubt: it was handed over, and nobody knows whether it was taken.",
        "%(n)s messages are in doubt: they were handed over, and nobody knows whether they were taken.",
        count,
    )
    return said % {"n": say.number(count)}


def persons_of(here: Shop, say: Voice, asked: str) -> tuple[tuple[int, ...] | None, str]:
    """Whom a search means, as on *Customers*, and what came of it; None for everybody."""
    if not asked:
        return None, ""
    known, _is_exact = search(here, asked)
    if not known:
        return (), _("We know nobody by that name, e-mail, telephone or number.")
    if len(known) > MOST_FOUND:
        return tuple(one.person for one in known[:MOST_FOUND]), _("More than %(n)s people match; the first of them are shown.") % {"n": say.number(MOST_FOUND)}
    return tuple(one.person for one in known), ""


def wanted_of(asked: Asked, persons: tuple[int, ...] | None, say: Voice) -> Wanted:
    since, to = day_of(asked.since), day_of(asked.to)
    return Wanted(
        play=asked.play,
        channel=asked.channel,
        became=asked.became,
        since=day_starts_at(since, say.zone) if since else 0,
        until=day_starts_at(to + timedelta(days=1), say.zone) if to else START.moment,
        persons=persons,
    )


def filters_of(read: MessagePages, asked: Asked) -> tuple[Filter, ...]:
    """What can be chosen: plays and channels that occur."""
    plays = [*((name, names.play(name)) for name in read.plays()), (OTHERS, _("other systems"))]
    return (
        choose("became", _("What became of it"), _("all"), [(one, spoken.asked_for(one)) for one in ENDS], asked.became),
        choose("play", _("Play"), _("all"), plays, asked.play),
        choose("channel", _("Channel"), _("all"), [(one, names.channel(one)) for one in read.channels()], asked.channel),
    )
