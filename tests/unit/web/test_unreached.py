"""A customer whom what we owed them does not reach: a row on Today and on their page, the address marked, and the reason with the message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fakes.living import MAJA, promised
from fakes.sending import Sending, sending
from omtanke.web.shop import Shop
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client

SAID = {
    "en": ("What we wrote did not reach them: the address takes nothing", "(what we wrote came back)", "One thing is to be done for a customer."),
    "sv": ("Det vi skrev nådde inte fram: adressen tar inte emot något", "(det vi skrev kom tillbaka)", "En sak ska göras för en kund."),
}


@pytest.fixture
def unreached(here: Shop, tmp_path: Path) -> Iterator[Sending]:
    """Maja's order could not be confirmed: the mail server says that there is no such address."""
    with sending(tmp_path / "shop", "order_confirmed") as made:
        made.shop.meet(MAJA)
        made.mailbox.refused_recipients = ["550 5.1.1 No such user"]
        made.shop.hear(
            MAJA, "Order Completed", order_id="10482", total=1797, products=[{"sku": "T3", "name": "Skor"}], promises=[promised("2026-11-19", "Torsdag")]
        )
        made.shop.work()
        made.send()
        with over(made.shop, here):
            yield made


@pytest.mark.parametrize("language", SAID)
def test_today_and_their_page_say_it(lead: Client, unreached: Sending, language: str) -> None:
    row, mark, sentence = SAID[language]
    (task,) = unreached.shop.facts("task_assigned")

    def page(address: str) -> str:
        return lead.get(address, headers={"accept-language": language}).content.decode()

    today, theirs = page("/"), page(f"/customers/{task.customer}/")
    assert (row in today, sentence in today, f'href="/act/told/{task.body.task}/"' in today) == (True, True, True)
    assert (row in theirs, re.findall(r'<a href="mailto:[^"]+">[^<]+<span class="quiet small">&nbsp;(\([^<]+\))</span>', theirs)) == (True, [mark])
    assert row in page(f"/act/told/{task.body.task}/")


def test_why_says_that_it_came_back(lead: Client, unreached: Sending) -> None:
    (fact,) = unreached.shop.facts("message_suppressed")
    page = lead.get(f"/messages/{fact.customer}/{fact.body.message}/", headers={"accept-language": "en"}).content.decode()
    assert "what was sent to the address came back; nothing more is sent there until the customer gives one again" in page
