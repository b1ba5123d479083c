"""What we ask, and what customers answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.survey import BOUNDS, NOT_GIVEN
from omtanke.web.words import names
from omtanke.web.words.tellers.told import BAD, GOOD, Teller, Told, numbered, simple, written
from omtanke.web.words.voice import Voice

BEST = {scale: best for scale, (_least, best) in BOUNDS.items()}
GLAD_SHARE, SAD_SHARE = 0.8, 0.4


def answered(body: Any, fact: FactSeen, voice: Voice) -> Told:
    if body.score == NOT_GIVEN:
        what = ngettext("Answered %(n)s question", "Answered %(n)s questions", len(body.answers)) % {"n": voice.number(len(body.answers))}
    else:
        what = scored(body.score, body.scale)
    details = (*subject(body), *(f"{names.question(one.question)}: {out_of(one.score, one.scale)}" for one in body.answers), *numbered(fact, "order"))
    return Told(what, written(fact, "comment", "comment_title"), details, mood_of(body.score, body.scale))


def scored(score: int, scale: str) -> str:
    """Answered 4 of 5; answered yes."""
    if scale == "0-1":
        return _("Answered yes") if score else _("Answered no")
    return _("Answered %(score)s of %(best)s") % {"score": score, "best": BEST.get(scale, 5)}


def out_of(score: int, scale: str) -> str:
    """4 of 5."""
    return _("%(score)s of %(most)s") % {"score": score, "most": BEST.get(scale, 5)}


def mood_of(score: int, scale: str) -> str:
    best = BEST.get(scale, 5)
    return "" if score == NOT_GIVEN else GOOD if score >= best * GLAD_SHARE else BAD if score <= best * SAD_SHARE else ""


def subject(body: Any) -> tuple[str, ...]:
    """What was asked about, and what the question was where it was not simply how it was."""
    thing = names.asked_about(body.about) if body.about else ""
    is_plain = thing and body.question == "satisfaction"
    return tuple(said for said in (thing, *(about(body.question) if not is_plain else ())) if said)


def about(question: str) -> tuple[str, ...]:
    """What a question was about."""
    return (names.question(question),) if question else ()


def asked(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We asked how it was"), "", (*subject(body), *numbered(fact, "order")))


def withheld(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("We did not ask"), "", (names.asked_about(body.about),))


TELLERS: dict[str, Teller] = {
    "survey_sent": asked,
    "survey_asked": asked,
    "survey_withheld": withheld,
    "survey_answered": answered,
    "survey_commented": simple(lambda: _("Added to the answer"), text=("comment",)),
}
