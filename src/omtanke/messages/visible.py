"""What a reader sees of a mail: words by paragraph, pictures, links, buttons, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from unicodedata import normalize
from xml.parsers import expat

from msgspec import Struct

from omtanke.messages.dates import STATED, VALUE

BLOCKS = frozenset(("mj-text", "mj-button", "mj-image", "mj-table", "mj-preview", "mj-title", "p", "div", "h1", "h2", "h3", "li", "ul", "ol", "tr", "br"))
UNSEEN = frozenset(("mj-style", "mj-attributes", "mj-raw", "mj-title"))
KINDS = {"mj-button": "button", "tr": "row"}
SPOKEN = ("alt", "title", "aria-label")


class Paragraph(Struct, frozen=True):
    """Words that stand together.

    `lines`: that of each sign. `kind`: text, row (of a table), button, drawing or picture. `ways`: words and address of its links.
    """

    text: str
    lines: tuple[int, ...]
    kind: str = "text"
    ways: tuple[tuple[str, str], ...] = ()

    @property
    def line(self) -> int:
        return self.lines[0] if self.lines else 0


class Tag(Struct, frozen=True):
    """An element as it stands in the file."""

    name: str
    line: int
    attributes: dict[str, str]


class Seen(Struct, frozen=True):
    """A mail as it is read. `loose`: lines of words in no element. `fault`: why it cannot be read, with its line; then there is nothing else."""

    paragraphs: tuple[Paragraph, ...] = ()
    tags: tuple[Tag, ...] = ()
    loose: tuple[int, ...] = ()
    fault: tuple[int, str] | None = None

    def named(self, *names: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.name in names]


@lru_cache(maxsize=512)
def seen(markup: str, is_whole: bool = False) -> Seen:
    """The mail in MJML, as a part or `is_whole`."""
    reader = _Reader()
    try:
        composed = normalize("NFC", markup)
        reader.read(composed if is_whole else f"<mjml>{composed}</mjml>")
    except CannotRead as error:
        return Seen(fault=(error.line, str(error)))
    except expat.ExpatError as error:
        return Seen(fault=(error.lineno, expat.ErrorString(error.code)))
    return Seen(tuple(reader.paragraphs), tuple(reader.tags), tuple(reader.loose))


def seen_text(text: str) -> Seen:
    """A plain text: its paragraphs are parted by empty lines."""
    found: list[Paragraph] = []
    signs: list[tuple[str, int]] = []
    for n, line in enumerate([*normalize("NFC", text).splitlines(), ""], 1):
        if line.strip():
            signs += [(sign, n) for sign in (" " if signs else "") + line.strip()]
        elif signs:
            found.append(paragraph(signs))
            signs = []
    return Seen(tuple(found))


def paragraph(signs: Iterable[tuple[str, int]], kind: str = "text", ways: Iterable[tuple[str, str]] = ()) -> Paragraph:
    """White space as one space."""
    kept: list[tuple[str, int]] = []
    for sign, line in signs:
        if not sign.isspace():
            kept.append((sign, line))
        elif kept and kept[-1][0] != " ":
            kept.append((" ", line))
    while kept and kept[-1][0] == " ":
        kept.pop()
    return Paragraph("".join(sign for sign, _line in kept), tuple(line for _sign, line in kept), kind, tuple(ways))


class _Reader:
    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.tags: list[Tag] = []
        self.loose: list[int] = []
        self._depth = 0
        self._signs: list[tuple[str, int]] = []
        self._ways: list[tuple[int, str]] = []
        self._kind = "text"
        self._hidden = self._drawn = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._say
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.ProcessingInstructionHandler = self._refuse
        self._parser.StartCdataSectionHandler = self._refuse
        self._parser.CommentHandler = self._refuse_comment

    def read(self, markup: str) -> None:
        self._parser.Parse(markup, True)
        self._close()

    def _refuse(self, *_declared: object) -> None:
        raise CannotRead("<! and <? are no part of a message", self._parser.CurrentLineNumber)

    def _refuse_comment(self, _text: str) -> None:
        """Some clients show what stands in a comment."""
        raise CannotRead("a comment would go along; write it as {# … #}", self._parser.CurrentLineNumber)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        self.tags.append(Tag(name, line, dict(attributes)))
        if self._depth == 1 and not name.startswith("mj-"):
            self.loose.append(line)
        self._depth += 1
        if name in UNSEEN or self._hidden:
            self._hidden += 1
        if name in BLOCKS:
            self._close()
        if "drawing" in attributes.get("css-class", "") or self._drawn:
            self._drawn += 1
        self._kind = "drawing" if self._drawn else KINDS.get(name, self._kind)
        if name in ("a", "mj-button") and attributes.get("href"):
            self._ways.append((len(self._signs), attributes["href"]))
        if name == "td" and self._signs:
            self._signs += [(sign, line) for sign in "  "]
        for spoken in SPOKEN:
            if attributes.get(spoken) and not self._hidden:
                self.paragraphs.append(paragraph([(sign, line) for sign in attributes[spoken]], "picture"))

    def _end(self, name: str) -> None:
        if name in BLOCKS:
            self._close()
        self._depth -= 1
        self._hidden -= 1 if self._hidden else 0
        self._drawn -= 1 if self._drawn else 0

    def _say(self, text: str) -> None:
        first = self._parser.CurrentLineNumber
        if self._depth == 1 and text.strip(f" \n\t{STATED}{VALUE}"):
            self.loose.append(first)
        if not self._hidden:
            self._signs += [(sign, first + text.count("\n", 0, n)) for n, sign in enumerate(text)]

    def _close(self) -> None:
        ends = [*(start for start, _way in self._ways[1:]), len(self._signs)]
        ways = [(paragraph(self._signs[start:end]).text, way) for (start, way), end in zip(self._ways, ends, strict=False)]
        made = paragraph(self._signs, self._kind, ways)
        if made.text:
            self.paragraphs.append(made)
        self._signs, self._ways, self._kind = [], [], "text"


class CannotRead(Exception):
    """The markup holds what no message may."""

    def __init__(self, words: str, line: int) -> None:
        super().__init__(words)
        self.line = line


def as_text(shown: Seen) -> str:
    """The same as plain text: paragraphs apart, rows of a table below each other, links and buttons with their addresses."""
    written = ""
    was = ""
    for one in shown.paragraphs:
        if one.kind in ("text", "row", "button"):
            gap = "" if not written else "\n" if one.kind == was == "row" else "\n\n"
            written += gap + _with_ways(one)
            was = one.kind
    return written


def _with_ways(one: Paragraph) -> str:
    """One link: its address behind the words. Several with nothing between them, as answers are: each on a line."""
    if len(one.ways) > 1 and " ".join(words for words, _way in one.ways) == one.text:
        return "\n".join(f"{words}: {way}" for words, way in one.ways)
    return f"{one.text}: {', '.join(way for _words, way in one.ways)}" if one.ways else one.text
