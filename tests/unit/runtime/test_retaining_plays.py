"""What pages show of plays and messages when old history leaves: who is under way stays on show, what is over goes with its facts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fakes.shop import ZONE, Shop
from omtanke.engine.plays.reading import read_playbook
from omtanke.engine.policy import with_plays
from omtanke.vocabulary.time import DAY
from unit.runtime.test_retaining import identify, pass_on, policy, say, shop_of, sound, types

__all__ = ["shop_of"]
BEGINS = 'class = "transactional"\nkey = "order"\n[entry]\nfact = "order_completed"\n'
THANKS = BEGINS + '[[step]]\nsay = "thanks"\nchannels = ["mail"]\n'
LONG = BEGINS + '[[step]]\nwait = "300 days"\n' + '[[step]]\nsay = "a_year"\nchannels = ["mail"]\n'


@pytest.fixture
def shop(shop_of: Callable[[str], Shop]) -> Shop:
    """A shop that keeps history for a month, thanks for an order at once, and writes again after most of a year."""
    plays = read_playbook({"thanks": THANKS, "long": LONG}).plays.values()
    return shop_of(with_plays(policy(history=1), plays, ZONE))


def shown(shop: Shop) -> tuple[list[str], list[str]]:
    rows = shop.log.play_rows_of([1])
    return sorted(row.play for row in rows.runs.values()), sorted(row.template for row in rows.messages.values())


def test_who_is_under_way_stays_on_show_and_what_is_over_goes(shop: Shop) -> None:
    identify(shop, userId="u1", traits={"locale": "sv-SE"})
    say(shop, "Order Completed", order_id="o1")
    say(shop, "Message Sent", for_channel="mail", template="autumn", message_class="promotional")
    assert shown(shop) == (["long", "thanks"], ["autumn", "thanks"])
    pass_on(shop, 100)
    assert "history_condensed" in types(shop)
    assert shown(shop) == (["long"], [])
    sound(shop)
    shop.wait(250 * DAY)
    shop.work()
    assert shown(shop)[1] == ["a_year"]
    sound(shop)
