"""Rights as the worker stores them: requests, restrictions, corrections, and that a check finds nothing to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fakes.shop import CURRENCY, KEYS, ZONE, Shop, memory_shop, sqlite_shop
from fakes.story import at
from omtanke.learning.links.fields import comparable
from omtanke.runtime.erase import erasure_key
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.corrections import Corrected, put_right
from omtanke.storage.memory import MemoryLog
from omtanke.storage.pages import Pages
from omtanke.storage.rights import RightsPages
from omtanke.storage.sql_log import SqlLog
from omtanke.storage.tellings import Tellings
from omtanke.vocabulary.erasure import ErasureRequested
from omtanke.vocabulary.rights import DetailsCorrected, ProcessingRestricted, RestrictionLifted, RightsAnswered, RightsRequested
from omtanke.vocabulary.time import DAY, MINUTE

WRONG = {"name": "Maja Lnd", "email": "maja@fel.example", "phone": "070-111 11 11", "city": "Umeå"}


def identify(user: str, number: str, **traits: str) -> dict[str, Any]:
    return {"type": "identify", "messageId": f"{user}-{number}", "userId": user, "traits": traits}


def opened(shop: Shop) -> tuple[Shop, OwnSource]:
    """Two customers, 1 and 2."""
    shop.hear([identify("maja", "1", **WRONG), identify("moa", "1", name="Moa Ek", email="moa@ek.example")])
    shop.work()
    return shop, OwnSource(shop.inbox, CONSOLE, ZONE, CURRENCY, lambda: shop.clock)


def corrected(folder: Path, **said: str) -> tuple[Shop, Pages]:
    shop, console = opened(sqlite_shop(folder))
    console.put(DetailsCorrected, "form 1", 1, {"staff": 7, "corrected": list(said), **said})
    shop.work()
    return shop, Pages(folder)


def test_request_stands_with_its_promise_until_it_is_answered() -> None:
    shop, console = opened(memory_shop())
    console.put(RightsRequested, "form 1", 1, {"staff": 7, "right": "erasure", "text": "Glöm mig."})
    shop.work()
    assert isinstance(shop.log, MemoryLog)
    ((number, request),) = shop.log.requests_of([1]).items()
    assert (number in shop.log.promises, request.right, request.until_at) == (True, "erasure", at("2026-12-31 00:00"))
    console.put(RightsAnswered, "form 2", 1, {"staff": 7, "promise": number, "outcome": "refused", "words": "Bokföringslagen."})
    shop.work()
    assert shop.log.requests_of([1])[number].outcome == "refused"
    shop.assert_sound()


def test_whoever_was_erased_before_that_answered_their_request_waits_for_nothing(tmp_path: Path) -> None:
    shop, console = opened(sqlite_shop(tmp_path))
    for customer in (1, 2):
        console.put(RightsRequested, f"form {customer}", customer, {"staff": 7, "right": "erasure"})
    console.put(ErasureRequested, erasure_key(1), 1, {"staff": 7})
    shop.work()
    assert isinstance(shop.log, SqlLog)
    shop.log.connection.execute("UPDATE request SET answered_at = 0, outcome = ''")
    pages = Pages(tmp_path)
    assert [one.customer for one in RightsPages(pages).open_requests()] == [2]
    pages.close()


def test_request_comes_in_at_the_door_too() -> None:
    shop, _ = opened(memory_shop())
    said = {"type": "track", "event": "Rights Requested", "messageId": "r", "userId": "maja", "properties": {"right": "access", "text": "Allt, tack."}}
    shop.hear([said])
    shop.work()
    (request,) = shop.log.requests_of([1]).values()
    assert (request.right, shop.log.requests_of([2])) == ("access", {})
    shop.assert_sound()


@pytest.mark.parametrize("field", ["staff", "promise"])
def test_door_takes_no_answer_and_no_staff(field: str) -> None:
    shop, _ = opened(memory_shop())
    event = "Rights Requested" if field == "staff" else "Rights Answered"
    shop.hear([{"type": "track", "event": event, "messageId": "r", "userId": "maja", "properties": {"right": "access", "outcome": "done", field: 1}}])
    shop.work()
    assert isinstance(shop.log, MemoryLog)
    assert len(shop.log.refusals) == 1


def test_answer_to_somebody_elses_request_is_refused() -> None:
    shop, console = opened(memory_shop())
    console.put(RightsRequested, "form 1", 1, {"staff": 7, "right": "access"})
    shop.work()
    (number,) = shop.log.requests_of([1])
    console.put(RightsAnswered, "form 2", 2, {"staff": 7, "promise": number, "outcome": "done"})
    shop.work()
    assert isinstance(shop.log, MemoryLog)
    assert [one.path for one in shop.log.refusals] == ["properties.promise"]


def test_unanswered_request_is_broken_after_the_month(tmp_path: Path) -> None:
    shop, console = opened(sqlite_shop(tmp_path))
    console.put(RightsRequested, "form 1", 1, {"staff": 7, "right": "access"})
    shop.work()
    shop.wait(40 * DAY)
    shop.work()
    assert "promise_broken" in shop.decided()
    shop.assert_sound()


def test_restriction_stands_until_it_is_lifted_also_for_who_becomes_the_same_person(tmp_path: Path) -> None:
    shop, console = opened(sqlite_shop(tmp_path))
    console.put(ProcessingRestricted, "form 1", 2, {"staff": 7, "why": "accuracy"})
    shop.work()
    restricted_at = shop.log.restricted_at([2])
    assert (restricted_at, shop.log.restricted_at([1])) == (shop.clock, 0)
    shop.hear([{"type": "identify", "messageId": "both", "userId": "maja", "context": {"externalIds": [{"type": "crm", "id": "1"}]}, "traits": {}}])
    shop.hear([{"type": "identify", "messageId": "both2", "userId": "moa", "context": {"externalIds": [{"type": "crm", "id": "1"}]}, "traits": {}}])
    shop.work()
    assert (shop.log.customers_of(1), shop.log.restricted_at([1, 2])) == ([1, 2], restricted_at)
    shop.assert_sound()
    console.put(RestrictionLifted, "form 2", 1, {"staff": 7})
    shop.work()
    assert shop.log.restricted_at([1, 2]) == 0
    shop.assert_sound()


def test_corrected_details_are_shown_and_the_others_stand(tmp_path: Path) -> None:
    shop, pages = corrected(tmp_path, name="Maja Lind", email="Maja@rätt.example")
    (known,) = pages.known([1])
    assert (known.name, known.email, known.phone, known.city) == ("Maja Lind", "Maja@rätt.example", "070-111 11 11", "Umeå")
    assert [one.name for one in pages.by_name("lnd", 5)] == []
    assert [one.name for one in pages.by_name("lind", 5)] == ["Maja Lind"]
    shop.assert_sound()
    pages.close()


def test_old_and_new_address_lead_to_the_person(tmp_path: Path) -> None:
    _, pages = corrected(tmp_path, email="maja@lind.example")
    for address in ("maja@fel.example", "maja@lind.example"):
        assert pages.by_identifier([KEYS.identifier_key("email", address)]) == [1]
    pages.close()


def test_right_address_is_among_the_identifiers_and_the_wrong_one_is_marked(tmp_path: Path) -> None:
    shop, pages = corrected(tmp_path, email="Maja@Lind.example", phone="")
    put_right = shop.log.facts_of([1])[-1].fact.occurred_at
    known = {(one.kind, one.value): one.corrected_at for one in pages.identifiers_of(1, 99)}
    wrong = {("email", WRONG["email"]): put_right, ("phone", WRONG["phone"]): put_right}
    assert known == {("user_id", "maja"): 0, ("email", "maja@lind.example"): 0, **wrong}
    pages.close()


def test_wrong_address_that_is_told_again_stands_again(tmp_path: Path) -> None:
    shop, pages = corrected(tmp_path, email="maja@lind.example")
    shop.wait(MINUTE)
    shop.hear([identify("maja", "2", email=WRONG["email"])])
    shop.work()
    known = {one.value: one.corrected_at for one in pages.identifiers_of(1, 99) if one.kind == "email"}
    assert known == {WRONG["email"]: 0, "maja@lind.example": 0}
    pages.close()


def test_pairs_are_looked_for_by_what_was_put_right(tmp_path: Path) -> None:
    _, pages = corrected(tmp_path, name="Maja Lind", email="maja@lind.example", phone="")
    tellings = Tellings(tmp_path)
    told = dict(tellings.told())
    assert [comparable(1, told[1], "SE").emails, comparable(1, told[1], "SE").phones] == [("maja@lind.example",), ()]
    assert told[1] == [{"city": "Umeå"}, {"name": "Maja Lind", "email": "maja@lind.example"}]
    assert [dict(one.traits) for one in pages.tellings([1])] == told[1]
    tellings.close()
    pages.close()


def test_erased_customer_who_was_put_right_is_nobody_to_look_for(tmp_path: Path) -> None:
    shop, console = opened(sqlite_shop(tmp_path))
    console.put(DetailsCorrected, "form 1", 1, {"staff": 7, "corrected": ["region"], "region": "Skåne"})
    console.put(ErasureRequested, erasure_key(1), 1, {"staff": 7})
    shop.work()
    tellings = Tellings(tmp_path)
    assert [person for person, _ in tellings.told()] == [2]
    tellings.close()


@pytest.mark.parametrize(
    ("address", "left"),
    [({"street": "Storgatan 1", "zip": "90326", "city": "Umeå"}, {"address": {"city": "Umeå"}}), ("Storgatan 1", {})],
)
def test_parts_of_an_address_are_put_right_wherever_they_were_told(address: object, left: dict[str, Any]) -> None:
    right = Corrected(1, 2, {"street": "Lillgatan 2", "postal_code": ""})
    assert put_right([{"address": address}, right]) == [left, {"street": "Lillgatan 2"}]


def test_address_of_somebody_else_stays_theirs(tmp_path: Path) -> None:
    _, pages = corrected(tmp_path, email="moa@ek.example")
    assert pages.by_identifier([KEYS.identifier_key("email", "moa@ek.example")]) == [2]
    pages.close()


def test_detail_that_is_corrected_to_nothing_is_not_known_any_more(tmp_path: Path) -> None:
    _, pages = corrected(tmp_path, phone="")
    (known,) = pages.known([1])
    assert (known.name, known.phone) == ("Maja Lnd", "")
    pages.close()


def test_what_was_told_before_does_not_come_back(tmp_path: Path) -> None:
    shop, pages = corrected(tmp_path, name="Maja Lind")
    past = {"type": "identify", "messageId": "old", "userId": "maja", "timestamp": "2026-01-01T10:00:00+01:00", "traits": WRONG}
    shop.hear([past])
    shop.work()
    assert pages.known([1])[0].name == "Maja Lind"
    pages.close()


def test_what_is_told_after_a_correction_counts_also_when_both_come_at_once(tmp_path: Path) -> None:
    shop, console = opened(sqlite_shop(tmp_path))
    console.put(DetailsCorrected, "form 1", 1, {"staff": 7, "corrected": ["name", "city"], "name": "Maja Lind", "city": "Luleå"})
    shop.wait(MINUTE)
    shop.hear([identify("maja", "2", name="Maja Lindqvist")])
    shop.work()
    pages = Pages(tmp_path)
    assert (pages.known([1])[0].name, pages.known([1])[0].city, pages.by_name("lnd", 1)) == ("Maja Lindqvist", "Luleå", [])
    pages.close()


def test_correction_counts_for_all_who_are_the_person(tmp_path: Path) -> None:
    shop, console = opened(sqlite_shop(tmp_path))
    for user in ("maja", "moa"):
        shop.hear([{"type": "identify", "messageId": f"l{user}", "userId": user, "context": {"externalIds": [{"type": "crm", "id": "1"}]}, "traits": {}}])
    shop.work()
    console.put(DetailsCorrected, "form 1", 2, {"staff": 7, "corrected": ["name"], "name": "Moa Lind"})
    shop.work()
    pages = Pages(tmp_path)
    assert pages.known([1])[0].name == "Moa Lind"
    assert pages.by_name("lnd", 5) == []
    pages.close()
