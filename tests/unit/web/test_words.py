"""The pages' words: every message has its Swedish, and the compiled catalogue is that of the written one."""

from __future__ import annotations

import io
from contextlib import closing

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from omtanke.storage.sqlite import connect
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.promise import KINDS, STATES, SUBJECTS
from omtanke.web.shop import Shop
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
    known = written()
    lacking = {key for key in messages() if not all(known.get(key, ("",)))}
    assert lacking == set()


def test_no_swedish_is_left_over() -> None:
    assert set(written()) - messages() == set()


def test_swedish_fills_in_the_same_places() -> None:
    import re

    places = re.compile(r"%\(\w+\)s")
    differing = [key for key, said in written().items() if any(set(places.findall(text)) - set(places.findall(key[1] + key[2])) for text in said)]
    assert differing == []


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("channel", "touchpoint", "said"),
    [
        ("web", "checkout", "webb, kassan"),
        ("mail", "mail/order-confirmation", "e-post, orderbekräftelse"),
        ("mail", "service/mail", "e-post"),
        ("chat", "service/chat", "chatt"),
        ("store", "store/birger-jarl/till", "Birger Jarl, kassan"),
        ("phone", "store/nordstan", "telefon, Nordstan"),
        ("survey", "store/utopia", "Utopia"),
        ("survey", "", "enkät"),
        ("none", "finance", "ekonomi"),
        ("web", "my-page/returns", "webb, mina sidor, returer"),
        ("kiosk", "ny_skylt-2", "kiosk, ny skylt 2"),
    ],
)
def test_where_we_met_is_said_in_words_and_once(here: object, channel: str, touchpoint: str, said: str) -> None:
    from omtanke.web.words import names

    assert names.met(channel, touchpoint) == said


@pytest.mark.usefixtures("swedish")
@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [
        ("order", "10482", "order 10482"),
        ("order", "c4013cb5a6fe10b85e1483166d5ce1dc", "order c4013cb5…"),
        ("case", "arende-aisha", ""),
        ("case", "arende-01897-1", "ärende 01897-1"),
        ("store", "birger-jarl", "butik Birger Jarl"),
    ],
)
def test_numbers_are_said_as_a_person_would(here: object, kind: str, number: str, said: str) -> None:
    from omtanke.web.words import names

    assert names.subject(kind, number) == said


def test_towns_have_capitals() -> None:
    from omtanke.web.words import names

    assert [names.town(one) for one in ("rio de janeiro", "UMEÅ", "Östra Ljungby")] == ["Rio de Janeiro", "Umeå", "Östra Ljungby"]


def test_every_code_of_the_demo_shop_has_words(here: Shop) -> None:
    from omtanke.storage.codec import decode_body
    from omtanke.web.words import common, names

    tables = {"question": names.QUESTIONS, "topic": names.TOPICS, "why": names.CODES, "outcome": names.CODES, "status": names.CODES}
    tables |= {"purpose": common.PURPOSES, "preference": common.PREFERENCES, "event": common.LIFE_EVENTS, "field": common.FIELDS}
    with closing(connect(here.data / "log.db", read_only=True)) as log:
        bodies = [decode_body(*row) for row in log.execute("SELECT type, version, body FROM fact WHERE kind = 0")]
    codes = {(field, code) for body in bodies for field in tables if isinstance(code := getattr(body, field, None), str) and code}
    assert len(codes) > 15
    assert [(field, code) for field, code in codes if code not in tables[field]] == []


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
