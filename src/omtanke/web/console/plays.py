"""Plays: what runs, how many are in each, what left and why, and what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from omtanke.engine.plays.active import ActivePlay
from omtanke.runtime.consents import policy_in_force
from omtanke.storage.pages import Pages
from omtanke.storage.play_pages import PlayPages
from omtanke.vocabulary.time import DAY
from omtanke.web.accounts.access import May, may
from omtanke.web.console.live import live
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words import names, spoken
from omtanke.web.words.voice import Voice

COUNTED_DAYS = 30
POLL_MS, BEAT_SECONDS = 5_000, 60
SHORT_DIGEST = 8
ON_THEIR_WAY = ("due", "released")


class Tally(Struct, frozen=True):
    """Of one play. `here`: how many are in it now, by step and version; the rest of the last COUNTED_DAYS days."""

    here: Mapping[tuple[int, str], int]
    entered: int
    held_out: int
    left: Mapping[str, int]
    messages: Mapping[str, int]

    @property
    def now(self) -> int:
        return sum(self.here.values())


@dataclass(frozen=True)
class PlayLine:
    """A play in the list.

    title: what it is called. address: its page. is_on: whether it is in force; state: in a word. about: class and priority, empty when it is not in force.
    now, entered, left: how many. why: why they left, in words, or empty. sent, put_off, withheld: of its messages. held_out: how many are told
    nothing, or empty.
    """

    title: str
    address: str
    is_on: bool
    state: str
    about: str
    now: str
    entered: str
    left: str
    why: str
    sent: str
    put_off: str
    withheld: str
    held_out: str


@dataclass(frozen=True)
class PlaysPage:
    """Plays. sentence: how many run, and how many people are in them. is_empty: there is no playbook, and never was. lines: each play, those in force first."""

    sentence: str
    is_empty: bool
    lines: tuple[PlayLine, ...]


def plays_mark(request: HttpRequest) -> int:
    """How far the log has come."""
    return shop().pages.last_fact()[0]


@may(May.SEE_PROMISES)
@live(plays_mark, POLL_MS, BEAT_SECONDS)
def plays(request: HttpRequest) -> HttpResponseBase:
    """Every play in force, and those that somebody has been in."""
    return render(request, "console/plays.html", {"page": plays_page(shop(), voice())})


def plays_page(here: Shop, say: Voice) -> PlaysPage:
    active = plays_in_force(here.pages)
    read = PlayPages(here.pages)
    known = [*active, *(name for name in read.plays() if name not in active)]
    tallies = tallies_of(read, known, say.now - COUNTED_DAYS * DAY)
    return PlaysPage(
        sentence=sentence(len(active), sum(one.now for one in tallies.values()), say),
        is_empty=not known,
        lines=tuple(play_line(name, active.get(name), tallies[name], say) for name in known),
    )


def plays_in_force(pages: Pages) -> dict[str, ActivePlay]:
    """By name, the first in priority first."""
    policy = policy_in_force(pages)
    return {one.play.name: one for one in policy.plays.current} if policy else {}


def tallies_of(read: PlayPages, known: list[str], since: int) -> dict[str, Tally]:
    """By four statements however many they are."""
    here, entered, left, messages = read.under_way(known), read.entered(known, since), read.left(known, since), read.messages(known, since)
    return {name: Tally(here.get(name, {}), *entered.get(name, (0, 0)), left.get(name, {}), messages.get(name, {})) for name in known}


def sentence(plays: int, people: int, say: Voice) -> str:
    """How many plays run, and how many people are in them."""
    if not plays:
        return _("No play is at work.")
    runs = ngettext("One play is at work", "%(n)s plays are at work", plays) % {"n": names.count_word(plays, say.number)}
    if not people:
        return _("%(plays)s, and nobody is in one now.") % {"plays": runs}
    said = ngettext("%(plays)s, with one person under way.", "%(plays)s, with %(n)s under way.", people)
    return said % {"plays": runs, "n": say.number(people)}


def play_line(name: str, active: ActivePlay | None, tally: Tally, say: Voice) -> PlayLine:
    return PlayLine(
        title=names.play(name),
        address=reverse("play", args=[name]),
        is_on=active is not None,
        state=_("at work") if active else _("not in force"),
        about=about_play(active, say) if active else "",
        now=say.number(tally.now),
        entered=say.number(tally.entered),
        left=say.number(sum(tally.left.values())),
        why=reasons_words(tally.left, say),
        sent=say.number(tally.messages.get("sent", 0)),
        put_off=say.number(tally.messages.get("deferred", 0)),
        withheld=say.number(tally.messages.get("suppressed", 0)),
        held_out=held_out_words(tally, say),
    )


def about_play(active: ActivePlay, say: Voice) -> str:
    """offer · priority 40 · version 1f3a9c02."""
    version = _("version %(version)s") % {"version": active.digest[:SHORT_DIGEST]}
    return " · ".join((spoken.class_(active.play.class_), _("priority %(n)s") % {"n": say.number(active.play.priority)}, version))


def reasons_words(reasons: Mapping[str, int], say: Voice, most: int = 3) -> str:
    """20: every step is behind them; 8: something has happened that ends the play."""
    return "; ".join(f"{say.number(count)}: {names.reason(reason)}" for reason, count in list(reasons.items())[:most])


def held_out_words(tally: Tally, say: Voice) -> str:
    """That some of those who came in are told nothing; empty where nobody is."""
    if not tally.held_out:
        return ""
    return ngettext("%(n)s of them is told nothing, to see what the play does", "%(n)s of them are told nothing, to see what the play does", tally.held_out) % {
        "n": say.number(tally.held_out)
    }
