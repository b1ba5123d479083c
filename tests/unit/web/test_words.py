"""The pages' words: every message has its Swedish, and the compiled catalogue is that of the written one."""

from __future__ import annotations

import io

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.promise import KINDS, STATES, SUBJECTS
from unit.web.messages import CATALOGUE, COMPILED, messages

COMPILE = "compile it: pybabel compile -d src/omtanke/web/locale -D django"


def written() -> dict[tuple[str, str, str], tuple[str, ...]]:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    found = {}
    for message in catalogue:
        if message.id:
            one, plural = message.id if isinstance(message.id, tuple) else (message.id, "")
            found[message.context or "", one, plural] = message.string if isinstance(message.string, tuple) else (message.string,)
    return found


def test_every_message_has_its_swedish() -> None:
    lacking = {key for key in messages() if not all(written().get(key, ("",)))}
    assert lacking == set()


def test_no_swedish_is_left_over() -> None:
    assert set(written()) - messages() == set()


def test_swedish_fills_in_the_same_places() -> None:
    import re

    places = re.compile(r"%\(\w+\)s")
    differing = [key for key, said in written().items() if any(set(places.findall(text)) - set(places.findall(key[1] + key[2])) for text in said)]
    assert differing == []


def test_compiled_catalogue_is_the_written_one() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="sv")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    assert compiled.getvalue() == COMPILED.read_bytes(), COMPILE


@pytest.mark.usefixtures("here")
def test_every_code_of_the_vocabulary_has_a_word() -> None:
    from omtanke.web.words import names, telling

    assert set(names.KINDS) == set(KINDS)
    assert set(names.STATES) == set(names.LOOKS) == set(STATES)
    assert set(names.CHANNELS) == set(CHANNELS)
    assert set(SUBJECTS) - {"customer"} <= set(names.SUBJECTS)
    assert set(telling.TELLERS) == set(BODIES)
