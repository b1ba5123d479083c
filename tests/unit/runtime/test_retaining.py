"""What leaves by the shop's rule, and what does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes.joining import act
from fakes.shop import CURRENCY, FIRST_POLICY, ZONE, Shop, memory_shop, sqlite_shop
from omtanke.engine.consent import may
from omtanke.engine.policy import read_policy
from omtanke.engine.promises.ledger import BROKEN
from omtanke.runtime import retaining, work
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.runtime.work import Worker
from omtanke.storage.condensing import Retained
from omtanke.storage.databases import open_database
from omtanke.storage.memory import MemoryLog
from omtanke.storage.sql_log import SqlLog
from omtanke.vocabulary.identity import LinkConfirmed, SplitRequested
from omtanke.vocabulary.retention import HistoryCondensed
from omtanke.vocabulary.rights import ProcessingRestricted, RightsAnswered
from omtanke.vocabulary.time import DAY

MONTH = 31 * DAY


def policy(texts: int = 0, history: int = 0, customers: int = 0) -> str:
    text = FIRST_POLICY.replace("texts_months = 0 ", f"texts_months = {texts} ").replace("history_months = 0 ", f"history_months = {history} ")
    return text.replace("customers_months = 0 ", f"customers_months = {customers} ")


@pytest.fixture(params=["memory", "sqlite"])
def shop_of(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Shop]:
    return lambda text: memory_shop(policy=text) if request.param == "memory" else sqlite_shop(tmp_path, policy=text)


def say(shop: Shop, event: str, who: dict[str, Any] | None = None, **properties: Any) -> None:
    shop.told += 1
    shop.hear([{"type": "track", "event": event, "messageId": str(shop.told), "properties": properties, **(who or {"userId": "u1"})}])
    shop.work()


def identify(shop: Shop, **message: Any) -> None:
    shop.told += 1
    shop.hear([{"type": "identify", "messageId": str(shop.told), **message}])
    shop.work()


def types(shop: Shop, customer: int = 1) -> list[str]:
    return [one.fact.type for one in shop.facts() if one.fact.customer == customer]


def texts(shop: Shop) -> int:
    if isinstance(shop.log, SqlLog):
        return int(shop.log.connection.execute("SELECT count(*) FROM personal").fetchone()[0])
    assert isinstance(shop.log, MemoryLog)
    return sum(bool(one.personal) for one in shop.log.facts)


def pass_on(shop: Shop, days: int) -> None:
    """Days go by; of the last fact of all the log lets nothing go, so somebody else is heard of."""
    shop.wait(days * DAY)
    shop.work()
    say(shop, "Page Viewed", {"userId": "somebody else"})
    shop.wait(DAY)
    shop.work()


def sound(shop: Shop) -> None:
    checked = shop.check()
    assert checked.is_clean, [one.what for one in checked.differences]


def deliver(shop: Shop, order: str, until: str) -> None:
    say(shop, "Order Completed", order_id=order, total="100", promises=[{"kind": "delivery", "until": until, "words": "Hos dig till helgen"}])
    say(shop, "Shipment Delivered", order_id=order)


def test_nothing_leaves_without_a_rule(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(FIRST_POLICY)
    deliver(shop, "o1", "2026-12-05")
    shop.wait(3_000 * DAY)
    shop.work()
    assert "order_completed" in types(shop)
    assert shop.log.retained() == Retained()


def test_old_history_becomes_one_fact_and_who_they_are_stays(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=12))
    identify(shop, userId="u1", traits={"email": "ebba@example.org"})
    say(shop, "Consent Given", purpose="marketing")
    deliver(shop, "o1", "2026-12-05")
    facts = shop.states()[1].facts
    shop.wait(300 * DAY)
    shop.work()
    assert "history_condensed" not in types(shop)
    say(shop, "Page Viewed")
    pass_on(shop, 70)
    assert types(shop) == ["customer_identified", "consent_given", "history_condensed", "page_viewed"]
    assert shop.states()[1].facts >= facts
    assert shop.states()[1].consent.said
    assert shop.log.retained().facts > 3
    sound(shop)


def test_what_is_open_stays(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=1))
    say(shop, "Order Completed", order_id="o1", promises=[{"kind": "delivery", "until": "2030-01-01"}])
    say(shop, "Case Opened", case_id="c1", promises=[{"kind": "reply", "until": "2026-12-01"}])
    pass_on(shop, 100)
    (state,) = (state for person, state in shop.states().items() if person == 1)
    assert [promise.kind for promise in state.promises.promises.values()] == ["delivery"]
    assert len(state.tasks.tasks) == 1
    say(shop, "Shipment Delivered", order_id="o1")
    assert types(shop)[-1] in ("promise_exceeded", "survey_withheld")
    sound(shop)


def test_late_evidence_straddling_the_edge_is_waited_for(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=1))
    say(shop, "Order Completed", order_id="o1", promises=[{"kind": "delivery", "until": "2026-12-01"}])
    shop.wait(29 * DAY)
    say(shop, "Shipment Delivered", order_id="o1")
    assert [p.status for p in shop.states()[1].promises.promises.values()] == [BROKEN]
    shop.wait(20 * DAY)
    shop.work()
    sound(shop)
    pass_on(shop, 40)
    assert types(shop) == ["history_condensed"]
    assert not shop.states()[1].promises.promises
    sound(shop)


def test_condensed_again_it_stays_one(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=1))
    for n in range(6):
        deliver(shop, f"o{n}", "2030-01-01")
        pass_on(shop, 40)
        sound(shop)
    (kept,) = (one for one in shop.facts() if one.fact.type == "history_condensed" and one.fact.customer == 1)
    assert isinstance(kept.fact.body, HistoryCondensed)
    assert kept.fact.body.facts > 12
    assert kept.position == 2


def test_parted_afterwards_each_has_their_own(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=1))
    phone = {"anonymousId": "phone"}
    say(shop, "Order Completed", order_id="o1", promises=[{"kind": "delivery", "until": "2030-01-01"}])
    say(shop, "Order Completed", phone, order_id="o2", promises=[{"kind": "delivery", "until": "2031-01-01"}])
    identify(shop, userId="u1", **phone)
    shop.wait(60 * DAY)
    shop.work()
    assert len(shop.states()) == 1
    assert len([one for one in shop.facts() if one.fact.type == "history_condensed"]) == 2
    (link,) = (one for one in shop.log.links_of(shop.log.customers_of(1)) if one.status == "made")
    act(shop, "split", SplitRequested, link.one, one=link.one, two=link.two)
    shop.work()
    owed = {person: [p.until_at for p in state.promises.promises.values()] for person, state in shop.states().items()}
    assert sorted(len(promises) for promises in owed.values()) == [1, 1]
    sound(shop)


def test_two_condensed_histories_become_one(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=1))
    phone = {"anonymousId": "phone"}
    say(shop, "Order Completed", order_id="o1", promises=[{"kind": "delivery", "until": "2030-01-01"}])
    say(shop, "Order Completed", phone, order_id="o2", promises=[{"kind": "delivery", "until": "2031-01-01"}])
    shop.wait(60 * DAY)
    shop.work()
    assert len(shop.states()) == 2
    identify(shop, userId="u1", **phone)
    (state,) = shop.states().values()
    assert len(state.promises.promises) == 2
    sound(shop)


def test_objection_that_was_asked_for_outlives_its_request_with_whom_it_is_of(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=1))
    two = {"userId": "u2"}
    for who in ({"userId": "u1"}, two):
        say(shop, "Consent Given", who, purpose="marketing")
    say(shop, "Rights Requested", two, right="objection")
    (number,) = shop.log.requests_of([2])
    act(shop, "answer", RightsAnswered, 2, promise=number, outcome="done")
    act(shop, "same", LinkConfirmed, 1, other=2)
    say(shop, "Page Viewed")
    say(shop, "Page Viewed", two)
    pass_on(shop, 60)
    pass_on(shop, 60)
    assert ("rights_requested" in types(shop, 2), shop.log.requests_of([1, 2])) == (False, {})
    assert allows(shop, 1) == [False, False, False]
    act(shop, "split", SplitRequested, 1, one=1, two=2)
    shop.work()
    assert (allows(shop, 1), allows(shop, 2)) == ([True, True, True], [False, False, False])
    sound(shop)


def allows(shop: Shop, person: int) -> list[bool]:
    """Whether marketing may reach them, as each family that asks for it knows."""
    state = shop.states()[person]
    known = (state.consent, state.plays.contact.allows)
    surveys = state.surveys.allows.objection is None
    return [surveys, *(may(one, "marketing", "mail", read_policy(FIRST_POLICY, 1)).is_allowed for one in known)]


def test_restricted_data_and_those_asked_for_stay(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(texts=1, history=1, customers=1))
    deliver(shop, "o1", "2026-12-05")
    OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock).put(ProcessingRestricted, "r", 1, {"staff": 1, "why": "accuracy"})
    say(shop, "Order Completed", {"userId": "u2"}, order_id="o2")
    say(shop, "Rights Requested", {"userId": "u2"}, right="access")
    shop.wait(60 * DAY)
    before = shop.facts()[:5]
    shop.work()
    assert shop.facts()[:5] == before
    assert shop.log.retained().kept_back >= 1
    sound(shop)


def test_texts_leave_and_the_facts_stay(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(texts=1))
    identify(shop, userId="u1", traits={"name": "Ebba"})
    deliver(shop, "o1", "2026-12-05")
    before, told = shop.facts(), texts(shop)
    shop.wait(60 * DAY)
    shop.work()
    assert shop.facts()[: len(before)] == before
    assert (told, texts(shop)) == (3, 1)
    assert shop.log.retained().texts == 2
    sound(shop)


def test_whoever_has_not_been_heard_of_is_erased_unless_something_is_owed(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(customers=2))
    identify(shop, userId="u1", traits={"name": "Ebba"})
    identify(shop, userId="u2", traits={"name": "Signe"})
    say(shop, "Order Completed", {"userId": "u2"}, order_id="o2", promises=[{"kind": "delivery", "until": "2030-01-01"}])
    identify(shop, userId="u3", traits={"name": "Maj"})
    shop.wait(50 * DAY)
    say(shop, "Order Completed", {"userId": "u3"}, order_id="o3")
    shop.wait(15 * DAY)
    shop.work()
    assert [shop.log.is_erased(customer) for customer in (1, 2, 3)] == [True, False, False]
    assert types(shop) == ["customer_identified", "erasure_requested", "customer_erased"]
    assert shop.log.retained().customers == 1
    shop.wait(5 * DAY)
    shop.work()
    assert types(shop)[-1] == "customer_erased"
    sound(shop)


def test_it_is_looked_at_once_a_day_and_when_the_rule_changes(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=2))
    deliver(shop, "o1", "2026-12-05")
    shop.wait(40 * DAY)
    shop.work()
    at = shop.log.retained().at
    shop.wait(DAY // 2)
    shop.work()
    assert shop.log.retained().at == at
    shop.change_policy(policy(history=1))
    shop.work()
    assert shop.log.retained().at == shop.clock
    assert "history_condensed" in types(shop)
    sound(shop)


def test_a_late_message_about_what_was_condensed_is_taken(shop_of: Callable[[str], Shop]) -> None:
    shop = shop_of(policy(history=1))
    deliver(shop, "o1", "2026-12-05")
    pass_on(shop, 70)
    assert types(shop) == ["history_condensed"]
    say(shop, "Shipment Delivered", order_id="o1")
    say(shop, "Order Cancelled", order_id="o1")
    sound(shop)


def test_two_workers_condense_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "BESIDE_SECONDS", 0)
    monkeypatch.setattr(retaining, "FACTS_AT_ONCE", 20)
    shop = sqlite_shop(tmp_path, policy=FIRST_POLICY)
    for n in range(30):
        say(shop, "Order Completed", {"userId": f"u{n}"}, order_id=f"o{n}", promises=[{"kind": "delivery", "until": "2026-12-05"}])
    pass_on(shop, 60)
    shop.change_policy(policy(history=1))
    one, two = shop.worker, Worker(shop.inbox, SqlLog(open_database(tmp_path, "log")), shop.keys, shop.worker.policy)
    while not all([one.work(shop.clock).was_idle, two.work(shop.clock).was_idle]):
        pass
    assert len([None for logged in shop.facts() if logged.fact.type == "history_condensed"]) == 30
    sound(shop)


def test_a_state_that_another_engine_has_stored_hinders_nothing(tmp_path: Path) -> None:
    shop = sqlite_shop(tmp_path, policy=policy(history=1, customers=2))
    identify(shop, userId="u1", traits={"name": "Ebba"})
    deliver(shop, "o1", "2026-12-05")
    pass_on(shop, 40)
    assert isinstance(shop.log, SqlLog)
    shop.log.connection.execute("UPDATE snapshot SET schema_hash = x'00'")
    shop.restart()
    pass_on(shop, 40)
    assert shop.log.is_erased(1)
    sound(shop)
