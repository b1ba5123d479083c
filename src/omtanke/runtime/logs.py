"""The log of a process: one line for each thing that has happened, on standard error. What happened is a constant, details are fields.

Nothing of a customer's is ever in it: facts, messages and persons are named by id, position, entry and number; of what is raised only the
kind and the place is said; of what libraries write, the first line of their text without what they put into it.
"""

from __future__ import annotations

import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import IO

import msgspec

from omtanke.runtime.faults import described, places

Field = str | int | float | bool | bytes | None
FORMATS = ("logfmt", "json")
LEVELS = ("debug", "info", "warning", "error")
PLAIN = re.compile(r"[\w./:+()\-]+")
LONGEST = 2_000


class Writer:
    """Where lines go: the role of the process, their form, and from which level on."""

    def __init__(self, role: str, form: str = "logfmt", level: str = "info", stream: IO[str] | None = None) -> None:
        self._role = role
        self._is_json = form == "json"
        self._least = LEVELS.index(level)
        self._stream = stream
        self._lock = threading.Lock()

    def takes(self, level: str) -> bool:
        """Whether a line of the level is written."""
        return LEVELS.index(level) >= self._least

    def write(self, level: str, event: str, fields: dict[str, Field]) -> None:
        """One line, whole, also when several threads write."""
        if not self.takes(level):
            return
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = {"at": at, "level": level, "role": self._role, "event": event, **{name: shown(value) for name, value in fields.items() if value is not None}}
        text = msgspec.json.encode(line).decode() if self._is_json else " ".join(f"{name}={quoted(value)}" for name, value in line.items())
        with self._lock:
            stream = self._stream or sys.stderr
            stream.write(text + "\n")
            stream.flush()


def shown(value: Field) -> str | int | float | bool | None:
    """Ids in hexadecimal, spans without a tail of digits, texts of a bounded length."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        return round(value, 6)
    return value[:LONGEST] if isinstance(value, str) else value


def quoted(value: Field) -> str:
    """A value of logfmt: bare where it may be, else in quotes as JSON has them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if PLAIN.fullmatch(text) else msgspec.json.encode(text).decode()


_writer = Writer("command", level="warning")


def begin(role: str, form: str, level: str) -> None:
    """From now on this process writes as this role, and what libraries log or nobody catches is written the same way."""
    global _writer  # noqa: PLW0603  # a process has one log, as it has one standard error
    _writer = Writer(role, form, level)
    logging.root.handlers = [FromLibraries()]
    logging.root.setLevel(logging.WARNING)
    sys.excepthook = _ended_by
    threading.excepthook = lambda raised: _ended_by(raised.exc_type, raised.exc_value or raised.exc_type(), raised.exc_traceback)


def note(event: str, level: str = "info", **fields: Field) -> None:
    """Something has happened. `event` is a constant in snake case; the fields hold nothing of a customer's."""
    _writer.write(level, event, fields)


def takes(level: str) -> bool:
    """Whether it is worth the while to gather fields for a line of the level."""
    return _writer.takes(level)


class FromLibraries(logging.Handler):
    """What libraries say of themselves: who, and the first line of the text before anything was put into it."""

    def emit(self, record: logging.LogRecord) -> None:
        said = str(record.msg).strip().splitlines()
        raised = record.exc_info[1] if record.exc_info else None
        level = record.levelname.lower() if record.levelname.lower() in LEVELS else "error"
        _writer.write(
            level,
            "library_said",
            {"library": record.name.partition(".")[0], "said": said[0] if said else "", "fault": described(raised) if raised else None},
        )


def _ended_by(kind: type[BaseException], raised: BaseException, trace: TracebackType | None) -> None:
    """What nobody has caught: its kind, and the places it passed; what it says of itself may quote a customer, and is left out."""
    if not issubclass(kind, KeyboardInterrupt):
        passed = " < ".join(reversed(places(traceback.extract_tb(trace))))
        _writer.write("error", "not_caught", {"fault": described(raised), "places": passed})
