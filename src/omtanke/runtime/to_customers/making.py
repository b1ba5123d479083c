"""A message as it is sent: what it says, filled in. What makes mail of it is loaded with the first message, since few processes need it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omtanke.channels.email.customer import Letter
from omtanke.messages.findings import ERROR, CannotRender, Finding
from omtanke.runtime.to_customers.filling import Filled
from omtanke.vocabulary.play import MessageReleased


def letter_of(data: Path, released: MessageReleased, filled: Filled, made_at: int, now: int) -> Letter:
    """The mail to one customer. `made_at` by the wall clock, `now` by the shop's. Raises CannotRender with all that stands in the way."""
    from omtanke.messages.rendering import render
    from omtanke.runtime.to_customers.texts import message_named

    found = message_named(data, released.template)
    if found is None:
        words = f"There is no message named {released.template}."
        raise CannotRender([Finding(released.template, 0, "files", ERROR, words, "Write it, or let the play say another.")])
    message, layout = found
    made = render(message, layout, filled.language, filled.context, now)
    return Letter(
        number=released.message,
        class_=released.message_class,
        recipient=filled.recipient,
        subject=made.subject,
        text=made.text,
        html=made.html,
        language=filled.language,
        made_at=made_at,
        thread=filled.thread,
        unsubscribe=filled.unsubscribe,
        offered=next((one.words for one in made.stated if one.kind == "quote" and one.words), ""),
    )


def said_of(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """What stands in the way, for the log of the process: templates say it with places, so that no customer is in it."""
    return [{"file": one.file, "line": one.line, "rule": one.rule, "language": one.language, "words": one.words} for one in findings]
