"""What a customer lets us send without having asked for it: a switch for each purpose, and what was said of it so far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from omtanke.engine.consent import Consents, Permission, may
from omtanke.engine.consent_policy import MARKETING, SURVEYS
from omtanke.engine.contact import REACHES
from omtanke.engine.policy import Policy
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.rights import RightsRequested
from omtanke.vocabulary.time import local_date
from omtanke.web.mypage.saving import Wish
from omtanke.web.words import common, names
from omtanke.web.words.tellers.told import written
from omtanke.web.words.voice import Voice

PURPOSES = (MARKETING, SURVEYS)
YES, NO = "yes", "no"
MOST_SAID = 20


@dataclass(frozen=True)
class Switch:
    """A purpose. name: in words. is_yes: whether anything of it may be sent. stands: how it stands, in words. wish: what the button sends.
    words: what the button says, which is kept as what was said."""

    name: str
    is_yes: bool
    stands: str
    wish: str
    words: str


@dataclass(frozen=True)
class Said:
    """Something that was said. what: in words. words: what was shown with it, quoted. when, where: the moment and the place."""

    what: str
    words: str
    when: str
    where: str


def switches(consents: Consents, policy: Policy, say: Voice) -> tuple[Switch, ...]:
    return tuple(switch(purpose, consents, policy, say) for purpose in PURPOSES)


def switch(purpose: str, consents: Consents, policy: Policy, say: Voice) -> Switch:
    whole, channels = may(consents, purpose, "", policy), allowed_in(consents, purpose, policy)
    found = whole if whole.is_allowed or not channels else may(consents, purpose, channels[0], policy)
    wish, name = NO if channels else YES, common.purpose(purpose)
    stands = stands_in_words(found, () if whole.is_allowed else channels, say)
    return Switch(sentence_for(name), bool(channels), stands, f"{purpose}:{wish}", words_of(purpose, wish, whole.why == "objected"))


def sentence_for(text: str) -> str:
    """As it begins a sentence."""
    return text[:1].upper() + text[1:]


def allowed_in(consents: Consents, purpose: str, policy: Policy) -> tuple[str, ...]:
    """Where something may be sent for a purpose: ("",) for every channel, () for none."""
    if may(consents, purpose, "", policy).is_allowed:
        return ("",)
    return tuple(channel for channel in REACHES if may(consents, purpose, channel, policy).is_allowed)


def stands_in_words(found: Permission, channels: Sequence[str], say: Voice) -> str:
    """yes, since 3 November; yes, by e-mail, since today; no, since yesterday."""
    since = {"day": say.day(local_date(found.at, say.zone)) if found.at else "", "channel": names.and_list([names.channel(one) for one in channels])}
    match found.why:
        case "given" if channels:
            return _("Yes, by %(channel)s, since %(day)s") % since
        case "given":
            return _("Yes, since %(day)s") % since
        case "not_refused":
            return _("Yes, until you say no")
        case "withdrawn":
            return _("No, since %(day)s") % since
        case "objected":
            return _("No, like all direct marketing, since %(day)s") % since
    return _("No, you have not asked for it")


def words_of(purpose: str, wish: str, is_objected: bool) -> str:
    """What the button says: the words shown, kept as evidence."""
    if wish == NO:
        return _("Ask me nothing more") if purpose == SURVEYS else _("No more news and offers, please")
    if is_objected:
        return _("Yes to %(purpose)s again; my no to direct marketing no longer counts for that") % {"purpose": common.purpose(purpose)}
    return _("You may ask me again") if purpose == SURVEYS else _("Yes, send me news and offers")


def wish_of(written_: str, consents: Consents, policy: Policy, key: str) -> Wish | None:
    """What a button that was pressed says; None when there is no such button."""
    purpose, _colon, wish = written_.partition(":")
    if purpose not in PURPOSES or wish not in (YES, NO):
        return None
    is_objected = may(consents, purpose, "", policy).why == "objected"
    said = {"purpose": purpose, "words": words_of(purpose, wish, is_objected)}
    if wish == NO:
        return Wish(ConsentWithdrawn, said, f"{written_}:{key}")
    return Wish(ConsentGiven, said | {"lifts_objection": is_objected}, f"{written_}:{key}")


def said_so_far(told: Sequence[FactSeen], say: Voice) -> tuple[Said, ...]:
    """What was said of these purposes, and objections, the latest first."""
    ours = [fact for fact in told if getattr(fact.body, "purpose", "") in PURPOSES or is_objection(fact.body)]
    ours.sort(key=lambda fact: (fact.occurred_at, fact.position), reverse=True)
    return tuple(said(fact, say) for fact in ours[:MOST_SAID])


def is_objection(body: object) -> bool:
    """Whether all direct marketing was refused by it."""
    return getattr(body, "is_objection", False) or isinstance(body, RightsRequested)


def said(fact: FactSeen, say: Voice) -> Said:
    body: Any = fact.body
    if is_objection(body):
        what = _("You said no to all direct marketing")
    else:
        purpose = {"purpose": common.purpose(body.purpose)}
        what = _("You said yes to %(purpose)s") % purpose if isinstance(body, ConsentGiven) else _("You said no to %(purpose)s") % purpose
    channel = names.channel(body.for_channel) if getattr(body, "for_channel", "") else ""
    return Said(
        what=f"{what} ({channel})" if channel else what,
        words=written(fact, "words"),
        when=say.moment(fact.occurred_at),
        where=names.met(fact.channel, "" if fact.touchpoint == "console" else fact.touchpoint),
    )
