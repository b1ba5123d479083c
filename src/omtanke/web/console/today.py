"""Today: does anything need us, and how are we doing?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Board, Filters
from omtanke.insight.statistics import wilson
from omtanke.storage.pages import Pages
from omtanke.storage.seen import Waiting
from omtanke.vocabulary.time import DAY, day_ends_at, day_starts_at
from omtanke.web.accounts.access import May, may
from omtanke.web.clock import is_long_ago
from omtanke.web.console.acting.desk import desk_of
from omtanke.web.console.acting.offers import Desk
from omtanke.web.console.calibration import drift_said
from omtanke.web.console.figure import Figure, certainly, share_difference
from omtanke.web.console.filters import Asked, Choice, filters_of
from omtanke.web.console.live import live
from omtanke.web.console.rows import PromiseRow, promise_rows
from omtanke.web.console.satisfaction import satisfaction_figure
from omtanke.web.console.targets import kinds_met
from omtanke.web.console.urgent import COOKIE, SHOWN, Found, Row, choices, found_for, shown_of, urgent_mark, urgent_rows
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.names import count_word, counted
from omtanke.web.words.voice import Voice

MOST_WELL = 4
POLL_MS, BEAT_SECONDS = 500, 10
REMEMBERED_SECONDS = 366 * 86_400


@dataclass(frozen=True)
class Count:
    """One of the four words with its count.

    label: the word. number: the count as said. address: the people behind it. of: what it is a part of, or empty. before: the count of the period
    before, or empty.
    """

    label: str
    number: str
    address: str
    of: str = ""
    before: str = ""


@dataclass(frozen=True)
class More:
    """A way to the rest of a list. label: how many of what. address: where."""

    label: str
    address: str


@dataclass(frozen=True)
class TodayPage:
    """Today.

    sentence: what is true now. as_of: the moment and the last event. drift: that we keep fewer promises than we said, or empty.
    is_empty: nothing has come in yet, folder: the data folder that waits for it.
    span: of the counts, in a word. counts: the four words. figures: at most three. urgent: who needs a person now.
    choices: whose rows can be asked for, empty where nobody acts. is_chosen: whether only some are shown.
    more: the rest of them. well: what ended well today. well_summary: how much did, by kind. well_more: all of it.
    """

    sentence: str
    as_of: str
    drift: str
    is_empty: bool
    folder: str
    span: str
    counts: tuple[Count, ...]
    figures: tuple[Figure, ...]
    urgent: tuple[Row, ...]
    choices: tuple[Choice, ...]
    is_chosen: bool
    more: tuple[More, ...]
    well: tuple[PromiseRow, ...]
    well_summary: str
    well_more: More | None


def today_mark(request: HttpRequest) -> str:
    """What Today shows, in short."""
    return urgent_mark(found_for(request, shop().pages))


@may(May.SEE_PROMISES)
@live(today_mark, POLL_MS, BEAT_SECONDS)
def today(request: HttpRequest) -> HttpResponseBase:
    """What needs a person, and how it goes."""
    here = shop()
    page = today_page(here, voice(), found_for(request, here.pages), desk_of(request, here), shown_of(request))
    response = render(request, "console/today.html", {"page": page})
    if request.GET.get("rows") in SHOWN:
        is_https = bool(settings.SESSION_COOKIE_SECURE)
        response.set_cookie(COOKIE, request.GET["rows"], max_age=REMEMBERED_SECONDS, samesite="Lax", httponly=True, secure=is_https)
    return response


def today_page(here: Shop, say: Voice, found: Found, desk: Desk | None = None, shown: str = "all") -> TodayPage:
    """The page as it is at the moment of `say`."""
    pages, now = here.pages, say.now
    waiting = pages.waiting()
    open_ = pages.open_counts(day_ends_at(say.today, say.zone))
    morning = day_starts_at(say.today, say.zone)
    well, well_counts = pages.ended_well_all(morning, now, MOST_WELL)
    is_empty = not pages.meta().get("clock")
    period = period_of(here.board, say)
    return TodayPage(
        sentence=_("Nothing has come in yet.") if is_empty else sentence(waiting, open_, pages.open_tasks(), say),
        as_of=as_of(pages, say),
        drift="" if is_empty else drift_said(here.board, say),
        is_empty=is_empty,
        folder=str(here.data),
        span=_("Seven days:") if period else _("So far:"),
        counts=() if is_empty else four_counts(here.board, say, period),
        figures=() if is_empty else figures(here, say, waiting, period),
        urgent=urgent_rows(pages, found, say, desk),
        choices=choices(shown) if desk else (),
        is_chosen=shown != "all",
        more=tuple(rest(waiting, open_, len(found.broken), len(found.due), len(found.at_risk), say)),
        well=tuple(promise_rows(pages, say, well)),
        well_summary=well_summary(well_counts, say),
        well_more=well_more(well_counts, len(well), say),
    )


def sentence(waiting: Waiting, open_: dict[str, tuple[int, int]], tasks: dict[str, int], say: Voice) -> str:
    """The first line: true, and made from the data."""
    due, at_risk = open_.get("due", (0, 0))[0], open_.get("at_risk", (0, 0))[0]
    low_answers, given = tasks.get("answer", 0), tasks.get("play", 0) + tasks.get("message", 0)
    if waiting.persons:
        said = ngettext("%(n)s customer is waiting for us.", "%(n)s customers are waiting for us.", waiting.persons)
        return said % {"n": count_word(waiting.persons, say.number)}
    if low_answers:
        said = ngettext("%(n)s customer was not content with us.", "%(n)s customers were not content with us.", low_answers)
        return said % {"n": count_word(low_answers, say.number)}
    if due:
        return ngettext(
            "%(n)s promise has reached its end, and we have heard nothing.", "%(n)s promises have reached their end, and we have heard nothing.", due
        ) % {"n": count_word(due, say.number)}
    if given:
        return ngettext("%(n)s thing is to be done for a customer.", "%(n)s things are to be done for customers.", given) % {"n": count_word(given, say.number)}
    if at_risk:
        return ngettext("%(n)s promise may break.", "%(n)s promises may break.", at_risk) % {"n": count_word(at_risk, say.number)}
    if any(soon for _count, soon in open_.values()):
        return _("Everything promised for today is on its way.")
    return _("Nobody is waiting for us.")


def as_of(pages: Pages, say: Voice) -> str:
    """Lördag 21 november, 12.14 · senaste händelsen för 2 sekunder sedan; or how far the data reach."""
    moment = f"{say.full_day(say.today, with_year=is_long_ago(say.now))}, {say.clock(say.now)}"
    last = pages.meta().get("clock", 0)
    if not last:
        return moment
    if say.now == last:
        return _("%(moment)s · the data end here") % {"moment": moment}
    if 0 < say.now - last < DAY:
        return _("%(moment)s · last event %(span)s ago") % {"moment": moment, "span": say.span(say.now - last)}
    return _("%(moment)s · last event %(last)s") % {"moment": moment, "last": say.moment(last)}


def period_of(board: Board, say: Voice) -> str:
    """Seven days; everything, when nothing came due in them (data that ended with a long silence)."""
    return "7" if rate(board, say, 7, 0)[1] or not board.kept_by("all").records else ""


def four_counts(board: Board, say: Voice, period: str) -> tuple[Count, ...]:
    """What came due in the last seven whole days, or ever, and what became of it; each beside the seven days before."""
    week, put_right = counted_in(board, filters_of(Asked(period=period), say.today))
    before, put_right_before = counted_in(board, days(say, 14, 7)) if period else ({}, 0)

    def count(label: str, number: int, address: str, earlier: int, of: str = "") -> Count:
        return Count(label, say.number(number), base + address, of, say.number(earlier) if period else "")

    base = reverse("promises") + (f"?period={period}&" if period else "?")
    return (
        count(_("promised"), week["came_due"], "figure=came_due#people", before.get("came_due", 0)),
        count(_("kept"), week["kept"], "state=kept#people", before.get("kept", 0)),
        count(_("exceeded"), week["exceeded"], "state=exceeded#people", before.get("exceeded", 0)),
        count(_("put right"), put_right, "state=put_right#people", put_right_before, _("of %(n)s") % {"n": say.number(week["broken"])}),
    )


def counted_in(board: Board, due: Filters) -> tuple[dict[str, Any], int]:
    """The counts of the promises that the filters leave, and how many of them were put right."""
    records = board.kept_by("all", due).records
    return records[0] if records else dict.fromkeys(("came_due", "kept", "exceeded", "broken"), 0), put_right_in(board, due, (board.position, board.as_of))


@lru_cache(maxsize=64)
def put_right_in(board: Board, due: Filters, seen: tuple[int, int]) -> int:
    """`seen` is the state of the board, so that a newer one is counted anew."""
    return board.people(due, "put_right", limit=1).total


def days(say: Voice, since: int, until: int) -> Filters:
    """From so many days ago to so many."""
    return Filters(due_from=say.today - timedelta(days=since), due_before=say.today - timedelta(days=until))


def figures(here: Shop, say: Voice, waiting: Waiting, period: str) -> tuple[Figure, ...]:
    """Kept rate, satisfaction, and who waits: three at most."""
    found = [kept_figure(here, say, period), satisfaction_figure(here.board, say, period), waiting_figure(here.pages, waiting, say)]
    return tuple(figure for figure in found if figure is not None)


def kept_figure(here: Shop, say: Voice, period: str) -> Figure | None:
    """The kept rate of seven whole days, against the seven before and the target of each kind; or of everything."""
    board = here.board
    week, before = (rate(board, say, 7, 0), rate(board, say, 14, 7)) if period else (rate_of(board, Filters()), (0, 0))
    interval = wilson(*week)
    if interval is None:
        return None
    held, due = week
    difference = (held / due - before[0] / before[1]) * 100 if before[1] else None
    base = ngettext("%(n)s promise", "%(n)s promises", due) % {"n": say.number(due)}
    return Figure(
        label=_("Promises we kept, seven days") if period else _("Promises we kept, so far"),
        value=say.percent(held / due),
        change="" if difference is None else say.change(difference),
        is_better=certainly(share_difference(held, due, *before)),
        since="" if difference is None else _("against the week before"),
        base=(base, say.interval(interval.low, interval.high)),
        address=reverse("promises") + f"?{'period=7&' if period else ''}figure=came_due",
        note=kinds_met(board, here.data, days(say, 7, 0) if period else Filters(), say),
    )


def rate(board: Board, say: Voice, since: int, until: int) -> tuple[int, int]:
    """Held, and came due, from so many days ago to so many."""
    return rate_of(board, days(say, since, until))


def rate_of(board: Board, due: Filters) -> tuple[int, int]:
    """Held, and came due, of the promises that the filters leave."""
    records = board.kept_by("all", due).records
    return (records[0]["held"], records[0]["came_due"]) if records else (0, 0)


def waiting_figure(pages: Pages, waiting: Waiting, say: Voice) -> Figure:
    """How many wait now, against how many did a week ago."""
    before = pages.waiting_at(say.now - 7 * DAY)
    return Figure(
        label=_("Customers waiting for us now"),
        value=say.number(waiting.persons),
        change=say.change(waiting.persons - before, 0),
        is_better=None,
        since=_("against a week ago"),
        base=(ngettext("%(n)s broken promise", "%(n)s broken promises", waiting.promises) % {"n": say.number(waiting.promises)},),
        address=reverse("promises") + "?state=waiting#people",
    )


def rest(waiting: Waiting, open_: dict[str, tuple[int, int]], broken: int, due: int, at_risk: int, say: Voice) -> list[More]:
    """The ways to those who are not shown."""
    listed = (
        (waiting.promises, broken, "waiting", ngettext("The one broken promise", "All %(n)s broken promises", waiting.promises)),
        (open_.get("due", (0, 0))[0], due, "due", ngettext("All %(n)s due", "All %(n)s due", open_.get("due", (0, 0))[0])),
        (open_.get("at_risk", (0, 0))[0], at_risk, "at_risk", ngettext("All %(n)s at risk", "All %(n)s at risk", open_.get("at_risk", (0, 0))[0])),
    )
    return [More(label % {"n": say.number(count)}, f"{reverse('promises')}?state={state}#people") for count, shown, state, label in listed if count > shown]


def well_summary(counts: tuple[tuple[str, int, int], ...], say: Voice) -> str:
    """41 leveranser, varav 12 före tiden · 3 svar."""
    said = []
    for kind_, kept, exceeded in counts[:4]:
        text = counted(kind_, kept + exceeded, say.number)
        if exceeded and not kept:
            text += ngettext(", early", ", all of them early", exceeded)
        elif exceeded:
            text += ngettext(", %(n)s of them early", ", %(n)s of them early", exceeded) % {"n": say.number(exceeded)}
        said.append(text)
    return " · ".join(said)


def well_more(counts: tuple[tuple[str, int, int], ...], shown: int, say: Voice) -> More | None:
    """The way to all that ended well today, when more did than is shown."""
    count = sum(kept + exceeded for _kind, kept, exceeded in counts)
    if count <= shown:
        return None
    label = ngettext("All %(n)s that ended well today", "All %(n)s that ended well today", count) % {"n": say.number(count)}
    return More(label, reverse("promises") + "?state=well#people")
