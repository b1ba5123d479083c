"""Rule family: what the customer allows, purpose by purpose. Module: `omtanke.engine.consent`.

What was said last counts, by when it was said and not by when we heard of it; of two things said at the same moment the
no counts. A no without a channel is a no in all, a yes for a channel is a yes in that one. An objection to direct
marketing stands above every yes until the customer lifts it in so many words. Whoever asks for the right to object has
objected to it by that: nobody weighs it (GDPR, article 21.2 and 21.3). What a banner keeps repeating is not said anew: only
a change of it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine.consent_policy import OPT_OUT, RECOGNITION
from omtanke.engine.draft import Draft
from omtanke.engine.policy import Policy
from omtanke.vocabulary.caring import ConsentGiven, ConsentOverruled, ConsentWithdrawn
from omtanke.vocabulary.fact import Body, Fact, Mode
from omtanke.vocabulary.rights import OBJECTION, RightsRequested

MOST_SAID = 60
MOST_BANNERS = 60


class Said(IntEnum):
    """What was said of a purpose, the stricter the higher."""

    YES = 1
    NO = 2


class Standing(Struct, frozen=True, array_like=True, gc=False):
    """The last that was said of one purpose in one channel: what, when, and by which fact."""

    said: int
    at: int
    since: bytes

    @property
    def order(self) -> tuple[int, int, bytes]:
        """Later counts before earlier, no before yes; the id only so that two alike are told in one order."""
        return (self.at, self.said, self.since)


class Consents(Struct, frozen=True, array_like=True):
    """The slice of state. `said`: the last word by (purpose, channel; empty: all). `objected`: the last objection to direct
    marketing. `lifted`: the last lifting of it by (purpose, channel). `banners`: the last change of each banner's word by (banner, purpose).
    `asked`: the last objection that was asked for as a right, by customer as recorded."""

    said: dict[tuple[str, str], Standing] = {}
    objected: Standing | None = None
    lifted: dict[tuple[str, str], Standing] = {}
    banners: dict[tuple[int, str], Standing] = {}
    asked: dict[int, Standing] = {}

    @property
    def objection(self) -> Standing | None:
        """The last objection to direct marketing, in whichever way it was made."""
        if not self.asked:
            return self.objected  # the common case, cut short
        made = (one for one in (self.objected, *self.asked.values()) if one is not None)
        return max(made, key=lambda one: one.order, default=None)


class Permission(Struct, frozen=True):
    """Whether something is allowed. `why`: given, withdrawn, objected, not_given (a yes is needed) or not_refused.
    `at`, `since`: when that was said and by which fact, 0 and empty when nothing was."""

    is_allowed: bool
    why: str
    at: int = 0
    since: bytes = b""


WHYS = {
    "given": "the customer has said yes",
    "withdrawn": "the customer has said no, or taken a yes back",
    "objected": "the customer has objected to direct marketing",
    "not_given": "it needs a yes, and none has been given",
    "not_refused": "it is allowed until a no, and none has been said",
}


# What facts change


def evolve_given(slice_: Consents, fact: Fact) -> Consents:
    body: Any = fact.body
    standing, key = Standing(Said.YES, fact.occurred_at, fact.fact_id), (body.purpose, body.for_channel)
    slice_ = _said(slice_, key, standing, body)
    if body.lifts_objection and fact.mode is Mode.LIVE:
        return replace(slice_, lifted=_with(slice_.lifted, key, standing, MOST_SAID))
    return slice_


def evolve_withdrawn(slice_: Consents, fact: Fact) -> Consents:
    body: Any = fact.body
    standing = Standing(Said.NO, fact.occurred_at, fact.fact_id)
    slice_ = _said(slice_, (body.purpose, body.for_channel), standing, body)
    if body.is_objection:
        return replace(slice_, objected=_later(slice_.objected, standing))
    return slice_


def evolve_requested(slice_: Consents, fact: Fact) -> Consents:
    """The right to object covers direct marketing from the moment at which it is asked for; what else is meant is for us to answer."""
    body: Any = fact.body
    if body.right != OBJECTION:
        return slice_
    standing = Standing(Said.NO, fact.occurred_at, fact.fact_id)
    return replace(slice_, asked=_with(slice_.asked, fact.customer, standing, MOST_SAID))


def _said(slice_: Consents, key: tuple[str, str], standing: Standing, body: Any) -> Consents:
    banners = _with(slice_.banners, (body.banner, body.purpose), standing, MOST_BANNERS) if body.banner else slice_.banners
    return replace(slice_, said=_with(slice_.said, key, standing, MOST_SAID), banners=banners)


def _later(one: Standing | None, other: Standing) -> Standing:
    return other if one is None or other.order > one.order else one


def _with(kept: dict[Any, Standing], key: Any, standing: Standing, most: int) -> dict[Any, Standing]:
    """In the order of keys, so that the order in which facts came leaves no trace. A no is kept longer than a yes."""
    found = kept | {key: _later(kept.get(key), standing)}
    if len(found) > most:
        found.pop(min(found, key=lambda one: (found[one].said, *found[one].order)))
    return dict(sorted(found.items()))


# What is allowed


def may(consents: Consents, purpose: str, channel: str, policy: Policy) -> Permission:
    """Whether something may be done for a purpose, in a channel; empty: in any."""
    rule = policy.consent.of(purpose)
    last = _last(consents.said, purpose, channel)
    if rule.direct_marketing and (objection := consents.objection) is not None:
        lifted = _last(consents.lifted, purpose, channel)
        if lifted is None or lifted.at <= objection.at:
            return _permission(False, "objected", objection)
    if last is not None:
        is_yes = last.said == Said.YES
        return _permission(is_yes, "given" if is_yes else "withdrawn", last)
    return Permission(True, "not_refused") if rule.basis == OPT_OUT else Permission(False, "not_given")


def _last(kept: Mapping[tuple[str, str], Standing], purpose: str, channel: str) -> Standing | None:
    """What was said last, of the channel or of all."""
    of_all, of_channel = kept.get((purpose, "")), kept.get((purpose, channel)) if channel else None
    return of_channel if of_all is None else _later(of_channel, of_all)


def _permission(is_allowed: bool, why: str, standing: Standing) -> Permission:
    return Permission(is_allowed, why, standing.at, standing.since)


def may_recognise(consents: Consents, policy: Policy) -> bool:
    """Whether the customer's devices may be known to be theirs."""
    return may(consents, RECOGNITION, "", policy).is_allowed


def decide_given(slice_: Consents, fact: Fact, policy: Policy, now: int) -> Iterator[Draft]:
    """A yes that changes nothing, because an objection stands above it."""
    body: Any = fact.body
    found = may(slice_, body.purpose, body.for_channel, policy)
    if found.why == "objected" and fact.occurred_at >= found.at:
        yield Draft(ConsentOverruled(purpose=body.purpose, for_channel=body.for_channel), "objected", (found.since,))


# What a banner says


def changes(consents: Consents, told: Mapping[str, bool], banner: int, at: int, policy: Policy) -> Iterator[tuple[str, bool]]:
    """What a banner's word about each purpose changes: (purpose, yes or no), in the order of names.

    A banner repeats itself with every event. Its word counts when it differs from its own last one; the first time, a no
    counts where something is allowed, and a yes where nothing has been said. So a cookie that has not heard of a no said
    elsewhere never lifts it, and two devices that say different things do not take turns.
    """
    for purpose, is_yes in sorted(told.items()):
        last = consents.banners.get((banner, purpose))
        if last is None:
            is_news = _is_news(consents, purpose, is_yes, at, policy)
        else:
            is_news = at > last.at and is_yes is not (last.said == Said.YES)
        if is_news:
            yield purpose, is_yes


def _is_news(consents: Consents, purpose: str, is_yes: bool, at: int, policy: Policy) -> bool:
    """Whether the first word that a banner says of a purpose changes anything."""
    found = may(consents, purpose, "", policy)
    if is_yes:
        return found.why == "not_given"
    return found.is_allowed and at >= found.at


def told_of(categories: Mapping[str, bool], policy: Policy) -> dict[str, bool]:
    """What a banner's categories say of each purpose: yes when every category that it asks under, of those told, is a yes."""
    by_category, told = policy.consent.by_category, dict[str, bool]()
    for category, is_yes in categories.items():
        for purpose in by_category.get(category, ()):
            told[purpose] = is_yes and told.get(purpose, True)
    return told


EVOLVES: dict[type[Body], Any] = {ConsentGiven: evolve_given, ConsentWithdrawn: evolve_withdrawn, RightsRequested: evolve_requested}
DECIDES: dict[type[Body], tuple[Any, ...]] = {ConsentGiven: (decide_given,)}


def settled(slice_: Consents, edge: int, now: int) -> Consents:
    """Objections that were asked for as a right. Whatever else the customer has said of it stays in the log, which is the proof of it."""
    return Consents(asked=slice_.asked)


def part_of(slice_: Consents, customer: int, is_first: bool) -> Consents:
    """What `settled` leaves of one of several customers."""
    return Consents(asked={one: standing for one, standing in slice_.asked.items() if one == customer})


def united(one: Consents, other: Consents) -> Consents:
    """Both as one person's; beside what `settled` leaves, one of them is what the log says."""
    asked = one.asked
    for customer, standing in other.asked.items():
        asked = _with(asked, customer, standing, MOST_SAID)
    return replace(other if replace(one, asked={}) == Consents() else one, asked=asked)
