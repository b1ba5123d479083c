"""What customers care about and want of us, and what they say in public."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from omtanke.engine.contact import SUBJECT
from omtanke.storage.seen import FactSeen
from omtanke.web.words import common, names
from omtanke.web.words.tellers.surveys import GLAD_SHARE, SAD_SHARE
from omtanke.web.words.tellers.told import BAD, GOOD, Teller, Told, written
from omtanke.web.words.voice import Voice


def interest_declared(body: Any, fact: FactSeen, voice: Voice) -> Told:
    until = (_("until %(day)s") % {"day": voice.day(voice.last_day(body.until_at))},) if body.until_at else ()
    return Told(_("Told us about an interest: %(interest)s") % {"interest": names.readable(body.interest)}, written(fact, "goal"), until)


def interest_withdrawn(body: Any, fact: FactSeen, voice: Voice) -> Told:
    return Told(_("No longer interested in %(interest)s") % {"interest": names.readable(body.interest)})


def life_event(body: Any, fact: FactSeen, voice: Voice) -> Told:
    event = common.life_event(body.event)
    subject = (names.readable(body.subject),) if body.subject else ()
    return Told(common.mood(body.mood), written(fact, "text"), (event, *subject))


def consent_given(body: Any, fact: FactSeen, voice: Voice) -> Told:
    lifts = (_("lifts the objection to direct marketing"),) if body.lifts_objection else ()
    said = _("Said yes to %(purpose)s") % {"purpose": common.purpose(body.purpose)}
    return Told(said, written(fact, "words"), (*by_way_of(body), *lifts, *heard_by(body, voice)))


def consent_withdrawn(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = _("Objected to direct marketing") if body.is_objection else _("Said no to %(purpose)s") % {"purpose": common.purpose(body.purpose)}
    return Told(said, written(fact, "words"), (*by_way_of(body), *heard_by(body, voice)))


def consent_overruled(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = {"purpose": common.purpose(body.purpose)}
    return Told(_("The yes to %(purpose)s changes nothing: the objection to direct marketing stands") % said, "", by_way_of(body))


def heard_by(body: Any, voice: Voice) -> tuple[str, ...]:
    """Whether a banner said it, or a colleague has recorded it."""
    if body.banner:
        return (_("in the consent banner"),)
    if not body.staff:
        return ()
    name = voice.staff_name(body.staff)
    return (_("recorded by %(name)s") % {"name": name} if name else _("recorded by a colleague"),)


def by_way_of(body: Any) -> tuple[str, ...]:
    """The channel that a wish is about."""
    said = names.channel(body.for_channel) if body.for_channel else ""
    return (said,) if said else ()


def preference(body: Any, fact: FactSeen, voice: Voice) -> Told:
    about = body.preference.removeprefix(SUBJECT) if body.preference.startswith(SUBJECT) else ""
    what = f"{common.preference('subject')} ({names.subject_of_plays(about)})" if about else common.preference(body.preference)
    said = {"preference": what, "chosen": common.chosen(body.chosen)}
    return Told(_("Chose %(preference)s: %(chosen)s") % said, "", by_way_of(body))


def review(body: Any, fact: FactSeen, voice: Voice) -> Told:
    said = {"rating": body.rating, "best": body.best}
    what = _("Wrote in public what they think: %(rating)s of %(best)s") % said if body.rating else _("Wrote in public what they think")
    share = body.rating / body.best if body.rating and body.best else None
    mood = "" if share is None else GOOD if share >= GLAD_SHARE else BAD if share <= SAD_SHARE else ""
    return Told(what, written(fact, "text", "title"), (common.review_place(body.place),) if body.place else (), mood)


TELLERS: dict[str, Teller] = {
    "interest_declared": interest_declared,
    "interest_withdrawn": interest_withdrawn,
    "life_event_noted": life_event,
    "consent_given": consent_given,
    "consent_withdrawn": consent_withdrawn,
    "consent_overruled": consent_overruled,
    "preference_changed": preference,
    "review_published": review,
}
