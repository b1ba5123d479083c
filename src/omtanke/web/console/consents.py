"""What a customer allows, in plain words: each purpose as it stands, and everything that was said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from omtanke.engine.consent import Consents, Permission, may
from omtanke.engine.policy import Policy
from omtanke.runtime.consents import consents_of, policy_in_force
from omtanke.runtime.own_sources import OWN_SOURCES
from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen
from omtanke.vocabulary.time import local_date
from omtanke.web.console.acting.offers import Act, Deed, Desk, act
from omtanke.web.words import common, names
from omtanke.web.words.tellers.told import written
from omtanke.web.words.telling import place_of, tell
from omtanke.web.words.voice import Voice

MOST_SAID = 20


@dataclass(frozen=True)
class Allowed:
    """How a purpose stands in one channel, or in all. channel: in words, empty for all. answer: in words. is_yes: whether it is allowed.
    since: when and where it was said, or empty. words: shown or said, quoted, or empty."""

    channel: str
    answer: str
    is_yes: bool
    since: str
    words: str


@dataclass(frozen=True)
class Purpose:
    """One purpose. name: in words. stands: in all channels first, then in each of which something else was said."""

    name: str
    stands: tuple[Allowed, ...]


@dataclass(frozen=True)
class SaidOfConsent:
    """Something that was said. what: in words. words: shown or said, quoted. details: more. when, where: the moment and the place.
    sender: which of the shop's systems told it, or empty when it was our own pages."""

    what: str
    words: str
    details: str
    when: str
    where: str
    sender: str


@dataclass(frozen=True)
class ConsentsPart:
    """What a customer allows.

    objection: that they have objected to direct marketing, or empty. purposes: each as it stands. said: everything that was said, the latest first.
    is_more: whether more was said than is shown. record: the way to record what they say, or None.
    """

    objection: str
    purposes: tuple[Purpose, ...]
    said: tuple[SaidOfConsent, ...]
    is_more: bool
    record: Act | None


def consents_part(pages: Pages, say: Voice, person: int, desk: Desk | None) -> ConsentsPart | None:
    """The part of a person's page; None for a shop without a policy."""
    policy = policy_in_force(pages)
    if policy is None:
        return None
    consents, told = consents_of(pages, person), pages.consent_facts(person)
    by_id = {fact.fact_id: fact for fact in told}
    senders = {one.source: one.name for one in pages.sources() if one.name not in OWN_SOURCES}
    told.sort(key=lambda fact: (fact.occurred_at, fact.position), reverse=True)
    return ConsentsPart(
        objection=objection_words(consents, by_id, policy, say),
        purposes=tuple(purpose(name, consents, by_id, policy, say) for name in purposes_of(consents, policy)),
        said=tuple(said(fact, senders, say) for fact in told[:MOST_SAID]),
        is_more=len(told) > MOST_SAID,
        record=act(Deed.CONSENT, "", person, desk.path) if desk else None,
    )


def purposes_of(consents: Consents, policy: Policy) -> list[str]:
    """Those of the policy, in its order, and then others that were spoken of."""
    return list(dict.fromkeys([*policy.consent.purposes, *(name for name, _channel in consents.said)]))


def purpose(name: str, consents: Consents, told: Mapping[bytes, FactSeen], policy: Policy, say: Voice) -> Purpose:
    """A purpose in all channels, and in each channel where it stands otherwise."""
    whole = may(consents, name, "", policy)
    channels = [channel for spoken, channel in consents.said if spoken == name and channel]
    differing = [(channel, found) for channel in channels if (found := may(consents, name, channel, policy)).is_allowed != whole.is_allowed]
    stands = [("", whole), *differing]
    title = common.purpose(name)
    return Purpose(title[:1].upper() + title[1:], tuple(allowed(channel, found, told, say) for channel, found in stands))


def allowed(channel: str, found: Permission, told: Mapping[bytes, FactSeen], say: Voice) -> Allowed:
    fact = told.get(found.since)
    return Allowed(
        channel=names.channel(channel) if channel else "",
        answer=answer_words(found),
        is_yes=found.is_allowed,
        since=since_words(found.at, fact, say) if found.at else "",
        words=written(fact, "words") if fact else "",
    )


def answer_words(found: Permission) -> str:
    """Yes or no, and why."""
    words = {
        "given": _("yes"),
        "withdrawn": _("no"),
        "objected": _("no: objected to direct marketing"),
        "not_given": _("not without a yes"),
        "not_refused": _("yes, until they say no"),
    }
    return words[found.why]


def since_words(at: int, fact: FactSeen | None, say: Voice) -> str:
    """Since 12 November, web, my page."""
    day = say.day(local_date(at, say.zone))
    where = place_of(fact) if fact else ""
    return ", ".join(part for part in (_("since %(day)s") % {"day": day}, where) if part)


def objection_words(consents: Consents, told: Mapping[bytes, FactSeen], policy: Policy, say: Voice) -> str:
    """That an objection stands, as long as it covers anything."""
    standing = consents.objection
    if standing is None or not any(may(consents, name, "", policy).why == "objected" for name in purposes_of(consents, policy)):
        return ""
    since = {"since": since_words(standing.at, told.get(standing.since), say)}
    if any(one.at > standing.at for one in consents.lifted.values()):
        return _("Has objected to direct marketing, %(since)s, except for what they have said yes to since then.") % since
    return _("Has objected to direct marketing, %(since)s. Nothing of it may reach them, in any channel.") % since


def said(fact: FactSeen, senders: Mapping[int, str], say: Voice) -> SaidOfConsent:
    """A line of what was said."""
    in_words = tell(fact, say)
    return SaidOfConsent(
        what=in_words.what,
        words=in_words.quote,
        details=" · ".join([*in_words.details, *evidence_words(fact)]),
        when=say.moment(fact.occurred_at),
        where=place_of(fact),
        sender=senders.get(fact.source, ""),
    )


def evidence_words(fact: FactSeen) -> Iterator[str]:
    """What shows it: the categories of a banner as it wrote them, or what a sender wrote."""
    shown: Any = (fact.personal.get("properties") or {}).get("evidence")
    if isinstance(shown, str) and shown:
        yield shown[:200]
    elif isinstance(shown, dict) and isinstance(shown.get("categories"), dict):
        yield from listed(shown["categories"])


def listed(categories: Mapping[str, Any]) -> Sequence[str]:
    return [f"{category}: {_('yes') if is_yes else _('no')}" for category, is_yes in categories.items()]
