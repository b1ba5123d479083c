"""A colleague makes a new link to a customer's own page: it opens that page, and who made it is on record."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

from fakes.evening import MAJA, Evening
from unit.web.customer_pages import heading

if TYPE_CHECKING:
    from django.test import Client

KEY = re.compile(r'name="key" value="([^"]+)"')
LINK = re.compile(r'id="own-link" type="text" readonly value="([^"]+)"')


def test_link_is_shown_once_opens_their_page_and_is_noted_once(lead: Client, evening: Evening) -> None:
    person = evening.customer(MAJA)
    address = f"/customers/{person}/own-page/"
    assert f'href="{address}"' in lead.get(f"/customers/{person}/").content.decode()
    asked = lead.get(address).content.decode()
    assert (LINK.findall(asked), evening.facts("own_page_link_made")) == ([], [])
    key = KEY.findall(asked)[0]
    answers = [lead.post(address, {"key": key}) for _ in range(2)]
    link = html.unescape(LINK.findall(answers[0].content.decode())[0])
    assert (answers[0].headers["Cache-Control"], link.startswith("http://127.0.0.1/me/")) == ("no-store", True)
    assert heading(lead.get(link.removeprefix("http://127.0.0.1"))) == "Hej Maja. Det här har vi lovat dig."
    (fact,) = evening.facts("own_page_link_made")
    body: Any = fact.body
    assert (fact.customer, body.staff > 0) == (person, True)
    timeline = lead.get(f"/customers/{person}/", headers={"accept-language": "en"}).content.decode()
    assert "made a link to the customer’s own page" in timeline and "/me/" not in timeline


def test_form_that_is_too_old_makes_none(lead: Client, evening: Evening) -> None:
    answer = lead.post(f"/customers/{evening.customer(MAJA)}/own-page/", {"key": ""})
    assert (answer.status_code, LINK.findall(answer.content.decode()), evening.facts("own_page_link_made")) == (422, [], [])


def test_nobody_else_gets_one(guest: Client, lead: Client, evening: Evening) -> None:
    assert guest.get(f"/customers/{evening.customer(MAJA)}/own-page/").headers["Location"].startswith("/sign-in/")
    assert lead.get("/customers/999999/own-page/").status_code == 404
