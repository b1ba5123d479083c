"""What pages are shown of plays and messages: the same rows in every store, batch by batch or all at once."""

from __future__ import annotations

from msgspec.structs import replace

from fakes.story import Story
from omtanke.storage.play_rows import PlayRows, rows_of
from omtanke.storage.ports import Batch, Log, Logged
from omtanke.vocabulary.fact import Fact
from unit.engine.test_playing import remembered

NOTHING = PlayRows({}, {})


def told(facts: list[Fact]) -> list[Logged]:
    return [Logged(position, replace(fact, position=position)) for position, fact in enumerate(facts, start=1)]


def store(log: Log, facts: list[Logged], consumed: int) -> None:
    log.commit(Batch(consumed=consumed, clock=1, facts=facts, next_customer=2, next_surrogate=9))


def reminded() -> Story:
    """A cart was left, and the mail about it has gone in the morning, at the second try."""
    story = remembered()
    story.wait("2026-11-24 08:00")
    message = story.last("message_released").message
    story.act("2026-11-24 08:02", "Message Returned", message=message)
    story.act("2026-11-24 08:03", "Message Sent", message=message, for_channel="mail", template="remembered_cart", message_class="promotional")
    story.tell("2026-11-25 10:00", "Message Sent", for_channel="sms", template="autumn")
    return story


def test_rows_are_what_the_facts_say(log: Log) -> None:
    facts = told(reminded().facts)
    store(log, facts, 1)
    rows = log.play_rows_of([1])
    (run,), (ours, theirs) = rows.runs.values(), sorted(rows.messages.values(), key=lambda one: one.at)
    entered, left = (next(one for one in facts if one.fact.type == type_) for type_ in ("play_entered", "play_left"))
    assert (run.play, run.entered_at, run.entered_position, run.left_at, run.reason) == (
        "remembered_cart", entered.fact.now, entered.position, left.fact.now, "done"
    )  # fmt: skip
    assert (ours.play, ours.run, ours.message_class, ours.channel, ours.became) == ("remembered_cart", run.run, "promotional", "mail", "sent")
    assert (
        ours.returned_at and facts[ours.decided_position - 1].fact.type == "message_released" and facts[ours.changed_position - 1].fact.type == "message_sent"
    )
    assert (theirs.play, theirs.run, theirs.template, theirs.channel, theirs.became, theirs.decided_position) == ("", 0, "autumn", "sms", "sent", 0)


def test_rows_of_many_batches_are_those_of_one(log: Log) -> None:
    facts = told(reminded().facts)
    for number, one in enumerate(facts):
        store(log, [one], number + 1)
    assert log.play_rows_of([1]) == rows_of(facts)


def test_facts_about_something_else_leave_no_rows(log: Log) -> None:
    story = Story()
    story.tell("2026-11-17 18:04", "Order Completed", order_id="7", promises=[{"kind": "delivery", "until": "2026-11-20"}])
    store(log, told(story.facts), 1)
    assert (len(story.facts) > 1, log.play_rows_of([1])) == (True, NOTHING)


def test_message_whose_play_is_over_keeps_what_it_was_about(log: Log) -> None:
    """Of what is returned after the customer has left, only the number is told."""
    story = remembered()
    story.wait("2026-11-24 08:00")
    message = story.last("message_released").message
    story.tell("2026-11-24 08:01", "Order Completed", order_id="8")
    story.act("2026-11-24 08:02", "Message Returned", message=message)
    store(log, told(story.facts), 1)
    row = log.play_rows_of([1]).messages[message]
    assert (row.play, row.template, row.became, row.reason) == ("remembered_cart", "remembered_cart", "suppressed", "left")
