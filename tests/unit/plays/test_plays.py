"""What a play says, what it is in the log, and the plays that are shipped."""

from __future__ import annotations

import msgspec
import pytest

from omtanke import playbook
from omtanke.engine.plays.play import (
    CLASSES,
    Again,
    Ask,
    AtPromise,
    CallWebhook,
    Entry,
    Exit,
    ForSpan,
    GiveTask,
    OnlyIf,
    Play,
    Say,
    StatePromise,
    UntilFact,
    UntilTime,
    Wait,
    Waiting,
    from_wire,
    to_wire,
)
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.plays.steps import Around
from omtanke.engine.plays.waits import read_wait
from omtanke.vocabulary.time import DAY, HOUR, MINUTE

WHOLE = """
class = "promotional"
key = "order"
again = "after 30 days"
priority = 10
holdout_percent = 5
subject = "thanks"

[entry]
fact = "order_completed"
when = "fact.total >= 100000"

[[exit]]
fact = "order_cancelled"
when = "size(fact.lines.line) == 0"

[[exit]]
fact = "case_opened"
same = "person"

[[step]]
wait = "until shipment_delivered of the same key or 2 weeks"

[[step]]
only_if = "since.shipment_delivered > 0"

[[step]]
wait = "until 08.30 local"

[[step]]
wait = "1 day after the promise's end"

[[step]]
say = "hello"
channels = ["mail", "sms"]
when = "person.has_email"

[[step]]
promise = "call_back"
within = "4 h"
owner = "service"

[[step]]
task = "service"

[[step]]
webhook = "thanked"
"""
PLAY = Play(
    name="thanks",
    class_="promotional",
    key="order",
    entry=Entry("order_completed", "fact.total >= 100000"),
    again=Again("after", 30 * DAY),
    exits=(Exit("order_cancelled", "key", "size(fact.lines.line) == 0"), Exit("case_opened", "person")),
    priority=10,
    holdout=5,
    subject="thanks",
    steps=(
        Wait(UntilFact("shipment_delivered", "key", 14 * DAY)),
        OnlyIf("since.shipment_delivered > 0"),
        Wait(UntilTime(8 * 60 + 30)),
        Wait(AtPromise(DAY, "end")),
        Say("hello", ("mail", "sms"), "person.has_email"),
        StatePromise("call_back", 4 * HOUR, "service"),
        GiveTask("service"),
        CallWebhook("thanked"),
    ),
)


def test_play_is_what_is_written() -> None:
    assert read_playbook({"thanks": WHOLE}).plays == {"thanks": PLAY}


@pytest.mark.parametrize(
    ("text", "waiting"),
    [
        ("1 h", ForSpan(HOUR)),
        ("90 min", ForSpan(90 * MINUTE)),
        ("1 week", ForSpan(7 * DAY)),
        ("until 00:00 local", UntilTime(0)),
        ("until 23.59 local", UntilTime(1439)),
        ("until cart_left of the same person or 2 days", UntilFact("cart_left", "person", 2 * DAY)),
        ("2 days before the promise's end", AtPromise(-2 * DAY, "end")),
        ("30 min after the promise's start", AtPromise(30 * MINUTE, "start")),
    ],
)
def test_wait_is_what_the_sentence_says(text: str, waiting: Waiting) -> None:
    assert read_wait(text) == waiting


@pytest.mark.parametrize("name", playbook.shipped())
def test_wire_form_comes_back_as_it_was(name: str) -> None:
    play = playbook.read(None).plays[name]
    assert from_wire(to_wire(play)) == play
    assert to_wire(from_wire(to_wire(play))) == to_wire(play)


def test_wire_form_of_every_step_comes_back_as_it_was() -> None:
    ask = Ask("effort", "case", "survey_case", ("sms",), "person.has_phone")
    play = msgspec.structs.replace(PLAY, steps=(*PLAY.steps, ask))
    assert from_wire(to_wire(play)) == play


def test_wire_form_is_the_one_that_is_in_logs() -> None:
    play = Play(name="p", class_="service", key="order", entry=Entry("order_completed"), steps=(Wait(ForSpan(HOUR)), GiveTask("service")))
    assert to_wire(play) == (
        b'{"form":1,"name":"p","class":"service","key":"order","entry":{"fact":"order_completed","when":""},"again":{"rule":"never","span":0},'
        b'"exits":[],"priority":50,"holdout":0,"steps":[{"type":"wait","until":{"type":"for","span":3600000000}},'
        b'{"type":"task","unit":"service","when":""}]}'
    )


def test_play_without_a_subject_is_written_as_before_there_were_any() -> None:
    without = msgspec.structs.replace(PLAY, subject=msgspec.UNSET)
    assert b'subject":"thanks' in to_wire(PLAY) and b"subject" not in to_wire(without)
    assert from_wire(to_wire(without)) == without and (without.about, PLAY.about) == ("", "thanks")


def test_another_play_has_another_digest() -> None:
    assert PLAY.digest == msgspec.structs.replace(PLAY).digest != msgspec.structs.replace(PLAY, priority=11).digest


def test_whether_a_play_speaks_while_something_is_open_follows_from_its_class() -> None:
    assert {name: msgspec.structs.replace(PLAY, class_=name).speaks_while_open for name in CLASSES} == {
        "service": True,
        "transactional": True,
        "promotional": False,
        "survey": False,
    }


def test_plays_of_a_fact_come_by_priority() -> None:
    assert [play.name for play in playbook.read(None).entered_by("shipment_delivered")] == ["delivered", "survey_delivery"]


def test_shipped_plays_are_those_that_a_shop_needs_first() -> None:
    assert {name: play.class_ for name, play in playbook.read(None).plays.items()} == {
        "delayed": "service",
        "delivered": "service",
        "on_its_way": "service",
        "order_confirmed": "transactional",
        "order_sent": "service",
        "ready_for_pickup": "service",
        "refunded": "service",
        "remembered_cart": "promotional",
        "survey_case": "survey",
        "survey_delivery": "survey",
        "survey_return": "survey",
        "survey_store_visit": "survey",
    }


def test_shipped_plays_say_messages_of_their_own_names() -> None:
    said = {name: [step.message for step in play.steps if isinstance(step, Say | Ask)] for name, play in playbook.read(None).plays.items()}
    assert said == {name: [name] for name in playbook.shipped()}


def test_messages_are_looked_for_by_name() -> None:
    assert read_playbook({"thanks": WHOLE}, Around(messages={"hello": ""})).plays == {"thanks": PLAY}
