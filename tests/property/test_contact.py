"""Consent and calm: whatever happens in whatever order, nothing promotional is said that should not be; and what we owe is said."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from fakes.story import STOCKHOLM, Story, first_policy
from omtanke.engine.plays.active import ActivePlays
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.step import fold
from omtanke.playbook import shipped
from omtanke.vocabulary.fact import Fact, Mode
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.time import DAY, HOUR, MINUTE, datetime_of, moment_of

FIRST = moment_of(datetime_of(1_795_000_000_000_000).replace(hour=6, minute=0, second=0, microsecond=0))
NEWS = """class = "promotional"
key = "person"
again = "each time"
priority = {priority}
[entry]
fact = "{fact}"
[[exit]]
fact = "order_completed"
[[step]]
wait = "{wait}"
[[step]]
say = "news"
channels = ["mail", "sms"]
"""
OWN = {
    "by_visit": NEWS.format(priority=70, fact="store_visited", wait="30 min"),
    "by_look": NEWS.format(priority=30, fact="product_viewed", wait="until 20.30 local"),
}
PLAYS = read_playbook(OWN | {name: shipped()[name] for name in ("remembered_cart", "delayed", "on_its_way")})
FIRST_POLICY = first_policy()
POLICY = replace(FIRST_POLICY, contact=replace(FIRST_POLICY.contact, week_limit=1), plays=ActivePlays(PLAYS.plays.values()))
GOALS = {"by_visit": {"order_completed"}, "by_look": {"order_completed"}, "remembered_cart": {"order_completed", "receipt_issued", "case_opened"}}
HAPPENINGS: list[tuple[str, dict[str, Any]]] = [
    ("Product Added", {"cart_id": "k1", "product_id": "shoes"}),
    ("Product Viewed", {"product_id": "shoes"}),
    ("Store Visited", {"store_id": "nordstan"}),
    ("Consent Given", {"purpose": "marketing"}),
    ("Consent Withdrawn", {"purpose": "marketing"}),
    ("Consent Withdrawn", {"purpose": "marketing", "objection": True}),
    ("Order Completed", {"order_id": "7"}),
    ("Receipt Issued", {"order_id": "8"}),
    ("Case Opened", {"case_id": "4"}),
    ("Case Resolved", {"case_id": "4"}),
    ("Message Sent", {"class": "promotional"}),
    ("Shipment Delayed", {"order_id": "7", "expected": "2027-03-01"}),
]
told = st.lists(st.tuples(st.integers(5, 14 * 60), st.sampled_from(HAPPENINGS)), min_size=4, max_size=40)


@settings(max_examples=150, deadline=None)
@given(told)
def test_nothing_promotional_is_said_that_should_not_be(happened: list[tuple[int, tuple[str, dict[str, Any]]]]) -> None:
    story = Story(POLICY, mode=Mode.LIVE)
    story.take(CustomerIdentified(has_email=True, country="SE"), FIRST, FIRST)
    moment = FIRST
    for minutes, (event, properties) in happened:
        moment += minutes * MINUTE
        text = datetime_of(moment, STOCKHOLM).strftime("%Y-%m-%d %H:%M")
        story.tell(text, event, **properties)
        for fact in story.facts[-12:]:
            if fact.type == "message_released" and moment % 3 == 0:  # dispatch is slow now and then
                answer = "Message Sent" if moment % 2 else "Message Returned"
                story.act(text, answer, message=fact.body.message)  # type: ignore[attr-defined]
                break
    story.pass_time(moment + 9 * DAY)
    for n, fact in enumerate(story.facts):
        if fact.type == "message_released":
            require_calm(story.facts[:n], fact)
    assert {fact.body.play for fact in story.facts if fact.type in ("message_suppressed", "message_deferred")}.isdisjoint({"delayed"})  # type: ignore[attr-defined]
    assert fold(story.facts) == story.state


def require_calm(before: list[Fact], released: Fact) -> None:
    """What the facts before it say, looked at one by one and without the engine's state."""
    body: Any = released.body
    if body.message_class != "promotional":
        return
    now = released.now
    said = [fact.body for fact in before if fact.type in ("consent_given", "consent_withdrawn")]
    assert said and said[-1].type == "consent_given", "without a yes"
    assert not any(getattr(one, "is_objection", False) for one in said), "after an objection"
    assert 8 * 60 <= (at := datetime_of(now, STOCKHOLM)).hour * 60 + at.minute < 21 * 60, "at night"
    cases = [fact.type for fact in before if fact.type in ("case_opened", "case_resolved")]
    assert not cases or cases[-1] == "case_resolved", "while the customer waits for an answer"
    entered = next(fact for fact in before if fact.type == "play_entered" and fact.body.run == body.run)  # type: ignore[attr-defined]
    since = entered.body.since_at  # type: ignore[attr-defined]
    assert not any(fact.type in GOALS[body.play] and fact.occurred_at >= since for fact in before), "after its goal was reached"
    if not body.tries:
        sent = [fact.now for fact in before if _is_contact(fact)]
        assert sum(now - 7 * DAY < at < now + HOUR for at in sent) < POLICY.contact.week_limit, "over the budget"


def _is_contact(fact: Fact) -> bool:
    body: Any = fact.body
    if fact.type == "message_released":
        return body.message_class == "promotional" and not body.tries
    return fact.type == "message_sent" and not body.message
