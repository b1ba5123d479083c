"""What a customer cares about and wants of us: interests, life events, consent, wishes."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fact import Decided, Observed
from omtanke.vocabulary.fields import code, flag, moment, own, whole

PURPOSE = code("purpose", what="what it is for, as the shop names it", required=True)
CHANNEL = code("for_channel", what="the channel it is about", one_of=CHANNELS)
RECORDED_BY = own("staff", what="who recorded it on the customer's word, by their number in the console")


class InterestDeclared(Observed, frozen=True, kw_only=True):
    """The customer has told of an interest."""

    name = "Interest Declared"
    personal = {"goal": "a goal, in their own words"}

    interest: Annotated[str, code("interest", what="the interest, as the shop names it", required=True)]
    until_at: Annotated[int, moment("until", what="until when it matters")] = 0


class InterestWithdrawn(Observed, frozen=True, kw_only=True):
    """An interest is over."""

    name = "Interest Withdrawn"

    interest: Annotated[str, code("interest", what="the interest, as the shop names it", required=True)]


class LifeEventNoted(Observed, frozen=True, kw_only=True):
    """Something has happened in the customer's life, glad or sad."""

    name = "Life Event Noted"
    personal = {"text": "what was told"}

    event: Annotated[str, code("life_event", "kind", what="what sort of thing, as the shop names it", required=True)]
    mood: Annotated[str, code("mood", what="glad, sad or neither", one_of={"glad": "glad", "sad": "sad", "neither": "neither"})] = ""
    subject: Annotated[str, code("subject", what="what it touches, a category or interest")] = ""


class ConsentGiven(Observed, frozen=True, kw_only=True):
    """The customer has said yes to a purpose, in a channel or in all. `banner`: our own number of the banner whose settings said it."""

    name = "Consent Given"
    personal = {"words": "the words shown", "evidence": "what shows it"}

    purpose: Annotated[str, PURPOSE]
    for_channel: Annotated[str, CHANNEL] = ""
    lifts_objection: Annotated[bool, flag("lifts_objection", what="the customer lifts an objection to direct marketing, in so many words")] = False
    staff: Annotated[int, RECORDED_BY] = 0
    banner: int = 0


class ConsentWithdrawn(Observed, frozen=True, kw_only=True):
    """The customer has said no to a purpose, or taken a yes back, in a channel or in all. `banner`: our own number of the banner
    whose settings said it."""

    name = "Consent Withdrawn"
    personal = {"words": "the words shown", "evidence": "what shows it"}

    purpose: Annotated[str, PURPOSE]
    for_channel: Annotated[str, CHANNEL] = ""
    is_objection: Annotated[bool, flag("objection", what="it is an objection to direct marketing: it covers all of it, in every channel")] = False
    staff: Annotated[int, RECORDED_BY] = 0
    banner: int = 0


class ConsentOverruled(Decided, frozen=True, kw_only=True):
    """A yes has come and changes nothing: the customer's objection to direct marketing stands above it."""

    purpose: str
    for_channel: str = ""


class PreferenceChanged(Observed, frozen=True, kw_only=True):
    """The customer has chosen how we may turn to them."""

    name = "Preference Changed"

    preference: Annotated[
        str,
        code(
            "preference",
            what="which choice: channel, frequency, quiet_hours, pause, language, or a subject, as subject.cart",
            required=True,
        ),
    ]
    chosen: Annotated[str, code("value", "chosen", what="what was chosen", required=True)]
    for_channel: Annotated[str, CHANNEL] = ""


class ReviewPublished(Observed, frozen=True, kw_only=True):
    """Somebody has said in public what they think."""

    name = "Review Published"
    personal = {"text": "the review", "title": "its heading", "url": "where it stands", "author": "who signed it"}

    place: Annotated[str, code("place", "site", what="where: the shop's own pages, a review site")] = ""
    rating: Annotated[int, whole("rating", what="how many stars", most=10)] = 0
    best: Annotated[int, whole("best_rating", what="the most stars there are", most=10)] = 5
