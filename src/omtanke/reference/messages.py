"""What a message is made of, what it may say, and what the check looks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args, get_origin

from msgspec import Struct

from omtanke.engine.plays.play import CLASSES
from omtanke.messages import context as words
from omtanke.messages.checking import HTML, TAGS
from omtanke.messages.context import SAYINGS, Context, Link, Money
from omtanke.messages.folder import KEYS, TEXT_KEYS
from omtanke.messages.grammar import FILTERS, LOOP, PARTS
from omtanke.messages.rules import RULES
from omtanke.messages.schema import described, plain
from omtanke.messages.stated import StatedPromise, StatedQuote
from omtanke.messages.tone.rules import KINDS, tone_rules
from omtanke.reference.markdown import code, page, said, table

FILES = {
    "message.toml": "class and, for each language, subject and preheader",
    "mail.sv.mjml, mail.en.mjml": "what the mail says, in MJML; the layout stands around it",
    "text.sv.txt, text.en.txt": "the mail in plain text, when it shall differ; without it the mail's own words are taken",
    "sms.sv.txt, sms.en.txt": "a text message; optional",
}
LAYOUT = {
    "layout.mjml": "what stands around every mail; has `content`, `closing`, `subject`, `preheader` and `class_` beside the context",
    "parts.mjml": "the parts that messages call",
    "closing.sv.mjml, closing.en.mjml": "who writes",
    "closing.sv.txt, closing.en.txt": "the same below the plain text, with address and the way to stop it",
}


def messages_page() -> str:
    """The page."""
    return page("Messages", opening(), files(), context(), *structs(), stated(), language(), checked(), *tones())


def opening() -> Iterator[str]:
    yield "A message to a customer is a folder of a shop's own, kept in git. This version writes, checks and shows messages"
    yield "([how to](../how-to/write-a-message.md)); it does not send them yet."


def files() -> Iterator[str]:
    yield "## Files"
    yield ""
    yield from table(("file", "what it holds"), ((listed(name), text) for name, text in FILES.items()))
    yield ""
    yield "Keys of `message.toml`; the texts stand in the tables `[sv]` and `[en]`:"
    yield ""
    yield from table(("key", "meaning"), ((code(name), text) for name, text in (KEYS | TEXT_KEYS).items()))
    yield ""
    yield from table(("class", "meaning"), ((code(name), one.what) for name, one in CLASSES.items()))
    yield ""
    yield "The folder `layout` beside the messages may hold a shop's own; what is not there is as shipped:"
    yield ""
    yield from table(("file", "what it holds"), ((listed(name), text) for name, text in LAYOUT.items()))


def listed(names: str) -> str:
    return ", ".join(map(code, names.split(", ")))


def context() -> Iterator[str]:
    yield "## What a message may say"
    yield ""
    yield "What is not known is false in an `if`, and cannot be said. Values are put in after everything else: a template cannot read, compare or change"
    yield "them, and they bring in no markup."
    yield ""
    yield from rows(Context)
    yield ""
    yield "`language` is `sv` or `en`."


def structs() -> Iterator[Iterator[str]]:
    found = [one for one in vars(words).values() if isinstance(one, type) and issubclass(one, Struct) and one.__module__ == words.__name__]
    for struct in found:
        if struct not in (Context, Money, Link):
            yield struct_part(struct)


def struct_part(struct: type[Struct]) -> Iterator[str]:
    yield f"### {struct.__name__}"
    yield ""
    yield said(struct)
    yield ""
    yield from rows(struct)


def rows(struct: type[Struct]) -> Iterator[str]:
    yield from table(("name", "what it is", "meaning"), ((code(name), type_said(kind), meaning) for name, kind, meaning in described(struct)))


def type_said(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return f"list of {type_said(plain(get_args(kind)[0]))}"
    simple = {str: "words", int: "number", bool: "true or false", Money: "money", Link: "link", StatedPromise: "a promise", StatedQuote: "a quote"}
    return simple.get(kind) or f"[{kind.__name__}](#{kind.__name__.lower()})"


def stated() -> Iterator[str]:
    yield "## What says a day or a time"
    yield ""
    yield "Promises and quotes, and nothing else. They name weekday and date, never “tomorrow”: a message is read another day than it was written. A promise"
    yield "that has ended or whose time is over, and a quote that has expired, cannot be said. Each rendering tells which it has stated."
    for kind, name in ((StatedPromise, "promise"), (StatedQuote, "quote")):
        yield ""
        yield from table(("name", "what it says"), ((code(f"{name}.{one}"), text) for one, text in SAYINGS[kind].items()))


def language() -> Iterator[str]:
    yield "## What a template may do"
    yield ""
    yield "Jinja's `{{ … }}`, `{% if %}` with `elif`, `else`, `and`, `or`, `not` and comparisons of numbers, and `{% for line in order.lines %}` over a list"
    yield f"of the context, not within another, with {' and '.join(f'`loop.{one}`' for one in LOOP)}; `+` and `-` of whole numbers. Nothing else: no"
    yield "assignment, macro, inclusion, test or call."
    yield ""
    yield from table(("filter", "what it gives"), ((code(name), text) for name, text in FILTERS.items()))
    yield ""
    yield from table(("part, in a mail", "what it draws"), ((code(f"{name}(…)"), text) for name, text in PARTS.items()))
    yield ""
    yield f"Elements of a mail: {', '.join(code(name) for name in sorted(TAGS - {'mjml'}))}; in their words {', '.join(code(name) for name in sorted(HTML))}."


def checked() -> Iterator[str]:
    yield "## What the check looks for"
    yield ""
    yield "An error keeps a message from being used: exit status 1. Advice is for whoever writes it."
    yield ""
    yield from table(("rule", "severity", "it holds when"), ((code(name), rule.severity, rule.meaning) for name, rule in RULES.items()))
    yield ""
    yield "Opening hours, prices, numbers of orders, rights (“30 dagars öppet köp”) and names of goods say no date."
    yield "Readability: LIX (C. H. Björnsson, *Läsbarhet*, 1968) for Swedish, the Automated Readability Index (E. A. Smith and R. J. Senter,"
    yield "AMRL-TR-66-220, 1967) for English."


def tones() -> Iterator[Iterator[str]]:
    for name, title in (("sv", "Tone in Swedish"), ("en", "Tone in English")):
        yield tone(name, title)


def tone(name: str, title: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield "What is found, by an example of it."
    yield ""
    order = list(KINDS)
    rules = sorted(tone_rules(name), key=lambda rule: order.index(rule.kind))
    yield from table(("rule", "as in", "why", "instead"), ((code(rule.kind), rule.example, rule.why, rule.instead) for rule in rules))
