"""An evening after which messages have gone out: one has been sent, one is in doubt, one withheld, and another system has told of its own."""

from __future__ import annotations

from typing import Any

from fakes.evening import AISHA, MAJA, Evening
from omtanke.runtime.own_sources import MESSAGES, OwnSource
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.play import MessageInDoubt, MessageReturned, MessageSent

SUBJECT, TEXT = "Dina strumpor ligger kvar", "Hej Maja!\n\nDina löparstrumpor ligger kvar i korgen."


def became(shop: Evening, event: type[Observed], message: int, user: str = MAJA, **said: Any) -> None:
    """What sending tells of a message."""
    source = OwnSource(shop.inbox, MESSAGES, "Europe/Stockholm", "SEK", shop.clock)
    source.put(event, f"{event.__name__} {message} {shop.now}", shop.customer(user), {"message": message, **said}, channel="mail", touchpoint="message")
    shop.work()


def messages_go_out(shop: Evening) -> None:
    """It is Tuesday at half past nine."""
    written = shop.folder.path / "policy" / "policy.toml"
    written.write_text(written.read_text(encoding="utf-8").replace("week_limit = 2", "week_limit = 5"), encoding="utf-8")
    shop.restart()
    cart, survey = shop.message("promotional"), shop.message("survey")
    became(shop, MessageReturned, cart)
    shop.until("2026-11-24 09:10")
    became(shop, MessageSent, cart, for_channel="mail", template="remembered_cart", message_class="promotional", subject=SUBJECT, text=TEXT)
    became(shop, MessageInDoubt, survey, for_channel="mail")
    shop.hear(AISHA, "Message Sent", for_channel="mail", campaign="höstrea", message_class="promotional", subject="Rea", text="Allt ska bort, Aisha")
    shop.hear(MAJA, "Case Message Sent", case_id="4711", message="Vi har svarat")
    shop.until("2026-11-24 09:30")
