"""What a customer allows depends on what was said and when, never on the order in which we heard it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from fakes.shop import Shop, memory_shop, text_of
from fakes.story import Story, at, first_policy
from omtanke.engine.consent import Consents, may
from omtanke.vocabulary.caring import ConsentGiven, ConsentWithdrawn
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.time import HOUR

FIRST, POLICY = at("2026-11-18 00:00"), first_policy()
PURPOSES, CHANNELS = ("recognition", "marketing", "surveys"), ("", "mail", "sms")

hours = st.integers(0, 6)
purposes, channels, flags = st.sampled_from(PURPOSES), st.sampled_from(CHANNELS), st.booleans()
given_ = st.builds(ConsentGiven, purpose=purposes, for_channel=channels, lifts_objection=flags, banner=st.integers(0, 2))
withdrawn = st.builds(ConsentWithdrawn, purpose=purposes, for_channel=channels, is_objection=flags, banner=st.integers(0, 2))
told = st.lists(st.tuples(hours, st.one_of(given_, withdrawn)), max_size=12)


def plainly(consents: Consents) -> Any:
    """Everything but which of two facts that are alike it was."""
    objected = consents.objected
    kept = [{key: (one.said, one.at) for key, one in part.items()} for part in (consents.said, consents.lifted, consents.banners)]
    return kept, objected and (objected.said, objected.at)


def standing(facts: list[tuple[int, Any]]) -> Any:
    story = Story(mode=Mode.LIVE)
    for hour, body in facts:
        story.take(body, FIRST + hour * HOUR, FIRST + 24 * HOUR)
    return plainly(story.state.consent), [may(story.state.consent, purpose, channel, POLICY).why for purpose in PURPOSES for channel in CHANNELS]


@given(facts=told, shuffled=st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_standing(facts: list[tuple[int, Any]], shuffled: Any) -> None:
    other = facts.copy()
    shuffled.shuffle(other)
    assert standing(other) == standing(facts)


@given(facts=told)
def test_no_yes_stands_above_a_later_objection(facts: list[tuple[int, Any]]) -> None:
    story = Story(mode=Mode.LIVE)
    for hour, body in facts:
        story.take(body, FIRST + hour * HOUR, FIRST + 24 * HOUR)
    story.take(ConsentWithdrawn(purpose="marketing", is_objection=True), FIRST + 7 * HOUR, FIRST + 24 * HOUR)
    assert [may(story.state.consent, "marketing", channel, POLICY).why for channel in CHANNELS] == ["objected"] * 3


def message(n: int, user: str, hour: int, body: ConsentGiven | ConsentWithdrawn) -> dict[str, Any]:
    says = {"lifts_objection": body.lifts_objection} if isinstance(body, ConsentGiven) else {"objection": body.is_objection}
    properties = {"purpose": body.purpose, "for_channel": body.for_channel, **says}
    return {"type": "track", "event": body.name, "messageId": str(n), "userId": user, "timestamp": text_of(FIRST + hour * HOUR), "properties": properties}


def heard(shop: Shop, facts: list[tuple[str, int, Any]], is_linked_first: bool) -> Any:
    club = {"context": {"externalIds": [{"type": "club", "id": "7"}]}}
    link = [{"type": "identify", "messageId": f"who {user}", "userId": user, "timestamp": text_of(FIRST), **club} for user in ("a", "b")]
    messages = [message(n, *one) for n, one in enumerate(facts)]
    for one in [*link, *messages] if is_linked_first else [*messages, *link]:
        shop.hear([one])
        shop.work()
    shop.assert_sound()
    (state,) = shop.states().values()
    return plainly(state.consent)


@given(facts=st.lists(st.tuples(st.sampled_from(["a", "b"]), hours, st.one_of(given_, withdrawn)), max_size=8))
def test_two_who_become_one_allow_what_the_union_of_their_words_allows(facts: list[tuple[str, int, Any]]) -> None:
    assert heard(memory_shop(), facts, is_linked_first=True) == heard(memory_shop(), facts, is_linked_first=False)
