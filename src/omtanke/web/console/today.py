"""Today: does anything need us, and how are we doing?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Board, Filters
from omtanke.insight.statistics import wilson
from omtanke.storage.pages import START, Pages, Waiting
from omtanke.vocabulary.time import DAY, day_ends_at, day_starts_at
from omtanke.web.access import signed_in
from omtanke.web.clock import is_long_ago
from omtanke.web.console.figure import Figure, certainly, share_difference
from omtanke.web.console.filters import Asked, filters_of
from omtanke.web.console.rows import PromiseRow, promise_rows
from omtanke.web.console.satisfaction import satisfaction_figure
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.names import count_word, counted
from omtanke.web.words.voice import Voice

MOST_BROKEN, MOST_DUE, MOST_AT_RISK, MOST_WELL = 6, 3, 4, 4


@dataclass(frozen=True)
class Count:
    """One of the four words with its count.

    label: the word. number: the count as said. address: the people behind it. of: what it is a part of, or empty.
    """

    label: str
    number: str
    address: str
    of: str = ""


@dataclass(frozen=True)
class More:
    """A way to the rest of a list. label: how many of what. address: where."""

    label: str
    address: str


@dataclass(frozen=True)
class TodayPage:
    """Today.

    sentence: what is true now. as_of: the moment and the last event. is_empty: nothing has come in yet, folder: the data folder that waits for it.
    span: of the counts, in a word. counts: the four words. figures: at most three. urgent: who needs a person now.
    more: the rest of them. well: what ended well today.
    well_summary: how much did, by kind. well_more: all of it.
    """

    sentence: str
    as_of: str
    is_empty: bool
    folder: str
    span: str
    counts: tuple[Count, ...]
    figures: tuple[Figure, ...]
    urgent: tuple[PromiseRow, ...]
    more: tuple[More, ...]
    well: tuple[PromiseRow, ...]
    well_summary: str
    well_more: More | None


@signed_in
def today(request: HttpRequest) -> HttpResponseBase:
    """What needs a person, and how it goes."""
    return render(request, "console/today.html", {"page": today_page(shop(), voice())})


def today_page(here: Shop, say: Voice) -> TodayPage:
    """The page as it is at the moment of `say`."""
    pages, now = here.pages, say.now
    waiting = pages.waiting()
    midnight = day_ends_at(say.today, say.zone)
    morning = day_starts_at(say.today, say.zone)
    open_ = pages.open_counts(midnight)
    broken = pages.urgent_broken(MOST_BROKEN)
    due = pages.urgent_open("due", MOST_DUE)
    at_risk = pages.urgent_open("at_risk", MOST_AT_RISK)
    well = [number for number, _met_at in pages.ended_well(morning, now, START, MOST_WELL)]
    well_counts = pages.ended_well_counts(morning, now)
    rows = {row.address: row for row in promise_rows(pages, say, [*broken, *due, *at_risk, *well])}
    urgent = [*broken, *due, *at_risk]
    is_empty = not pages.meta().get("clock")
    period = period_of(here.board, say)
    return TodayPage(
        sentence=_("Nothing has come in yet.") if is_empty else sentence(waiting, open_, say),
        as_of=as_of(pages, say),
        is_empty=is_empty,
        folder=str(here.data),
        span=_("Seven days:") if period else _("So far:"),
        counts=() if is_empty else four_counts(here.board, say, period),
        figures=() if is_empty else figures(here, say, waiting, period),
        urgent=tuple(rows[address] for number in urgent if (address := reverse("promise", args=[number])) in rows),
        more=tuple(rest(waiting, open_, len(broken), len(due), len(at_risk), say)),
        well=tuple(rows[address] for number in well if (address := reverse("promise", args=[number])) in rows),
        well_summary=well_summary(well_counts, say),
        well_more=well_more(well_counts, len(well), say),
    )


def sentence(waiting: Waiting, open_: dict[str, tuple[int, int]], say: Voice) -> str:
    """The first line: true, and made from the data."""
    due, at_risk = open_.get("due", (0, 0))[0], open_.get("at_risk", (0, 0))[0]
    if waiting.persons:
        said = ngettext("%(n)s customer is waiting for us.", "%(n)s customers are waiting for us.", waiting.persons)
        return said % {"n": count_word(waiting.persons, say.number)}
    if due:
        return ngettext(
            "%(n)s promise has reached its end, and we have heard nothing.", "%(n)s promises have reached their end, and we have heard nothing.", due
        ) % {"n": count_word(due, say.number)}
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
    """What came due in the last seven whole days, or ever, and what became of it."""
    due = filters_of(Asked(period=period), say.today)
    records = board.kept_by("all", due).records
    week = records[0] if records else dict.fromkeys(("came_due", "kept", "exceeded", "broken"), 0)
    put_right = board.people(due, "put_right", limit=1).total
    base = reverse("promises") + (f"?period={period}&" if period else "?")
    return (
        Count(_("promised"), say.number(week["came_due"]), f"{base}figure=came_due#people"),
        Count(_("kept"), say.number(week["kept"]), f"{base}state=kept#people"),
        Count(_("exceeded"), say.number(week["exceeded"]), f"{base}state=exceeded#people"),
        Count(_("put right"), say.number(put_right), f"{base}state=put_right#people", _("of %(n)s") % {"n": say.number(week["broken"])}),
    )


def figures(here: Shop, say: Voice, waiting: Waiting, period: str) -> tuple[Figure, ...]:
    """Kept rate, satisfaction, and who waits: three at most."""
    found = [kept_figure(here.board, say, period), satisfaction_figure(here.board, say, period), waiting_figure(waiting, say)]
    return tuple(figure for figure in found if figure is not None)


def kept_figure(board: Board, say: Voice, period: str) -> Figure | None:
    """The kept rate of seven whole days, against the seven before; or of everything."""
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
    )


def rate(board: Board, say: Voice, since: int, until: int) -> tuple[int, int]:
    """Held, and came due, from so many days ago to so many."""
    return rate_of(board, Filters(due_from=say.today - timedelta(days=since), due_before=say.today - timedelta(days=until)))


def rate_of(board: Board, due: Filters) -> tuple[int, int]:
    """Held, and came due, of the promises that the filters leave."""
    records = board.kept_by("all", due).records
    return (records[0]["held"], records[0]["came_due"]) if records else (0, 0)


def waiting_figure(waiting: Waiting, say: Voice) -> Figure:
    return Figure(
        label=_("Customers waiting for us now"),
        value=say.number(waiting.persons),
        change="",
        is_better=None,
        since="",
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
