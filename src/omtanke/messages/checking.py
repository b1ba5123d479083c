"""The message check: what is wrong with one text, in words. Pure; for templates and for what a colleague has just written alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jinja2 import TemplateSyntaxError
from msgspec import Struct

from omtanke.messages.dates import STATED, VALUE, dates_in, shown_words
from omtanke.messages.findings import ADVICE, ERROR, Finding
from omtanke.messages.grammar import faults_of
from omtanke.messages.languages import NAMES
from omtanke.messages.readability import END, LEAST_WORDS, LIMITS, other_language, readability, words_of
from omtanke.messages.rules import LONGEST_SENTENCE, RULES
from omtanke.messages.skeleton import paths, skeleton
from omtanke.messages.tone.rules import slips
from omtanke.messages.visible import Paragraph, Seen, Tag, seen, seen_text

GREETINGS = {
    "sv": re.compile(r"\W*(?:hej|hejsan|god (?:morgon|dag|kväll|jul|fortsättning)|välkommen|varmt välkommen|tack|kära|grattis)\b", re.IGNORECASE),
    "en": re.compile(r"\W*(?:hi|hello|dear|good (?:morning|afternoon|evening|day)|welcome|thank you|thanks|congratulations)\b", re.IGNORECASE),
}
GREET = {"sv": "Begin with Hej, and the name where it is known.", "en": "Begin with Hello, and the name where it is known."}
NAME_IT = "Write {% if person.first_name %} {{ person.first_name }}{% endif %} in the greeting."
TEMPORARY = re.compile(r"\b(?:vikarie|vikarierar|tillfälligt|inhoppare|extrajobbar|temporary|temporarily|standing in|covering for)\b", re.IGNORECASE)
TAGS = frozenset(("mjml", "mj-text", "mj-button", "mj-image", "mj-table", "mj-divider", "mj-spacer"))
HTML = frozenset("a b strong em i br p span ul ol li h1 h2 h3 tr td th tbody thead small".split())
DEFAULT_WORDS = re.compile(r"(?:klicka här|tryck här|här|läs mer här|click here|here|this link|link|länk|den här länken)", re.IGNORECASE)
NO_WORDS = re.compile(r"(?:bild|image|img|picture|photo|foto|logo|logotyp|banner|\S+\.(?:png|jpe?g|gif|webp|svg))", re.IGNORECASE)
GOOD_WAY = re.compile(rf"https://|mailto:|tel:|{VALUE}")
SHOUTED = re.compile(r"!\s?!|\?\s?!|(?<![\w-])[A-ZÅÄÖ]{6,}(?![\w-])")
PROMISED = ("service", "transactional")


class Draft(Struct, frozen=True, kw_only=True):
    """A text to look at. `form`: mail (MJML), text, sms or note (a colleague's own words, no template).

    `ends`: nothing more is owed after it. `may_say`: words of promises and quotes that stand, which a note may state. `name`: what the customer
    is called; `writer`: who writes; empty when that is not known. `signed`: the layout says who writes.
    """

    text: str
    language: str
    form: str = "note"
    file: str = "draft"
    class_: str = "service"
    ends: bool = False
    may_say: Sequence[str] = ()
    name: str = ""
    writer: str = ""
    is_temporary: bool = False
    signed: bool = False


def check_message(draft: Draft) -> list[Finding]:
    """Everything that is wrong with the text, in the order of its lines."""
    return sorted(set(_Check(draft).findings()))


class _Check:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._is_template = draft.form != "note"
        self._has_faults = False

    def find(self, line: int, rule: str, words: str, instead: str, severity: str = "") -> Finding:
        draft = self._draft
        return Finding(draft.file, line, rule, severity or RULES[rule].severity, words, instead, draft.language)

    def findings(self) -> Iterator[Finding]:
        draft = self._draft
        text = draft.text
        if not text.strip():
            yield self.find(0, "files", "There is nothing in it.", "Write what the customer shall know.")
            return
        if self._is_template:
            faults = faults_of(text)
            self._has_faults = bool(faults)
            yield from (self.find(one.line, one.rule, one.words, one.instead) for one in faults)
            try:
                text = skeleton(text)
            except (TemplateSyntaxError, RecursionError, ValueError):
                return
        shown = seen(text) if draft.form == "mail" else seen_text(self._with_stated(text))
        if shown.fault:
            yield self.find(shown.fault[0], "mjml", f"The mail cannot be read: {shown.fault[1]}.", MEND_MJML)
            return
        yield from self.of_words(shown.paragraphs)
        yield from self.of_whole(shown.paragraphs)
        yield from self.of_tags(shown)
        yield from self.of_promise(text)
        yield from self.of_name(shown.paragraphs)

    def _with_stated(self, text: str) -> str:
        for words in sorted(self._draft.may_say, key=len, reverse=True):
            if words.strip():
                text = re.sub(re.escape(words.strip()), STATED, text, flags=re.IGNORECASE)
        return text

    # Words

    def of_words(self, paragraphs: Sequence[Paragraph]) -> Iterator[Finding]:
        """Dates and tone, with the line of each."""
        for one in paragraphs:
            for found in slips(one.text, self._draft.language):
                words = f"“{shown_words(found.words)}”: {found.why[0].lower()}{found.why[1:]}"
                yield self.find(one.lines[found.start], found.kind, words, found.instead)
            for shout in SHOUTED.finditer(one.text):
                yield self.find(one.lines[shout.start()], "shouts", f"“{shout[0]}” shouts.", "Say it as you would across the counter.")
            for sentence, at in sentences(one.text):
                count = len(words_of(sentence))
                if count > LONGEST_SENTENCE:
                    yield self.find(one.lines[at], "long-sentence", f"A sentence of {count} words: “{sentence[:40].strip()}…”.", "Make two of it.")
        yield from self.of_dates(paragraphs)

    def of_dates(self, paragraphs: Sequence[Paragraph]) -> Iterator[Finding]:
        text = "\n".join(one.text for one in paragraphs)
        lines = [line for one in paragraphs for line in (*one.lines, one.lines[-1])]
        for found in dates_in(text):
            self._has_faults = True
            if self._is_template:
                instead = "Say it with {{ promise.window }} or {{ quote.window }}, or leave it out."
            else:
                instead = "State it as a promise first, and use its words; or leave it out."
            yield self.find(lines[found.start], "untracked-date", f"“{shown_words(found.words)}” is neither promise nor quote.", instead)

    # The whole

    def of_whole(self, paragraphs: Sequence[Paragraph]) -> Iterator[Finding]:
        """Greeting, language, readability."""
        language = self._draft.language
        texts = [one.text for one in paragraphs if one.kind in ("text", "row")]
        first = next((one for one in paragraphs if one.kind == "text"), None)
        if first is None or not GREETINGS[language].match(first.text):
            yield self.find(first.line if first else 0, "greets", "It does not greet.", GREET[language])
        other = other_language(" ".join(texts), language)
        if other:
            yield self.find(
                first.line if first else 0, "language", f"It says that it is {NAMES[language]}, and is {NAMES[other]}.", "Put it into the other file."
            )
            return
        read = readability(texts, language)
        if read.words >= LEAST_WORDS and read.value > LIMITS[language]:
            words = f"It is hard to read: {read.index} {read.value:g}, {LIMITS[language]:g} is the most."
            yield self.find(first.line if first else 0, "readability", words, "Use shorter sentences and shorter words.")

    def of_promise(self, text: str) -> Iterator[Finding]:
        """What happens next, and when. A text message and a note may leave it to the mail; a date of one's own is told already."""
        draft = self._draft
        if not self._has_faults and draft.form == "mail" and draft.class_ in PROMISED and not draft.ends and STATED not in text:
            instead = "Say it with {{ promise.window }}, or write ends = true in message.toml when nothing more is owed."
            yield self.find(0, "next", "It does not say what happens next, and when.", instead)

    def of_name(self, paragraphs: Sequence[Paragraph]) -> Iterator[Finding]:
        """Whom it is to, and from whom."""
        draft = self._draft
        text = " ".join(one.text for one in paragraphs)
        if self._is_template:
            asked = paths(draft.text)
            if "person.first_name" not in asked:
                yield self.find(paragraphs[0].line if paragraphs else 0, "names", "It does not name the customer.", NAME_IT)
            if not draft.signed and not asked & {"shop.name", "shop.writer.name"}:
                yield self.find(0, "signs", "It does not say who writes.", "End with {{ shop.name }}, or who of you writes.")
            return
        if draft.name and draft.name.lower() not in text.lower():
            yield self.find(1, "names", f"It does not name {draft.name}.", f"Begin with {draft.name}'s name.", ADVICE)
        if draft.writer and draft.writer.lower() not in text.lower():
            yield self.find(0, "signs", "It does not say who writes.", f"End with {draft.writer}.")
        if draft.is_temporary and not TEMPORARY.search(text):
            yield self.find(0, "signs", "It does not say that a temporary colleague writes.", TEMPORARY_SAYS[draft.language])

    # Elements

    def of_tags(self, shown: Seen) -> Iterator[Finding]:
        for tag in shown.tags:
            yield from self.of_tag(tag)
        for line in shown.loose:
            yield self.find(line, "mjml", "Words stand in no element, where some clients hide them.", "Put them into <mj-text>.")
        for button in shown.named("mj-button")[1:]:
            yield self.find(button.line, "action", "There is more than one button.", "Keep the one that helps most; make words of the others.")
        for one in shown.paragraphs:
            for words, _way in one.ways:
                if DEFAULT_WORDS.fullmatch(words.strip(" .!:")):
                    yield self.find(one.line, "link", f"“{words}” does not say where it leads.", "Say what happens there: Follow your parcel.")

    def of_tag(self, tag: Tag) -> Iterator[Finding]:
        if tag.name not in TAGS and tag.name not in HTML:
            yield self.find(tag.line, "mjml", f"<{tag.name}> is no element of a message.", f"Use {', '.join(sorted(TAGS - {'mjml'}))}, and plain HTML in text.")
        for name in tag.attributes:
            if name.startswith("on"):
                yield self.find(tag.line, "mjml", f"{name} does something when it is read.", "Leave it out; no mail client allows it.")
        for name in ("href", "src"):
            way = tag.attributes.get(name)
            if way is not None and not GOOD_WAY.match(way):
                yield self.find(tag.line, "link", f"“{way}” is no https address.", "Write https://, or a link of the context.")
        if tag.name in ("a", "mj-button") and "href" not in tag.attributes:
            yield self.find(tag.line, "link", f"<{tag.name}> leads nowhere.", "Give it an href.")
        if tag.name == "mj-image":
            words = tag.attributes.get("alt", "").strip()
            if not words:
                yield self.find(tag.line, "alt", "A picture has no words.", "Write alt= and what is to be seen.")
            elif NO_WORDS.fullmatch(words):
                yield self.find(tag.line, "alt", f"“{words}” does not say what is to be seen.", "Say it: Blue running shoes from the side.")


MEND_MJML = "Close every tag, and write & as &amp; and any other sign as itself."
TEMPORARY_SAYS = {"sv": "Skriv: Jag är här som vikarie.", "en": "Write: I am standing in for a colleague."}


def sentences(text: str) -> Iterator[tuple[str, int]]:
    """Each sentence with its place."""
    start = 0
    for end in END.finditer(text):
        yield text[start : end.start()], start
        start = end.end()
    if start < len(text):
        yield text[start:], start


def is_error(finding: Finding) -> bool:
    return finding.severity == ERROR
