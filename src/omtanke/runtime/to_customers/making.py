"""A message as it is sent: what it says, filled in. What makes mail of it is loaded with the first message, since few processes need it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from omtanke.channels.email.customer import Letter
from omtanke.messages.findings import ERROR, CannotRender, Finding
from omtanke.messages.sms import sms
from omtanke.runtime.to_customers.filling import Filled
from omtanke.vocabulary.play import MessageReleased

if TYPE_CHECKING:
    from omtanke.messages.rendering import Rendered


class Short(Struct, frozen=True):
    """A text message as it is sent. `offered`: the words of the quote in it, empty for none."""

    text: str
    offered: str = ""


def letter_of(data: Path, released: MessageReleased, filled: Filled, made_at: int, now: int) -> Letter:
    """The mail to one customer. `made_at` by the wall clock, `now` by the shop's. Raises CannotRender with all that stands in the way."""
    made = _rendered(data, released, filled, now)
    return Letter(
        number=released.message,
        class_=released.message_class,
        recipient=filled.email,
        subject=made.subject,
        text=made.text,
        html=made.html,
        language=filled.language,
        made_at=made_at,
        thread=filled.thread,
        unsubscribe=filled.unsubscribe,
        offered=next((one.words for one in made.stated if one.kind == "quote" and one.words), ""),
    )


def short_of(data: Path, released: MessageReleased, filled: Filled, now: int) -> Short:
    """The text message to one customer. Raises CannotRender, also for a message that has none in the customer's language."""
    made = _rendered(data, released, filled, now)
    if made.sms is None:
        file = f"{released.template}/sms.{filled.language}.txt"
        raise CannotRender([Finding(file, 0, "files", ERROR, "There is no text message in this language.", "Write it.", filled.language)])
    text = made.sms.text
    offered = (one.words for one in made.stated if one.kind == "quote" and one.words and sms(one.words).text in text)
    return Short(text, next(offered, ""))


def _rendered(data: Path, released: MessageReleased, filled: Filled, now: int) -> Rendered:
    from omtanke.messages.rendering import render
    from omtanke.runtime.to_customers.texts import message_named

    found = message_named(data, released.template)
    if found is None:
        words = f"There is no message named {released.template}."
        raise CannotRender([Finding(released.template, 0, "files", ERROR, words, "Write it, or let the play say another.")])
    message, layout = found
    return render(message, layout, filled.language, filled.context, now)


def said_of(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """What stands in the way, for the log of the process: templates say it with places, so that no customer is in it."""
    return [{"file": one.file, "line": one.line, "rule": one.rule, "language": one.language, "words": one.words} for one in findings]
