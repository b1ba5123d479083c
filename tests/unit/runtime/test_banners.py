"""What a banner says with an event becomes a fact when it changes something, and else leaves no trace."""

from __future__ import annotations

from typing import Any

from fakes.shop import FIRST_POLICY, Shop, memory_shop
from omtanke.engine.consent import may
from omtanke.engine.policy import read_policy
from omtanke.vocabulary.fact import Fact
from omtanke.vocabulary.time import MINUTE

POLICY = FIRST_POLICY.replace('["ad_user_data",', '["Advertising", "ad_user_data",')
TC_STRING = "COrEAV4OrXx94ACABBENAHCIAD-AAAAAAACAAxAAAAgAIAwgAgAAAAEAgQAAAAAEAYQAQAAAACAAAABAAA"


class Site(Shop):
    """A shop whose customers have a banner on each device."""

    def see(self, device: str, user: str = "maja", event: str = "", properties: dict[str, Any] | None = None, **consent: Any) -> None:
        """A page is shown, a minute later, with what the banner says."""
        self.wait(MINUTE)
        self.told += 1
        who = {"anonymousId": device, "userId": user or None}
        what = {"type": "track", "event": event} if event else {"type": "page"}
        context = {"channel": "web", "touchpoint": "banner", "consent": consent}
        self.hear([{**what, **who, "messageId": str(self.told), "context": context, "properties": properties or {}}])
        self.work()

    def prefer(self, device: str, is_yes: bool, user: str = "maja") -> None:
        self.see(device, user, categoryPreferences={"Advertising": is_yes})

    def spoken(self) -> list[tuple[str, str]]:
        return [(one.type.removeprefix("consent_"), one.body.purpose) for one in self.consents()]  # type: ignore[attr-defined]

    def consents(self) -> list[Fact]:
        return [one.fact for one in self.facts() if one.fact.type in ("consent_given", "consent_withdrawn")]

    def allows(self, purpose: str) -> bool:
        (state,) = self.states().values()
        return may(state.consent, purpose, "", read_policy(self.policy_text, 1)).is_allowed


def site() -> Site:
    whole = memory_shop(begins="2026-12-01 12:00", policy=POLICY)
    return Site(whole.inbox, whole.log, begins="2026-12-01 12:00", policy=POLICY)


def test_banner_that_says_the_same_with_every_page_is_heard_once() -> None:
    shop = site()
    for _ in range(5):
        shop.prefer("laptop", True)
    assert (shop.spoken(), shop.allows("advertising")) == ([("given", "advertising")], True)
    shop.assert_sound()


def test_no_on_one_device_counts_at_once_and_the_other_device_does_not_lift_it() -> None:
    shop = site()
    for device, is_yes in (("laptop", True), ("phone", False), ("laptop", True), ("phone", False), ("laptop", True)):
        shop.prefer(device, is_yes)
    assert (shop.spoken(), shop.allows("advertising")) == ([("given", "advertising"), ("withdrawn", "advertising")], False)
    shop.prefer("phone", True)
    assert shop.allows("advertising")
    shop.assert_sound()


def test_fact_of_a_banner_comes_before_its_event_and_keeps_what_shows_it() -> None:
    shop = site()
    shop.see("laptop", categoryPreferences={"Advertising": True, "Analytics": False}, tcString=TC_STRING)
    told = [one for one in shop.facts() if one.fact.customer]
    assert [one.fact.type for one in told] == ["consent_given", "page_viewed"]
    given, page = told[0].fact, told[1].fact
    assert (given.cause, given.channel, given.touchpoint, given.occurred_at) == (page.fact_id, "web", "banner", page.occurred_at)
    shown = {"Advertising": True, "tcf.3": True, "tcf.4": True}
    memory: Any = shop.log
    parts = {one.position: one.personal for one in memory.facts}
    assert parts[told[0].position] == {"properties": {"evidence": {"categories": shown, "tc_string": TC_STRING}}}


def test_what_the_event_says_in_words_is_not_answered_by_its_own_banner() -> None:
    shop = site()
    shop.see("laptop", event="Consent Given", properties={"purpose": "advertising"}, categoryPreferences={"Advertising": False})
    assert (shop.spoken(), shop.allows("advertising")) == ([("given", "advertising")], True)


def test_banner_says_nothing_against_an_objection() -> None:
    shop = site()
    shop.see("laptop", event="Consent Withdrawn", properties={"purpose": "marketing", "objection": True})
    shop.prefer("laptop", True)
    assert (shop.spoken(), shop.allows("advertising")) == ([("withdrawn", "marketing")], False)


def test_banner_of_somebody_who_is_not_known_yet_follows_them_when_they_are() -> None:
    shop = site()
    shop.prefer("laptop", True, user="")
    shop.hear([{"type": "identify", "messageId": "who", "anonymousId": "laptop", "userId": "maja"}])
    shop.work()
    shop.prefer("laptop", True)
    assert (shop.spoken(), shop.allows("advertising")) == ([("given", "advertising")], True)


def test_the_same_message_again_says_nothing_again() -> None:
    shop = site()
    message = {"type": "page", "messageId": "1", "anonymousId": "laptop", "context": {"consent": {"categoryPreferences": {"Advertising": True}}}}
    shop.hear([message, message])
    shop.restart()
    shop.hear([message])
    shop.work()
    assert shop.spoken() == [("given", "advertising")]


def test_context_that_is_no_banner_changes_nothing() -> None:
    shop = site()
    for consent in ({"categoryPreferences": "all"}, {"categoryPreferences": {"Advertising": "no", "Unknown": False}}, {"tcString": "C"}):
        shop.see("laptop", **consent)
    assert shop.spoken() == []
