"""What the customer allows: the last word counts, an objection stands above it, and a banner's repetition is no word at all."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from fakes.story import Story, at, first_policy
from omtanke.engine.consent import Consents, Permission, Said, changes, may, may_recognise, told_of
from omtanke.engine.consent_policy import PurposePolicy, consent_policy
from omtanke.engine.policy import Policy
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.fact import Mode

FIRST = first_policy()
NOON, ONE, TWO, THREE = "2026-11-18 12:00", "2026-11-18 13:00", "2026-11-18 14:00", "2026-11-18 15:00"
Told = tuple[str, str, dict[str, Any]]


def yes(when: str, purpose: str = "marketing", channel: str = "", **more: Any) -> Told:
    return when, "Consent Given", {"purpose": purpose, "for_channel": channel, **more}


def no(when: str, purpose: str = "marketing", channel: str = "", **more: Any) -> Told:
    return when, "Consent Withdrawn", {"purpose": purpose, "for_channel": channel, **more}


def objection(when: str, purpose: str = "marketing") -> Told:
    return no(when, purpose, objection=True)


def lifting(when: str, purpose: str = "marketing", channel: str = "") -> Told:
    return yes(when, purpose, channel, lifts_objection=True)


def request(when: str, right: str = "objection") -> Told:
    return when, "Rights Requested", {"right": right}


def story(*told: Told, mode: Mode = Mode.LIVE) -> Story:
    one = Story(mode=mode)
    for when, event, properties in told:
        one.tell(when, event, known=THREE, **properties)
    return one


def allowed(*told: Told, purpose: str = "marketing", channel: str = "mail", policy: Policy = FIRST) -> tuple[bool, str]:
    found = may(story(*told).state.consent, purpose, channel, policy)
    return found.is_allowed, found.why


@pytest.mark.parametrize(
    ("told", "channel", "answer"),
    [
        ((), "mail", (False, "not_given")),
        ((yes(NOON),), "mail", (True, "given")),
        ((yes(NOON, channel="mail"),), "mail", (True, "given")),
        ((yes(NOON, channel="mail"),), "sms", (False, "not_given")),
        ((yes(NOON, channel="mail"),), "", (False, "not_given")),
        ((yes(NOON), no(ONE)), "mail", (False, "withdrawn")),
        ((yes(NOON, channel="mail"), no(ONE)), "mail", (False, "withdrawn")),
        ((yes(NOON), no(ONE, channel="mail")), "mail", (False, "withdrawn")),
        ((yes(NOON), no(ONE, channel="mail")), "sms", (True, "given")),
        ((no(NOON), yes(ONE, channel="mail")), "mail", (True, "given")),
        ((no(NOON), yes(ONE, channel="mail")), "sms", (False, "withdrawn")),
        ((yes(NOON), no(NOON)), "mail", (False, "withdrawn")),
        ((no(NOON), yes(NOON)), "mail", (False, "withdrawn")),
        ((no(ONE), yes(NOON)), "mail", (False, "withdrawn")),
    ],
)
def test_last_word_counts_by_when_it_was_said(told: tuple[Told, ...], channel: str, answer: tuple[bool, str]) -> None:
    assert allowed(*told, channel=channel) == answer


@pytest.mark.parametrize(
    ("purpose", "answer"),
    [
        ("recognition", (True, "not_refused")),
        ("surveys", (True, "not_refused")),
        ("personalisation", (True, "not_refused")),
        ("marketing", (False, "not_given")),
        ("advertising", (False, "not_given")),
        ("something of our own", (False, "not_given")),
    ],
)
def test_what_nobody_has_spoken_of_is_allowed_or_not_by_its_ground(purpose: str, answer: tuple[bool, str]) -> None:
    assert allowed(purpose=purpose) == answer


@pytest.mark.parametrize(
    ("told", "purpose", "channel", "answer"),
    [
        ((yes(NOON), objection(ONE)), "marketing", "sms", (False, "objected")),
        ((yes(NOON, "advertising"), objection(ONE)), "advertising", "", (False, "objected")),
        ((objection(NOON),), "a letter of our own", "letter", (False, "objected")),
        ((objection(NOON),), "surveys", "mail", (True, "not_refused")),
        ((objection(NOON), yes(ONE)), "marketing", "mail", (False, "objected")),
        ((objection(NOON), lifting(ONE)), "marketing", "mail", (True, "given")),
        ((objection(NOON), lifting(ONE, channel="mail")), "marketing", "mail", (True, "given")),
        ((objection(NOON), lifting(ONE, channel="mail")), "marketing", "sms", (False, "objected")),
        ((yes(NOON, "advertising"), objection(ONE), lifting(TWO)), "advertising", "", (False, "objected")),
        ((lifting(NOON), objection(ONE)), "marketing", "mail", (False, "objected")),
        ((lifting(NOON), objection(NOON)), "marketing", "mail", (False, "objected")),
        ((objection(NOON), lifting(ONE), no(TWO)), "marketing", "mail", (False, "withdrawn")),
        ((objection(NOON), lifting(ONE), objection(TWO)), "marketing", "mail", (False, "objected")),
        # Whoever asks for the right to object has objected: article 21.3 leaves nothing to weigh.
        ((yes(NOON), request(ONE)), "marketing", "sms", (False, "objected")),
        ((yes(NOON, "advertising"), request(ONE)), "advertising", "", (False, "objected")),
        ((request(NOON), yes(ONE)), "marketing", "mail", (False, "objected")),
        ((request(NOON), lifting(ONE)), "marketing", "mail", (True, "given")),
        ((objection(NOON), lifting(ONE), request(TWO)), "marketing", "mail", (False, "objected")),
        ((request(NOON),), "surveys", "mail", (True, "not_refused")),
        ((yes(NOON), request(ONE, "access")), "marketing", "mail", (True, "given")),
    ],
)
def test_objection_stands_above_every_yes_until_it_is_lifted(told: tuple[Told, ...], purpose: str, channel: str, answer: tuple[bool, str]) -> None:
    assert allowed(*told, purpose=purpose, channel=channel) == answer


def test_what_the_past_tells_never_lifts_an_objection() -> None:
    told = story(objection(NOON))
    told.mode = Mode.HISTORY
    assert told.tell(TWO, "Consent Given", purpose="marketing", lifts_objection=True) == ["consent_overruled"]
    assert may(told.state.consent, "marketing", "mail", FIRST).why == "objected"


def test_yes_that_an_objection_overrules_is_on_record_with_its_ground() -> None:
    told = story(objection(NOON))
    assert told.tell(ONE, "Consent Given", purpose="marketing", for_channel="sms") == ["consent_overruled"]
    overruled = told.facts[-1]
    assert (overruled.body.purpose, overruled.body.for_channel, overruled.reason) == ("marketing", "sms", "objected")  # type: ignore[attr-defined]
    assert overruled.because == (told.facts[1].fact_id, told.facts[0].fact_id)


def test_yes_after_a_request_to_object_is_overruled_by_the_request() -> None:
    told = story(request(NOON))
    assert told.tell(ONE, "Consent Given", purpose="marketing") == ["consent_overruled"]
    assert told.facts[-1].because[1] == told.facts[0].fact_id


def test_yes_from_before_the_objection_is_not_called_overruled() -> None:
    told = story(objection(ONE))
    assert told.tell(NOON, "Consent Given", known=THREE, purpose="marketing") == []


def test_permission_says_since_when_and_by_which_fact() -> None:
    told = story(no(NOON, "recognition"))
    found = may(told.state.consent, "recognition", "", FIRST)
    assert found == Permission(False, "withdrawn", at(NOON), told.facts[0].fact_id)


def test_being_recognised_is_a_purpose_of_its_own() -> None:
    assert may_recognise(Consents(), FIRST)
    assert not may_recognise(story(no(NOON, "recognition")).state.consent, FIRST)
    assert may_recognise(story(no(NOON, "marketing"), objection(ONE)).state.consent, FIRST)
    asked_first = replace(FIRST, consent=consent_policy({"recognition": PurposePolicy("opt_in", False)}))
    assert not may_recognise(Consents(), asked_first)
    assert may_recognise(story(yes(NOON, "recognition")).state.consent, asked_first)


# A banner

SHOPS = replace(FIRST, consent=consent_policy(FIRST.consent.purposes | {"advertising": PurposePolicy("opt_in", True, ("Advertising", "tcf.4"))}))


@pytest.mark.parametrize(
    ("categories", "told"),
    [
        ({"Advertising": True}, {"advertising": True}),
        ({"Advertising": True, "tcf.4": False}, {"advertising": False}),
        ({"tcf.4": False, "Advertising": True}, {"advertising": False}),
        ({"Advertising": True, "tcf.4": True, "Analytics": False}, {"advertising": True}),
        ({"Analytics": True}, {}),
    ],
)
def test_purpose_has_a_yes_when_every_category_told_has(categories: dict[str, bool], told: dict[str, bool]) -> None:
    assert told_of(categories, SHOPS) == told


def met(*told: tuple[str, int, bool], purpose: str = "advertising") -> Consents:
    """What facts that a banner has led to (when, which, yes or no) come to."""
    one = Story(mode=Mode.LIVE)
    for when, banner, is_yes in told:
        body = ConsentGiven if is_yes else ConsentWithdrawn
        one.take(body(purpose=purpose, banner=banner), at(when), at(when))
    return one.state.consent


@pytest.mark.parametrize(
    ("purpose", "before", "banner", "is_yes", "is_news"),
    [
        ("advertising", (), 1, True, True),
        ("advertising", (), 1, False, False),
        ("personalisation", (), 1, True, False),
        ("personalisation", (), 1, False, True),
        ("advertising", ((NOON, 1, True),), 1, True, False),
        ("advertising", ((NOON, 1, True),), 1, False, True),
        ("advertising", ((NOON, 1, True),), 2, False, True),
        ("advertising", ((NOON, 1, True), (ONE, 2, False)), 1, True, False),
        ("advertising", ((NOON, 1, True), (ONE, 2, False)), 2, True, True),
        ("advertising", ((NOON, 1, False),), 1, True, True),
        ("advertising", ((NOON, 1, False),), 2, True, False),
        ("advertising", ((THREE, 1, True),), 1, False, False),
        ("advertising", ((THREE, 1, True),), 2, False, False),
    ],
)
def test_banner_is_heard_when_it_says_something_new(purpose: str, before: tuple[tuple[str, int, bool], ...], banner: int, is_yes: bool, is_news: bool) -> None:
    found = list(changes(met(*before, purpose=purpose), {purpose: is_yes}, banner, at(TWO), FIRST))
    assert found == ([(purpose, is_yes)] if is_news else [])


def test_banner_that_has_not_heard_of_a_no_said_elsewhere_never_lifts_it() -> None:
    told = story(no(NOON, "advertising"))
    assert list(changes(told.state.consent, {"advertising": True}, 1, at(TWO), FIRST)) == []


def test_banner_that_keeps_its_old_no_does_not_take_back_a_yes_given_in_words() -> None:
    one = Story(mode=Mode.LIVE)
    one.take(ConsentGiven(purpose="advertising", banner=1), at(NOON), at(NOON))
    one.take(ConsentWithdrawn(purpose="advertising", banner=1), at(ONE), at(ONE))
    one.tell(TWO, "Consent Given", purpose="advertising")
    assert list(changes(one.state.consent, {"advertising": False}, 1, at(THREE), FIRST)) == []
    assert may(one.state.consent, "advertising", "", FIRST).is_allowed


def test_many_purposes_keep_the_objection_and_the_latest_no() -> None:
    told = story(objection(NOON), *(yes(ONE, f"purpose {n}") for n in range(80)), no(NOON, "surveys"))
    kept = told.state.consent
    assert (len(kept.said), kept.objected is not None, kept.said["surveys", ""].said) == (60, True, Said.NO)
