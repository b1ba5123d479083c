"""Maps: every fault with its key and what to write instead."""

from __future__ import annotations

import pytest

from omtanke.intake.importers.faults import MapRefused
from omtanke.intake.importers.mapping import parse_map, wrong_columns

GOOD = """
[source]
name = "shop"
zone = "Europe/Stockholm"
currency = "SEK"

[[event]]
name = "Order Completed"
family = "orders"
key = ["ORDER"]
at = "BOUGHT"

[event.properties]
order_id = "ORDER"
"""


def faults(text: str) -> list[str]:
    with pytest.raises(MapRefused) as refused:
        parse_map(text, "map.toml")
    return [str(fault) for fault in refused.value.faults]


def test_map_without_faults() -> None:
    assert parse_map(GOOD, "map.toml").events[0].name == "Order Completed"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"Europe/Stockholm"', '"Stockholm"', "source.zone: 'Stockholm' is not a time zone; write it as in Europe/Stockholm"),
        ('"SEK"', '"kr"', "source.currency: 'kr' is not a currency; write three letters as in SEK"),
        ('"Order Completed"', '"Order Completd"', "event[0].name: event 'Order Completd' is not known. Did you mean 'Order Completed'?"),
        ("family =", "familly =", "event[0].familly: is not known here. Did you mean 'family'?"),
        ('key = ["ORDER"]', "", 'event[0].key: is missing; write key = ["ORDER NUMBER"]'),
        ('at = "BOUGHT"', "", 'event[0].at: is missing; write at = "ORDERED AT"'),
        ('order_id = "ORDER"', "", 'event[0].properties.order_id: is missing: the order; write order_id = "COLUMN"'),
        ('order_id = "ORDER"', 'order_id = "ORDER"\nOrderId = "X"', "event[0].properties.OrderId: is not a field. Did you mean 'order_id'?"),
        ('order_id = "ORDER"', 'order_id = { colum = "ORDER" }', "event[0].properties.order_id: needs one of column, text and value; it has none of them"),
        ('at = "BOUGHT"', 'at = "BOUGHT"\nchannel = "internet"', "event[0].channel: 'internet' is not one of web, app, store"),
        ('at = "BOUGHT"', 'at = "BOUGHT"\nwhen = { STATE = { like = "x" } }', "event[0].when.STATE.like: is not known here; known are is, not, starts"),
        ('currency = "SEK"', 'currency = "SEK"\n[file]\ndates = ["%d/%m"]', "file.dates: '%d/%m' does not say year, month and day"),
        ('currency = "SEK"', 'currency = "SEK"\n[file]\ndates = ["%d/%m/%Y %d"]', "file.dates: '%d/%m/%Y %d' does not say year, month and day"),
        ('currency = "SEK"', 'currency = "SEK"\n[file]\ndecimal = ";"', "file.decimal: ';' does not part decimals"),
        ('currency = "SEK"', 'currency = "SEK"\n[file]\nencoding = "utf-88"', "file.encoding: 'utf-88' is not known"),
    ],
)
def test_map_with_a_fault_says_what_to_write(old: str, new: str, says: str) -> None:
    assert any(fault.startswith(says) for fault in faults(GOOD.replace(old, new, 1)))


def test_map_with_many_faults_tells_all() -> None:
    assert len(faults(GOOD.replace("SEK", "kr").replace("Europe/Stockholm", "Mars").replace('key = ["ORDER"]', ""))) == 3


def test_map_that_is_no_toml() -> None:
    assert faults("[source")[0].startswith("file: is not TOML: ")


def test_map_with_two_events_that_cannot_be_told_apart() -> None:
    again = GOOD + GOOD[GOOD.index("[[event]]") :]
    assert faults(again) == ["event[1].family: event[0] has the same name and family, their messages could not be told apart; give one a family of its own"]


def test_map_with_a_line_that_nothing_names() -> None:
    nameless = GOOD + '[[event.lines]]\nquantity = "N"\n'
    assert faults(nameless) == ['event[0].lines[0].product_id: is missing: a line is named by line_id, product_id, sku; write product_id = "COLUMN"']


def test_map_with_a_fixed_value_that_the_vocabulary_refuses() -> None:
    fixed = GOOD + 'total = { value = "much" }\n'
    assert faults(fixed) == ["event[0].properties.total.value: 'much' is not an amount; write a number as in 149.50"]


def test_columns_that_the_file_has_not() -> None:
    found = wrong_columns(parse_map(GOOD, "map.toml"), ["Order", "BOUGHT", "BOUGHT"])
    assert [str(fault) for fault in found] == [
        "event[0].key: the file has no column 'ORDER'. Did you mean 'Order'?",
        "event[0].at: the file has 2 columns 'BOUGHT'; rename all but one",
        "event[0].properties.order_id: the file has no column 'ORDER'. Did you mean 'Order'?",
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('scale = "1-9"', "event[0].answers[0].scale: '1-9' is not one of 1-5, 0-10"),
        ('question = "what is it?!<"', "event[0].answers[0].question: 'what is it?!<' is not a code"),
        ("not_applicable = 0", "event[0].answers[0].not_applicable: 0 is not a list of texts"),
        ('touchpiont = "seat"', "event[0].answers[0].touchpiont: is not known here. Did you mean 'touchpoint'?"),
    ],
)
def test_map_with_a_fault_in_an_answer_says_where(line: str, says: str) -> None:
    name = line.split(maxsplit=1)[0]
    own = "" if name == "question" else 'question = "seat"\n'
    text = f"""
[source]
name = "survey"
zone = "UTC"
currency = "SEK"
[[event]]
name = "Survey Answered"
key = ["ID"]
at = "AT"
[event.properties]
survey_id = "ID"
[[event.answers]]
{own}score = "SEAT"
{line}
"""
    assert faults(text)[0].startswith(says)
