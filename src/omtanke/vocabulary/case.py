"""Cases: what a customer asks of us, and what we answer. Texts are in the personal part."""

from __future__ import annotations

from typing import Annotated

from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.fields import amount, code, currency, items, reference
from omtanke.vocabulary.order import LINES
from omtanke.vocabulary.product import Line
from omtanke.vocabulary.promise import Stated, read_stated

CASE = reference("case", "case_id", "conversation_id", "ticket_id", what="the case")
ORDER = reference("order", "order_id", what="the order it is about")
STATED = items(read_stated, "promises", what="the promises given with it", form="promises")
TEXT = {"text": "what was written", "subject_line": "its heading", "promises[].words": "the words of the promise"}


class CaseOpened(Observed, frozen=True, kw_only=True):
    """A customer needs something of us."""

    name = "Case Opened"
    personal = TEXT

    case: Annotated[int, reference("case", "case_id", "conversation_id", "ticket_id", what="the case", required=True)]
    order: Annotated[int, ORDER] = 0
    line: Annotated[int, reference("line", "line_id", what="the line it is about")] = 0
    topic: Annotated[str, code("topic", what="what it is about")] = ""
    stated: Annotated[tuple[Stated, ...], STATED] = ()


class CaseMessageReceived(Observed, frozen=True, kw_only=True):
    """The customer has written."""

    name = "Case Message Received"
    personal = TEXT

    case: Annotated[int, CASE] = 0
    order: Annotated[int, ORDER] = 0


class CaseMessageSent(Observed, frozen=True, kw_only=True):
    """We have answered."""

    name = "Case Message Sent"
    personal = TEXT

    case: Annotated[int, CASE] = 0
    order: Annotated[int, ORDER] = 0
    stated: Annotated[tuple[Stated, ...], STATED] = ()


class LiveChatMessageSent(Observed, frozen=True, kw_only=True):
    """We have answered in a chat."""

    name = "Live Chat Message Sent"
    personal = {"message_body": "what was written", "agent_name": "who wrote"}

    case: Annotated[int, CASE] = 0


class LiveChatConversationStarted(Observed, frozen=True, kw_only=True):
    """A chat has begun."""

    name = "Live Chat Conversation Started"
    personal = {"agent_name": "who answered"}

    case: Annotated[int, CASE] = 0


class LiveChatMessageReceived(Observed, frozen=True, kw_only=True):
    """The customer has written in a chat."""

    name = "Live Chat Message Received"
    personal = {"message_body": "what was written"}

    case: Annotated[int, CASE] = 0


class LiveChatConversationEnded(Observed, frozen=True, kw_only=True):
    """A chat is over."""

    name = "Live Chat Conversation Ended"
    personal = {"agent_name": "who answered"}

    case: Annotated[int, CASE] = 0


class ConversationNoted(Observed, frozen=True, kw_only=True):
    """Somebody has noted what was said: at the counter, on the phone."""

    name = "Conversation Noted"
    personal = {"text": "what was said", "agent_name": "who noted it"}

    case: Annotated[int, CASE] = 0
    store: Annotated[int, reference("store", "store_id", what="the store")] = 0
    topic: Annotated[str, code("topic", what="what it was about")] = ""


class CaseResolved(Observed, frozen=True, kw_only=True):
    """The matter is over, as we see it."""

    name = "Case Resolved"
    personal = TEXT

    case: Annotated[int, reference("case", "case_id", "conversation_id", "ticket_id", what="the case", required=True)]
    outcome: Annotated[str, code("outcome", what="a code for how it ended")] = ""


class CallbackRequested(Observed, frozen=True, kw_only=True):
    """The customer wants us to call."""

    name = "Callback Requested"
    personal = {"phone": "where to call", "text": "about what"}

    case: Annotated[int, CASE] = 0
    stated: Annotated[tuple[Stated, ...], STATED] = ()


class CallbackMade(Observed, frozen=True, kw_only=True):
    """We have called."""

    name = "Callback Made"
    personal = {"phone": "where we called"}

    case: Annotated[int, CASE] = 0


class ReturnRequested(Observed, frozen=True, kw_only=True):
    """The customer wants to send something back."""

    name = "Return Requested"
    personal = {"text": "the customer's words"}

    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    store: Annotated[int, reference("store", "store_id", what="the store it was asked in")] = 0
    lines: Annotated[tuple[Line, ...], LINES] = ()
    why: Annotated[str, code("reason", what="a code for why")] = ""
    stated: Annotated[tuple[Stated, ...], STATED] = ()


class ReturnReceived(Observed, frozen=True, kw_only=True):
    """What was sent back has come, in a store or by parcel."""

    name = "Return Received"

    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    store: Annotated[int, reference("store", "store_id", what="the store that took it")] = 0
    lines: Annotated[tuple[Line, ...], LINES] = ()
    stated: Annotated[tuple[Stated, ...], STATED] = ()


class RefundIssued(Observed, frozen=True, kw_only=True):
    """The money is on its way back."""

    name = "Refund Issued"

    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    amount: Annotated[int, amount("amount", "total", "value", what="how much")] = 0
    currency: Annotated[str, currency()] = ""


class RepairCompleted(Observed, frozen=True, kw_only=True):
    """What went wrong has been put right: the right thing delivered, the damage mended."""

    name = "Repair Completed"
    personal = {"text": "what was done"}

    order: Annotated[int, ORDER] = 0
    case: Annotated[int, CASE] = 0
    line: Annotated[int, reference("line", "line_id", what="the line it is about")] = 0
