"""One play: its steps in words, who is where, who left last and why, and what it does where some are told nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.engine.plays.active import ActivePlay
from omtanke.insight.board import Board
from omtanke.storage.play_pages import PlayPages, RunSeen
from omtanke.storage.seen import Known, Place
from omtanke.vocabulary.time import DAY
from omtanke.web.accounts.access import May, may
from omtanke.web.console.places import read_place, write_place
from omtanke.web.console.plays import COUNTED_DAYS, Tally, about_play, held_out_words, plays_in_force, tallies_of
from omtanke.web.console.rows import who
from omtanke.web.shop import Shop, sees_customers, shop, voice
from omtanke.web.words import names, play_steps, spoken
from omtanke.web.words.voice import Voice

PAGE_SIZE, MOST_LEFT = 25, 15
SHOWN_MESSAGES = ("sent", "released", "deferred", "suppressed", "failed", "in_doubt")


@dataclass(frozen=True)
class PlayStep:
    """A step. what: in words. condition: under which it is done, as written, or empty. here: how many are there now, or empty; address: the way to them."""

    what: str
    condition: str
    here: str
    address: str


@dataclass(frozen=True)
class Somebody:
    """Somebody who is or was in the play. name; address: their page, or empty. where: at which step, or why they left. since: when they came in.
    until: when they go on, or when they left, or empty. note: that they are told nothing, or empty."""

    name: str
    address: str
    where: str
    since: str
    until: str
    note: str


@dataclass(frozen=True)
class Count:
    """A number of something. label: of what. number: how many. note: more, or empty. address: the way to them, or empty."""

    label: str
    number: str
    note: str
    address: str


@dataclass(frozen=True)
class Effect:
    """What the play does, by those who are told nothing. sentence: in words. counts: of those told and those held out, how many bought. note: how it is
    counted, and what is left out. as_of: how far the log had come."""

    sentence: str
    counts: tuple[Count, ...]
    note: str
    as_of: str


@dataclass(frozen=True)
class PlayPage:
    """A play.

    title: what it is called. name: as in the playbook. sentence: how many are in it. about: class, priority and version; or that it is not in force.
    begins, ends: what lets somebody in, and what ends it, as steps; again: how often. steps: in order, empty when it is not in force.
    counts: of the last thirty days. left: why they left; withheld: why messages were put off or not sent. listed: who is in it, in a phrase;
    people: they; following: the address of more, or empty; is_part: only one step is shown. gone: who left last. effect: what it does, or None where
    nobody is held out.
    """

    title: str
    name: str
    sentence: str
    about: str
    begins: PlayStep | None
    again: str
    ends: tuple[PlayStep, ...]
    steps: tuple[PlayStep, ...]
    counts: tuple[Count, ...]
    left: tuple[Count, ...]
    withheld: tuple[Count, ...]
    listed: str
    people: tuple[Somebody, ...]
    following: str
    is_part: bool
    gone: tuple[Somebody, ...]
    effect: Effect | None


@may(May.SEE_PROMISES)
def play(request: HttpRequest, name: str) -> HttpResponseBase:
    """A play by its name, in force or once entered."""
    here = shop()
    active = plays_in_force(here.pages).get(name)
    if active is None and name not in PlayPages(here.pages).plays():
        raise Http404
    page = play_page(here, voice(), name, active, read_step(request.GET.get("step", "")), read_place(request.GET.get("after", "")))
    return render(request, "console/play.html", {"page": page})


def read_step(text: str) -> int | None:
    """The step that is asked for, from 0; None for all."""
    return int(text) if text.isdecimal() and len(text) < 4 else None


def play_page(here: Shop, say: Voice, name: str, active: ActivePlay | None, step: int | None, place: Place) -> PlayPage:
    read, since = PlayPages(here.pages), say.now - COUNTED_DAYS * DAY
    tally = tallies_of(read, [name], since)[name]
    inside, gone = read.in_now(name, step, place, PAGE_SIZE + 1), read.left_last(name, MOST_LEFT)
    known = {one.person: one for one in here.pages.known(list({run.person for run in (*inside, *gone)}))}
    page = inside[:PAGE_SIZE]
    place_of_step = f"?step={step}&" if step is not None else "?"
    following = f"{place_of_step}after={write_place(Place(page[-1].entered_at, page[-1].place))}#people" if len(inside) > PAGE_SIZE else ""
    return PlayPage(
        title=names.play(name),
        name=name,
        sentence=sentence(tally.now, say),
        about=about_play(active, say) if active else _("not in force any more; whoever is under way finishes it"),
        begins=as_step(play_steps.begins(active.play)) if active else None,
        again=play_steps.again(active.play, say) if active else "",
        ends=tuple(map(as_step, play_steps.ends(active.play))) if active else (),
        steps=steps_of(active, tally, say) if active else (),
        counts=tuple(counts_of(name, tally, say)),
        left=tuple(Count(names.reason(reason), say.number(count), "", "") for reason, count in tally.left.items()),
        withheld=tuple(Count(names.reason(reason), say.number(count), spoken.became(end), "") for end, reason, count in read.withheld(name, since)),
        listed=listed_words(tally, step, say),
        people=tuple(inside_now(run, known.get(run.person), active, say) for run in page),
        following=following,
        is_part=step is not None,
        gone=tuple(left_again(run, known.get(run.person), say) for run in gone),
        effect=effect_of(here.board, name, say) if tally.held_out or (active and active.play.holdout) else None,
    )


def effect_of(board: Board, name: str, say: Voice) -> Effect | None:
    """Those told against those held out, as `omtanke ask plays` has it; None before anything was due to anybody."""
    answer = board.play_effects()
    found = next((one for one in answer.records if one["part"] == name), None)
    if found is None:
        return None
    groups = ((_("told"), "told"), (_("told nothing"), "held_out"))
    return Effect(
        sentence=effect_words(found, say),
        counts=tuple(Count(label, bought_share(found, group, say), "", "") for label, group in groups),
        note=too_early_words(found["too_early"], say),
        as_of=say.exact(answer.as_of),
    )


def effect_words(found: Mapping[str, Any], say: Voice) -> str:
    """How many points the share of buyers differs, and how sure that is."""
    if found["effect"] is None:
        return _("It is too early to say what it does.")
    effect, low, high = found["effect"], found["effect_low"], found["effect_high"]
    if low is None or low <= 0 <= high:
        said = _("No difference can be seen yet: %(points)s points in how many bought (%(low)s to %(high)s).")
    else:
        said = _("Being told made a difference of %(points)s points in how many bought (%(low)s to %(high)s).")
    return said % {"points": say.change(effect), "low": say.change(low or 0), "high": say.change(high or 0)}


def bought_share(found: Mapping[str, Any], group: str, say: Voice) -> str:
    """12,5 % of 40."""
    share = found[f"{group}_share"]
    return _("%(share)s of %(n)s bought") % {"share": say.percent(share), "n": say.number(found[group])} if share is not None else _("nobody yet")


def too_early_words(count: int, say: Voice) -> str:
    """What is counted, and how many are not yet."""
    counted = _("Who bought within seven days from when the message was due, in any channel; chance decided who is told nothing.")
    if not count:
        return counted
    early = ngettext("%(n)s person's seven days are not over.", "The seven days of %(n)s persons are not over.", count)
    return f"{counted} {early % {'n': say.number(count)}}"


def sentence(count: int, say: Voice) -> str:
    if not count:
        return _("Nobody is in it now.")
    return ngettext("One person is in it now.", "%(n)s are in it now.", count) % {"n": say.number(count)}


def as_step(said: play_steps.StepSaid) -> PlayStep:
    return PlayStep(said.what[:1].upper() + said.what[1:], said.condition, "", "")


def steps_of(active: ActivePlay, tally: Tally, say: Voice) -> tuple[PlayStep, ...]:
    """Each step with how many of this version are there."""
    shown = []
    for number, step in enumerate(active.play.steps):
        said, here = play_steps.step_said(step, say), tally.here.get((number, active.digest), 0)
        there = ngettext("%(n)s person is here", "%(n)s are here", here) % {"n": say.number(here)} if here else ""
        shown.append(PlayStep(said.what, said.condition, there, f"?step={number}#people"))
    return tuple(shown)


def counts_of(name: str, tally: Tally, say: Voice) -> Sequence[Count]:
    """What came in, left and was said in the last thirty days."""
    messages = reverse("messages") + f"?play={name}&became="
    ends = (Count(spoken.became(one), say.number(n), "", messages + one) for one in SHOWN_MESSAGES if (n := tally.messages.get(one, 0)))
    entered = Count(_("came in"), say.number(tally.entered), held_out_words(tally, say), "")
    return [entered, Count(_("left"), say.number(sum(tally.left.values())), "", ""), *ends]


def listed_words(tally: Tally, step: int | None, say: Voice) -> str:
    """Who is in it: all, or at one step."""
    if step is None:
        return _("Who is in it now")
    here = sum(count for (number, _digest), count in tally.here.items() if number == step)
    return ngettext("At step %(step)s: one person", "At step %(step)s: %(n)s people", here) % {"step": step + 1, "n": say.number(here)}


def inside_now(run: RunSeen, known: Known | None, active: ActivePlay | None, say: Voice) -> Somebody:
    return somebody(run, known, where_words(run, active, say), say.moment(run.until_at) if run.until_at else "", say)


def where_words(run: RunSeen, active: ActivePlay | None, say: Voice) -> str:
    """The step in words; of another version only its number."""
    if active is None or run.digest != active.digest:
        return _("step %(n)s of an earlier version") % {"n": run.step + 1}
    step = active.step(run.step)
    said = play_steps.step_said(step, say).what if step else ""
    return f"{run.step + 1}. {said}"


def left_again(run: RunSeen, known: Known | None, say: Voice) -> Somebody:
    return somebody(run, known, names.reason(run.reason), say.moment(run.left_at), say)


def somebody(run: RunSeen, known: Known | None, where: str, until: str, say: Voice) -> Somebody:
    return Somebody(
        name=who(known.name, known.city, run.person) if known else "",
        address=reverse("customer", args=[run.person]) if sees_customers() else "",
        where=where,
        since=say.moment(run.entered_at),
        until=until,
        note=_("is told nothing, to see what the play does") if run.is_held_out else "",
    )
