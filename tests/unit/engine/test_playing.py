"""Who enters a play, what is said and when, and what ends it: the shipped plays, and small ones of our own."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from msgspec.structs import replace

from fakes.story import Story, at, first_policy
from omtanke.engine.plays.active import ActivePlays
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.policy import Policy
from omtanke.engine.step import fold
from omtanke.playbook import shipped
from omtanke.vocabulary.fact import Mode

SHOES = {"cart_id": "k1", "product_id": "shoes", "price": 1499}
SAY = '[[step]]\nsay = "hello"\nchannels = ["mail", "sms"]\n'


@cache
def playing(*names: str) -> Policy:
    """The first policy with these shipped plays at work."""
    return replace(first_policy(), plays=ActivePlays(read_playbook({name: shipped()[name] for name in names}).plays.values()))


def own(**texts: str) -> Policy:
    return replace(first_policy(), plays=ActivePlays(read_playbook(texts).plays.values()))


def customer(policy: Policy, yes: bool = True) -> Story:
    """Somebody with an address, who has said yes to marketing."""
    story = Story(policy, mode=Mode.LIVE)
    story.tell("2026-11-02 10:00", "Customer Identified", email="maja@example.com")
    story.take(replace(story.facts[-1].body, has_email=True, country="SE"), at("2026-11-02 10:01"), at("2026-11-02 10:01"))
    if yes:
        story.tell("2026-11-02 10:02", "Consent Given", purpose="marketing")
    return story


def remembered(yes: bool = True) -> Story:
    """A cart was left in the evening."""
    story = customer(playing("remembered_cart"), yes)
    while True:
        story.tell("2026-11-23 20:00", "Product Added", **SHOES)
        story.wait("2026-11-23 21:30")
        if story.state.plays.runs and not story.state.plays.runs[0].is_held_out:
            return story
        story.number += 1
        story.facts, story.state, story.wake = [], type(story.state)(), None
        story = customer(playing("remembered_cart"), yes)


def outcomes(story: Story) -> list[tuple[str, str]]:
    """What became of messages and plays, each with its reason."""
    return [(fact.type, fact.reason) for fact in story.facts if fact.type.startswith(("message_", "play_left")) and fact.reason]


def test_cart_that_was_left_is_remembered_the_next_morning() -> None:
    story = remembered()
    assert story.wake == at("2026-11-24 08:00")
    assert story.wait("2026-11-24 08:00") == ["message_due", "message_released"]
    released = story.last("message_released")
    assert (released.for_channel, released.message_class, released.template, released.cart) == (
        "mail",
        "promotional",
        "remembered_cart",
        story.refer("cart", "k1"),
    )
    story.act("2026-11-24 08:01", "Message Sent", message=released.message, for_channel="mail")
    assert outcomes(story)[-1] == ("play_left", "done")
    assert story.state.plays.runs == ()


@pytest.mark.parametrize(
    ("event", "about", "left"),
    [
        ("Receipt Issued", {"order_id": "7", "store_id": "nordstan"}, "exit"),
        ("Order Completed", {"order_id": "8"}, "exit"),
        ("Case Opened", {"case_id": "4"}, "exit"),
    ],
)
def test_what_was_reached_in_another_channel_ends_it(event: str, about: dict[str, str], left: str) -> None:
    story = remembered()
    story.tell("2026-11-24 07:30", event, **about)
    story.wait("2026-11-25 08:00")
    assert outcomes(story) == [("play_left", left)]


def test_what_was_bought_at_the_till_before_the_cart_had_been_left_lets_nobody_in() -> None:
    story = customer(playing("remembered_cart"))
    story.tell("2026-11-23 20:00", "Product Added", **SHOES)
    story.tell("2026-11-23 20:30", "Receipt Issued", order_id="7", store_id="nordstan")
    story.wait("2026-11-24 09:00")
    assert story.why("cart_left") == ["cart_idle"] and outcomes(story) == []


def test_nothing_is_said_without_a_yes() -> None:
    story = remembered(yes=False)
    story.wait("2026-11-24 08:00")
    assert outcomes(story) == [("message_due", "step"), ("message_suppressed", "not_given"), ("play_left", "done")]


@pytest.mark.parametrize(("event", "said"), [("Consent Withdrawn", {"purpose": "marketing", "objection": True}), ("Rights Requested", {"right": "objection"})])
def test_no_that_was_said_while_it_waited_counts(event: str, said: dict[str, Any]) -> None:
    story = remembered()
    story.tell("2026-11-24 07:00", event, **said)
    story.wait("2026-11-24 08:00")
    assert ("message_suppressed", "objected") in outcomes(story)


def test_at_night_it_waits_until_morning_where_the_customer_is() -> None:
    story = customer(own(late=f'class = "promotional"\nkey = "cart"\n[entry]\nfact = "cart_left"\n[[exit]]\nfact = "order_completed"\nsame = "person"\n{SAY}'))
    story.tell("2026-11-23 22:30", "Product Added", **SHOES)
    story.wait("2026-11-24 00:00")
    assert outcomes(story) == [("message_due", "step"), ("message_deferred", "quiet_hours")]
    assert story.wake == at("2026-11-24 08:00")
    story.wait("2026-11-24 08:00")
    assert outcomes(story)[-1] == ("message_released", "time_to_say")


@pytest.mark.parametrize(("night", "morning"), [("2026-03-28 23:00", "2026-03-29 08:00"), ("2026-10-24 23:00", "2026-10-25 08:00")])
def test_nights_on_which_clocks_change_end_by_the_clock(night: str, morning: str) -> None:
    story = Story(
        own(
            late=f'class = "survey"\nkey = "person"\nagain = "each time"\n[entry]\nfact = "store_visited"\n{SAY}'.replace(
                "say =", 'ask = "satisfaction"\nabout = "store_visit"\nmessage ='
            )
        ),
        mode=Mode.LIVE,
    )
    story.take(replace(_identified(story), has_phone=True), at("2026-01-02 10:00"), at("2026-01-02 10:00"))
    story.tell(night, "Store Visited", store_id="nordstan")
    assert story.wake == at(morning)
    story.wait(morning)
    assert story.last("message_released").for_channel == "sms" and story.last("survey_asked").survey == story.last("message_released").survey


def _identified(story: Story) -> object:
    story.tell("2026-01-02 09:00", "Customer Identified")
    return story.facts[-1].body


def test_open_case_comes_first_and_what_waited_goes_when_it_is_over() -> None:
    story = customer(
        own(hello=f'class = "promotional"\nkey = "person"\nagain = "each time"\n[entry]\nfact = "store_visited"\n[[exit]]\nfact = "order_completed"\n{SAY}')
    )
    story.tell("2026-11-23 10:00", "Case Opened", case_id="4")
    story.tell("2026-11-23 11:00", "Store Visited", store_id="nordstan")
    assert outcomes(story)[-1] == ("message_deferred", "open_case")
    assert story.tell("2026-11-23 14:00", "Case Resolved", case_id="4") == ["message_released"]


def test_budget_is_one_over_all_senders_and_what_is_over_it_waits_in_order_of_priority() -> None:
    text = (
        'class = "promotional"\nkey = "person"\nagain = "each time"\npriority = {}\n[entry]\nfact = "store_visited"\n[[exit]]\nfact = "order_completed"\n' + SAY
    )
    story = customer(own(dear=text.format(90), cheap=text.format(10), middle=text.format(50)))
    story.tell("2026-11-20 10:00", "Message Sent", campaign="another tool", **{"class": "promotional"})
    story.tell("2026-11-23 11:00", "Store Visited", store_id="nordstan")
    said = [(fact.type, fact.body.play) for fact in story.facts if fact.type in ("message_released", "message_deferred")]
    assert said == [("message_released", "dear"), ("message_deferred", "middle"), ("message_deferred", "cheap")]
    assert story.wake == at("2026-11-27 10:00")
    story.wait("2026-11-27 10:00")
    assert [fact.body.play for fact in story.facts if fact.type == "message_released"] == ["dear", "middle"]


@pytest.mark.parametrize(
    ("preference", "chosen", "became"),
    [
        ("pause", "2026-11-27", ("message_deferred", "paused")),
        ("pause", "2026-12-27", ("message_suppressed", "paused")),
        ("frequency", "weekly", ("message_deferred", "own_limit")),
        ("frequency", "monthly", ("message_suppressed", "own_limit")),
        ("quiet_hours", "10.00-12.00", ("message_deferred", "quiet_hours")),
    ],
)
def test_what_the_customer_has_chosen_comes_first(preference: str, chosen: str, became: tuple[str, str]) -> None:
    story = customer(
        own(hello=f'class = "promotional"\nkey = "person"\nagain = "each time"\n[entry]\nfact = "store_visited"\n[[exit]]\nfact = "order_completed"\n{SAY}')
    )
    story.tell("2026-11-20 10:00", "Message Sent", **{"class": "promotional"})
    story.tell("2026-11-21 10:00", "Preference Changed", preference=preference, value=chosen)
    story.tell("2026-11-23 11:00", "Store Visited", store_id="nordstan")
    assert became in outcomes(story)


def test_what_we_owe_is_said_whatever_else_is() -> None:
    """No yes, a case open, at night, and the week is full: the parcel is late all the same."""
    story = customer(playing("delayed"), yes=False)
    for day in (20, 21, 22):
        story.tell(f"2026-11-{day} 10:00", "Message Sent", **{"class": "promotional"})
    story.tell("2026-11-23 10:00", "Case Opened", case_id="4")
    story.tell("2026-11-23 23:30", "Shipment Delayed", order_id="7", expected="2026-11-27")
    assert outcomes(story)[-1] == ("message_released", "time_to_say")


def test_message_that_was_not_handed_over_is_asked_anew_and_takes_patience_once() -> None:
    story = remembered()
    story.wait("2026-11-24 08:00")
    number = story.last("message_released").message
    assert story.act("2026-11-24 08:02", "Message Returned", message=number) == ["message_released"]
    assert (story.last("message_released").tries, len(story.state.plays.contact.contacts)) == (1, 1)
    story.tell("2026-11-24 08:03", "Order Completed", order_id="8")
    assert story.act("2026-11-24 08:04", "Message Returned", message=number) == ["message_suppressed"]


def test_message_asked_anew_is_not_in_its_own_way() -> None:
    """The week was full when it was let go, of which it is one; and the question has not been put twice."""
    story = remembered()
    story.tell("2026-11-23 22:00", "Message Sent", **{"class": "promotional"})
    story.wait("2026-11-24 08:00")
    number = story.last("message_released").message
    assert len(story.state.plays.contact.contacts) == first_policy().contact.week_limit
    assert story.act("2026-11-24 08:02", "Message Returned", message=number) == ["message_released"]
    question = customer(playing("survey_delivery"))
    question.tell("2026-11-18 10:00", "Shipment Delivered", order_id="9")
    question.wait("2026-11-18 12:00")
    asked = question.last("message_released").message
    assert question.act("2026-11-18 12:02", "Message Returned", message=asked) == ["message_released"]
    assert [fact.type for fact in question.facts].count("survey_asked") == 1


def test_what_could_not_be_handed_over_for_longer_than_patience_is_no_news_any_more() -> None:
    story = remembered()
    story.wait("2026-11-24 08:00")
    story.act("2026-12-02 09:00", "Message Returned", message=story.last("message_released").message)
    assert outcomes(story)[-2:] == [("message_suppressed", "too_late"), ("play_left", "done")]


def test_dead_address_is_told_by_the_next_channel() -> None:
    story = customer(playing("delivered"))
    story.take(
        replace(next(fact.body for fact in story.facts if fact.type == "customer_identified"), has_phone=True), at("2026-11-03 10:00"), at("2026-11-03 10:00")
    )
    story.tell("2026-11-23 10:00", "Shipment Delivered", order_id="7")
    number = story.last("message_released").message
    assert story.act("2026-11-23 10:01", "Message Failed", message=number, for_channel="mail", failure="address") == ["message_released"]
    assert (story.last("message_released").for_channel, story.why("task_assigned")) == ("sms", [])
    story.act("2026-11-23 10:02", "Message Failed", message=number, for_channel="sms", failure="address")
    assert outcomes(story)[-2:] == [("message_suppressed", "undeliverable"), ("play_left", "done")]
    assert (story.last("task_assigned").about, story.why("task_assigned")) == ("message", ["undeliverable"])
    assert fold(story.facts) == story.state


def sent(story: Story, when: str, class_: str) -> int:
    """What was let go last has gone by mail."""
    number: int = story.last("message_released").message
    story.act(when, "Message Sent", message=number, for_channel="mail", **{"class": class_})
    return number


def test_what_was_owed_and_comes_back_days_later_is_one_task_until_somebody_has_closed_it() -> None:
    story = customer(playing("delivered"))
    numbers = []
    for day, order in (("23", "7"), ("24", "8"), ("25", "9")):
        story.tell(f"2026-11-{day} 10:00", "Shipment Delivered", order_id=order)
        numbers.append(sent(story, f"2026-11-{day} 10:01", "service"))
    assert story.act("2026-11-26 10:00", "Message Failed", message=numbers[0], for_channel="mail", failure="refused") == []
    assert story.act("2026-11-26 11:00", "Message Failed", message=numbers[1], for_channel="mail", failure="address") == ["task_assigned"]
    assert story.act("2026-11-26 12:00", "Message Failed", message=numbers[2], for_channel="mail", failure="address") == []
    story.act("2026-11-27 10:00", "Task Closed", staff=1, task=story.last("task_assigned").task, outcome="done")
    story.tell("2026-11-28 10:00", "Shipment Delivered", order_id="10")
    assert (outcomes(story)[-2], story.why("task_assigned")) == (("message_suppressed", "undeliverable"), ["undeliverable"] * 2)
    assert fold(story.facts) == story.state


def test_offer_that_comes_back_is_no_task() -> None:
    story = remembered()
    story.wait("2026-11-24 08:00")
    number = sent(story, "2026-11-24 08:01", "promotional")
    assert story.act("2026-11-25 10:00", "Message Failed", message=number, for_channel="mail", failure="address") == []
    assert story.state.plays.contact.dead == ("mail",)


def test_what_is_about_a_subject_that_was_left_out_is_not_said() -> None:
    story = remembered()
    story.tell("2026-11-24 07:00", "Preference Changed", preference="subject.cart", value="off")
    story.wait("2026-11-24 08:00")
    assert outcomes(story) == [("message_due", "step"), ("message_suppressed", "own_subject"), ("play_left", "done")]


def put_right(story: Story, when: str, corrected: list[str], **details: str) -> None:
    story.act(when, "Details Corrected", staff=1, corrected=corrected, **details)


def test_address_that_was_put_right_is_alive_again() -> None:
    story = customer(playing("delivered"))
    story.tell("2026-11-23 10:00", "Shipment Delivered", order_id="7")
    story.act("2026-11-23 10:01", "Message Failed", message=story.last("message_released").message, for_channel="mail", failure="address")
    assert story.state.plays.contact.dead == ("mail",)
    put_right(story, "2026-11-24 09:00", ["phone"], phone="070-174 06 05")
    assert story.state.plays.contact.dead == ("mail",)
    put_right(story, "2026-11-24 10:00", ["email"], email="maja@lind.example")
    assert story.state.plays.contact.dead == ()
    assert fold(story.facts) == story.state


def test_first_address_that_comes_by_a_correction_is_one_to_write_to() -> None:
    story = Story(playing("delivered"), mode=Mode.LIVE)
    story.tell("2026-11-02 10:00", "Customer Identified", name="Maja")
    put_right(story, "2026-11-03 10:00", ["email", "locale"], email="maja@lind.example", locale="sv")
    person = story.state.plays.contact.person
    assert (person.has_email, person.has_phone, person.locale) == (True, False, "sv")
    story.tell("2026-11-23 10:00", "Shipment Delivered", order_id="7")
    assert story.last("message_released").for_channel == "mail"


def test_address_that_is_not_known_any_more_is_not_written_to() -> None:
    story = customer(playing("delivered"))
    put_right(story, "2026-11-03 10:00", ["email"])
    story.tell("2026-11-23 10:00", "Shipment Delivered", order_id="7")
    assert ("message_suppressed", "no_address") in outcomes(story)


def test_steps_wait_count_promise_and_give_tasks() -> None:
    text = """class = "service"
key = "order"
again = "each time"
[entry]
fact = "shipment_delayed"
when = "fact.order > 0"
[[exit]]
fact = "order_cancelled"
[[step]]
wait = "until shipment_delivered of the same key or 1 day"
[[step]]
only_if = "since.case_opened == 1 && fact.expected_at > timestamp('2026-01-01T00:00:00Z')"
[[step]]
promise = "call_back"
within = "4 h"
[[step]]
task = "service"
[[step]]
webhook = "called_back"
"""
    story = customer(own(late=text))
    story.tell("2026-11-23 10:00", "Shipment Delayed", order_id="7", expected="2026-11-27")
    story.tell("2026-11-23 11:00", "Case Opened", case_id="4")
    assert story.wait("2026-11-24 10:00") == ["promise_made", "task_assigned", "play_told", "play_left"]
    promise, task = story.last("promise_made"), story.last("task_assigned")
    assert (promise.kind, promise.order, promise.until_at) == ("call_back", story.refer("order", "7"), at("2026-11-24 14:00"))
    assert (task.about, task.unit, story.state.tasks.tasks[task.task].unit) == ("play", "service", "service")
    assert story.why("play_left") == ["done"]


def test_wait_on_a_promise_moves_with_it() -> None:
    text = 'class = "service"\nkey = "order"\n[entry]\nfact = "order_completed"\n[[step]]\nwait = "2 days before the promise\'s end"\n' + SAY
    story = customer(own(soon=text))
    promised = {"kind": "delivery", "until": "2026-11-30"}
    story.tell("2026-11-20 10:00", "Order Completed", order_id="7", promises=[promised])
    assert story.state.plays.runs[0].until == at("2026-11-29 00:00")
    story.tell("2026-11-21 10:00", "Promise Stated", order_id="7", **(promised | {"until": "2026-12-02"}))
    assert story.state.plays.runs[0].until == at("2026-12-01 00:00")


def test_version_on_which_somebody_entered_is_the_one_they_finish() -> None:
    story = remembered()
    other = ActivePlays(read_playbook({"remembered_cart": shipped()["remembered_cart"].replace("08.00", "09.00")}).plays.values(), story.policy.plays)
    story.policy = replace(story.policy, version=2, plays=other)
    assert story.wait("2026-11-24 08:30") == ["message_due", "message_released"]


def test_shop_that_asks_in_a_play_does_not_ask_twice() -> None:
    story = customer(playing("survey_delivery"))
    story.tell("2026-11-18 10:00", "Shipment Delivered", order_id="7")
    story.wait("2026-11-18 12:00")
    asked = [fact for fact in story.facts if fact.type == "survey_asked"]
    assert (len(asked), story.why("survey_withheld")) == (1, ["asked_in_a_play"]) or outcomes(story) == [
        ("message_due", "step"),
        ("message_suppressed", "held_out"),
        ("play_left", "done"),
    ]


def test_past_lets_nobody_in() -> None:
    story = Story(playing("delivered"), mode=Mode.HISTORY)
    story.tell("2026-11-18 10:00", "Shipment Delivered", order_id="7")
    assert story.state.plays.runs == ()


def test_state_is_the_fold_of_the_facts() -> None:
    story = remembered()
    story.wait("2026-11-24 08:00")
    assert fold(story.facts).plays == story.state.plays
