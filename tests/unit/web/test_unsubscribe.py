"""No more of this: looking stops nothing, one press stops it once, by a mail program too, and what was before can come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fakes.evening import MAJA, Evening
from omtanke.engine.consent import may
from omtanke.runtime.consents import consents_of, policy_in_force
from omtanke.runtime.customer_links import UNSUBSCRIBE
from omtanke.vocabulary.time import MINUTE
from omtanke.web.mypage.saving import SOON, put
from omtanke.web.mypage.stopping import withdrawn as stopping
from omtanke.web.shop import shop
from unit.web.customer_pages import heading, text_of

if TYPE_CHECKING:
    from django.test import Client

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORMS = {"form": "List-Unsubscribe=One-Click", "multipart": ONE_CLICK}


def withdrawn(evening: Evening) -> list[tuple[str, str, str, str]]:
    found: list[Any] = evening.facts("consent_withdrawn")
    return sorted((one.body.purpose, one.body.for_channel, one.channel, one.touchpoint) for one in found)


def allowed(evening: Evening, purpose: str = "marketing") -> list[str]:
    """Where something may be said to Maja for a purpose; "" for every channel."""
    policy, consents = policy_in_force(shop().pages), consents_of(shop().pages, evening.customer(MAJA))
    assert policy is not None
    return [channel for channel in ("", "mail", "sms") if may(consents, purpose, channel, policy).is_allowed]


def test_looking_stops_nothing(guest: Client, evening: Evening) -> None:
    response = guest.get(evening.link(UNSUBSCRIBE, about=evening.message("promotional")))
    assert (heading(response), "Nyheter och erbjudanden" in text_of(response), "Frågor" in text_of(response)) == ("Vill du slippa det här?", True, False)
    assert (response.headers["Referrer-Policy"], withdrawn(evening), allowed(evening)) == ("no-referrer", [], ["mail"])


@pytest.mark.parametrize("form", FORMS)
def test_mail_program_stops_it_with_one_click(guest: Client, evening: Evening, form: str) -> None:
    link = evening.link(UNSUBSCRIBE, about=evening.message("promotional"))
    evening.now += MINUTE
    kind = {"content_type": "application/x-www-form-urlencoded"} if form == "form" else {}
    for _ in range(3):
        response = guest.post(link, FORMS[form], **kind)
        assert (response.status_code, heading(response), response.cookies.output()) == (200, "Du får inget mer av det här från oss.", "")
    assert (withdrawn(evening), allowed(evening)) == ([("marketing", "", "mail", "my_page")], [])


def test_question_stops_questions_too(guest: Client, evening: Evening) -> None:
    link = evening.link(UNSUBSCRIBE, about=evening.message("survey"))
    assert "Frågor från oss" in text_of(guest.get(link))
    evening.now += MINUTE
    guest.post(link, {"wish": "stop"})
    assert withdrawn(evening) == [("marketing", "", "web", "my_page"), ("surveys", "", "web", "my_page")]
    assert (allowed(evening), allowed(evening, "surveys")) == ([], [])


@pytest.mark.parametrize(("about", "stops"), [(0, ["marketing"]), (4711, ["marketing", "surveys"])])
def test_message_that_nobody_knows_stops_both(guest: Client, evening: Evening, about: int, stops: list[str]) -> None:
    evening.now += MINUTE
    guest.post(evening.link(UNSUBSCRIBE, about=about), ONE_CLICK)
    assert [one[0] for one in withdrawn(evening)] == stops


def test_undo_gives_back_what_was_before_and_no_more_and_it_can_be_stopped_again(guest: Client, evening: Evening) -> None:
    link = evening.link(UNSUBSCRIBE, about=evening.message("promotional"))
    for n, (wish, may_be) in enumerate((("stop", []), ("again", ["mail"]), ("stop", []), ("again", ["mail"]))):
        evening.now += MINUTE
        offered = guest.post(link, {"wish": wish}).content.decode()
        assert (n, allowed(evening), 'value="again"' in offered) == (n, may_be, wish == "stop")
    given: Any = evening.facts("consent_given")[-1].body
    assert (given.purpose, given.for_channel, len(withdrawn(evening))) == ("marketing", "mail", 2)


def test_fewer_instead_is_the_yes_of_before_and_once_a_month(guest: Client, evening: Evening) -> None:
    link = evening.link(UNSUBSCRIBE, about=evening.message("promotional"))
    for wish in ("stop", "fewer"):
        evening.now += MINUTE
        response = guest.post(link, {"wish": wish})
    chosen: Any = evening.facts("preference_changed")[-1].body
    assert (heading(response), allowed(evening)) == ("Då skriver vi högst en gång i månaden.", ["mail"])
    assert (chosen.preference, chosen.chosen) == ("frequency", "monthly")


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "yes"}, {"wish": "always"}])
def test_what_makes_no_sense_stops_nothing(guest: Client, evening: Evening, form: dict[str, str]) -> None:
    response = guest.post(evening.link(UNSUBSCRIBE), form)
    assert (response.status_code, withdrawn(evening)) == (400, [])


def test_undo_of_what_was_not_stopped_here_gives_nothing(guest: Client, evening: Evening) -> None:
    evening.now += MINUTE
    evening.hear(MAJA, "Consent Withdrawn", purpose="marketing")
    evening.work()
    evening.now += MINUTE
    assert guest.post(evening.link(UNSUBSCRIBE), {"wish": "again"}).status_code == 200
    assert allowed(evening) == []


def test_same_press_before_the_worker_has_read_the_first_is_one_fact(guest: Client, evening: Evening) -> None:
    here, policy, person = shop(), policy_in_force(shop().pages), evening.customer(MAJA)
    assert policy is not None
    with evening.not_at_work():
        for _ in range(2):
            told, consents = here.pages.consent_facts(person), consents_of(here.pages, person)
            assert put(here, person, stopping(consents, ["marketing"], told, policy), "mail", wait_seconds=0) == SOON
    evening.work()
    assert withdrawn(evening) == [("marketing", "", "mail", "my_page")]
