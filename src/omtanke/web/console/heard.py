"""In their own words: what was written with an answer or added to it, and of how many each is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.insight.board import Chosen, Given
from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.survey import BOUNDS
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.shop import Shop, sees_customers
from omtanke.web.words import names
from omtanke.web.words.stated import language_of
from omtanke.web.words.voice import Voice

LOOKED_THROUGH = 60


@dataclass(frozen=True)
class Story:
    """One customer's words.

    words: quoted. language: theirs, or empty. score: what they answered. about: where, and when. one_of: of how many it is one, and what they say together.
    address: the page of its customer, empty for those who may not open it. all: the address of those it is one of.
    """

    words: str
    language: str
    score: str
    about: str
    one_of: str
    address: str
    all: str


def words_of_answers(pages: Pages, given: Sequence[Given]) -> dict[int, str]:
    """By the position of the answer: what was written with it, and added to it later."""
    wanted = [position for one in given for position in (one.position, one.comment_position) if position]
    found = {one.position: one.text for one in pages.verbatims(wanted)}
    said = {one.position: " ".join(text for position in (one.position, one.comment_position) if (text := found.get(position))) for one in given}
    return {position: text for position, text in said.items() if text}


def stories(here: Shop, say: Voice, since: int, until: int, most: int) -> tuple[Story, ...]:
    """The latest words of those who were not content, each with of how many it is one."""
    given = here.board.given(Chosen(level="low"), since, until, most=LOOKED_THROUGH).answers
    words = words_of_answers(here.pages, given)
    chosen = [one.position for one in given if one.position in words][:most]
    facts = here.pages.facts_at(chosen)
    people = {one.person: one for one in here.pages.known(list(dict.fromkeys(person for person, _fact in facts)))}
    if sees_customers():
        for person in people:
            met(person, Seen.LISTED)
    by_place = {one["part"]: one for one in here.board.measure("satisfaction", "touchpoint", since, until).records if one["scale"] == "1-5"}
    return tuple(
        Story(
            words=names.quoted(words[fact.position]),
            language=language_of(people[person].locale) if person in people else "",
            score=score_of(fact),
            about=" · ".join(one for one in (place_of(fact), say.moment(fact.occurred_at)) if one),
            one_of=one_of(by_place.get(fact.touchpoint), say),
            address=reverse("customer", args=[person]) if sees_customers() else "",
            all=reverse("answers") + f"?touchpoint={fact.touchpoint}#people" if fact.touchpoint else reverse("answers"),
        )
        for person, fact in facts
    )


def place_of(fact: FactSeen) -> str:
    """Where it was, with a capital."""
    text = names.place(fact.touchpoint) or names.asked_about(getattr(fact.body, "about", "") or "")
    return text[:1].upper() + text[1:]


def score_of(fact: FactSeen) -> str:
    """2 of 5; empty when several questions were answered."""
    score, scale = getattr(fact.body, "score", -1), getattr(fact.body, "scale", "1-5")
    return _("%(score)s of %(most)s") % {"score": score, "most": BOUNDS[scale][1]} if score >= 0 and scale != "0-1" else ""


def one_of(part: dict[str, object] | None, say: Voice) -> str:
    """One of 48 answers there; their mean is 4.10."""
    if part is None:
        return ""
    count = int(str(part["answers"]))
    if count == 1:
        return _("The only answer there")
    said = {"n": say.number(count), "mean": say.number(float(str(part["mean_score"])), 2)}
    return ngettext("One of %(n)s answer there; their mean is %(mean)s", "One of %(n)s answers there; their mean is %(mean)s", count) % said
