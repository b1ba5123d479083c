"""The page on the architecture names every rule family and reason with its module, and no module that is not there."""

from __future__ import annotations

import re
from importlib.util import find_spec

from docs.documents import documents, rows, text_of
from omtanke.engine.families import FAMILIES
from omtanke.reference.promises import modules_giving
from omtanke.vocabulary.reasons import REASONS

MODULE = re.compile(r"`(omtanke(?:\.(?!toml`)\w+)+)`")


def rows_by_name() -> dict[str, list[str]]:
    return {row[0].strip("`"): row for row in rows(text_of("docs/architecture.md"))}


def test_every_rule_family_is_named_with_its_module() -> None:
    found = rows_by_name()
    assert {family.name: found[family.name][1] for family in FAMILIES} == {family.name: f"`{family.module}`" for family in FAMILIES}


def test_every_reason_is_named_with_meaning_and_module() -> None:
    found = rows_by_name()
    for name, meaning in REASONS.items():
        _, said, modules = found[name]
        named = MODULE.findall(modules)
        assert said == meaning
        assert named and set(named) <= set(modules_giving(name)), name


def test_modules_that_are_named_exist() -> None:
    named = {(path.name, name) for path in documents() for name in MODULE.findall(path.read_text(encoding="utf-8"))}
    assert sorted((page, name) for page, name in named if find_spec(name) is None) == []


def test_every_floor_is_named() -> None:
    contract = text_of(".importlinter").split("layers =", 1)[1].split("[", 1)[0]
    floors = [one for line in contract.split() for one in line.split("|") if one]
    said = text_of("docs/architecture.md")
    assert [floor for floor in floors if f"`{floor}`" not in said] == []
