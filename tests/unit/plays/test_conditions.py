"""Conditions are held to documented names, and asking one never raises."""

from __future__ import annotations

import pytest

from omtanke.engine.condition_names import FACTS, Scope, fields_of_fact, fields_of_person, names_in
from omtanke.engine.conditions import Answer, Unusable, read_condition
from omtanke.vocabulary.cart import CartLeft
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.order import OrderCompleted
from omtanke.vocabulary.product import Line
from omtanke.vocabulary.time import HOUR

EBBA = CustomerIdentified(region="Skåne", locale="sv", has_email=True)
CART = CartLeft(cart=4, touched_at=100 * HOUR, pieces=2, worth=129_900, currency="SEK")
ORDER = OrderCompleted(order=1, lines=(Line(product=1, category="shoes", price=99_900), Line(product=2, category="socks", price=4_900)))
NOT_ASKED = Answer(False, "there is no fact.worth")


def holds(text: str, body: Body = CART, since: dict[str, int] | None = None, now: int = 150 * HOUR) -> Answer:
    return read_condition(text, Scope(body.type, has_since=True)).holds(body, EBBA, since or {}, now)


@pytest.mark.parametrize(
    "text",
    [
        "fact.worth >= 100000 && fact.currency == 'SEK'",
        "now - fact.touched_at > duration('48h')",
        "fact.touched_at < timestamp('2026-11-21T09:14:00+01:00')",
        "person.has_email && !person.has_phone",
        "person.locale.startsWith('sv') && person.region in ['Skåne', 'Halland']",
        "since.order_completed == 0 && since.cart_viewed == 2",
    ],
)
def test_condition_reads_fact_person_counts_and_clock(text: str) -> None:
    assert holds(text, since={"cart_viewed": 2}) == Answer(True)


def test_lists_of_things_are_asked_field_by_field() -> None:
    assert holds("'shoes' in fact.lines.category && fact.lines.price.exists(one, one >= 50000) && size(fact.lines.product) == 2", ORDER) == Answer(True)
    assert holds("fact.lines.category.all(one, one == 'shoes')", ORDER) == Answer(False)


def test_condition_knows_what_it_reads() -> None:
    condition = read_condition("person.locale.startsWith('sv') && fact.worth > 1 && fact.worth < 9", Scope("cart_left"))
    assert condition.names == {"person.locale": "text", "fact.worth": "whole number"}


@pytest.mark.parametrize("text", ["fact . worth > 1", "fact.\n  worth > 1 // and no more", ".fact.worth > 1", "fact.`worth` > 1"])
def test_name_is_read_however_it_is_written(text: str) -> None:
    assert holds(text) == Answer(True)


def test_division_by_nothing_does_not_hold_and_says_so() -> None:
    assert holds("fact.worth / fact.pieces > 100", CartLeft(cart=1, touched_at=0, pieces=0, worth=5)) == Answer(False, "divide by zero")


def test_place_in_a_list_that_is_not_there_does_not_hold_and_says_so() -> None:
    assert holds("fact.lines.price[7] > 100", ORDER) == Answer(False, "Index error: index=7 size=2")


def test_fact_of_another_type_does_not_hold_and_says_so() -> None:
    condition = read_condition("fact.worth > 1", Scope("cart_left"))
    assert condition.holds(ORDER, EBBA, {}, 0) == Answer(False, "there is no fact.worth in order_completed")
    assert condition.holds(None, EBBA, {}, 0) == NOT_ASKED


def test_moment_beyond_the_calendar_does_not_hold_and_says_so() -> None:
    answer = holds("now > fact.touched_at", CartLeft(cart=1, touched_at=2**62, pieces=0, worth=5))
    assert answer == Answer(False, "date value out of range")


def test_endless_work_is_cut_short() -> None:
    numbers = "[" + ",".join(map(str, range(60))) + "]"
    text = f"{numbers}.all(a, {numbers}.all(b, {numbers}.all(c, a + b + c >= 0)))"
    assert holds(text) == Answer(False, "Iteration budget exceeded")


def test_scope_without_entry_has_no_counts() -> None:
    assert [name for name in names_in(Scope("cart_left")) if name.startswith("since.")] == []
    assert {name for name in names_in(Scope("cart_left", has_since=True)) if name.startswith("since.")} == {f"since.{type_}" for type_ in FACTS}


def test_person_is_what_is_known_without_a_name() -> None:
    assert fields_of_person() == {
        "region": "text",
        "country": "text",
        "locale": "text",
        "has_email": "true or false",
        "has_phone": "true or false",
    }


@pytest.mark.parametrize("type_", FACTS)
def test_every_documented_field_of_a_fact_can_be_asked(type_: str) -> None:
    asked = {
        "whole number": "{} == 1",
        "text": "{} == 'x'",
        "true or false": "{}",
        "moment": "{} < now",
        "list of whole numbers": "1 in {}",
        "list of texts": "'x' in {}",
        "list of true or false": "true in {}",
        "list of moments": "now in {}",
    }
    for name, kind in fields_of_fact(type_).items():
        assert read_condition(asked[kind].format(f"fact.{name}"), Scope(type_)).names.items() >= {(f"fact.{name}", kind)}


@pytest.mark.parametrize("type_", FACTS)
def test_no_field_of_the_personal_part_can_be_asked(type_: str) -> None:
    personal = getattr(FACTS[type_], "personal", {})
    for name in personal:
        with pytest.raises(Unusable):
            read_condition(f"fact.{name.replace('[]', '')} == 'x'", Scope(type_))
