"""What pages are shown of plays and messages: a row for each time that somebody was in a play, and one for each message. They follow from the
facts alone, in log order, and hold nothing personal. Moments are UTC microseconds, 0 for none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import astuple, replace

from omtanke.engine.condensed import read
from omtanke.engine.plays.participation import NONE, RELEASED, Run
from omtanke.engine.promises.ledger import promise_number
from omtanke.storage.database import Database
from omtanke.storage.statements import statements
from omtanke.vocabulary.fact import Body, Fact, Kind

if TYPE_CHECKING:
    from omtanke.storage.ports import Logged

SQL = statements("plays/log.sql")


class RunRow(Struct, frozen=True, gc=False):
    """One time that somebody was in a play. `step`: where they are or were, from 0; `until_at`: when they go on if nothing comes before;
    `reason`: why they left. `entered_position`: where the log says that they came in."""

    run: int
    customer: int
    play: str
    digest: str
    is_held_out: int
    entered_at: int
    entered_position: int
    step: int
    until_at: int
    left_at: int
    reason: str
    changed_position: int


class MessageRow(Struct, frozen=True, gc=False):
    """A message and what became of it: due, released, deferred, suppressed, sent, in_doubt, failed, returned.

    `play`: empty for one of another system, which has no run. `reason`: of what was decided, or of the failure. `at`: of what became of it
    last; `returned_at`: when it was last not handed over in time. `decided_position`: of what was decided of it last, 0 for nothing.
    """

    message: int
    customer: int
    play: str
    run: int
    message_class: str
    template: str
    channel: str
    became: str
    reason: str
    at: int
    due_at: int
    until_at: int
    returned_at: int
    decided_position: int
    changed_position: int


class PlayRows(Struct, frozen=True):
    """By number; no two customers share one."""

    runs: dict[int, RunRow]
    messages: dict[int, MessageRow]


def rows_of(facts: Iterable[Logged]) -> PlayRows:
    """What these facts, in log order, change in the rows; of all facts of a customer, the rows themselves."""
    rows = PlayRows({}, {})
    for one in facts:
        show = SHOWN.get(one.fact.body.type)
        if show is not None:
            show(rows, one)
    return rows


def store(db: Database, rows: PlayRows) -> None:
    """Within a transaction of the caller's. Most batches are about none."""
    if rows.runs:
        runs = rows.runs.values()
        db.put(SQL["put_play_run"], [astuple(one) for one in runs if one.entered_at or one.left_at])
        db.put(
            SQL["move_play_run"], [(one.step, one.until_at, one.changed_position, one.customer, one.run) for one in runs if not (one.entered_at or one.left_at)]
        )
    if rows.messages:
        db.put(SQL["put_play_message"], map(astuple, rows.messages.values()))


def kept(db: Database, customers: Sequence[int]) -> PlayRows:
    """The rows of customers as they are stored."""
    runs = (RunRow(*row) for row in db.find(SQL["play_runs_of_customer"], customers))
    messages = (MessageRow(*row) for row in db.find(SQL["play_messages_of_customer"], customers))
    return PlayRows({one.run: one for one in runs}, {one.message: one for one in messages})


def _put_run(rows: PlayRows, row: RunRow) -> None:
    """As the statement `put_play_run` does: how somebody came in stays as it was first told."""
    known = rows.runs.get(row.run)
    if known is not None:
        row = replace(known, step=row.step, until_at=row.until_at, left_at=row.left_at, reason=row.reason, changed_position=row.changed_position)
    rows.runs[row.run] = row


def _put_message(rows: PlayRows, row: MessageRow) -> None:
    """As the statement `put_play_message` does."""
    known = rows.messages.get(row.message)
    if known is not None:
        row = replace(
            known,
            channel=row.channel or known.channel,
            became=row.became,
            reason=row.reason,
            at=row.at,
            until_at=row.until_at,
            returned_at=row.returned_at or known.returned_at,
            decided_position=row.decided_position or known.decided_position,
            changed_position=row.changed_position,
        )
    rows.messages[row.message] = row


def _entered(rows: PlayRows, one: Logged) -> None:
    body: Any = one.fact.body
    fact, at = one.fact, one.position
    _put_run(rows, RunRow(body.run, fact.customer, body.play, body.play_digest, int(body.is_held_out), fact.now, at, 0, 0, 0, "", at))


def _go_on(rows: PlayRows, one: Logged, until_at: int = 0, left_at: int = 0, reason: str = "") -> None:
    """Of a run that came in before: where it is, and whether it has left."""
    body: Any = one.fact.body
    _put_run(rows, RunRow(body.run, one.fact.customer, body.play, "", 0, 0, 0, body.step, until_at, left_at, reason, one.position))


def _moved(rows: PlayRows, one: Logged) -> None:
    body: Any = one.fact.body
    _go_on(rows, one, until_at=body.until_at)


def _left(rows: PlayRows, one: Logged) -> None:
    _go_on(rows, one, left_at=one.fact.now, reason=one.fact.reason)


# What a fact about a message may say; what it leaves out is nothing.
NOTHING: dict[str, Any] = {"message": 0, "play": "", "run": 0, "message_class": "", "template": "", "for_channel": "", "until_at": 0, "failure": ""}
SAID = tuple(NOTHING.items())


@cache
def _fields(body: type[Body]) -> frozenset[str]:
    return frozenset(body.__struct_fields__)


def _became(became: str) -> Callable[[PlayRows, Logged], None]:
    def show(rows: PlayRows, one: Logged) -> None:
        fact = one.fact
        body, has = fact.body, _fields(type(fact.body))
        message, play, run, class_, template, channel, until_at, failure = [getattr(body, name) if name in has else nothing for name, nothing in SAID]
        is_decided = fact.kind is Kind.DECIDED
        at = fact.now if is_decided else fact.occurred_at
        row = MessageRow(
            message=message or _of_another(fact),
            customer=fact.customer,
            play=play,
            run=run,
            message_class=class_,
            template=template,
            channel=channel,
            became=became,
            reason=fact.reason or failure,
            at=at,
            due_at=at,
            until_at=until_at,
            returned_at=at if became == "returned" else 0,
            decided_position=one.position if is_decided else 0,
            changed_position=one.position,
        )
        _put_message(rows, row)

    return show


_became_due = _became("due")


def _due(rows: PlayRows, one: Logged) -> None:
    _go_on(rows, one)
    _became_due(rows, one)


def _of_another(fact: Fact) -> int:
    """The number of a message that another system tells of: it is made from the fact that tells of it."""
    return promise_number("told", fact.fact_id.hex())


def _condensed(rows: PlayRows, one: Logged) -> None:
    """Who was under way when old history was condensed is so still."""
    for run in read(one.fact.body.state).plays.runs:  # type: ignore[attr-defined]
        if run.run not in rows.runs:
            _show_run(rows, run, one.position)


def _show_run(rows: PlayRows, run: Run, position: int) -> None:
    rows.runs[run.run] = RunRow(
        run.run, run.customer, run.play, run.digest, int(run.is_held_out), run.entered_at, position, run.step, run.until, 0, "", position
    )
    if run.stands != NONE:
        became = "released" if run.stands == RELEASED else "deferred" if run.until else "due"
        about = (run.message, run.customer, run.play, run.run, "", "", "", became, "")
        rows.messages[run.message] = MessageRow(*about, run.due_at, run.due_at, run.until, 0, position, position)


SHOWN: dict[str, Callable[[PlayRows, Logged], None]] = {
    "play_entered": _entered,
    "play_moved": _moved,
    "play_left": _left,
    "message_due": _due,
    "history_condensed": _condensed,
    **{f"message_{became}": _became(became) for became in ("released", "deferred", "suppressed", "sent", "in_doubt", "failed", "returned")},
}
