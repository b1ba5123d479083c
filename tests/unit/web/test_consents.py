"""What a customer allows, on their page: said in plain words, recorded on their word, and hidden from those who may not see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fakes.living import MAJA, Living
from omtanke.storage.rights import RightsPages
from omtanke.web.shop import Shop, shop
from unit.web.test_acting import do, filled, saturday

if TYPE_CHECKING:
    from django.test import Client

__all__ = ["saturday"]
WORDS = "Får vi skriva till dig om skor?"


@pytest.fixture
def maja(saturday: Living) -> int:
    """Maja, who has said one thing and another."""
    saturday.hear(MAJA, "Consent Given", purpose="marketing", for_channel="mail", words=WORDS)
    saturday.hear(MAJA, "Consent Withdrawn", purpose="recognition")
    saturday.work()
    return shop().pages.by_name("maja", 1)[0].person


def part(client: Client, person: int, language: str = "en") -> str:
    """The part of the page, without what is not text."""
    html = client.get(f"/customers/{person}/", headers={"accept-language": language}).content.decode()
    (found,) = re.findall(r'<div class="figure" id="consents".*?</div>', html, re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


def record(lead: Client, person: int, **said: str) -> Any:
    return do(lead, "consent", person, **{"purpose": "marketing", "words": "På telefon", **said})


ENGLISH = ("News and offers : not without a yes; e-mail yes since today, web", WORDS, "Being recognised : no since today, web", "yes, until they say no")
SWEDISH = ("Nyheter och erbjudanden : inte utan ett ja; e-post ja sedan i dag, webb", WORDS, "Att bli igenkänd : nej sedan i dag", "ja, tills de säger nej")


@pytest.mark.parametrize(("language", "said"), [("en", ENGLISH), ("sv", SWEDISH)])
def test_page_says_each_purpose_in_plain_words(lead: Client, maja: int, language: str, said: tuple[str, ...]) -> None:
    text = part(lead, maja, language)
    assert [words for words in said if words not in text] == [], text


def test_everything_that_was_said_stands_with_its_sender_and_place(lead: Client, maja: int) -> None:
    record(lead, maja, answer="no", words="Ring mig inte om rea")
    text = part(lead, maja)
    ledger = text[text.index("Everything they have said of it") :]
    assert ledger.index("Said no to news and offers “Ring mig inte om rea” recorded by") < ledger.index("Said no to being recognised web, ")
    assert f"Said yes to news and offers “{WORDS}” e-mail web, " in ledger
    assert ledger.count("; told by door") == 2


def test_no_on_the_telephone_is_a_fact_with_who_recorded_it(lead: Client, saturday: Living, maja: int) -> None:
    assert record(lead, maja, answer="no").headers["Location"] == f"/customers/{maja}/?saved=now"
    fact = saturday.facts("consent_withdrawn")[-1]
    body: Any = fact.body
    assert (body.purpose, body.for_channel, body.is_objection, fact.channel, fact.touchpoint) == ("marketing", "", False, "phone", "console")
    assert body.staff
    assert "News and offers : no since today" in part(lead, maja)


def test_objection_stands_on_top_and_a_yes_is_overruled_until_it_is_lifted(lead: Client, saturday: Living, maja: int) -> None:
    record(lead, maja, answer="objection")
    assert "Has objected to direct marketing, since today" in part(lead, maja)
    record(lead, maja, answer="yes")
    assert [one.type for one in saturday.facts("consent_overruled")] == ["consent_overruled"]
    html = lead.get(f"/customers/{maja}/").content.decode()
    assert "The yes to news and offers changes nothing: the objection to direct marketing stands" in html
    saturday.now += 60_000_000
    record(lead, maja, answer="lifting")
    text = part(lead, maja)
    assert ("except for what they have said yes to since then" in text, "News and offers : yes since today" in text) == (True, True)
    assert "Our advertisements elsewhere : no: objected to direct marketing" in text


def test_right_to_object_that_is_asked_for_stands_among_what_was_said(lead: Client, saturday: Living, maja: int) -> None:
    record(lead, maja, answer="yes")
    form = filled(lead, f"/rights/request/{maja}/", right="objection", text="Sluta.")
    assert lead.post(f"/rights/request/{maja}/", form).status_code == 302
    text = part(lead, maja)
    assert ("Has objected to direct marketing, since today" in text, "Asked for that we stop something we do with their data" in text) == (True, True)
    (asked,) = RightsPages(shop().pages).open_requests()
    for address in ("/rights/", f"/rights/customers/{maja}/"):
        assert "An objection to direct marketing, which counts at once." in lead.get(address).content.decode()
    answer = lead.get(f"/rights/answer/{asked.promise}/").content.decode()
    assert "Direct marketing has stopped by that already, whatever we answer about the rest." in answer


def test_a_copy_that_was_asked_for_says_nothing_of_consent(lead: Client, saturday: Living, maja: int) -> None:
    before = part(lead, maja)
    assert lead.post(f"/rights/request/{maja}/", filled(lead, f"/rights/request/{maja}/", right="access")).status_code == 302
    assert part(lead, maja) == before


def test_form_has_to_be_answered_in_words(lead: Client, saturday: Living, maja: int) -> None:
    for said in ({"answer": "no", "words": ""}, {"answer": ""}, {"answer": "lifting"}, {"answer": "no", "purpose": "world domination"}):
        assert record(lead, maja, **said).status_code == 422
    assert len(saturday.facts("consent_withdrawn")) == 1


def test_form_sent_twice_records_once(lead: Client, saturday: Living, maja: int) -> None:
    from unit.web.test_acting import filled

    address = f"/act/consent/{maja}/"
    form = filled(lead, address, answer="no", purpose="surveys", words="Nej tack")
    assert [lead.post(address, form).status_code for _ in range(2)] == [302, 302]
    assert len(saturday.facts("consent_withdrawn")) == 2


@pytest.fixture
def analyst(visitor: Client) -> Iterator[Client]:
    from omtanke.web.accounts.models import Role, Staff

    one = Staff.objects.filter(email="ana@demo.example").first() or Staff.objects.create_staff("ana@demo.example", "Ana", Role.ANALYST)
    visitor.force_login(one)
    yield visitor


def test_who_may_not_see_customers_sees_nothing_of_it(analyst: Client, maja: int) -> None:
    answers = [analyst.get(address) for address in (f"/customers/{maja}/", f"/act/consent/{maja}/")]
    assert [one.status_code for one in answers] == [403, 403]
    assert [one for one in answers if WORDS in one.content.decode() or "recognised" in one.content.decode()] == []


def test_without_names_the_words_are_gone(maja: int) -> None:
    from omtanke.web.nameless import nameless

    told = {bool(fact.personal) for fact in shop().pages.consent_facts(maja)}, {bool(fact.personal) for fact in nameless(shop().pages).consent_facts(maja)}
    assert told == ({True}, {False})


def test_shop_of_the_demo_shows_what_its_customers_have_said(lead: Client, here: Shop, data: Path) -> None:
    from contextlib import closing

    from omtanke.storage.sqlite import connect

    with closing(connect(data / "log.db", read_only=True)) as log:
        (person,) = log.execute("SELECT c.person FROM fact JOIN customer AS c USING (customer) WHERE type = 'consent_given' LIMIT 1").fetchone()
    assert "since" in part(lead, person)
    assert "Record what they say" not in part(lead, person)
