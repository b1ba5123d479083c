"""My page: what is theirs and of nobody else, what they choose, and whom a link lets in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from fakes.evening import AISHA, AISHAS, LIV, MAJA, Evening
from omtanke.runtime.customer_links import LASTS, MY_PAGE, RESUME, UNSUBSCRIBE, path_of
from omtanke.runtime.preferences import Preferences, preferences_of
from omtanke.storage.pages import Pages
from omtanke.vocabulary.time import MINUTE
from omtanke.web.shop import Shop, shop
from unit.web.customer_pages import STORED, filled, heading, key_on, text_of

if TYPE_CHECKING:
    from django.test import Client

HEADERS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex", "Cache-Control": "no-store", "Content-Language": "sv"}


def told(evening: Evening) -> int:
    """How many facts there are of all that these pages can say."""
    return sum(len(evening.facts(type_)) for type_ in STORED)


def test_page_shows_what_is_theirs_in_their_language_and_nothing_of_others(guest: Client, evening: Evening) -> None:
    response = guest.get(evening.link(MY_PAGE))
    page, text = response.content.decode(), text_of(response)
    assert heading(response) == "Hej Maja. Det här har vi lovat dig."
    assert [said for said in ("Löparskor, order 10482", "”Hos dig torsdag”", "Regnjacka", "Löparstrumpor, 38–40 × 2", "298 kr") if said not in text] == []
    assert 'aria-label="Lovat senast torsdag. 2 dagar kvar."' in page
    assert "Nyheter och erbjudanden Ja, med e-post, sedan lördag" in text
    assert "Du sa ja till nyheter och erbjudanden (e-post) ”Ja, skriv gärna till mig”" in text
    assert [said for said in (*AISHAS, "maja@example.com", "0701740605", "740 60", "Umeå") if said in page] == []
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert ("<script" in page, response.cookies.output()) == (False, "")


def test_who_waits_is_told_so_and_is_not_spoken_of(guest: Client, evening: Evening) -> None:
    response = guest.get(evening.link(MY_PAGE, LIV), headers={"accept-language": "sv"})
    assert heading(response) == "Hello Liv. You are waiting for something that we have promised. We are sorry."
    assert ("We broke it, and you have waited 33 hours since." in text_of(response), "customer" in response.content.decode()) == (True, False)


def test_link_lets_in_only_where_it_was_made_for(guest: Client, evening: Evening) -> None:
    mine, purposes = evening.link(MY_PAGE), (MY_PAGE, UNSUBSCRIBE, RESUME)
    found = {(made, used): guest.get(evening.link(made).replace(f"/{made}/", f"/{used}/")).status_code for made in purposes for used in purposes}
    assert {pair for pair, status in found.items() if status == 200} == {(one, one) for one in purposes}
    whose = path_of(evening.folder.keys, MY_PAGE, evening.customer(AISHA), evening.now)
    tampered = [mine[:-2], mine[:-6] + "AAAAAA", whose[:15] + mine[15:], "/me/x", "/me/å", path_of(evening.folder.keys, MY_PAGE, 10_000, evening.now)]
    responses = [guest.get(one) for one in tampered]
    assert [one.status_code for one in responses] == [404] * len(tampered)
    assert "There is a new one in every message from us" in text_of(responses[0])
    old = guest.get(evening.link(MY_PAGE, at=evening.now - LASTS[MY_PAGE]))
    assert (old.status_code, heading(old), "Löparskor" in text_of(old)) == (410, "This link has grown too old.", False)


def test_what_is_chosen_is_saved_once_and_stands_on_the_page(guest: Client, evening: Evening) -> None:
    link = evening.link(MY_PAGE)
    before = filled(guest.get(link).content.decode())
    expected = {
        "channels": ["mail", "sms"],
        "subjects": ["cart"],
        "frequency": "as_usual",
        "quiet_from": "21.00",
        "quiet_until": "08.00",
        "pause": "none",
        "language": "sv",
    }
    assert {name: before[name] for name in expected} == expected
    wanted = before | {"channels": ["mail"], "frequency": "weekly", "quiet_from": "20.00", "pause": "month", "language": "en"}
    for _ in range(2):
        assert guest.post(link, wanted).headers["Location"] == f"{link}?saved=now"
    facts: Any = evening.facts("preference_changed")
    assert {(one.body.preference, one.body.for_channel, one.body.chosen, one.channel, one.touchpoint) for one in facts} == {
        ("channel", "sms", "off", "web", "my_page"),
        ("frequency", "", "weekly", "web", "my_page"),
        ("quiet_hours", "", "20.00-08.00", "web", "my_page"),
        ("pause", "", "2026-12-24", "web", "my_page"),
        ("language", "", "en", "web", "my_page"),
    }
    after = guest.get(f"{link}?saved=now")
    again = filled(after.content.decode())
    assert (len(facts), again["channels"], again["frequency"], again["pause"], again["language"]) == (5, ["mail"], "weekly", "keep", "en")
    assert heading(after) == "Hello Maja. This is what we have promised you." and "Saved." in text_of(after)
    assert (guest.post(link, again).status_code, len(evening.facts("preference_changed"))) == (302, 5)


def test_subject_is_left_out_and_taken_back_and_said_in_words(guest: Client, evening: Evening) -> None:
    link = evening.link(MY_PAGE)
    assert "Om vad Påminnelser om en varukorg" in text_of(guest.get(link))
    found = []
    for subjects in ([], ["cart"]):
        evening.now += MINUTE
        assert guest.post(link, filled(guest.get(link).content.decode()) | {"subjects": subjects}).status_code == 302
        found.append((filled(guest.get(link).content.decode())["subjects"], preferences_of(shop().pages, evening.customer(MAJA)).left_out))
    assert found == [([], ("cart",)), (["cart"], ())]
    facts: Any = evening.facts("preference_changed")
    assert [(one.body.preference, one.body.chosen) for one in facts] == [("subject.cart", "off"), ("subject.cart", "on")]


def test_preferences_are_the_same_from_the_state_and_from_the_facts(guest: Client, evening: Evening) -> None:
    link = evening.link(MY_PAGE)
    guest.post(link, filled(guest.get(link).content.decode()) | {"channels": [], "quiet_until": "10.00", "pause": "month", "language": "en"})
    pages, person = shop().pages, evening.customer(MAJA)

    class Unread(Pages):
        """The state was written by another version."""

        def consent_state(self, person: int) -> tuple[bytes, bytes] | None:
            return b"of another version", b""

    said = preferences_of(pages, person)
    assert (said.off, said.quiet, str(said.pause_until), said.language) == (("mail", "sms"), (21 * 60, 10 * 60), "2026-12-24", "en")
    other = Unread(evening.folder.path)
    assert (preferences_of(other, person), preferences_of(other, evening.customer(AISHA))) == (said, Preferences())
    other.close()


def test_no_and_yes_are_one_press_each_and_kept_with_their_words(guest: Client, evening: Evening) -> None:
    link = evening.link(MY_PAGE)
    for wish, stands in (("marketing:no", "Nyheter och erbjudanden Nej, sedan i dag"), ("marketing:yes", "Nyheter och erbjudanden Ja, sedan i dag")):
        evening.now += MINUTE
        key = key_on(guest.get(link).content.decode())
        for _ in range(2):
            assert guest.post(link, {"wish": wish, "key": key}).status_code == 302
        assert stands in text_of(guest.get(link))
    text = text_of(guest.get(link))
    words = ("”Ja, skicka nyheter och erbjudanden” webb, mina sidor", "”Inga fler nyheter och erbjudanden, tack”", "”Ja, skriv gärna till mig”")
    assert sorted(words, key=text.index) == list(words)
    assert [len(evening.facts(type_)) for type_ in ("consent_withdrawn", "consent_given")] == [1, 2]


def test_yes_after_an_objection_says_that_it_lifts_it(guest: Client, evening: Evening) -> None:
    evening.now += MINUTE
    evening.hear(MAJA, "Consent Withdrawn", purpose="marketing", objection=True)
    evening.work()
    evening.now += MINUTE
    link = evening.link(MY_PAGE)
    before = guest.get(link)
    assert "Nej, liksom till all direktreklam, sedan i dag" in text_of(before)
    guest.post(link, {"wish": "marketing:yes", "key": key_on(before.content.decode())})
    given: Any = evening.facts("consent_given")[-1].body
    assert (given.lifts_objection, "Nyheter och erbjudanden Ja, sedan i dag" in text_of(guest.get(link))) == (True, True)


def test_only_what_makes_sense_and_is_sent_changes_anything(guest: Client, evening: Evening) -> None:
    link, before = evening.link(MY_PAGE), told(evening)
    form = filled(guest.get(f"{link}?wish=marketing:no&frequency=weekly").content.decode())
    wrong = ({"wish": "marketing:no"}, {"wish": "recognition:no", "key": form["key"]}, form | {"frequency": "hourly"}, form | {"channels": ["letter"]}, {})
    assert [guest.post(link, one).status_code for one in wrong] == [400] * 5
    assert (guest.put(link).status_code, told(evening)) == (405, before)


def test_page_of_somebody_erased_says_that_nothing_is_known(lead: Client, guest: Client, evening: Evening) -> None:
    links = [evening.link(purpose) for purpose in (MY_PAGE, UNSUBSCRIBE, RESUME)]
    person = evening.customer(MAJA)
    lead.post(f"/customers/{person}/erase/", {"sure": "on"})
    deadline = time.monotonic() + 10
    while guest.get(links[0]).status_code == 200 and "Maja" in heading(guest.get(links[0])) and time.monotonic() < deadline:
        time.sleep(0.01)
    responses = [*(guest.get(one) for one in links), guest.post(links[0], {"wish": "marketing:no", "key": "k" * 12})]
    one_click = guest.post(links[1], {"List-Unsubscribe": "One-Click"})
    assert {(one.status_code, heading(one)) for one in (*responses, one_click)} == {(200, "We know nothing of you any more.")}
    evening.work()
    assert (evening.facts("consent_withdrawn"), evening.facts("link_opened")) == ([], [])


def test_data_that_have_ended_are_looked_at_and_not_spoken_in(guest: Client, here: Shop) -> None:
    person = here.pages.by_name("a", 1)[0].person
    link = path_of(here.keys, MY_PAGE, person, here.clock.now())
    page = guest.get(link).content.decode()
    sent = filled(page) | {"frequency": "monthly"}
    response = guest.post(link, sent)
    assert (response.status_code, filled(response.content.decode())) == (503, sent)
    assert "live" not in {one.mode for one in here.pages.sources()}


def test_who_has_become_one_person_sees_the_whole_by_either_link(guest: Client, evening: Evening) -> None:
    links = [evening.link(MY_PAGE, user) for user in (MAJA, AISHA)]
    for user in (MAJA, AISHA):
        evening.hear_of(user, {"externalIds": [{"type": "crm", "id": "7"}]})
    evening.work()
    assert [[said in text_of(guest.get(link)) for said in ("Löparskor", "Vinterjacka")] for link in links] == [[True, True]] * 2
