"""From a mail that a real mail server took to the pages that its links open: what the mail program posts stops what comes next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fakes.living import LIV
from fakes.sending import sending
from omtanke.vocabulary.time import MINUTE
from omtanke.web.shop import Shop
from unit.web.customer_pages import heading, text_of
from unit.web.living_pages import over

if TYPE_CHECKING:
    from django.test import Client


def test_links_in_a_mail_open_what_they_say(guest: Client, here: Shop, tmp_path: Path) -> None:
    with sending(tmp_path / "shop", "remembered_cart") as made:
        shop = made.shop
        shop.meet(LIV)
        shop.hear(LIV, "Consent Given", purpose="marketing", words="Yes please")
        shop.until("2026-11-16 20:00")
        shop.hear(LIV, "Product Added", cart_id="c1", product_id="T3", name="Trail shoes", price=149.5, quantity=2)
        shop.until("2026-11-17 08:01")
        made.send()
        (mail,) = made.mailbox.mails
        text = str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]
        resume, stop = (urlsplit(re.findall(rf"https://\S+/{purpose}/\S+", text)[0]).path for purpose in ("r", "stop"))
        with over(shop, here):
            assert heading(guest.get(stop)) == "Shall we send you no more of this?"
            assert "Trail shoes × 2 SEK" in text_of(guest.get(resume)).replace("\xa0", " ")
            shop.now += MINUTE
            name, _equals, value = mail["List-Unsubscribe-Post"].partition("=")
            stopped = guest.post(urlsplit(mail["List-Unsubscribe"].strip("<>")).path, {name: value})
            assert (stopped.status_code, heading(stopped)) == (200, "You get no more of this from us.")
            (fact,) = shop.facts("consent_withdrawn")
            assert (fact.channel, heading(guest.get(stop))) == ("mail", "You get no more of this from us.")
