"""Whatever is written in a playbook: it is a playbook, or it is told what is wrong. Never anything else."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omtanke import playbook
from omtanke.engine.condition_names import FACTS, Scope, names_in
from omtanke.engine.conditions import Answer, Unusable, read_condition
from omtanke.engine.finding import PlaybookFaults
from omtanke.engine.plays.play import Play, from_wire, to_wire
from omtanke.engine.plays.reading import NOTHING_KNOWN, read_play, read_playbook
from omtanke.engine.plays.waits import FORMS, Unreadable, read_wait
from omtanke.engine.toml_lines import Lines
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.identity import CustomerIdentified
from omtanke.vocabulary.parts import Fault

SHIPPED = playbook.shipped()
PIECES = [
    *('"', '"""', "'''", "'", "[", "]", "[[", "]]", "{", "}", "=", ",", "#", "\n", "\r\n", ".", "\\", "\\u0000", "\x00", "å", "\ud7ff", " ", "\t"),
    *("[entry]", "[[step]]", "[[exit]]", "[step]", "entry.fact = 1", 'a."b.c" = 1', "when", "fact", "true", "nan", "-inf", "0x" + "f" * 9000),
    *("1" * 5000, "2026-11-21", "07:32:00", "1979-05-27 07:32:00Z", "[" * 400, '"until', "of the same key or", "since.", "&&", "999999999999999999999"),
]
SIMPLE = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates() | st.datetimes()
KEYS = st.text(max_size=8) | st.sampled_from(["fact", "when", "say", "wait"])
# 5,000 digits are made when they are wanted: nobody may write them down.
VALUES = st.recursive(
    SIMPLE | st.sampled_from(["", "never", "key"]) | st.just(5000).map(lambda digits: 10**digits),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A shipped play with pieces cut out, put in and moved."""
    text = SHIPPED[draw(st.sampled_from(sorted(SHIPPED)))]
    for _ in range(draw(st.integers(1, 4))):
        one, two = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        match draw(st.sampled_from(["cut", "put", "double", "replace", "line"])):
            case "cut":
                text = text[:one] + text[min(two, one + 30) :]
            case "put":
                text = text[:one] + draw(st.sampled_from(PIECES)) + text[one:]
            case "double":
                text = text[:two] + text[one:two] + text[two:]
            case "replace":
                text = text[:one] + draw(st.text(max_size=10)) + text[min(two, one + 10) :]
            case "line":
                lines = text.split("\n")
                lines.insert(draw(st.integers(0, len(lines))), draw(st.sampled_from(lines)))
                text = "\n".join(lines)
    return text


def faults_of(files: dict[str, str]) -> Iterator[str]:
    """What is said of them, each held against what a finding must be."""
    try:
        read = read_playbook(files)
    except PlaybookFaults as faults:
        assert faults.findings
        for finding in faults.findings:
            text = files[finding.file.removeprefix("plays/").removesuffix(".toml")]
            assert 1 <= finding.line <= text.count("\n") + 1
            assert finding.says
            assert len(str(finding)) < 2_000
            assert str(finding).isprintable()
            yield str(finding)
    else:
        assert all(from_wire(to_wire(play)) == play for play in read.plays.values())


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_mutated_play_is_a_play_or_is_told_what_is_wrong(text: str) -> None:
    said = list(faults_of({"mutated": text}))
    assert [one for one in said if "Traceback" in one or "Error" in one] == []


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=60), max_size=3))
def test_any_text_is_a_play_or_is_told_what_is_wrong(files: dict[str, str]) -> None:
    list(faults_of(files))


def paths_of(value: Any, path: str = "") -> Iterator[str]:
    """Every key of what TOML came to, as faults name it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}" if path else key
            yield here
            yield from paths_of(inner, here)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            yield f"{path}[{n}]"
            yield from paths_of(inner, f"{path}[{n}]")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_every_key_that_toml_finds_has_a_line(text: str) -> None:
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    assert set(paths_of(written)) - {"", *Lines(text).found} == set()


@st.composite
def with_other_values(draw: st.DrawFn) -> dict[str, Any]:
    """A shipped play in which some values are something else."""
    play = tomllib.loads(SHIPPED[draw(st.sampled_from(sorted(SHIPPED)))])
    for _ in range(draw(st.integers(1, 3))):
        within: Any = draw(st.sampled_from([play, *(one for one in (play.get("entry"), *play.get("step", ()), *play.get("exit", ())) if one)]))
        if isinstance(within, dict):
            within[draw(st.sampled_from([*within, "when", "again", "say", "channels", "exit", "step", "x"]))] = draw(VALUES)
        for name in ("step", "exit"):
            if not isinstance(play.get(name, []), list):
                return play
    return play


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(with_other_values())
def test_play_with_any_values_is_a_play_or_is_told_what_is_wrong(written: dict[str, Any]) -> None:
    faults: list[Fault] = []
    play = read_play("mutated", written, NOTHING_KNOWN, faults)
    assert isinstance(play, Play)
    assert faults or from_wire(to_wire(play)) == play
    assert all(fault.says for fault in faults)


WORDS = st.sampled_from(
    [
        *("fact.worth", "fact.touched_at", "person.has_email", "person.locale", "since.order_completed", "now", "fact", "worth", "x", "'sv'", '"', "'"),
        *("1", "0", "1.5", "-1", "0u", "true", "null", "[", "]", "(", ")", "{", "}", "==", "=", "!=", "<", "&&", "||", "!", "and", "+", "-", "*", "/", "%"),
        *(
            ".",
            ",",
            "?",
            ":",
            "in",
            ".size()",
            ".exists(x, x > 1)",
            ".matches('(')",
            "duration('1h')",
            "timestamp(",
            "has(",
            "dyn(",
            "type(",
            "\n",
            "å",
            "\x00",
        ),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40), st.booleans())
def test_any_condition_is_one_or_is_told_what_is_wrong(text: str, has_since: bool) -> None:
    scope = Scope("cart_left", has_since)
    try:
        condition = read_condition(text, scope)
    except Unusable as unusable:
        assert str(unusable)
        return
    assert set(condition.names) <= set(names_in(scope))
    assert isinstance(condition.holds(None, CustomerIdentified(), {}, 0), Answer)


class Odd(Body, frozen=True):
    """A fact whose fields hold anything."""

    worth: Any = None
    touched_at: Any = None
    lines: Any = ()


@pytest.mark.parametrize("text", ["fact.worth > 1", "fact.touched_at < now", "fact.worth / since.order_completed > 2", "person.locale == 'sv'"])
@settings(max_examples=50, deadline=None)
@given(value=VALUES, count=st.integers(-(2**70), 2**70), now=st.integers(-(2**70), 2**70))
def test_asking_never_raises(text: str, value: Any, count: int, now: int) -> None:
    odd = Odd(worth=value, touched_at=value)
    person = CustomerIdentified(locale=value)
    answer = read_condition(text, Scope("cart_left", has_since=True)).holds(odd, person, {"order_completed": count}, now)
    assert isinstance(answer.holds, bool)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40) | st.lists(st.sampled_from([word for form in FORMS for word in form.split()]), max_size=10).map(" ".join))
def test_any_sentence_is_a_wait_or_is_told_what_is_one(text: str) -> None:
    try:
        read_wait(text)
    except Unreadable as unreadable:
        assert "write" in str(unreadable) or "is not a" in str(unreadable)


def test_every_type_of_fact_can_be_an_entry() -> None:
    text = '[entry]\nfact = "{}"\n[[step]]\ntask = "service"\n'
    plays = read_playbook({f"on_{name}": 'class = "service"\nkey = "person"\n' + text.format(name) for name in FACTS}).plays
    assert [play.entry.fact for play in plays.values()] == sorted(FACTS)
