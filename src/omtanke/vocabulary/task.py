"""What staff do with what needs a person, and the tasks that the engine assigns."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Decided, StaffAct
from omtanke.vocabulary.fields import code, own, window_end, window_start
from omtanke.vocabulary.refusal import Refused

ABOUT = {
    "promise": "a promise that was broken, or may break",
    "answer": "a low answer",
    "play": "what a play gives somebody to do",
    "message": "something that we owed the customer to say did not reach them",
}
OUTCOMES = {
    "done": "what was to be done has been done",
    "put_right": "it has been put right",
    "told": "the customer has been told, and no more is needed",
    "agreed": "agreed with the customer",
    "not_ours": "it was not ours to mend",
    "not_reached": "the customer could not be reached",
    "new_promise": "a new promise has been given",
    "met": "what was promised has come after all",
    "withdrawn": "it is no longer owed",
    "erased": "the customer has been erased",
}
STAFF = own("staff", what="who did it", required=True)
TASK = own("task", what="the task; that of a promise has the promise's number", required=True)
PROMISE = own("promise", what="the promise")


class PromiseRenegotiationRequested(StaffAct, frozen=True, kw_only=True):
    """Somebody has agreed a new window with the customer, for a promise that stands or one that is broken."""

    name = "Promise Renegotiation Requested"
    personal = {"words": "the words for the customer", "place": "the place shown"}

    staff: Annotated[int, STAFF]
    promise: Annotated[int, own("promise", what="the promise", required=True)]
    from_at: Annotated[int, window_start("from", what="not before")] = 0
    until_at: Annotated[int, window_end("until", what="at the latest", required=True)]

    def require_sense(self) -> None:
        """Raises Refused when the window ends before it begins."""
        if self.from_at > self.until_at:
            raise Refused("properties.from", None, "is after until; a window begins before it ends")


class TaskTaken(StaffAct, frozen=True, kw_only=True):
    """Somebody has taken it upon themselves."""

    name = "Task Taken"

    staff: Annotated[int, STAFF]
    task: Annotated[int, TASK]


class CustomerTold(StaffAct, frozen=True, kw_only=True):
    """The customer has heard it from us; the channel of the fact is the way."""

    name = "Customer Told"
    personal = {"words": "what was said"}

    staff: Annotated[int, STAFF]
    task: Annotated[int, TASK]


class TaskClosed(StaffAct, frozen=True, kw_only=True):
    """Nothing more is to be done."""

    name = "Task Closed"
    personal = {"note": "why, for colleagues"}

    staff: Annotated[int, STAFF]
    task: Annotated[int, TASK]
    outcome: Annotated[str, code("outcome", what="how it ended", required=True, one_of=OUTCOMES)]


class NoteAdded(StaffAct, frozen=True, kw_only=True):
    """Something to remember about a customer."""

    name = "Note Added"
    personal = {"note": "the note, for colleagues"}

    staff: Annotated[int, STAFF]
    task: Annotated[int, own("task", what="the task it belongs to")] = 0


class OwnPageLinkMade(StaffAct, frozen=True, kw_only=True):
    """Somebody has made a new link to the customer's own page, to give it to them. The link itself is on no record."""

    name = "Own Page Link Made"

    staff: Annotated[int, STAFF]


class TaskAssigned(Decided, frozen=True, kw_only=True):
    """Something needs a person: the unit that answers for it, and who of them (0: nobody by name)."""

    task: int
    about: str
    promise: int = 0
    survey: int = 0
    unit: str
    assignee: int = 0


class TaskDone(Decided, frozen=True, kw_only=True):
    """Nothing more is to be done."""

    task: int
    outcome: str
