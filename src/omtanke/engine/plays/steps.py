"""The steps of a play: what each may be, and what it is as written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import msgspec
from msgspec import Struct

from omtanke.engine.condition_names import FACTS, Scope
from omtanke.engine.plays import play as plays
from omtanke.engine.plays.play import NAME, Ask, CallWebhook, GiveTask, OnlyIf, Say, StatePromise, Step, Wait
from omtanke.engine.plays.values import condition, is_fact, one_of, require_key
from omtanke.engine.plays.waits import Unreadable, read_span, read_wait
from omtanke.engine.survey_policy import KINDS as OCCASIONS
from omtanke.engine.survey_policy import QUESTIONS
from omtanke.vocabulary.parts import Part, did_you_mean, shown
from omtanke.vocabulary.play import SURVEY
from omtanke.vocabulary.promise import KINDS

MOST_STEPS = 30
UNIT = re.compile(r"\w[\w -]{0,59}")


class Around(Struct, frozen=True):
    """What there is beside the plays; None where nobody knows.

    `messages`: the class of each, by name, empty for any; `units`: those that answer for something.
    """

    messages: Mapping[str, str] | None = None
    units: frozenset[str] | None = None


class Steps:
    """Reads the steps of a play: what each may be follows from its entry, key and class."""

    def __init__(self, fact: str, key: str, class_: str, around: Around) -> None:
        self._fact = fact
        self._key = key
        self._class = class_
        self._around = around
        self._scope = Scope(fact, has_since=True) if fact else None

    def read(self, whole: Part) -> tuple[Step, ...]:
        parts = whole.parts("step")
        if len(parts) > MOST_STEPS:
            whole.fault("step", f"{len(parts)} steps are too many; at most {MOST_STEPS}")
            return ()
        if not parts:
            whole.fault("step", 'there is none; begin with [[step]] and say = "order_confirmed"')
        steps = [self._step(part) for part in parts]
        self._require_sense(whole, parts, steps)
        return tuple(step for step in steps if step is not None)

    def _require_sense(self, whole: Part, parts: list[Part], steps: list[Step | None]) -> None:
        if steps and isinstance(steps[-1], Wait | OnlyIf):
            parts[-1].fault("", "is the last, and nothing follows it; write what is to be done, as say, or leave it out")
        has_asked = any(isinstance(step, Ask) for step in steps)
        if self._class == SURVEY and None not in steps and steps and not has_asked:
            whole.fault("step", 'none asks, and a survey play is a question; write ask = "satisfaction", or another class')

    def _step(self, part: Part) -> Step | None:
        named = [kind for kind in STEPS if kind in part.given]
        if len(named) != 1:
            self._say_which(part, named)
            return None
        kind = named[0]
        step = STEPS[kind].read(self, part)
        part.asked.sort(key=lambda asked: asked != kind)
        part.nothing_else()
        return step

    def _say_which(self, part: Part, named: list[str]) -> None:
        if named:
            part.fault("", f"does {' and '.join(named)} at once; write a [[step]] for each")
            return
        near = next((f"{shown(name)} is not a step{hint}" for name in part.given if (hint := did_you_mean(name, STEPS))), "says not what it does")
        part.fault("", f"{near}; a step has one of {', '.join(STEPS)}")

    def wait(self, part: Part) -> Step | None:
        text = part.text("wait", '"1 h"')
        if not text:
            return None
        try:
            waiting = read_wait(text)
        except Unreadable as unreadable:
            part.fault("wait", str(unreadable))
            return None
        if isinstance(waiting, plays.UntilFact) and is_fact(part, "wait", waiting.fact) and waiting.same == plays.OF_KEY:
            require_key(part, "wait", waiting.fact, self._key, 'write "of the same person"')
        if isinstance(waiting, plays.AtPromise) and self._fact and self._key and not self._has_promise():
            part.fault(
                "wait", f"{shown(text)}: a play about a {self._key} has no promise; its key must be order or case, or {self._fact} a fact about a promise"
            )
        return Wait(waiting)

    def _has_promise(self) -> bool:
        return self._key in ("order", "case") or "promise" in {field.name for field in msgspec.structs.fields(FACTS[self._fact])}

    def only_if(self, part: Part) -> Step | None:
        text = condition(part, "only_if", self._scope)
        return OnlyIf(text) if text else None

    def say(self, part: Part) -> Step | None:
        return Say(self._message(part, "say"), self._channels(part), self._when(part))

    def ask(self, part: Part) -> Step | None:
        if self._class and self._class != SURVEY:
            part.fault("ask", f'a {self._class} play asks nothing; write class = "survey", in a play of its own')
        question = one_of(part, "ask", QUESTIONS)
        about = one_of(part, "about", dict.fromkeys(OCCASIONS))
        return Ask(question, about, self._message(part, "message"), self._channels(part), self._when(part))

    def promise(self, part: Part) -> Step | None:
        kind = one_of(part, "promise", KINDS)
        within = part.text("within", '"4 h"')
        span = 0
        if within:
            try:
                span = read_span(within)
            except Unreadable as unreadable:
                part.fault("within", str(unreadable))
        return StatePromise(kind, span, self._unit(part, "owner", ""), self._when(part))

    def task(self, part: Part) -> Step | None:
        return GiveTask(self._unit(part, "task"), self._when(part))

    def webhook(self, part: Part) -> Step | None:
        return CallWebhook(self._name(part, "webhook", "cart_remembered"), self._when(part))

    def _when(self, part: Part) -> str:
        return condition(part, "when", self._scope)

    def _name(self, part: Part, key: str, example: str) -> str:
        name = part.text(key, f'"{example}"')
        if name and not NAME.fullmatch(name):
            part.fault(key, f'{shown(name)} is not a name: small letters a to z, figures and _; write {key} = "{example}"')
            return ""
        return name

    def _message(self, part: Part, key: str) -> str:
        name = self._name(part, key, "order_confirmed")
        there = self._around.messages
        if name and there is not None and name not in there:
            part.fault(key, f"message {name!r} is not there{did_you_mean(name, there) or f'; write it in the folder messages/{name}/'}")
        elif name and there and self._class and there[name] not in ("", self._class):
            part.fault(key, f"message {name!r} is {there[name]} and the play {self._class}; write one class in both")
        return name

    def _channels(self, part: Part) -> tuple[str, ...]:
        names = part.texts("channels", '["mail", "sms"]')
        for name in names:
            if name not in plays.CHANNELS:
                part.fault("channels", f"{shown(name)} is not one of {', '.join(plays.CHANNELS)}{did_you_mean(name, plays.CHANNELS)}")
        if len(set(names)) < len(names):
            part.fault("channels", f"{', '.join(names)}: each is tried once; leave out what stands there twice")
        return names

    def _unit(self, part: Part, key: str, default: str | None = None) -> str:
        unit = part.text(key, '"service"', default)
        units = self._around.units
        if unit and not UNIT.fullmatch(unit):
            part.fault(key, f'{shown(unit)} is not the name of a unit; write {key} = "service"')
        elif unit and units is not None and unit not in units:
            part.fault(key, f"unit {unit!r} answers for nothing in the policy{did_you_mean(unit, units) or '; known are ' + ', '.join(sorted(units))}")
        return unit


class StepKind(Struct, frozen=True):
    """One sort of step: what it does, the further keys it has, and how it is read."""

    what: str
    keys: tuple[str, ...]
    read: Callable[[Steps, Part], Step | None]


STEPS = {
    "wait": StepKind("nothing happens until then", (), Steps.wait),
    "only_if": StepKind("goes on only if the condition holds; else the person leaves the play", (), Steps.only_if),
    "say": StepKind("a message, by the name of its folder in `messages/`", ("channels", "when"), Steps.say),
    "ask": StepKind("one question", ("about", "message", "channels", "when"), Steps.ask),
    "promise": StepKind("states a promise of this kind, about what the play is about", ("within", "owner", "when"), Steps.promise),
    "task": StepKind("gives a task to a person of this unit", ("when",), Steps.task),
    "webhook": StepKind("tells another system, under this name", ("when",), Steps.webhook),
}
