"""The promise line: the bar is what we said, the tick is now, the dot is what happened. Drawn to scale, and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from omtanke.storage.seen import PromiseSeen
from omtanke.vocabulary.time import DAY, HOUR, local_date
from omtanke.web.words.names import LOOKS
from omtanke.web.words.voice import Voice

WIDTH, HEIGHT, MIDDLE = 260, 46, 22
LARGE_WIDTH = 720
ABOVE, BELOW = 9, 43
MARGIN = 14
LEAST_BAR = 8
LETTER = 6.1
MOST_BEYOND = 2.5

Window = tuple[int, int]


@dataclass(frozen=True)
class Bar:
    """What we said. look: earlier, broken, risk or empty."""

    x: float
    width: float
    look: str


@dataclass(frozen=True)
class Dot:
    """What happened. is_late: drawn as a diamond, so that colour is not the only sign. points: the diamond's corners."""

    x: float
    is_late: bool
    points: str


@dataclass(frozen=True)
class Text:
    """A word on the line. anchor: start, middle or end."""

    x: float
    y: int
    anchor: str
    words: str


@dataclass(frozen=True)
class PromiseLine:
    """One drawing.

    width, height, middle: of the drawing. words: all of it in a sentence, for those who do not see it.
    bars, dots, texts: what is drawn. now: where the tick stands, None when it does not matter any more.
    gap: where time is left out of the axis, None when it is drawn whole. is_large: on the promise's own page.
    """

    width: int
    height: int
    middle: int
    words: str
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...]
    texts: tuple[Text, ...]
    now: float | None
    gap: float | None
    is_large: bool


def promise_line(promise: PromiseSeen, voice: Voice, earlier: Sequence[Window] = (), *, is_large: bool = False) -> PromiseLine:
    """The line of a promise. `earlier` are windows that were said before the current one."""
    windows = list(earlier)
    if (promise.first_from, promise.first_until) != (promise.from_at, promise.until_at) and not windows:
        windows = [(promise.first_from, promise.first_until)]
    current = (promise.from_at, promise.until_at)
    shows_now = promise.is_open or promise.is_waiting
    scale = _scale(promise, [*windows, current], voice.now if shows_now else 0, LARGE_WIDTH if is_large else WIDTH)
    bars = [_bar(scale, current, promise, {"broken": "broken", "risk": "risk"}.get(LOOKS[promise.status], ""))]
    bars += [_bar(scale, window, promise, "earlier") for window in windows]
    dots = [_dot(scale.x(promise.met_at), promise.met_at > promise.until_at)] if promise.met_at else []
    now = scale.x(voice.now) if shows_now else None
    return PromiseLine(
        width=scale.width,
        height=HEIGHT,
        middle=MIDDLE,
        words=line_in_words(promise, voice),
        bars=tuple(bars),
        dots=tuple(dots),
        texts=tuple(_texts(scale, promise, voice, bars[0], now)),
        now=now,
        gap=scale.gap,
        is_large=is_large,
    )


class Scale:
    """Moments as places. What lies far beyond the window is brought near, and the axis shows a gap."""

    def __init__(self, start: int, window_end: int, end: int, width: int) -> None:
        self.width = width
        most = window_end + int(MOST_BEYOND * max(window_end - start, HOUR))
        self._is_cut = end > most
        self._end = most if self._is_cut else end
        self._start = start
        self._span = max(self._end - start, HOUR)
        self._room = width - 2 * MARGIN - (26 if self._is_cut else 0)
        self.gap = round(width - MARGIN - 20, 1) if self._is_cut else None

    def x(self, moment: int) -> float:
        if moment > self._end:
            return round(self.width - MARGIN - 2, 1) if self._is_cut else self.width - MARGIN
        return round(MARGIN + max(0, moment - self._start) / self._span * self._room, 1)


def _scale(promise: PromiseSeen, windows: Sequence[Window], now: int, width: int) -> Scale:
    starts = [start or min(max(promise.made_at, end - 3 * DAY), end - HOUR) for start, end in windows]
    start = min([*starts, *([promise.met_at] if promise.met_at else []), *([now] if now else [])])
    window_end = max(end for _start, end in windows)
    end = max(window_end, promise.met_at, now)
    room = (window_end - start) // 12
    return Scale(start - room, window_end, end + room, width)


def _bar(scale: Scale, window: Window, promise: PromiseSeen, look: str) -> Bar:
    start = window[0] or min(max(promise.made_at, window[1] - 3 * DAY), window[1] - HOUR)
    left, right = scale.x(start), scale.x(window[1])
    return Bar(min(left, right - LEAST_BAR), max(LEAST_BAR, round(right - left, 1)), look)


def _dot(x: float, is_late: bool) -> Dot:
    return Dot(x, is_late, f"{x},{MIDDLE - 6} {x + 6},{MIDDLE} {x},{MIDDLE + 6} {x - 6},{MIDDLE}")


def _texts(scale: Scale, promise: PromiseSeen, voice: Voice, bar: Bar, now: float | None) -> list[Text]:
    """The window below the line, what happened and now above it, where there is room."""
    first, last = _ends_in_words(promise, voice)
    texts = []
    middle, end = bar.x + bar.width / 2, round(bar.x + bar.width, 1)
    if first and bar.width > (len(first) + len(last) + 1) * LETTER:
        texts += [Text(bar.x, BELOW, "start", first), Text(end, BELOW, "end", last)]
    elif not first and bar.width > len(last) * LETTER:
        texts.append(Text(end, BELOW, "end", last))
    else:
        both = f"{first}–{last}" if first and first != last else last
        texts.append(_kept_inside(middle, BELOW, both, scale.width))
    if now is not None:
        texts.append(_kept_inside(now, ABOVE, _("now"), scale.width))
    if promise.met_at and (now is None or abs(scale.x(promise.met_at) - now) > 40):
        texts.append(_kept_inside(scale.x(promise.met_at), ABOVE, _short(promise.met_at, voice, promise), scale.width))
    return texts


def _kept_inside(x: float, y: int, words: str, width: int) -> Text:
    half = len(words) * LETTER / 2
    if x - half < 0:
        return Text(0, y, "start", words)
    if x + half > width:
        return Text(width, y, "end", words)
    return Text(round(x, 1), y, "middle", words)


def _ends_in_words(promise: PromiseSeen, voice: Voice) -> tuple[str, str]:
    """The ends of the window: days, or hours when it lies within a day."""
    if voice.is_midnight(promise.until_at):
        last = voice.last_day(promise.until_at)
        first = local_date(promise.from_at, voice.zone) if promise.from_at else None
        near = abs((last - voice.today).days) <= 6
        named = voice.weekday_short if near else voice.date_short
        return (named(first) if first and first != last else "", named(last))
    if not promise.from_at:
        return "", _short(promise.until_at, voice, promise)
    is_within_day = local_date(promise.from_at, voice.zone) == local_date(promise.until_at, voice.zone)
    if is_within_day:
        day = "" if local_date(promise.until_at, voice.zone) == voice.today else voice.weekday_short(local_date(promise.until_at, voice.zone)) + " "
        return day + voice.hour(promise.from_at), voice.hour(promise.until_at)
    return _short(promise.from_at, voice, promise), _short(promise.until_at, voice, promise)


def _short(moment: int, voice: Voice, promise: PromiseSeen) -> str:
    """fre; 12 nov; kl. 13 when hours matter; fre 13."""
    day = local_date(moment, voice.zone)
    is_near = abs((day - voice.today).days) <= 6
    name = voice.weekday_short(day) if is_near else voice.date_short(day)
    if voice.is_midnight(promise.until_at) and promise.kind not in ("call_back", "reply"):
        return name
    at = voice.at_hour(moment)
    return at if day == voice.today else f"{name} {at}"


def line_in_words(promise: PromiseSeen, voice: Voice) -> str:
    """Promised Thursday to Friday. Not met; it is now Saturday 12.14."""
    said = _("Promised %(window)s.") % {"window": voice.window(promise.from_at, promise.until_at)}
    if (promise.first_from, promise.first_until) != (promise.from_at, promise.until_at):
        said += " " + _("First we said %(window)s.") % {"window": voice.window(promise.first_from, promise.first_until)}
    return f"{said} {became_in_words(promise, voice)}"


def became_in_words(promise: PromiseSeen, voice: Voice) -> str:
    """What became of it, in one sentence."""
    match promise.status:
        case "withdrawn":
            return _("No longer owed.")
        case "kept":
            return _("Met %(moment)s.") % {"moment": voice.moment(promise.met_at)}
        case "exceeded":
            return _("Earlier than we said: %(moment)s.") % {"moment": voice.moment(promise.met_at)}
        case "broken" if promise.met_at:
            return late_in_words(promise, voice)
        case "broken" if promise.is_waiting:
            return _("We broke it, and the customer has waited %(span)s since.") % {"span": voice.span(voice.now - promise.until_at)}
        case "broken":
            return _("We broke it.")
        case "due":
            return _("Its time is up and we have heard nothing.")
        case "at_risk":
            return _("It may break; %(span)s left.") % {"span": voice.span(promise.until_at - voice.now)}
    return _("%(span)s left.") % {"span": voice.span(promise.until_at - voice.now)}


def late_in_words(promise: PromiseSeen, voice: Voice) -> str:
    """Broken and met after all; or met too early, when the customer was to wait at the door."""
    moment = voice.moment(promise.met_at)
    if promise.met_at <= promise.until_at:
        return _("We broke it: we came too early, %(moment)s.") % {"moment": moment}
    return _("We broke it; met %(moment)s, %(span)s late.") % {"moment": moment, "span": voice.span(promise.met_at - promise.until_at)}
