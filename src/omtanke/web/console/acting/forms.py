"""The forms of what staff do. Each works without scripts; each carries a key, so that sent twice it acts once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omtanke.vocabulary.time import datetime_of, day_ends_at, day_starts_at, moment_of
from omtanke.web.console.acting.suggestions import Window
from omtanke.web.words.names import channel

KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
LONGEST_WORDS = 2_000
FARTHEST = timedelta(days=366)
OTHER = "other"
WAYS = ("phone", "mail", "sms", "chat", "store", "letter")
DONE = {"done": _("It has been done")}
ENDINGS = {
    "put_right": _("It has been put right"),
    "told": _("The customer has been told, and no more is needed"),
    "agreed": _("We have agreed on it with the customer"),
    "not_reached": _("We could not reach the customer"),
    "not_ours": _("It was not ours to mend"),
}


def new_key() -> str:
    return secrets.token_urlsafe(12)


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST_WORDS})


def ways() -> list[tuple[str, str]]:
    return [(code, channel(code).capitalize()) for code in WAYS]


class ActForm(forms.Form):
    """What every form of a deed has. key: makes it act once. next: the page one came from."""

    key = forms.CharField(widget=forms.HiddenInput, required=False)
    next = forms.CharField(widget=forms.HiddenInput, required=False)
    shown: ClassVar[tuple[str, ...]] = ()

    def clean_key(self) -> str:
        key = str(self.cleaned_data["key"])
        if not KEY.fullmatch(key):
            raise forms.ValidationError(gettext("This form has expired. Look through it and send it again."))
        return key

    @property
    def fields_shown(self) -> list[forms.BoundField]:
        """In the order in which they stand on the page."""
        return [self[name] for name in self.shown]


class TakeForm(ActForm):
    """Nothing to fill in."""


class ToldForm(ActForm):
    """How the customer heard it, and what was said."""

    shown = ("channel", "words")
    channel = forms.ChoiceField(label=_("How?"), choices=ways, initial="phone")
    words = forms.CharField(label=_("What was said"), required=False, max_length=LONGEST_WORDS, widget=text_area(3))


class CloseForm(ActForm):
    """How it ended. What a play gave somebody to do was not wrong, and is not put right but done."""

    shown = ("outcome", "note")
    outcome = forms.ChoiceField(label=_("How did it end?"), choices=list(ENDINGS.items()), widget=forms.RadioSelect, initial="put_right")
    note = forms.CharField(label=_("A note for colleagues"), required=False, max_length=LONGEST_WORDS, widget=text_area(2))

    def __init__(self, *args: Any, is_from_play: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, said) for code, said in (DONE | ENDINGS).items() if code != ("put_right" if is_from_play else "done")]


class NoteForm(ActForm):
    """Something to remember."""

    shown = ("note",)
    note = forms.CharField(label=_("A note for colleagues"), max_length=LONGEST_WORDS, widget=text_area(3))


class NewDateForm(ActForm):
    """A new window, and the words for the customer. Words that nobody has changed follow the window."""

    when = forms.ChoiceField(label=_("When?"), widget=forms.RadioSelect)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    end = forms.TimeField(label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    channel = forms.ChoiceField(label=_("How do they hear it?"), choices=ways)
    words = forms.CharField(label=_("Words for the customer"), max_length=LONGEST_WORDS, widget=text_area(4))
    words_were = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        windows: Sequence[Window],
        say_window: Callable[[Window], str],
        say_words: Callable[[Window], str],
        now: int,
        zone: ZoneInfo,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._say_words, self._now, self._zone = say_words, now, zone
        self.window: Window | None = None
        # What was suggested when the page was opened can still be chosen when it is sent.
        sent = read_window(str(self.data.get("when", "")))
        known = [*windows, *([sent] if sent is not None and sent not in windows else [])]
        field = self.fields["when"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [*((window_code(window), say_window(window)) for window in known), (OTHER, gettext("Another time"))]
        today = datetime_of(now, zone).date()
        self.fields["day"].widget.attrs |= {"min": today.isoformat(), "max": (today + FARTHEST).isoformat()}
        words = say_words(windows[0])
        self.initial = {**self.initial, "when": window_code(windows[0]), "words": words, "words_were": words}

    def clean(self) -> dict[str, Any]:
        said = dict(super().clean() or {})
        self.window = self._own_window(said) if self._is_own(said) else read_window(str(said.get("when", "")))
        if self.window is not None and not self.errors:
            self._require_sense(self.window)
        if self.window is not None and said.get("words", "").strip() == said.get("words_were", "").strip():
            said["words"] = self._say_words(self.window)
        return said

    def follow(self) -> None:
        """Let the words that nobody has changed stand for the window that is chosen now."""
        if self.window is not None and "words" in self.cleaned_data:
            is_own = self.data.get("words", "").strip() != self.data.get("words_were", "").strip()
            said = {"words": self.cleaned_data["words"]}
            sent = {name: self.data[name] for name in self.data}
            self.data = sent | said | ({} if is_own else {"words_were": said["words"]})

    def _is_own(self, said: dict[str, Any]) -> bool:
        return said.get("when") == OTHER or bool(said.get("day"))

    def _own_window(self, said: dict[str, Any]) -> Window | None:
        day: date | None = said.get("day")
        if day is None:
            if "day" not in self.errors:
                self.add_error("day", gettext("Choose a day."))
            return None
        if "start" in self.errors or "end" in self.errors:
            return None
        return self._hours(day, said.get("start"), said.get("end"))

    def _hours(self, day: date, start: time | None, end: time | None) -> Window:
        from_at = moment_of(datetime.combine(day, start, self._zone)) if start else day_starts_at(day, self._zone) if not end else 0
        until_at = moment_of(datetime.combine(day, end, self._zone)) if end else day_ends_at(day, self._zone)
        return Window(from_at, until_at)

    def _require_sense(self, window: Window) -> None:
        if window.from_at >= window.until_at:
            self.add_error("end", gettext("The time ends before it begins. Choose a later end."))
        elif window.until_at <= self._now:
            self.add_error("day" if self.data.get("day") else "when", gettext("That time has passed already. Choose one that is still to come."))
        elif datetime_of(window.until_at, self._zone).date() > datetime_of(self._now, self._zone).date() + FARTHEST:
            self.add_error("day", gettext("That is more than a year away. Choose a day within a year."))


def window_code(window: Window) -> str:
    """A suggested window as the form sends it back."""
    return f"{window.from_at}-{window.until_at}"


def read_window(code: str) -> Window | None:
    """The window written; None when it is none."""
    start, _dash, end = code.partition("-")
    return Window(int(start), int(end)) if start.isdecimal() and end.isdecimal() and len(end) < 18 else None
