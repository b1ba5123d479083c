"""A message for one customer: mail in HTML and plain text, text message, and which promises and quotes they state.

Nothing that says a day or a time leaves here unless a promise or quote says it: what has been made is looked through before values are put in.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import css_inline
from markupsafe import Markup
from mjml import mjml2html
from msgspec import Struct

from omtanke.messages.context import Context
from omtanke.messages.dates import DateSaid, dates_in, shown_words
from omtanke.messages.findings import ERROR, CannotRender, Finding
from omtanke.messages.folder import Layout, Message, Words
from omtanke.messages.languages import NAMES
from omtanke.messages.placing import CLOSES, OPENS, CannotPlace, Placed, filled, looked_at, place, said_in
from omtanke.messages.sms import Sms, sms
from omtanke.messages.stated import Said
from omtanke.messages.templates import made_of
from omtanke.messages.visible import as_text, seen
from omtanke.vocabulary.play import NOT_ASKED_FOR

# What one template makes for many customers differs in its values only, so that the work behind it is done once.
KEPT = 512
BLANK = re.compile(r"\n\s*\n")
# Signs that show words in another order than they stand.
TURNS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
UNSUBSCRIBE = f"{OPENS}links.unsubscribe{CLOSES}"
NO_MORE = {"sv": "Inga fler: {{ links.unsubscribe }}", "en": "No more: {{ links.unsubscribe }}"}
USE_PROMISE = "Say it with {{ promise.window }} or {{ quote.window }}, or leave it out."


class Rendered(Struct, frozen=True, kw_only=True):
    """What is sent. `sms` is None when the message has none in this language. `stated`: everything that says a day, once each."""

    message: str
    class_: str
    language: str
    subject: str
    preheader: str
    html: str
    text: str
    sms: Sms | None
    stated: tuple[Said, ...]


class Made(Struct, frozen=True):
    """A message with its places, before values. `seen`: everything that is read in the mail, alternative texts too."""

    subject: str
    preheader: str
    mjml: str
    seen: str
    text: str
    sms: str


def render(message: Message, layout: Layout, language: str, context: Context, now: int) -> Rendered:
    """The message for that customer at `now` (UTC microseconds). Raises CannotRender with all that stands in the way."""
    placed = place(context, language, now)
    made = make(message, layout, language, placed)
    findings = [*undated(message, language, made, placed), *unsayable(message, language, made, placed, now)]
    if findings:
        raise CannotRender(findings)
    values = placed.values
    html = laid_out(message, language, made)
    return Rendered(
        message=message.name,
        class_=message.class_,
        language=language,
        subject=filled(made.subject, values),
        preheader=filled(made.preheader, values),
        html=filled(html, values, is_markup=True),
        text=filled(made.text, values),
        sms=sms(filled(made.sms, values)) if made.sms else None,
        stated=tuple(dict.fromkeys(said for _stated, said in said_in(read_texts(made), values))),
    )


def make(message: Message, layout: Layout, language: str, placed: Placed) -> Made:
    """The message with its places. Raises CannotRender with all that stands in the way."""
    maker = _Maker(message, layout, language, placed)
    made = maker.made()
    if maker.findings:
        raise CannotRender(maker.findings)
    return made


class _Maker:
    """Makes one message in one language, and gathers what stands in the way."""

    def __init__(self, message: Message, layout: Layout, language: str, placed: Placed) -> None:
        self.findings: list[Finding] = []
        self._message = message
        self._layout = layout
        self._language = language
        self._names = placed.names
        self._words = message.words.get(language, Words())

    def made(self) -> Made:
        subject, preheader = self._line(self._words.subject), self._line(self._words.preheader)
        own = self._own_mail()
        mjml = self._around(own, subject, preheader)
        shown = seen(mjml, is_whole=True)
        if shown.fault:
            self._fault(self._file("mail"), "mjml", f"The mail cannot be read: {shown.fault[1]}.", "Close every tag.")
        read = "\n".join(one.text for one in shown.paragraphs)
        return Made(subject, preheader, mjml, read, self._text(own), self._short())

    def _own_mail(self) -> str:
        """What the message itself says; the layout is not in it."""
        if not self._words.mail:
            self._fault(self._file("mail"), "files", f"There is no mail in {NAMES[self._language]}.", "Write it; a customer reads it in theirs.")
        return self._template(self._words.mail, self._file("mail"), True, self._layout.files["parts.mjml"])

    def _around(self, own: str, subject: str, preheader: str) -> str:
        closing = self._own_part(f"closing.{self._language}.mjml", True)
        return self._own_part("layout.mjml", True, content=Markup(own), closing=Markup(closing), subject=subject, preheader=preheader)

    def _text(self, own: str) -> str:
        """The plain text: its own, or the mail's words; who writes stands below."""
        text = self._template(self._words.text, self._file("text")) if self._words.text else as_text(seen(own))
        below = self._own_part(f"closing.{self._language}.txt", False)
        return BLANK.sub("\n\n", f"{text.strip()}\n\n{below.strip()}").strip() + "\n"

    def _short(self) -> str:
        """The text message. What was not asked for says how to stop it: in its own words, or in ours below."""
        text = self._template(self._words.sms, self._file("sms"))
        if not text or self._message.class_ not in NOT_ASKED_FOR or UNSUBSCRIBE in text:
            return text
        return f"{text.rstrip()}\n{self._template(NO_MORE[self._language], self._file('sms'))}"

    def _line(self, source: str) -> str:
        return " ".join(self._template(source, self._message.settings).split())

    def _own_part(self, name: str, is_markup: bool, **more: object) -> str:
        """A file of the layout."""
        names = {**more, "class_": self._message.class_}
        return self._template(self._layout.files[name], f"{self._layout.place}/{name}", is_markup, around=names)

    def _template(self, source: str, file: str, is_markup: bool = False, parts: str = "", around: Mapping[str, object] | None = None) -> str:
        try:
            return made_of(source, {**self._names, **(around or {})}, self._language, is_markup, parts, around is not None)
        except CannotPlace as fault:
            self._fault(file, "render", str(fault), fault.instead)
            return ""

    def _file(self, form: str) -> str:
        return self._message.file(form, self._language)

    def _fault(self, file: str, rule: str, words: str, instead: str) -> None:
        """A mail that could not be made cannot be read either: that is said once."""
        if rule != "mjml" or not self.findings:
            self.findings.append(Finding(file, 0, rule, ERROR, words, instead, self._language))


def laid_out(message: Message, language: str, made: Made) -> str:
    """HTML with its places. Raises CannotRender for what MJML does not take."""
    try:
        return html_of(made.mjml)
    except ValueError as error:
        words = f"The mail cannot be laid out: {str(error).split(' in root template')[0]}."
        finding = Finding(message.file("mail", language), 0, "mjml", ERROR, words, "Let elements hold only what they are made for.", language)
        raise CannotRender([finding]) from error


@lru_cache(maxsize=KEPT)
def html_of(mjml: str) -> str:
    """HTML with its styles at each element for clients that take nothing else, and its media queries for those that do."""
    inliner = css_inline.CSSInliner(keep_style_tags=True, keep_at_rules=True, load_remote_stylesheets=False)
    return inliner.inline(mjml2html(mjml, include_loader=no_include))


def no_include(path: str) -> str:
    raise ValueError(f"{path}: a message includes no other file")


@lru_cache(maxsize=KEPT)
def dates_of(text: str) -> tuple[DateSaid, ...]:
    return tuple(dates_in(text))


def undated(message: Message, language: str, made: Made, placed: Placed) -> Iterator[Finding]:
    """Every day or time that nobody has promised."""
    files: Mapping[str, Callable[[], str]] = {
        message.settings: lambda: f"{made.subject}\n{made.preheader}",
        message.file("mail", language): lambda: made.seen,
        message.file("text", language): lambda: made.text,
        message.file("sms", language): lambda: made.sms,
    }
    told: set[str] = set()
    for file, text in files.items():
        if TURNS.search(text()):
            yield Finding(file, 0, "template", ERROR, "A sign in it turns the words around it.", "Leave it out.", language)
        for found in dates_of(looked_at(text(), placed.values)):
            if found.words not in told:
                told.add(found.words)
                yield Finding(file, 0, "untracked-date", ERROR, f"“{shown_words(found.words)}” is neither promise nor quote.", USE_PROMISE, language)


def unsayable(message: Message, language: str, made: Made, placed: Placed, now: int) -> Iterator[Finding]:
    """Every promise that has ended and quote that has expired and is said all the same."""
    for why in dict.fromkeys(stated.why_not(now) for stated, _said in said_in(read_texts(made), placed.values)):
        if why:
            words = f"It cannot be said any more: {why}."
            yield Finding(message.place, 0, "ended", ERROR, words, "State a new promise or quote first, or send another message.", language)


def read_texts(made: Made) -> Iterator[str]:
    yield from (made.subject, made.preheader, made.seen, made.text, made.sms)
