"""From files of TOML to plays: everything that is wrong is found, each with its file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from omtanke.engine.condition_names import Scope
from omtanke.engine.contact_policy import SUBJECT
from omtanke.engine.finding import Finding, PlaybookFaults
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.play import NAME, Again, Entry, Exit, Play, Playbook
from omtanke.engine.plays.steps import Around, Steps
from omtanke.engine.plays.values import condition, fact_of, numbers_of, one_of, require_key
from omtanke.engine.plays.waits import Unreadable, read_span
from omtanke.engine.toml_lines import Lines
from omtanke.vocabulary.fact import snake
from omtanke.vocabulary.parts import Fault, Part, cut, shown
from omtanke.vocabulary.play import NOT_ASKED_FOR, PROMOTIONAL

FOLDER, ENDING = "plays", ".toml"
LONGEST_FILE = 64_000
MOST_EXITS = 30
MOST_PLAYS = 200
TOML_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
NOTHING_KNOWN = Around()


def read_playbook(files: Mapping[str, str], around: Around = NOTHING_KNOWN) -> Playbook:
    """The plays in `files`, by the name of each file without its ending. Raises PlaybookFaults with every fault of every file."""
    findings: list[Finding] = []
    if len(files) > MOST_PLAYS:
        findings.append(Finding(FOLDER, 1, "", f"{len(files)} plays are more than anybody can keep in mind; at most {MOST_PLAYS}"))
        raise PlaybookFaults(findings)
    read = {name: _play_of_file(name, text, around, findings) for name, text in sorted(files.items())}
    if findings:
        raise PlaybookFaults(sorted(findings))
    return Playbook({name: play for name, play in read.items() if play is not None})


def file_of(name: str) -> str:
    """Where a play stands, from the playbook's folder."""
    return f"{FOLDER}/{name}{ENDING}"


def _play_of_file(name: str, text: str, around: Around, findings: list[Finding]) -> Play | None:
    """The play; None, or something that is not whole, when `findings` grew."""
    file = file_of(name)
    if not NAME.fullmatch(name):
        findings.append(
            Finding(file, 1, "", f"{shown(name)} is not the name of a play: small letters a to z, figures and _; call the file {file_of(_plain(name))}")
        )
    if len(text) > LONGEST_FILE:
        findings.append(Finding(file, 1, "", f"has {len(text)} characters; a play has at most {LONGEST_FILE}"))
        return None
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        findings.append(_not_toml(file, text, error))
        return None
    faults: list[Fault] = []
    play = read_play(name, written, around, faults)
    lines = Lines(text)
    findings += [Finding(file, lines.of(fault.path), cut(fault.path), fault.says) for fault in faults]
    return play


def _plain(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", snake(name)).strip("_0123456789")
    return plain[:60].strip("_") or "remembered_cart"


def _not_toml(file: str, text: str, error: ValueError | RecursionError) -> Finding:
    said = str(error)
    place = TOML_PLACE.search(said)
    if place is None:  # Python itself gave up
        return Finding(file, 1, "", "is not TOML: " + ("it is nested too deep" if isinstance(error, RecursionError) else "a number has too many digits"))
    line = int(place[1]) if place[1] else text.count("\n", 0, len(text.rstrip())) + 1
    return Finding(file, line, "", "is not TOML: " + TOML_PLACE.sub("", said))


def read_play(name: str, written: Mapping[str, Any], around: Around, faults: list[Fault]) -> Play:
    """The play that a mapping says. What is wrong goes to `faults`; the play counts only when none was added."""
    whole = Part(written, "", faults)
    if "name" in whole.given:
        whole.fault("name", f"{shown(whole.take('name'))} need not be said: a play is called as its file; leave it out")
        whole.asked.remove("name")
    class_ = one_of(whole, "class", plays.CLASSES)
    entry = _entry(whole.part("entry"))
    key = _key(whole, entry.fact)
    steps = Steps(entry.fact, key, class_, around).read(whole)
    play = Play(
        name=name,
        class_=class_,
        key=key,
        entry=entry,
        again=_again(whole),
        exits=_exits(whole, key, class_),
        priority=whole.whole("priority", 0, 100, plays.ORDINARY_PRIORITY),
        holdout=_holdout(whole, class_),
        subject=_subject(whole, class_) or msgspec.UNSET,
        steps=steps,
    )
    whole.nothing_else()
    return play


def _entry(part: Part) -> Entry:
    fact = fact_of(part, "order_completed")
    entry = Entry(fact, condition(part, "when", Scope(fact) if fact else None))
    part.nothing_else()
    return entry


def _key(whole: Part, fact: str) -> str:
    key = one_of(whole, "key", plays.KEYS)
    if key and fact and key not in numbers_of(fact):
        whole.fault("key", f"{key!r} is not said by {fact}; write one of {', '.join(numbers_of(fact))}")
    return key


def _again(whole: Part) -> Again:
    text = whole.text("again", '"never"', plays.NEVER)
    if text in (plays.NEVER, plays.EACH_TIME):
        return Again(text)
    if text.startswith("after "):
        try:
            return Again(plays.AFTER, read_span(text.removeprefix("after ")))
        except Unreadable as unreadable:
            whole.fault("again", str(unreadable))
            return Again()
    whole.fault("again", f'{shown(text)} does not say whether one may enter again; write "never", "each time" or "after 30 days"')
    return Again()


def _subject(whole: Part, class_: str) -> str:
    subject = whole.text("subject", '"cart"', "")
    if subject and not SUBJECT.fullmatch(subject):
        whole.fault("subject", f"{shown(subject)} is not the name of a subject: small letters a to z, figures and _")
    if subject and class_ in plays.CLASSES and class_ not in NOT_ASKED_FOR:
        whole.fault("subject", f"what we owe cannot be left out: a {class_} play has no subject; leave it out")
    return subject


def _holdout(whole: Part, class_: str) -> int:
    share = whole.whole("holdout_percent", 0, 90, 0)
    if share and class_ and not plays.CLASSES[class_].may_hold_out:
        whole.fault("holdout_percent", f"{share} of a hundred would not be told what we owe them: a {class_} play leaves nobody out; write 0 or leave it out")
    return share


def _exits(whole: Part, key: str, class_: str) -> tuple[Exit, ...]:
    parts = whole.parts("exit")
    if len(parts) > MOST_EXITS:
        whole.fault("exit", f"{len(parts)} exits are too many; at most {MOST_EXITS}")
        return ()
    if class_ == PROMOTIONAL and not parts:
        whole.fault("exit", 'there is none, so that the play would go on after its goal; write [[exit]] and fact = "order_completed"')
    return tuple(_exit(part, key) for part in parts)


def _exit(part: Part, key: str) -> Exit:
    fact = fact_of(part, "order_completed")
    same = one_of(part, "same", plays.SAME, plays.OF_KEY)
    when = condition(part, "when", Scope(fact, has_since=True) if fact else None)
    if same == plays.OF_KEY:
        require_key(part, "same", fact, key, 'write same = "person"')
    part.nothing_else()
    return Exit(fact, same, when)
