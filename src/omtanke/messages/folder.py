"""A message is a folder: `message.toml`, and for each language `mail.sv.mjml`, `text.sv.txt`, `sms.sv.txt`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from msgspec import Struct

from omtanke.engine.plays.play import CLASSES, NAME
from omtanke.messages.findings import ERROR, Finding, near
from omtanke.messages.grammar import LONGEST_SOURCE
from omtanke.messages.languages import LANGUAGES

SETTINGS, LAYOUT = "message.toml", "layout"
KEYS = {"class": "one of the classes", "about": "when it is sent, for colleagues", "ends": "true: nothing more follows, so that no promise is stated"}
TEXT_KEYS = {"subject": "the subject of the mail", "preheader": "what stands beside the subject in the list of mails"}
FORMS = {"mail": "mjml", "text": "txt", "sms": "txt"}
LAYOUT_FILES = ("layout.mjml", "parts.mjml", *(f"closing.{one}.{form}" for one in LANGUAGES for form in ("mjml", "txt")))


class Words(Struct, frozen=True, kw_only=True):
    """A message in one language, as written. Empty: there is none."""

    subject: str = ""
    preheader: str = ""
    mail: str = ""
    text: str = ""
    sms: str = ""


class Message(Struct, frozen=True, kw_only=True):
    """A message as data. `place`: where its files lie, as findings show it. `subject_lines`: where subjects stand in `message.toml`."""

    name: str
    place: str
    class_: str
    about: str = ""
    ends: bool = False
    words: dict[str, Words]
    subject_lines: dict[str, int] = {}

    def file(self, form: str, language: str) -> str:
        return f"{self.place}/{form}.{language}.{FORMS[form]}"

    @property
    def settings(self) -> str:
        return f"{self.place}/{SETTINGS}"


class Layout(Struct, frozen=True):
    """What stands around every mail, by the names of its files; and where they lie."""

    place: str
    files: dict[str, str]


class Messages(Struct, frozen=True):
    """All messages of a folder with their layout, and what is wrong with the files themselves."""

    by_name: dict[str, Message]
    layout: Layout
    findings: tuple[Finding, ...]


def shipped() -> Traversable:
    return files("omtanke.messages") / "shipped"


@cache
def shipped_messages() -> Messages:
    """The messages that Omtanke brings."""
    return read_messages(shipped(), "shipped")


def read_messages(folder: Traversable, place: str = "") -> Messages:
    """Every message of a folder; files of the layout that are not there are the shipped ones."""
    place = place or folder.name
    found: dict[str, Message] = {}
    findings: list[Finding] = []
    for one in sorted((one for one in folder.iterdir() if one.is_dir() and not one.name.startswith((".", "_"))), key=lambda one: one.name):
        if one.name != LAYOUT:
            message, faults = read_message(one, f"{place}/{one.name}")
            findings += faults
            if message is not None:
                found[message.name] = message
    return Messages(found, read_layout(folder / LAYOUT, f"{place}/{LAYOUT}"), tuple(findings))


def read_layout(folder: Traversable, place: str) -> Layout:
    own = {name: (folder / name).read_text(encoding="utf-8") for name in LAYOUT_FILES if (folder / name).is_file()}
    return Layout(place, {name: own[name] if name in own else (shipped() / LAYOUT / name).read_text(encoding="utf-8") for name in LAYOUT_FILES})


def read_message(folder: Traversable, place: str = "") -> tuple[Message | None, list[Finding]]:
    """The message of one folder, and what is wrong with its files. None when there is nothing to go on with."""
    place = place or folder.name
    settings = f"{place}/{SETTINGS}"
    findings: list[Finding] = []
    if not NAME.fullmatch(folder.name):
        findings.append(fault(place, f"“{folder.name}” is no name of a message.", "Use small letters, figures and _, as in order_sent."))
    if not (folder / SETTINGS).is_file():
        return None, [*findings, fault(settings, "There is no message.toml.", "Write one with class, and subject and preheader for each language.")]
    source, faults = _source(folder / SETTINGS, settings)
    findings += faults
    try:
        written = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        return None, [*findings, fault(settings, f"The file is not TOML: {error}.", "Put words into quotation marks.", int(line[1]) if line else 0)]
    findings += _settings_faults(written, source, settings)
    words = {}
    for language in LANGUAGES:
        words[language], faults = _words(folder, place, language, written.get(language))
        findings += faults
    findings += _file_faults(folder, place)
    made = Message(
        name=folder.name,
        place=place,
        class_=next((name for name in CLASSES if name == written.get("class")), "service"),
        about=str(written.get("about") or ""),
        ends=written.get("ends") is True,
        words=words,
        subject_lines={language: line_of(source, "subject", language) for language in LANGUAGES},
    )
    return made, findings


def fault(file: str, words: str, instead: str, line: int = 0, language: str = "", rule: str = "files") -> Finding:
    return Finding(file, line, rule, ERROR, words, instead, language)


def _settings_faults(written: Mapping[str, Any], source: str, file: str) -> Iterator[Finding]:
    class_ = written.get("class")
    if class_ is None:
        yield fault(file, "The class is not said.", f"Write class = one of {', '.join(CLASSES)}.")
    elif class_ not in CLASSES:
        words = f"“{class_}” is no class of message."
        yield fault(file, words, near(str(class_), CLASSES), line_of(source, "class"))
    for key, value in written.items():
        if key in LANGUAGES:
            yield from _text_faults(value, source, file, key)
        elif key not in KEYS:
            yield fault(file, f"{key} is not known.", near(key, [*KEYS, *LANGUAGES]), line_of(source, key))
    if not isinstance(written.get("ends", False), bool):
        yield fault(file, f"ends is {written['ends']!r}.", "Write true or false.", line_of(source, "ends"))


def _text_faults(value: object, source: str, file: str, language: str) -> Iterator[Finding]:
    if not isinstance(value, dict):
        yield fault(file, f"{language} is no table.", f"Write [{language}] with subject and preheader below.", line_of(source, language), language)
        return
    for key, text in value.items():
        if key not in TEXT_KEYS:
            yield fault(file, f"{language}.{key} is not known.", near(key, TEXT_KEYS), line_of(source, key, language), language)
        elif not isinstance(text, str):
            yield fault(file, f"{language}.{key} is {text!r}.", "Write words.", line_of(source, key, language), language)


def line_of(source: str, key: str, table: str = "") -> int:
    """The line of a key, in a table when it is named; 0 when it is not found."""
    inside = ""
    for n, line in enumerate(source.splitlines(), 1):
        head = re.match(r"\s*\[(\w+)\]", line)
        inside = head[1] if head else inside
        if (head and not table and head[1] == key) or (inside == table and re.match(rf"\s*{re.escape(key)}\s*=", line)):
            return n
    return 0


def _words(folder: Traversable, place: str, language: str, said: object) -> tuple[Words, list[Finding]]:
    """The texts of one language. A message has a mail in both; a text message is optional, and so is a text of one's own."""
    findings: list[Finding] = []
    texts: dict[str, str] = {}
    for form, ending in FORMS.items():
        file = folder / f"{form}.{language}.{ending}"
        if file.is_file():
            texts[form], faults = _source(file, f"{place}/{file.name}")
            findings += faults
    head = {key: said[key] for key in TEXT_KEYS if isinstance(said, dict) and isinstance(said.get(key), str)}
    if "mail" not in texts:
        findings.append(fault(f"{place}/mail.{language}.mjml", "There is no mail in this language.", "Write it; a customer reads it in theirs.", 0, language))
    elif not head.get("subject", "").strip():
        findings.append(fault(f"{place}/{SETTINGS}", f"There is no {language}.subject.", f"Write [{language}] with subject = “…”.", 0, language))
    return Words(**texts, **head), findings


def _source(file: Traversable, shown: str) -> tuple[str, list[Finding]]:
    written = file.read_bytes()
    if len(written) > LONGEST_SOURCE:
        return "", [fault(shown, f"The file has {len(written):,} bytes; {LONGEST_SOURCE:,} are the most.", "Say less.", rule="size")]
    try:
        return written.decode("utf-8"), []
    except UnicodeDecodeError as error:
        line = written[: error.start].count(b"\n") + 1
        return "", [fault(shown, "The file is not UTF-8.", "Save it as UTF-8.", line)]


def _file_faults(folder: Traversable, place: str) -> Iterator[Finding]:
    """A file that nobody reads is a slip of one that would be."""
    known = [SETTINGS, *(f"{form}.{language}.{ending}" for form, ending in FORMS.items() for language in LANGUAGES)]
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.name not in known and not one.name.startswith((".", "README")):
            yield fault(f"{place}/{one.name}", "No message has such a file.", near(one.name, known))
