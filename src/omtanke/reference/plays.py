"""Plays: every key, step and wait, and every name that a condition may read."""

from __future__ import annotations

from collections.abc import Iterator

from omtanke.engine.condition_names import FACTS, fields_of_fact, fields_of_person
from omtanke.engine.conditions import LONGEST, TYPES
from omtanke.engine.plays.play import AGAIN, CHANNELS, CLASSES, KEYS, ORDINARY_PRIORITY, SAME, Play
from omtanke.engine.plays.reading import MOST_EXITS, MOST_PLAYS
from omtanke.engine.plays.steps import MOST_STEPS, STEPS
from omtanke.engine.plays.waits import FORMS
from omtanke.engine.survey_policy import KINDS as OCCASIONS
from omtanke.engine.survey_policy import QUESTIONS
from omtanke.playbook import read
from omtanke.reference.markdown import code, page, table
from omtanke.reference.meanings import CONDITION_TYPES, PLAY_KEYS, STEP_KEYS
from omtanke.reference.promises import span
from omtanke.vocabulary.promise import KINDS
from omtanke.vocabulary.time import SECOND


def plays_page() -> str:
    """The page."""
    return page("Plays", opening(), keys(), classes(), whose(), steps(), waits(), conditions(), names(), facts(), shipped())


def opening() -> Iterator[str]:
    yield "A play is a file `playbook/plays/NAME.toml` ([how to write one](../how-to/write-a-play.md)); its name has small letters a to z, figures and _."
    yield "Plays are read and checked; nothing runs them yet. Every fault is shown at once, with file, line, value and what to write instead."
    yield f"A playbook has at most {MOST_PLAYS} plays, a play at most {MOST_STEPS} steps and {MOST_EXITS} exits."


def keys() -> Iterator[str]:
    yield "## Keys"
    yield ""
    yield from table(("key", "must", "meaning"), ((code(name), must, meaning) for name, (must, meaning) in PLAY_KEYS.items()))
    yield ""
    yield f"Left out, `again` is `never`, `priority` {ORDINARY_PRIORITY}, `holdout_percent` 0 and `same` `key`."


def classes() -> Iterator[str]:
    yield "## Classes"
    yield ""
    yield from table(
        ("class", "what it is for", "may speak while a case or a broken promise is open", "may leave some out, to see what it does"),
        ((code(name), one.what, _yes(one.speaks_while_open), _yes(one.may_hold_out)) for name, one in CLASSES.items()),
    )
    yield ""
    yield "A promotional play must have an exit. Only a survey asks, and it must."


def whose() -> Iterator[str]:
    yield "## Once for whom"
    yield ""
    yield from table(("key", "once for"), ((code(name), meaning) for name, meaning in KEYS.items()))
    yield ""
    yield "The fact that enters must have a number of the key: a play about a cart begins with a fact that names one."
    yield ""
    yield from table(("again", "meaning"), ((code(name), meaning) for name, meaning in AGAIN.items()))
    yield ""
    yield from table(("same", "whose facts count"), ((code(name), meaning) for name, meaning in SAME.items()))


def steps() -> Iterator[str]:
    yield "## Steps"
    yield ""
    yield "A step is a table `[[step]]` with exactly one of these, and perhaps further keys. The last step is something done."
    yield ""
    yield from table(("step", "what it does", "further keys"), ((code(name), one.what, ", ".join(map(code, one.keys)) or "–") for name, one in STEPS.items()))
    yield ""
    yield from table(("further key", "meaning"), ((code(name), meaning) for name, meaning in STEP_KEYS.items()))
    yield ""
    yield f"Channels: {_listed(CHANNELS)}. Questions: {', '.join(map(code, QUESTIONS))}, about {', '.join(map(code, OCCASIONS))}."
    yield f"Promises: {', '.join(map(code, KINDS))}."


def waits() -> Iterator[str]:
    yield "## Waits"
    yield ""
    yield from table(("as in", "meaning"), ((code(form), meaning) for form, meaning in FORMS.items()))
    yield ""
    yield "A span is a whole number of `min`, `h`, `days` or `weeks`, from a minute to 366 days. A wait on a promise needs a play about an order or a case,"
    yield "or an entry that is a fact about a promise."


def conditions() -> Iterator[str]:
    yield "## Conditions"
    yield ""
    yield f"CEL (Common Expression Language), at most {LONGEST:,} characters, true or false. What cannot be asked does not hold."
    yield ""
    yield from table(("type", "written as in"), ((name, code(CONDITION_TYPES[name])) for name in TYPES))


def names() -> Iterator[str]:
    yield "## Names"
    yield ""
    person = ", ".join(f"{code(f'person.{name}')} ({type_})" for name, type_ in fields_of_person().items())
    rows = (
        ("`fact.FIELD`", "in an entry and in steps the fact that entered, in an exit the fact of the exit; fields below", "everywhere"),
        ("`person.FIELD`", f"what is known of the person: {person}", "everywhere"),
        ("`since.TYPE`", "how many facts of a type of the list below the person has had since they entered (whole number)", "exits and steps"),
        ("`now`", "the moment at which it is asked", "everywhere"),
    )
    yield from table(("name", "meaning", "where"), rows)


def facts() -> Iterator[str]:
    yield "## Facts"
    yield ""
    yield "The types of fact that may let in, let out or be waited for and counted, with the fields that a condition may read. What each means and its unit"
    yield "stand under [facts](facts.md): amounts are minor units; what is a reference there is a number of the store's own, 0 for none. Moments that were not"
    yield "told lie in 1970."
    yield ""
    yield from table(("fact", "fields"), ((code(name), _fields(name)) for name in FACTS))


def shipped() -> Iterator[str]:
    yield "## The shipped plays"
    yield ""
    yield from table(
        ("play", "class", "entry", "once for", "priority", "holdout", "steps"),
        (
            (code(p.name), p.class_, code(p.entry.fact), f"{p.key}, {_again(p)}", str(p.priority), f"{p.holdout} %", _steps(p))
            for p in read(None).plays.values()
        ),
    )


def _again(play: Play) -> str:
    return f"again after {span(play.again.span // SECOND)}" if play.again.span else play.again.rule


def _steps(play: Play) -> str:
    return ", ".join(str(step.__struct_config__.tag) for step in play.steps)


def _fields(name: str) -> str:
    return ", ".join(f"{code(field)} ({type_})" for field, type_ in fields_of_fact(name).items()) or "–"


def _listed(known: dict[str, str]) -> str:
    return ", ".join(f"{code(name)} ({meaning})" for name, meaning in known.items())


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
