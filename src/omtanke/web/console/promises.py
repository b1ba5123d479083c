"""Promises: how many we keep, where it hurts, and every single one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec.structs import replace

from omtanke.insight.board import CHOSEN, Board
from omtanke.insight.statistics import wilson
from omtanke.storage.seen import Place
from omtanke.vocabulary.time import day_starts_at
from omtanke.web.accounts.access import May, may
from omtanke.web.console.before import period_before
from omtanke.web.console.figures import COST_GROUPS, DRAWN, FORMS, FigureShown, before_words, figures, picture, whole
from omtanke.web.console.filters import (
    DIMENSIONS,
    Asked,
    Choice,
    Filter,
    dimension_label,
    filter_list,
    filters_of,
    group_of,
    read_asked,
    state_label,
    states_label,
)
from omtanke.web.console.live import live
from omtanke.web.console.places import read_place, write_place
from omtanke.web.console.rows import PromiseRow, promise_rows
from omtanke.web.console.targets import targets
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.voice import Voice

PAGE_SIZE = 25
POLL_MS, BEAT_SECONDS = 2_000, 60
MOST_WAITING = 20_000
LIVE_STATES = ("waiting", "well")


@dataclass(frozen=True)
class Listed:
    """A page of a list.

    numbers: of its promises. total: of the whole list. following: the place of the next page, or empty. persons: how many customers, where they count.
    """

    numbers: tuple[int, ...]
    total: int
    following: str
    persons: int = 0


@dataclass(frozen=True)
class PromisesPage:
    """Promises.

    sentence: how many we kept. base: of how many, with interval. is_empty: nothing has been promised yet.
    filters: what can be chosen. is_filtered: whether anything is.
    by: the dimension of the second figure, by_choices: all of them. figures: pictures with numbers; empty on later pages of the list.
    seen: how much of the log the pictures show. listed: what the list holds, in a phrase. rows: the list. following: the address of more, or empty.
    is_first: whether this is the first page of the list, first: its address. list_first: whether the list stands before the figures.
    """

    sentence: str
    base: str
    is_empty: bool
    filters: tuple[Filter, ...]
    is_filtered: bool
    by: str
    by_choices: tuple[Choice, ...]
    figures: tuple[FigureShown, ...]
    seen: int
    listed: str
    rows: tuple[PromiseRow, ...]
    following: str
    is_first: bool
    first: str
    list_first: bool


def promises_mark(request: HttpRequest) -> int:
    """How much of the log the figures have seen."""
    return shop().board.position


@may(May.SEE_PROMISES)
@live(promises_mark, POLL_MS, BEAT_SECONDS)
def promises(request: HttpRequest) -> HttpResponseBase:
    """Filters, figures, list."""
    page = promises_page(shop(), voice(), read_asked(request.GET.dict()))
    return render(request, "console/promises.html", {"page": page})


def promises_page(here: Shop, say: Voice, asked: Asked) -> PromisesPage:
    listed = list_of(here, say, asked)
    is_first = not asked.after
    sentence, base = kept_words(here.board, asked, say)
    return PromisesPage(
        sentence=sentence,
        base=base,
        is_empty=not (asked.is_filtered or asked.after or listed.total),
        filters=filter_list(here.board, asked, say),
        is_filtered=asked.is_filtered,
        by=asked.by,
        by_choices=tuple(Choice(asked.address(by=one) + "#parts", dimension_label(one), one == asked.by) for one in DIMENSIONS),
        figures=figures(here.board, asked, say, targets(here.data)) if is_first else (),
        seen=here.board.position,
        listed=listed_words(listed, answers_behind(here.board, asked, say), asked, say),
        rows=tuple(promise_rows(here.pages, say, listed.numbers)),
        following=asked.address(after=listed.following) + "#people" if listed.following else "",
        is_first=is_first,
        first=asked.address() + "#people",
        list_first=bool(asked.state or asked.figure or asked.after),
    )


def list_of(here: Shop, say: Voice, asked: Asked) -> Listed:
    """The people behind what is asked for. What is true only now is read from the log as it is, all else as the board has seen it."""
    if asked.state in LIVE_STATES and not asked.figure:
        return live_list(here, say, asked)
    behind = here.board.people(filters_of(asked, say.today), group_of(asked), asked.after if "." in asked.after else None, PAGE_SIZE)
    return Listed(tuple(number for number, _person in behind.promises), behind.total, behind.next or "")


def live_list(here: Shop, say: Voice, asked: Asked) -> Listed:
    """Those who wait, and what ended well today."""
    place, persons = read_place(asked.after), 0
    if asked.state == "well":
        morning = day_starts_at(say.today, say.zone)
        found = here.pages.ended_well(morning, say.now, place, PAGE_SIZE + 1)
        total = sum(kept + exceeded for _kind, kept, exceeded in here.pages.ended_well_counts(morning, say.now))
    else:
        among = waiting_among(here.board, say, asked)
        found = here.pages.waiting_list(place, PAGE_SIZE + 1, among)
        waiting = here.pages.waiting_count(among)
        total, persons = waiting.promises, waiting.persons
    page = found[:PAGE_SIZE]
    following = write_place(Place(page[-1][1], page[-1][0])) if len(found) > PAGE_SIZE else ""
    return Listed(tuple(number for number, _at in page), total, following, persons)


def waiting_among(board: Board, say: Voice, asked: Asked) -> list[int] | None:
    """The broken promises that the other filters leave; None when there are none."""
    if replace(asked, state="", after="", by="kind") == Asked():
        return None
    return [number for number, _person in board.people(filters_of(asked, say.today), group_of(asked), limit=MOST_WAITING).promises]


def kept_words(board: Board, asked: Asked, say: Voice) -> tuple[str, str]:
    """We kept 96,2 % of what we promised; of how many, and how sure that is."""
    filters = filters_of(Asked(**{name: getattr(asked, name) for name in (*CHOSEN, "period")}), say.today)
    records = board.kept_by("all", filters).records
    due, held = (records[0]["came_due"], records[0]["held"]) if records else (0, 0)
    interval = wilson(held, due)
    if interval is None and not asked.is_filtered:
        return (_("No promise has come due yet.") if records else _("Nothing has been promised yet.")), ""
    if interval is None:
        return _("Nothing we promised has come due here."), ""
    base = ngettext("%(held)s of %(n)s promise that came due · %(interval)s", "%(held)s of %(n)s promises that came due · %(interval)s", due)
    said = {"held": say.number(held), "n": say.number(due), "interval": say.interval(interval.low, interval.high)}
    before = before_in_words(board, asked, say, held / due)
    return _("We kept %(rate)s of what we promised.") % {"rate": say.percent(held / due)}, " · ".join(part for part in (base % said, before) if part)


def before_in_words(board: Board, asked: Asked, say: Voice, rate: float) -> str:
    """perioden före 95,4 % (+0,8); empty when no period is asked for, or nothing came due in the one before."""
    earlier = period_before(whole(asked), say.today)
    records = board.kept_by("all", earlier).records if earlier else ()
    if not records or not records[0]["came_due"]:
        return ""
    return _("the period before %(rate)s") % {"rate": before_words({"kept_rate": rate}, records[0], say)}


def answers_behind(board: Board, asked: Asked, say: Voice) -> int:
    """How many answers a figure of what a broken promise costs counts: some promises were answered about more than once."""
    parts = [part for part, group in COST_GROUPS.items() if group == asked.figure]
    if not parts:
        return 0
    return sum(one["answers"] for one in board.broken_cost(filters_of(whole(asked), say.today)).records if one["part"] in parts)


def listed_words(listed: Listed, answers: int, asked: Asked, say: Voice) -> str:
    """What the list holds."""
    total = listed.total
    if listed.persons:
        who = ngettext("%(n)s customer waits", "%(n)s customers wait", listed.persons) % {"n": say.number(listed.persons)}
        return f"{who} · " + ngettext("%(n)s broken promise", "%(n)s broken promises", total) % {"n": say.number(total)}
    count = ngettext("%(n)s promise", "%(n)s promises", total) % {"n": say.number(total)}
    if answers:
        count = ngettext("%(n)s answer", "%(n)s answers", answers) % {"n": say.number(answers)} + f" · {count}"
    if asked.figure:
        return f"{count}: {figure_label(asked.figure)}"
    if not asked.state:
        return count
    return f"{count}: {state_label(asked.state) if total == 1 else states_label(asked.state)}"


def figure_label(figure_: str) -> str:
    """The figure whose people are listed, in words."""
    words = {
        "came_due": _("came due"),
        "held": _("held against what was said first"),
        "missed": _("missed against what was said first"),
        "sure_came_due": _("quoted with how sure it was, and came due"),
        "sure_held": _("quoted with how sure it was, and held"),
        "put_right": states_label("put_right"),
        "still_waiting": _("broken and not met"),
        "open": states_label("open"),
        "promises": _("all"),
        "answered_kept": _("kept, and answered about"),
        "answered_broken": _("broken, and answered about"),
        "answered_never_arrived": _("never arrived, and answered about"),
        "answered_late": _("arrived late, and answered about"),
        "answered_late_waiting": _("answered about while still waiting"),
        "answered_late_after": _("answered about after a late arrival"),
        "answered_withdrawn": _("withdrawn, and answered about"),
    }
    return words.get(figure_) or states_label(figure_)


@may(May.SEE_FIGURES)
def figure(request: HttpRequest, name: str, form: str) -> HttpResponseBase:
    """A figure as a picture or as numbers."""
    if name not in DRAWN or form not in FORMS:
        raise Http404
    here, say = shop(), voice()
    asked = read_asked(request.GET.dict())
    response = HttpResponse(picture(name, here.board, asked, say, form, is_dark=request.GET.get("theme") == "dark"), content_type=FORMS[form])
    response["Cache-Control"] = "private, max-age=60"
    if form != "svg":
        response["Content-Disposition"] = f'attachment; filename="omtanke-{name}.{form}"'
    return response
