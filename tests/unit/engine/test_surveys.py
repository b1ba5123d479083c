"""Whom we ask, when, and why not."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fakes.story import Story, at, first_policy
from omtanke.engine.consent_policy import PurposePolicy, consent_policy
from omtanke.engine.policy import Policy
from omtanke.engine.surveys import MOST_OCCASIONS, MOST_REMEMBERED
from omtanke.vocabulary.fact import Mode

FIRST = first_policy()


def asking(share: int = 100, rest_days: int = 14, recommendation: int = 0) -> Policy:
    """The first policy, asking everybody, and never whether they recommend us."""
    kinds = {name: replace(kind, share=share) for name, kind in FIRST.surveys.kinds.items()}
    return replace(FIRST, surveys=replace(FIRST.surveys, rest=rest_days * 86_400_000_000, recommendation=recommendation, kinds=kinds))


def living(policy: Policy | None = None, user: str = "u1") -> Story:
    return Story(policy or asking(), mode=Mode.LIVE, user=user)


def reasons(story: Story) -> list[str]:
    return story.why("survey_withheld")


def test_delivery_is_asked_about_some_time_after() -> None:
    story = living()
    assert story.tell("2026-11-18 10:00", "Shipment Delivered", order_id="7") == []
    assert story.wait("2026-11-18 12:00") == ["survey_asked"]
    asked = story.last("survey_asked")
    assert (asked.about, asked.question, asked.scale, asked.order) == ("delivery", "satisfaction", "1-5", story.refer("order", "7"))
    assert (asked.expires_at, story.facts[-1].because[1:]) == (at("2026-12-18 12:00"), (story.facts[0].fact_id,))


@pytest.mark.parametrize(
    ("event", "about", "asks_at", "said"),
    [
        ("Pickup Collected", {"order_id": "7"}, "2026-11-18 12:00", ("delivery", "satisfaction", "1-5")),
        ("Store Visited", {"store_id": "nordstan"}, "2026-11-18 11:00", ("store_visit", "satisfaction", "1-5")),
        ("Receipt Issued", {"order_id": "7", "store_id": "nordstan"}, "2026-11-18 11:00", ("store_visit", "satisfaction", "1-5")),
        ("Case Resolved", {"case_id": "4"}, "2026-11-18 10:10", ("case", "effort", "1-7")),
    ],
)
def test_each_occasion_has_its_time_and_question(event: str, about: dict[str, str], asks_at: str, said: tuple[str, str, str]) -> None:
    story = living()
    story.tell("2026-11-18 10:00", event, **about)
    assert story.wake == at(asks_at)
    story.wait(asks_at)
    asked = story.last("survey_asked")
    assert (asked.about, asked.question, asked.scale) == said


def test_return_is_asked_about_once_it_has_come_and_the_money_is_back() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Return Received", order_id="7")
    assert story.wait("2026-11-19 10:00") == []
    story.tell("2026-11-20 10:00", "Refund Issued", order_id="7", amount=499)
    story.wait("2026-11-20 11:00")
    assert (story.last("survey_asked").about, story.last("survey_asked").question) == ("return", "effort")


def test_refund_of_what_was_never_sent_back_is_not_a_return() -> None:
    story = living()
    story.tell("2026-11-20 10:00", "Refund Issued", order_id="7", amount=499)
    assert (story.wake, story.state.surveys.occasions) == (None, ())


def test_history_asks_nothing() -> None:
    story = Story(asking())
    for event, about in (("Shipment Delivered", {"order_id": "7"}), ("Case Resolved", {"case_id": "4"}), ("Store Visited", {"store_id": "nordstan"})):
        story.tell("2026-11-18 10:00", event, **about)
    assert (story.wake, story.state.surveys.occasions) == (None, ())


@pytest.mark.parametrize(("event", "about"), [("Store Visited", {"store_id": "nordstan"}), ("Receipt Issued", {"order_id": "7", "store_id": "nordstan"})])
def test_visitor_who_did_not_say_who_they_are_is_not_asked(event: str, about: dict[str, str]) -> None:
    story = living(user="")
    story.tell("2026-11-18 10:00", event, **about)
    assert (story.wake, story.state.surveys.occasions) == (None, ())


def test_parcel_stands_for_its_order() -> None:
    story = living()
    story.tell("2026-11-17 10:00", "Order Shipped", order_id="7", parcel_id="p")
    story.tell("2026-11-18 10:00", "Shipment Delivered", parcel_id="p")
    story.wait("2026-11-18 12:00")
    assert story.last("survey_asked").order == story.refer("order", "7")


def test_parcel_of_an_unknown_order_is_not_asked_about() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Shipment Delivered", parcel_id="p")
    assert (story.wake, story.state.surveys.occasions) == (None, ())


def test_of_several_facts_about_one_thing_the_last_counts() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Store Visited", store_id="nordstan")
    story.tell("2026-11-18 10:30", "Receipt Issued", order_id="7", store_id="nordstan")
    assert story.wait("2026-11-20 12:00") == ["survey_asked"]
    assert story.last("survey_asked").expires_at == at("2026-12-18 11:30")


def test_nobody_is_asked_while_they_wait_for_a_broken_promise() -> None:
    story = living()
    story.tell("2026-11-10 10:00", "Order Completed", order_id="late", promises=[{"kind": "delivery", "until": "2026-11-16"}])
    story.tell("2026-11-18 10:00", "Case Resolved", case_id="4")
    story.wait("2026-11-18 12:00")
    assert reasons(story) == ["still_waiting"]
    story.tell("2026-11-19 10:00", "Shipment Delivered", order_id="late")
    assert "survey_asked" in story.wait("2026-11-19 12:00")


def test_broken_after_all_is_waited_for() -> None:
    story = living()
    story.tell("2026-11-17 18:00", "Order Completed", order_id="7", promises=[{"kind": "delivery", "until": "2026-11-20"}], products=[{"line_id": "1"}])
    story.tell("2026-11-20 10:00", "Order Shipped", order_id="7", parcel_id="p", products=[{"line_id": "1"}])
    story.tell("2026-11-20 10:00", "Pickup Ready", order_id="7", parcel_id="p")
    story.tell("2026-11-17 18:01", "Order Updated", known="2026-11-24 09:00", order_id="7", products=[{"line_id": "1"}, {"line_id": "2"}])
    assert (story.last("promise_ending_corrected").ending, len(story.state.surveys.waiting)) == ("broken", 1)


def test_appointment_that_we_missed_is_not_waited_for() -> None:
    story = living()
    story.tell("2026-11-10 10:00", "Appointment Booked", appointment_id="a", promises=[{"kind": "appointment", "from": "2026-11-12", "until": "2026-11-12"}])
    story.tell("2026-11-12 15:00", "Appointment Missed", appointment_id="a", by="us")
    assert (story.why("promise_broken"), story.state.surveys.waiting) == (["missed_by_us"], {})


def test_what_we_know_beforehand_is_said_at_once_and_wakes_nobody() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Case Resolved", case_id="4")
    story.wait("2026-11-18 10:10")
    assert story.tell("2026-11-20 10:00", "Shipment Delivered", order_id="7") == ["survey_withheld"]
    assert (reasons(story), story.wake, story.state.surveys.occasions) == (["asked_lately"], None, ())


def test_rest_is_over_by_the_time_it_would_be_asked() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Case Resolved", case_id="4")
    story.wait("2026-11-18 10:10")
    story.tell("2026-12-02 09:00", "Shipment Delivered", order_id="7")
    assert story.wait("2026-12-02 11:00") == ["survey_asked"]


@pytest.mark.parametrize(("event", "more"), [("Survey Sent", {}), ("Survey Answered", {"score": 5})])
def test_question_of_another_tool_counts(event: str, more: dict[str, int]) -> None:
    story = living()
    story.tell("2026-11-17 10:00", event, survey_id="other tool", **more)
    story.tell("2026-11-18 10:00", "Case Resolved", case_id="4")
    assert reasons(story) == ["asked_lately"]


def test_answer_to_our_own_question_does_not_put_off_the_next() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Case Resolved", case_id="4")
    story.wait("2026-11-18 10:10")
    story.act("2026-11-30 10:00", "Survey Answered", survey_id="1", asked=story.last("survey_asked").survey, score=5)
    assert story.state.surveys.asked_at == at("2026-11-18 10:10")


def test_two_things_due_at_once_are_one_question() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Store Visited", store_id="nordstan")
    story.tell("2026-11-18 10:00", "Store Visited", store_id="utopia")
    assert (story.wait("2026-11-18 11:00"), reasons(story)) == (["survey_asked", "survey_withheld"], ["asked_lately"])


def test_only_a_share_is_asked() -> None:
    told = []
    for n in range(200):
        story = Story(asking(share=50), number=n, mode=Mode.LIVE)
        story.tell("2026-11-18 10:00", "Case Resolved", case_id="4")
        story.wait("2026-11-18 12:00")
        told += [one.type for one in story.facts if one.reason]
    assert set(told) == {"survey_asked", "survey_withheld"}
    assert 75 <= told.count("survey_asked") <= 125


def test_some_are_asked_whether_they_would_recommend_us() -> None:
    questions = []
    for n in range(200):
        story = Story(asking(recommendation=20), number=n, mode=Mode.LIVE)
        story.tell("2026-11-18 10:00", "Case Resolved", case_id="4")
        story.wait("2026-11-18 12:00")
        questions.append((story.last("survey_asked").question, story.last("survey_asked").scale))
    assert set(questions) == {("effort", "1-7"), ("recommendation", "0-10")}
    assert 20 <= questions.count(("recommendation", "0-10")) <= 60


def test_nobody_is_asked_about_what_is_long_ago() -> None:
    story = living()
    story.tell("2026-11-01 10:00", "Shipment Delivered", known="2026-11-18 10:00", order_id="7")
    assert (story.wait("2026-11-18 12:00"), reasons(story)) == (["survey_withheld"], ["too_late"])


def test_told_late_is_asked_about_at_once() -> None:
    story = living()
    story.tell("2026-11-18 10:00", "Shipment Delivered", known="2026-11-18 22:00", order_id="7")
    assert (story.wake, story.wait("2026-11-18 22:00")) == (at("2026-11-18 22:00"), ["survey_asked"])


def test_what_is_remembered_is_bounded() -> None:
    story = living(asking(rest_days=0))
    for n in range(60):
        story.tell("2026-11-18 10:00", "Order Shipped", order_id=f"o{n}", parcel_id=f"p{n}")
        story.tell("2026-11-18 10:00", "Return Received", order_id=f"o{n}")
        story.tell("2026-11-18 10:00", "Store Visited", store_id=f"s{n}")
        story.tell("2026-11-18 10:00", "Promise Stated", kind="reply", case_id=f"c{n}", until="2026-11-18T10:20:00+01:00")
    kept = story.state.surveys
    assert (len(kept.occasions), len(kept.returned), len(kept.parcels)) == (MOST_OCCASIONS, MOST_REMEMBERED, MOST_REMEMBERED)
    story.wait("2026-11-19 10:00")
    assert (len(story.state.surveys.waiting), story.state.surveys.occasions) == (MOST_REMEMBERED, ())


def visited(policy: Policy, *said: tuple[str, dict[str, object]]) -> Story:
    """Somebody who has been in the store, and has then said something; it is time to ask."""
    story = living(policy)
    story.tell("2026-11-18 10:00", "Store Visited", store_id="nordstan")
    for event, properties in said:
        story.tell("2026-11-18 10:30", event, **properties)
    story.wait("2026-11-18 12:00")
    return story


def asked_by(basis: str, direct_marketing: bool) -> Policy:
    return replace(asking(), consent=consent_policy({"surveys": PurposePolicy(basis, direct_marketing)}))


NO, OBJECTION = ("Consent Withdrawn", {"purpose": "surveys"}), ("Consent Withdrawn", {"purpose": "marketing", "objection": True})
YES = ("Consent Given", {"purpose": "surveys"})


@pytest.mark.parametrize(
    ("policy", "said", "withheld"),
    [
        (asking(), (NO,), ["no_consent"]),
        (asking(), (("Consent Withdrawn", {"purpose": "marketing"}),), []),
        (asking(), (("Consent Withdrawn", {"purpose": "surveys", "for_channel": "sms"}),), []),
        (asking(), (OBJECTION,), []),
        (asked_by("opt_out", True), (OBJECTION,), ["objected"]),
        (asked_by("opt_out", True), (OBJECTION, YES), ["objected"]),
        (asked_by("opt_out", True), (("Rights Requested", {"right": "objection"}),), ["objected"]),
        (asked_by("opt_in", False), (), ["no_consent"]),
        (asked_by("opt_in", False), (YES,), []),
    ],
)
def test_whoever_does_not_want_to_be_asked_is_not_asked(policy: Policy, said: tuple[tuple[str, dict[str, object]], ...], withheld: list[str]) -> None:
    story = visited(policy, *said)
    assert (reasons(story), [one.type for one in story.facts].count("survey_asked")) == (withheld, 1 - len(withheld))


def test_one_who_changes_their_mind_is_asked_about_what_comes_after() -> None:
    story = visited(asking(), NO)
    story.tell("2026-11-18 13:00", YES[0], **YES[1])
    story.tell("2026-11-18 14:00", "Case Resolved", case_id="4")
    assert story.wait("2026-11-18 14:10") == ["survey_asked"]
