"""What a play is. All spans are microseconds; conditions stand as they were written (CEL)."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TypeAlias

import msgspec
from msgspec import Struct

from omtanke.vocabulary.play import CLASSES as MEANINGS
from omtanke.vocabulary.play import PROMOTIONAL, SERVICE, SURVEY, TRANSACTIONAL

FORM = 1
# Of plays, and of messages.
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
ORDINARY_PRIORITY = 50

# Whose number a play is about; with the re-entry rule it makes that a play acts once.
KEYS = {
    "person": "the person, whatever it is about",
    "cart": "one cart",
    "order": "one order",
    "case": "one case in service",
}
PERSON = "person"
# Whose facts count, for an exit and for a wait.
OF_KEY, OF_PERSON = "key", "person"
SAME = {
    OF_KEY: "of the same key: the same order, cart or case",
    OF_PERSON: "of the same person, whatever it is about, in any channel and on any device",
}
NEVER, EACH_TIME, AFTER = "never", "each time", "after"
AGAIN = {
    NEVER: "once for a key, for good",
    EACH_TIME: "once for each fact that enters: the fact is part of the key",
    "after SPAN": "once for a key within the span since it was last entered, as in `after 30 days`",
}
CHANNELS = {"mail": "e-mail", "sms": "text message"}


class Class(Struct, frozen=True):
    """What a class of plays may do. `speaks_while_open`: also while the person has an open case or waits for a broken promise;
    `may_hold_out`: some may be left out, to see what the play does."""

    what: str
    speaks_while_open: bool
    may_hold_out: bool


CLASSES = {
    SERVICE: Class(MEANINGS[SERVICE], True, False),
    TRANSACTIONAL: Class(MEANINGS[TRANSACTIONAL], True, False),
    PROMOTIONAL: Class(MEANINGS[PROMOTIONAL], False, True),
    SURVEY: Class(MEANINGS[SURVEY], False, True),
}


class ForSpan(Struct, frozen=True, tag="for"):
    """So long."""

    span: int


class UntilTime(Struct, frozen=True, tag="until_time"):
    """Until the customer's clock next shows this time of day. `minute`: of the day, 0 to 1439."""

    minute: int


class UntilFact(Struct, frozen=True, tag="until_fact"):
    """Until a fact comes, and no longer than `at_most`. `same`: in SAME."""

    fact: str
    same: str
    at_most: int


class AtPromise(Struct, frozen=True, tag="at_promise"):
    """Until a moment given by the window of the promise that the play is about. `offset` is below 0 before it; `edge`: start or end."""

    offset: int
    edge: str


Waiting: TypeAlias = ForSpan | UntilTime | UntilFact | AtPromise


class Wait(Struct, frozen=True, tag="wait"):
    """Nothing, until then."""

    until: Waiting


class OnlyIf(Struct, frozen=True, tag="only_if"):
    """Whoever it does not hold for leaves the play."""

    condition: str


class Say(Struct, frozen=True, tag="say"):
    """A message by its name, in the first of the channels that reaches the person. `when`: else the step is passed over, empty for always."""

    message: str
    channels: tuple[str, ...]
    when: str = ""


class Ask(Struct, frozen=True, tag="ask"):
    """One question, in a message. `about`: what it is about."""

    question: str
    about: str
    message: str
    channels: tuple[str, ...]
    when: str = ""


class StatePromise(Struct, frozen=True, tag="promise"):
    """A promise of ours about what the play is about, due so long after this step. `owner`: a unit, empty for the one in the policy."""

    kind: str
    within: int
    owner: str = ""
    when: str = ""


class GiveTask(Struct, frozen=True, tag="task"):
    """Something that needs a person of this unit."""

    unit: str
    when: str = ""


class CallWebhook(Struct, frozen=True, tag="webhook"):
    """What another system is told, under this name."""

    event: str
    when: str = ""


Step: TypeAlias = Wait | OnlyIf | Say | Ask | StatePromise | GiveTask | CallWebhook


class Entry(Struct, frozen=True):
    """The fact that lets a person enter, and the condition under which it does (empty for always)."""

    fact: str
    when: str = ""


class Exit(Struct, frozen=True):
    """A fact that ends the play for a person, whatever the channel and the device. `same`: in SAME."""

    fact: str
    same: str = OF_KEY
    when: str = ""


class Again(Struct, frozen=True):
    """Whether a person may enter again for the same key. `rule`: never, each time or after; `span` for after."""

    rule: str = NEVER
    span: int = 0


class Play(Struct, frozen=True, kw_only=True):
    """One play. `priority`: 0 to 100, the higher goes first; `holdout`: so many of a hundred are left out, to see what the play does.
    `subject`: what a customer may leave out; without one nothing is written, so that a play is the same as before there were any."""

    form: int = FORM
    name: str
    class_: str = msgspec.field(name="class")
    key: str
    entry: Entry
    again: Again = Again()
    exits: tuple[Exit, ...] = ()
    priority: int = ORDINARY_PRIORITY
    holdout: int = 0
    subject: str | msgspec.UnsetType = msgspec.UNSET
    steps: tuple[Step, ...]

    @property
    def about(self) -> str:
        """Its subject, empty for none."""
        return self.subject or ""

    @property
    def speaks_while_open(self) -> bool:
        """Whether it may speak while the person has an open case or waits for a broken promise."""
        return CLASSES[self.class_].speaks_while_open

    @property
    def digest(self) -> str:
        """Known by it: people under way stay on the version on which they entered."""
        return sha256(to_wire(self)).hexdigest()[:16]


class Playbook(Struct, frozen=True):
    """All plays of a shop, by name."""

    plays: dict[str, Play]

    def entered_by(self, fact: str) -> tuple[Play, ...]:
        """The plays that a fact of this type may let somebody into, the first in priority first."""
        found = (play for play in self.plays.values() if play.entry.fact == fact)
        return tuple(sorted(found, key=lambda play: (-play.priority, play.name)))


def to_wire(play: Play) -> bytes:
    """The play as JSON; the same play is always the same bytes."""
    return msgspec.json.encode(play)


def from_wire(data: bytes) -> Play:
    """The play that was written. Raises msgspec.ValidationError for what is none."""
    return msgspec.json.decode(data, type=Play)
