"""Pictures of answers, drawn by a process of its own that ends when nobody has asked for a while.

What draws (Altair, Vega in a JavaScript engine) holds some 150 MB and is needed for a moment, since whoever asks keeps the picture.
"""

from __future__ import annotations

import select
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO, Literal

import msgspec
from msgspec import Struct

from omtanke.insight.answer import Answer

IDLE_SECONDS = 10.0
LENGTH = 4
Form = Literal["svg", "png"]


class CannotDraw(RuntimeError):
    """The picture could not be drawn; the text is what went wrong."""


class Wanted(Struct, frozen=True):
    """A picture: which chart of `omtanke.insight.charts` or `charts_of_windows`, of what, in which form and language."""

    chart: Literal["kept_by_week", "kept_by", "broken_cost", "measure", "windows", "calibration"]
    answer: Answer
    form: Form
    lang: str
    is_dark: bool = False


class Drawn(Struct, frozen=True):
    """The picture, or why there is none."""

    picture: bytes = b""
    fault: str = ""


class Drawer:
    """Draws one picture after the other; safe to use from many threads. Its process is started when there is something to draw."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._idle = idle_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, wanted: Wanted) -> bytes:
        """Raises CannotDraw."""
        asked = msgspec.msgpack.encode(wanted)
        with self._lock:
            try:
                answered = self._ask(asked)
            except (OSError, EOFError):  # it has ended, perhaps while it was asked
                self.close()
                answered = self._ask(asked)
        drawn = msgspec.msgpack.decode(answered, type=Drawn)
        if drawn.fault:
            raise CannotDraw(drawn.fault)
        return drawn.picture

    def _ask(self, asked: bytes) -> bytes:
        if self._process is None or self._process.poll() is not None:
            self.close()
            words = [sys.executable, "-m", __name__, str(self._idle)]
            self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin is not None and self._process.stdout is not None
        send(self._process.stdin, asked)
        return receive(self._process.stdout)

    def close(self) -> None:
        """Let the process end, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError):  # something was on its way to it
                process.communicate()


def send(to: IO[bytes], message: bytes) -> None:
    """One message, its length first."""
    to.write(len(message).to_bytes(LENGTH, "big") + message)
    to.flush()


def receive(source: IO[bytes]) -> bytes:
    """The next message. Raises EOFError when there is none, or not all of it."""
    length = int.from_bytes(_whole(source, LENGTH), "big")
    return _whole(source, length)


def _whole(source: IO[bytes], length: int) -> bytes:
    data = source.read(length)
    if len(data) < length:
        raise EOFError
    return data


def drawn_of(wanted: Wanted) -> Drawn:
    """The picture, drawn in this process."""
    from omtanke.insight import charts, charts_of_windows

    try:
        home = charts_of_windows if hasattr(charts_of_windows, wanted.chart) else charts
        chart: charts.Chart = getattr(home, wanted.chart)(wanted.answer)
        return Drawn(chart.png(wanted.lang, wanted.is_dark) if wanted.form == "png" else chart.svg(wanted.lang, wanted.is_dark).encode())
    except Exception as error:  # told to whoever asked
        return Drawn(fault=f"{type(error).__name__}: {error}")


def serve(idle_seconds: float) -> None:
    """Draw what is asked for on standard input, until nobody has asked for so long, or nobody is there any more."""
    asking, answering = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asking], [], [], idle_seconds)[0]:
        try:
            wanted = msgspec.msgpack.decode(receive(asking), type=Wanted)
        except EOFError:
            return
        send(answering, msgspec.msgpack.encode(drawn_of(wanted)))


if __name__ == "__main__":
    serve(float(sys.argv[1]))
