"""What pages read of messages and plays, asked of a shop in files and of one in PostgreSQL: the same answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes.evening import AISHA, LIV, MAJA, Evening, an_evening
from fakes.said import messages_go_out
from omtanke.storage.message_pages import OTHERS, RETURNED, MessagePages, Wanted
from omtanke.storage.pages import Pages
from omtanke.storage.play_pages import PlayPages
from omtanke.storage.seen import START, Place


@pytest.fixture(params=["sqlite", "postgres"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Evening]:
    """Messages have gone out, and Liv is under way in a play."""
    if request.param == "postgres":
        (tmp_path / "omtanke.toml").write_text(f'database = "{request.getfixturevalue("database_url")}"\n', encoding="utf-8")
    living = an_evening(tmp_path)
    messages_go_out(living)
    living.until("2026-11-24 20:00")
    living.hear(LIV, "Product Added", cart_id="korg-liv", product_id="U1", name="Umbra", price=99)
    living.until("2026-11-24 21:30")
    assert (tmp_path / "log.db").exists() is (request.param == "sqlite")
    yield living
    living.close()


def listed(shop: Evening, read: MessagePages, wanted: Wanted, place: Place = START) -> list[tuple[str, str]]:
    return [(one.template, one.became) for one in read.messages(read.latest(wanted, place, 9))]


def test_messages_by_everything_that_can_be_asked_for(shop: Evening) -> None:
    pages = Pages(shop.folder.path)
    read = MessagePages(pages)
    cart, asked, theirs, withheld = ("remembered_cart", "sent"), ("survey_delivery", "in_doubt"), ("höstrea", "sent"), ("remembered_cart", "suppressed")
    every = listed(shop, read, Wanted())
    assert sorted(every) == sorted([cart, asked, theirs, withheld]) and every[-1] == withheld
    assert listed(shop, read, Wanted(became="in_doubt")) == [asked]
    assert listed(shop, read, Wanted(became=RETURNED)) == [cart]
    assert listed(shop, read, Wanted(play="remembered_cart")) == [cart, withheld]
    assert listed(shop, read, Wanted(play="remembered_cart", became="sent", channel="mail")) == [cart]
    assert listed(shop, read, Wanted(play=OTHERS)) == listed(shop, read, Wanted(play=OTHERS, became="sent", channel="mail")) == [theirs]
    assert listed(shop, read, Wanted(persons=(shop.customer(AISHA),), became="suppressed")) == [withheld]
    assert listed(shop, read, Wanted(persons=())) == []
    at_nine = read.messages(read.latest(Wanted(), START, 9))[-1].at + 1
    assert listed(shop, read, Wanted(until=at_nine)) == [withheld] and listed(shop, read, Wanted(since=at_nine, channel="mail"))[-1] != withheld
    (first,) = read.latest(Wanted(channel="mail"), START, 1)
    assert len(read.latest(Wanted(channel="mail"), first, 9)) == 2
    pages.close()


def test_counts_grounds_course_and_a_persons_share(shop: Evening) -> None:
    pages = Pages(shop.folder.path)
    read, maja = MessagePages(pages), shop.customer(MAJA)
    assert (read.in_doubt(), read.counts(0), read.plays(), read.channels()) == (
        1, {"sent": 2, "in_doubt": 1, "suppressed": 1}, ["remembered_cart", "survey_delivery"], ["mail"]
    )  # fmt: skip
    (due,) = (fact for fact in shop.facts("message_due") if fact.customer == maja and fact.body.message_class == "promotional")
    (one,) = read.messages_to(maja, [due.body.message, 17]).values()
    (grounds,) = read.grounds([one]).values()
    assert [fact.type for fact in grounds] == ["cart_left", "message_returned", "message_released"]
    assert [fact.type for fact in read.course(one)] == ["message_due", "message_released", "message_returned", "message_released", "message_sent"]
    assert read.ends_to(maja, 0, START.moment) == {"sent": 1, "in_doubt": 1}
    assert [fact.type for fact in read.said_to(maja, ("message_sent", "case_message_sent"), 0, START.moment, 9)] == ["message_sent", "case_message_sent"]
    assert (len(read.promises_standing(maja, 0, START.moment, 9)), read.promises_standing(maja, 0, 1, 9), read.last_at() > one.due_at) == (2, [], True)
    pages.close()


def test_plays_and_those_in_them(shop: Evening) -> None:
    pages = Pages(shop.folder.path)
    read, cart = PlayPages(pages), "remembered_cart"
    assert read.plays() == [cart, "survey_delivery"]
    assert [[*steps.values()] for steps in read.under_way(read.plays()).values()] == [[1]]
    assert read.entered([cart, "survey_delivery", "unknown"], 0) == {cart: (3, 0), "survey_delivery": (1, 0)}
    assert (read.left([cart], 0), read.messages([cart], 0)) == ({cart: {"done": 2}}, {cart: {"sent": 1, "suppressed": 1}})
    assert (read.left([cart], START.moment), read.withheld(cart, 0)) == ({}, [("suppressed", "not_given", 1)])
    (inside,) = read.in_now(cart, None, START, 9)
    assert (inside.person, inside.step, read.in_now(cart, 0, START, 9), read.in_now(cart, 1, START, 9)) == (shop.customer(LIV), 0, [inside], [])
    assert read.in_now(cart, None, Place(inside.entered_at, inside.place), 9) == []
    assert [(one.person, one.reason) for one in read.left_last(cart, 1)] == [(shop.customer(MAJA), "done")]
    pages.close()
