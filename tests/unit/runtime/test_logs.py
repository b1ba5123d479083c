"""The log of a process: one line an event, in both forms, and nothing of what was raised or of what libraries put into their texts."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys

import pytest

from omtanke.runtime import logs
from omtanke.runtime.logs import FromLibraries, Writer

QUOTED = "anna.hemlig@example.com"


def line(form: str, **fields: logs.Field) -> str:
    stream = io.StringIO()
    Writer("worker", form, "info", stream).write("info", "batch", fields)
    return stream.getvalue()


def test_json_is_one_object_a_line() -> None:
    said = json.loads(line("json", fact_id=b"\x01\xff", entries=3, seconds=0.1234567891, is_late=True, nothing=None, said='a "b"\nc'))
    assert said.pop("at").endswith("Z")
    fields = {"fact_id": "01ff", "entries": 3, "seconds": 0.123457, "is_late": True, "said": 'a "b"\nc'}
    assert said == {"level": "info", "role": "worker", "event": "batch", **fields}


def test_logfmt_is_one_line_whatever_is_in_it() -> None:
    said = line("logfmt", fact_id=b"\x01\xff", place="engine/step.py:133", said='a "b"\nc', is_late=False)
    assert said.count("\n") == 1
    assert said.partition("level=")[2] == 'info role=worker event=batch fact_id=01ff place=engine/step.py:133 said="a \\"b\\"\\nc" is_late=false\n'


def test_levels_below_are_not_written() -> None:
    stream = io.StringIO()
    writer = Writer("worker", "json", "warning", stream)
    for level in logs.LEVELS:
        writer.write(level, "batch", {})
    assert [json.loads(said)["level"] for said in stream.getvalue().splitlines()] == ["warning", "error"]


def test_library_is_quoted_without_what_it_puts_in(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(logs, "_writer", Writer("door", "json", "info", stream))
    try:
        raise KeyError(QUOTED)
    except KeyError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, __file__, 1, "Failed for %s\nmore of %s", (QUOTED, QUOTED), sys.exc_info())
    FromLibraries().emit(record)
    said = json.loads(stream.getvalue())
    assert (said["library"], said["said"], said["fault"], QUOTED in stream.getvalue()) == ("uvicorn", "Failed for %s", "KeyError", False)


@pytest.mark.parametrize("where", ["main", "thread"])
def test_what_nobody_catches_is_said_by_kind_and_place(where: str) -> None:
    program = f"""
import threading
from omtanke.runtime import logs
from omtanke.vocabulary.time import zone_named
logs.begin("worker", "json", "info")
def fail():
    zone_named("{QUOTED}")
if "{where}" == "main":
    fail()
thread = threading.Thread(target=fail)
thread.start()
thread.join()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    said = json.loads(ended.stderr)
    assert (said["event"], said["fault"].partition(" ")[0], "vocabulary/time.py" in said["places"]) == ("not_caught", "Refused", True)
    assert QUOTED not in ended.stderr
