"""The message check over a folder: each text as written, and each message as it is made, with much known of the customer and with little."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from omtanke.messages.checking import TEMPORARY, Draft, check_message
from omtanke.messages.context import Context
from omtanke.messages.dates import dates_in
from omtanke.messages.example import NOW, examples
from omtanke.messages.findings import ADVICE, ERROR, CannotRender, Finding
from omtanke.messages.folder import Layout, Message, Messages, Words
from omtanke.messages.grammar import AROUND, faults_of
from omtanke.messages.languages import LANGUAGES
from omtanke.messages.rendering import Rendered, render
from omtanke.messages.rules import MAIL_ADVICE, MAIL_MOST, PREHEADER_MOST, SEGMENTS_ADVICE, SEGMENTS_MOST, SUBJECT_ADVICE, SUBJECT_MOST
from omtanke.messages.skeleton import skeleton
from omtanke.messages.tone.rules import slips

CANNOT_BE_LEFT = ("template", "name", "mjml")


def check_messages(messages: Messages) -> list[Finding]:
    """Everything that is wrong with the messages of a folder."""
    found = [*messages.findings, *check_layout(messages.layout)]
    for message in messages.by_name.values():
        found += check_one(message, messages.layout)
    return sorted(set(found))


def check_layout(layout: Layout) -> Iterator[Finding]:
    for name, source in layout.files.items():
        for fault in faults_of(source, AROUND, is_own=True):
            yield Finding(f"{layout.place}/{name}", fault.line, fault.rule, ERROR, fault.words, fault.instead)


def check_one(message: Message, layout: Layout) -> list[Finding]:
    """A message in every language that it has."""
    found: list[Finding] = []
    for language in LANGUAGES:
        words = message.words[language]
        if words.mail:
            texts = [*check_texts(message, language, words), *check_head(message, language, words)]
            found += texts
            if not any(one.rule in CANNOT_BE_LEFT for one in texts):
                found += check_made(message, layout, language, texts)
    return found


def check_texts(message: Message, language: str, words: Words) -> Iterator[Finding]:
    for form in ("mail", "text", "sms"):
        text = getattr(words, form)
        if text:
            file = message.file(form, language)
            signed = form != "sms"
            yield from check_message(Draft(text=text, language=language, form=form, file=file, class_=message.class_, ends=message.ends, signed=signed))


def check_head(message: Message, language: str, words: Words) -> Iterator[Finding]:
    """Subject and preheader as written."""
    line = message.subject_lines.get(language, 0)
    for key in ("subject", "preheader"):
        source = getattr(words, key)
        faults = faults_of(source)
        yield from (Finding(message.settings, line, one.rule, ERROR, f"{key}: {one.words}", one.instead, language) for one in faults)
        if not faults:
            text = skeleton(source)
            for found in dates_in(text):
                said = f"{key}: “{found.words}” is neither promise nor quote."
                yield Finding(message.settings, line, "untracked-date", ERROR, said, "Say it with {{ promise.dates }}, or leave it out.", language)
            for slip in slips(text, language):
                said = f"{key}: “{slip.words}”: {slip.why[0].lower()}{slip.why[1:]}"
                yield Finding(message.settings, line, slip.kind, ADVICE, said, slip.instead, language)
    if words.subject.lower().startswith(("re:", "sv:", "fwd:", "vb:")):
        yield Finding(message.settings, line, "subject", ERROR, "The subject feigns an answer.", "Leave out what stands before the colon.", language)
    if not words.preheader.strip():
        yield Finding(message.settings, line, "preheader", ADVICE, "There is no preheader.", "Say in a few words what the subject leaves open.", language)


def check_made(message: Message, layout: Layout, language: str, texts: list[Finding]) -> Iterator[Finding]:
    """The message as it is made for one of whom everything is known, one without a name, one of whom little is."""
    has_dates = any(one.rule == "untracked-date" for one in texts)
    made: dict[str, Rendered] = {}
    cases = examples(language, message.name)
    told: set[str] = set()
    for case, context in cases.items():
        try:
            made[case] = render(message, layout, language, context, NOW)
        except CannotRender as cannot:
            for one in cannot.findings:
                is_said = one.rule == "untracked-date" and has_dates
                if not is_said and one.words not in told:
                    told.add(one.words)
                    yield replace(one, words=one.words if one.rule == "untracked-date" else f"With {case}: {one.words}")
    if len(made) == len(cases):
        whole = made["everything known"]
        yield from check_sizes(message, language, whole)
        yield from check_signed(message, language, made, cases["everything known"])


def check_sizes(message: Message, language: str, made: Rendered) -> Iterator[Finding]:
    settings, line = message.settings, message.subject_lines.get(language, 0)
    if len(made.subject) > SUBJECT_ADVICE:
        severity = ERROR if len(made.subject) > SUBJECT_MOST else ADVICE
        words = f"The subject has {len(made.subject)} characters; a phone shows {SUBJECT_ADVICE}."
        yield Finding(settings, line, "subject", severity, words, "Say the most important first, and less.", language)
    if len(made.preheader) > PREHEADER_MOST:
        words = f"The preheader has {len(made.preheader)} characters; {PREHEADER_MOST} are shown."
        yield Finding(settings, line, "preheader", ADVICE, words, "Say less.", language)
    if made.preheader and made.preheader.strip(" .!") == made.subject.strip(" .!"):
        yield Finding(settings, line, "preheader", ADVICE, "The preheader repeats the subject.", "Say what the subject leaves open.", language)
    size = len(made.html.encode())
    if size > MAIL_ADVICE:
        severity = ERROR if size > MAIL_MOST else ADVICE
        words = f"The mail has {size / 1000:.0f} kB; from {MAIL_MOST / 1000:.0f} on it is cut."
        yield Finding(message.file("mail", language), 0, "size", severity, words, "Say less, and let pictures be links.", language)
    if made.sms:
        yield from check_segments(message, language, made)


def check_segments(message: Message, language: str, made: Rendered) -> Iterator[Finding]:
    assert made.sms is not None
    file, short = message.file("sms", language), made.sms
    if short.segments > SEGMENTS_ADVICE:
        severity = ERROR if short.segments > SEGMENTS_MOST else ADVICE
        words = f"The text message has {short.segments} segments ({short.units} places in {short.alphabet})."
        yield Finding(file, 0, "segments", severity, words, "Say less; the mail says the rest.", language)
    if short.dear:
        words = f"{' '.join(short.dear)} makes it {short.alphabet}, where a segment has 70 places instead of 160."
        yield Finding(file, 0, "segments", ADVICE, words, "Write it with letters of the GSM alphabet.", language)


def check_signed(message: Message, language: str, made: dict[str, Rendered], context: Context) -> Iterator[Finding]:
    """Who writes, that a temporary colleague says so, and the way to stop it."""
    file = message.file("mail", language)
    whole = made["everything known"]
    writer = context.shop.writer
    if writer is None or writer.name not in whole.text and context.shop.name not in whole.text:
        yield Finding(file, 0, "signs", ERROR, "It does not say who writes.", "Let the layout's closing say it.", language)
    if not TEMPORARY.search(made["a temporary colleague writes"].text):
        words = "It does not say that a temporary colleague writes."
        yield Finding(file, 0, "signs", ERROR, words, "Ask for shop.writer.is_temporary in the closing.", language)
    link = context.links.unsubscribe
    if message.class_ in ("promotional", "survey") and link is not None and link.url not in whole.text:
        yield Finding(file, 0, "unsubscribe", ERROR, "It cannot be stopped.", "Let the layout say links.unsubscribe.", language)
