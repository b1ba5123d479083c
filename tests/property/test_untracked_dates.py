"""No message says a date that is neither promise nor quote, however its template tries."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from html import unescape

from babel.dates import format_date
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from omtanke.messages.example import NOW
from omtanke.messages.example import example as example_of
from omtanke.messages.findings import CannotRender
from omtanke.messages.folder import Message, Words, shipped_messages
from omtanke.messages.rendering import Rendered, render

DAYS = st.dates(date(2026, 11, 25), date(2027, 12, 31))
LOCALES = {"sv": "sv_SE", "en": "en_GB"}
PATTERNS = ("d MMMM", "EEEE d MMMM", "d MMMM y", "d MMM", "EEEE", "y-MM-dd", "d/M/y", "'den' d MMMM", "MMMM d")
NUMBERS = {"sv": ("två", "tre", "fyra", "tio"), "en": ("two", "three", "four", "ten")}
LAYOUT = shipped_messages().layout


@st.composite
def dates(draw: st.DrawFn, language: str) -> str:
    """A date or deadline in words."""
    kind = draw(st.sampled_from(("day", "span", "clock", "near")))
    n = draw(st.integers(2, 9))
    if kind == "day":
        return str(format_date(draw(DAYS), draw(st.sampled_from(PATTERNS)), locale=LOCALES[language]))
    if kind == "span":
        count = draw(st.sampled_from((str(n), f"{n}–{n + 2}", draw(st.sampled_from(NUMBERS[language])))))
        unit = {"sv": ("dagar", "vardagar", "timmar", "veckor"), "en": ("days", "working days", "hours", "weeks")}[language]
        return f"{'inom' if language == 'sv' else 'within'} {count} {draw(st.sampled_from(unit))}"
    if kind == "clock":
        hour, minute = draw(st.integers(0, 23)), draw(st.sampled_from(("00", "15", "30")))
        return f"före kl. {hour}.{minute}" if language == "sv" else f"by {hour:02d}:{minute}"
    near = {"sv": ("i morgon", "nästa vecka", "före helgen", "i kväll"), "en": ("tomorrow", "next week", "before the weekend", "tonight")}
    return draw(st.sampled_from(near[language]))


@st.composite
def disguised(draw: st.DrawFn, text: str) -> str:
    """The text as a template may bring it about."""
    at = draw(st.integers(1, len(text) - 1))
    left, right = text[:at], text[at:]
    figures = re.search(r"\d+", text)
    ways = [
        text,
        f"{{{{ '{text}' }}}}",
        f"{{{{ '{left}' }}}}{{{{ '{right}' }}}}",
        f"{left}{{% if person %}}{right}{{% endif %}}",
        f"{left}<b>{right}</b>",
        f"{left}<span></span>{right}",
        f"{left}\N{ZERO WIDTH SPACE}{right}",
        f"{left}\N{SOFT HYPHEN}{right}",
        f"{left}&#8203;{right}",
        "".join(f"&#{ord(sign)};" for sign in text),
        text.replace(" ", "\N{NO-BREAK SPACE}"),
        text.replace(" ", "\n"),
        text.upper(),
        unicodedata.normalize("NFD", text),
        text.translate({ord(sign): chr(0xFF10 + int(sign)) for sign in "0123456789"}),
        f"{{{{ '{text}' | upper }}}}",
        f"{{{{ '{left}' ~ '{right}' }}}}",
        f"{{{{ '{left}' + '{right}' }}}}",
        f"{{{{ promise.window | replace('26', '{text}') }}}}",
        f"{{% set x = '{left}' %}}{{{{ x }}}}{right}",
    ]
    if figures and int(figures[0]):
        n = int(figures[0])
        ways.append(text.replace(figures[0], f"{{{{ {n - 1} + 1 }}}}", 1))
        ways.append(text.replace(figures[0], f"{{{{ {n + 3} - 3 }}}}", 1))
        ways.append(text.replace(figures[0], f"{{{{ order.lines | length + {n - 2} }}}}" if n > 2 else "{{ order.lines | length }}", 1))
    return draw(st.sampled_from(ways))


@st.composite
def templates(draw: st.DrawFn) -> tuple[str, str, str]:
    """(language, template, the date that it tries to say)."""
    language = draw(st.sampled_from(("sv", "en")))
    said = draw(dates(language))
    before = draw(st.sampled_from(("", "Hej! ", "Det kommer ", "It comes ", "Tack, ")))
    after = draw(st.sampled_from(("", ".", " hos dig", "!", " och {{ promise.window }}")))
    return language, before + draw(disguised(said)) + after, said


def read(made: Rendered) -> str:
    """All that a customer may read, as one plain text, letters in one case."""
    html = re.sub(r"<style.*?</style>|<!--.*?-->", "", made.html, flags=re.DOTALL)
    text = " ".join((made.subject, made.preheader, unescape(re.sub(r"<[^>]*>", "", html)), made.text, made.sms.text if made.sms else ""))
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return re.sub(r"\s+", " ", plain).lower()


def without_stated(text: str, made: Rendered) -> str:
    for one in sorted(made.stated, key=lambda one: -len(one.words)):
        text = text.replace(one.words.lower(), "◈")
    return text


def made_of(language: str, where: str, template: str) -> Rendered | None:
    """The message with that template at that place; None when it was refused."""
    mail = "<mj-text>Hej</mj-text>"
    texts = {"subject": "Hej", "preheader": "", "mail": mail, "text": "", "sms": ""}
    texts[where] = f"<mj-text>{template}</mj-text>" if where == "mail" else template
    message = Message(name="fuzzed", place="fuzzed", class_="service", words={language: Words(**texts)})
    try:
        return render(message, LAYOUT, language, example_of(language), NOW)
    except CannotRender:
        return None


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(templates(), st.sampled_from(("mail", "subject", "preheader", "text", "sms")))
@example(("sv", "Det kommer {{ promise.window }}", "i morgon"), "mail")
def test_date_of_its_own_is_never_said(tried: tuple[str, str, str], where: str) -> None:
    language, template, said = tried
    made = made_of(language, where, template)
    if made is not None:
        assert re.sub(r"\s+", " ", unicodedata.normalize("NFKC", said)).lower() not in without_stated(read(made), made)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(("sv", "en")), st.sampled_from(("window", "dates", "first_window")), st.sampled_from(("mail", "subject", "preheader", "text", "sms")))
def test_what_a_promise_says_is_said_and_told(language: str, name: str, where: str) -> None:
    made = made_of(language, where, f"{{{{ promise.{name} }}}}")
    assert made is not None
    assert [(one.kind, one.id) for one in made.stated] == [("promise", 1041)]
    assert made.stated[0].words.lower().replace("–", "-") in read(made).replace("–", "-")
