"""Answers, forms, looking around, what customers care about, who belongs together: what is read, and what is refused."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from fakes.story import at
from omtanke.vocabulary.browsing import CheckoutStepCompleted, CouponApplied, ProductClicked, ProductsSearched
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn, InterestDeclared, LifeEventNoted, PreferenceChanged, ReviewPublished
from omtanke.vocabulary.case import ConversationNoted
from omtanke.vocabulary.form import FormFieldCompleted, FormFieldFailed, FormSubmitted
from omtanke.vocabulary.reading import Understood, read_message
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.store import CapacityChanged, ReceiptIssued, StoreVisited, TouchpointUsed
from omtanke.vocabulary.survey import NOT_GIVEN, Answered, SurveyAnswered

ZONE = ZoneInfo("Europe/Stockholm")


def read(event: str, who: dict[str, Any] | None = None, **properties: Any) -> Understood:
    message = {"type": "track", "event": event, "properties": properties, **({"userId": "u"} if who is None else who)}
    return read_message(message, at("2026-11-21 12:00"), ZONE, "SEK", lambda kind, number: 5)


@pytest.mark.parametrize(
    ("event", "properties", "body", "personal"),
    [
        ("Products Searched", {"query": "Ebbas skor", "results": 3}, ProductsSearched(results=3), {"query": "Ebbas skor"}),
        ("Product Clicked", {"product_id": "s", "price": 149.5}, ProductClicked(product=5, price=14_950, currency="SEK"), {}),
        ("Coupon Applied", {"order_id": "7", "coupon_id": "HÖST", "discount": 100}, CouponApplied(order=5, coupon="HÖST", discount=10_000, currency="SEK"), {}),
        ("Checkout Step Completed", {"checkout_id": "c", "step": 2}, CheckoutStepCompleted(cart=5, step=2), {}),
        ("Form Field Failed", {"form": "f", "field": "phone", "error": "too short"}, FormFieldFailed(form="f", field="phone", why="too short"), {}),
        (
            "Form Field Completed",
            {"form_id": "checkout", "field_name": "phone", "milliseconds": 4200, "changes": 2, "required": True},
            FormFieldCompleted(form="checkout", field="phone", milliseconds=4200, changes=2, is_required=True),
            {},
        ),
        ("Form Submitted", {"form": "checkout", "value": "Storgatan 3"}, FormSubmitted(form="checkout"), {"value": "Storgatan 3"}),
        ("Interest Declared", {"interest": "running", "goal": "maran i maj"}, InterestDeclared(interest="running"), {"goal": "maran i maj"}),
        (
            "Life Event Noted",
            {"life_event": "pet_died", "mood": "sad", "text": "Bamse"},
            LifeEventNoted(event="pet_died", mood="sad"),
            {"text": "Bamse"},
        ),
        ("Consent Given", {"purpose": "news", "for_channel": "sms", "words": "Ja"}, ConsentGiven(purpose="news", for_channel="sms"), {"words": "Ja"}),
        ("Consent Given", {"purpose": "news", "lifts_objection": True, "banner": 7}, ConsentGiven(purpose="news", lifts_objection=True), {"banner": 7}),
        (
            "Consent Withdrawn",
            {"purpose": "news", "objection": True, "evidence": "brev"},
            ConsentWithdrawn(purpose="news", is_objection=True),
            {"evidence": "brev"},
        ),
        ("Preference Changed", {"preference": "frequency", "value": "weekly"}, PreferenceChanged(preference="frequency", chosen="weekly"), {}),
        ("Review Published", {"site": "kartan", "rating": 2, "text": "Trångt"}, ReviewPublished(place="kartan", rating=2), {"text": "Trångt"}),
        ("Conversation Noted", {"topic": "size", "text": "Vill ha 38"}, ConversationNoted(topic="size"), {"text": "Vill ha 38"}),
        ("Touchpoint Used", {"store_id": "s", "tool": "wall", "used_by": "customer"}, TouchpointUsed(store=5, tool="wall", used_by="customer"), {}),
        ("Capacity Changed", {"unit_id": "lager", "pace_percent": 70, "reason": "holiday"}, CapacityChanged(store=5, pace=70, why="holiday"), {}),
        ("Capacity Changed", {"unit_id": "DHL", "pace_percent": 0, "unit_kind": "carrier"}, CapacityChanged(store=5, pace=0, kind="carrier"), {}),
    ],
)
def test_event_is_read_and_what_is_personal_stays_apart(event: str, properties: dict[str, Any], body: Any, personal: dict[str, Any]) -> None:
    understood = read(event, **properties)
    assert (understood.body, understood.personal.get("properties", {})) == (body, personal)


@pytest.mark.parametrize(("scale", "low", "high"), [("1-5", 1, 5), ("0-10", 0, 10), ("1-7", 1, 7), ("1-3", 1, 3), ("0-1", 0, 1)])
def test_score_lies_on_its_scale(scale: str, low: int, high: int) -> None:
    for score in (low, high):
        assert read("Survey Answered", survey_id="1", scale=scale, score=score).body == SurveyAnswered(survey=5, scale=scale, score=score)
    for score in (low - 1, high + 1):
        with pytest.raises(Refused) as refused:
            read("Survey Answered", survey_id="1", scale=scale, score=score)
        assert refused.value.path == "properties.score"


def test_several_questions_may_be_answered_at_once() -> None:
    answers = [{"question": "staff", "score": 4, "touchpoint": "till"}, {"question": "again", "scale": "0-10", "score": 9, "words": "Absolut"}]
    understood = read("Survey Answered", survey_id="1", answers=answers)
    expected = (Answered(question="staff", touchpoint="till", score=4), Answered(question="again", scale="0-10", score=9))
    assert understood.body == SurveyAnswered(survey=5, answers=expected)
    assert (understood.body.score, understood.personal["items"]) == (NOT_GIVEN, {"properties.answers[1]": {"words": "Absolut"}})


@pytest.mark.parametrize(
    ("properties", "path", "rule"),
    [
        ({}, "properties.score", "is missing: the answer on the scale, or a list of answers"),
        ({"answers": [{"question": "staff", "score": 6}]}, "properties.answers[0].score", "does not lie on the scale 1-5"),
        ({"answers": [{"score": 4}]}, "properties.answers[0].question", "is missing: a code for the question"),
        ({"answers": "all good"}, "properties.answers", "is not a list of at most 500"),
        ({"score": 3, "about": "weather"}, "properties.about", "is not one of delivery, store_visit, case, return, order, product"),
        ({"score": -1}, "properties.score", "is not a whole number from 0 to 10"),
    ],
)
def test_wrong_answer_is_refused(properties: dict[str, Any], path: str, rule: str) -> None:
    with pytest.raises(Refused) as refused:
        read("Survey Answered", survey_id="1", **properties)
    assert (refused.value.path, refused.value.rule) == (path, rule)


@pytest.mark.parametrize(
    ("event", "about", "known", "unknown"),
    [
        ("Store Visited", {"store_id": "s"}, StoreVisited(store=5, is_known=True), StoreVisited(store=5)),
        ("Receipt Issued", {"order_id": "7"}, ReceiptIssued(order=5, currency="SEK", is_known=True), ReceiptIssued(order=5, currency="SEK")),
    ],
)
def test_visit_says_whether_it_is_known_whose_it_was(event: str, about: dict[str, Any], known: Any, unknown: Any) -> None:
    assert (read(event, **about).body, read(event, who={}, **about).body) == (known, unknown)
    assert read(event, who={"userId": "anonymous"}, **about).body == unknown


def call(**message: Any) -> Understood:
    return read_message(message, at("2026-11-21 12:00"), ZONE, "SEK", lambda kind, number: 5)


def test_group_keeps_its_traits_apart() -> None:
    understood = call(type="group", userId="u", groupId="familjen", traits={"name": "Familjen Åkesson"})
    assert (understood.body.type, understood.body.group, understood.personal["traits"]) == ("customer_grouped", 5, {"name": "Familjen Åkesson"})  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("message", "path"),
    [({"type": "group", "userId": "u"}, "groupId"), ({"type": "alias", "userId": "u"}, "previousId"), ({"type": "alias", "previousId": "p"}, "userId")],
)
def test_call_without_what_it_is_about_is_refused(message: dict[str, Any], path: str) -> None:
    with pytest.raises(Refused) as refused:
        call(**message)
    assert (refused.value.path, refused.value.rule.startswith("is missing: ")) == (path, True)
