"""A message for one customer."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from omtanke.messages.context import Context, Line, Link, Links, Money, Order, Person, Shop
from omtanke.messages.example import NOW, example, examples
from omtanke.messages.findings import CannotRender
from omtanke.messages.folder import read_messages, shipped_messages
from omtanke.messages.rendering import Rendered, html_of, render
from omtanke.messages.stated import Said, StatedPromise, StatedQuote
from omtanke.vocabulary.refusal import Refused
from omtanke.vocabulary.time import DAY
from unit.messages.broken import MAIL_SV, write_message

SHIPPED = shipped_messages()


def shown(name: str, context: Context, language: str = "sv") -> Rendered:
    return render(SHIPPED.by_name[name], SHIPPED.layout, language, context, NOW)


def changed(folder: Path, line: str) -> Rendered:
    """The good message with a line more, for the example customer."""
    messages = read_messages(write_message(folder, {"mail.sv.mjml": MAIL_SV + line}))
    return render(messages.by_name["sent"], messages.layout, "sv", example("sv"), NOW)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", sorted(SHIPPED.by_name))
def test_shipped_message_can_be_made_for_everybody(name: str, language: str) -> None:
    for context in examples(language).values():
        made = shown(name, context, language)
        assert "⟦" not in made.subject + made.preheader + made.html + made.text
        assert len(made.html.encode()) < 40_000


def test_every_occasion_has_its_message() -> None:
    ordinary = {"order_confirmed", "order_sent", "on_its_way", "delayed", "ready_for_pickup", "delivered", "refunded", "remembered_cart"}
    assert set(SHIPPED.by_name) == ordinary | {f"survey_{about}" for about in ("delivery", "store_visit", "case", "return")}


def test_message_states_its_promise_and_says_so() -> None:
    made = shown("on_its_way", example("sv"))
    assert made.stated == (
        Said("promise", 1041, "mellan torsdag 26 och fredag 27 november"),
        Said("promise", 1041, "26–27 november"),
    )
    assert made.sms is not None
    assert made.sms.text == "Hej Maja! Ditt paket är nästan framme. Det är hos dig mellan torsdag 26 och fredag 27 november. Hälsningar Fjäll & Fot"


def test_delayed_states_both_windows() -> None:
    said = {one.words for one in shown("delayed", example("en"), "en").stated}
    assert said == {"on Wednesday 25 November", "between Thursday 26 and Friday 27 November", "26–27 November"}


def test_text_of_mail_says_the_same_in_plain_words() -> None:
    assert shown("survey_case", example("sv", "survey_case")).text == (
        "Hej Maja! Vi gjorde det lätt för dig att få hjälp. Håller du med?\n\nEtt klick räcker: 1 betyder inte alls, 7 betyder helt och hållet.\n\n"
        + "".join(f"{n}: https://fjallochfot.example/svar/a1b2c3?score={n}\n" for n in range(1, 8))
        + "\nSara på Fjäll & Fot\n\nFjäll & Fot, Storgatan 12, 903 26 Umeå\n\n"
        "Inga fler sådana här mejl: https://fjallochfot.example/inga-fler/a1b2c3\n"
    )


def test_mail_keeps_media_queries_and_has_its_styles_at_each_element() -> None:
    html = shown("order_confirmed", example("sv")).html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "@media only screen and (max-width: 480px)" in html
    assert 'class="amount" style="' in html
    assert '<html lang="sv"' in html


def test_values_bring_no_markup() -> None:
    name = '<b>"Maja"</b> & {{ shop.name }} ⟦shop.name⟧'
    made = shown("order_confirmed", replace(example("sv"), person=Person(first_name=name)))
    assert "Hej &lt;b&gt;&quot;Maja&quot;&lt;/b&gt; &amp; {{ shop.name }} [shop.name], tack!" in made.html
    assert made.text.startswith('Hej <b>"Maja"</b> & {{ shop.name }} [shop.name], tack!')


def test_values_are_one_line_and_have_an_end() -> None:
    made = shown("order_confirmed", replace(example("sv"), person=Person(first_name="Maja\r\nBcc: x@y.example\u202e" + "a" * 900)))
    assert made.subject.startswith("Tack Maja Bcc: x@y.example a")
    assert len(made.subject) < 400


def test_names_of_goods_may_hold_what_looks_like_a_date() -> None:
    lines = (Line(name="Adventskalender 1 december", variant="fredag"), Line(name="Kalender 2027"), Line(name="Ljus", quantity=3))
    made = shown("order_confirmed", replace(example("sv"), order=Order(number="2026-11-28", lines=lines, total=Money(1250))))
    assert made.preheader.startswith("Adventskalender 1 december och 2 till.")
    assert "Summa 12,50\N{NO-BREAK SPACE}kr. Din order har nummer 2026-11-28." in made.text


@pytest.mark.parametrize(
    ("status", "why"), [(one, f"promise 1041 is {one}") for one in ("kept", "exceeded", "broken", "withdrawn")] + [("made", "the time of promise 1041 is over")]
)
def test_promise_that_has_ended_cannot_be_said(status: str, why: str) -> None:
    promise = StatedPromise(id=1041, until_at=NOW + (DAY if status != "made" else -DAY), status=status)
    with pytest.raises(CannotRender) as refused:
        shown("order_sent", replace(example("sv"), promise=promise))
    assert [(one.rule, one.words) for one in refused.value.findings] == [("ended", f"It cannot be said any more: {why}.")]


def test_promise_that_is_due_can_be_said_no_more_than_its_window_lasts() -> None:
    promise = StatedPromise(id=1041, until_at=NOW, status="at_risk")
    assert shown("order_sent", replace(example("sv"), promise=promise)).stated[0].words == "senast kl. 8 tisdag 24 november"


def test_quote_that_has_expired_cannot_be_said() -> None:
    quote = StatedQuote(id=77, until_at=NOW + DAY, valid_until=NOW - 1)
    with pytest.raises(CannotRender) as refused:
        shown("remembered_cart", replace(example("sv"), quote=quote))
    assert [one.words for one in refused.value.findings] == ["It cannot be said any more: quote 77 has expired."]


def test_message_without_the_quote_says_no_day() -> None:
    assert shown("remembered_cart", replace(example("sv"), quote=None)).stated == ()


def test_message_without_its_promise_cannot_be_made() -> None:
    with pytest.raises(CannotRender) as refused:
        shown("delayed", replace(example("sv"), promise=None))
    assert "promise is not known here, so that it has no window." in {one.words for one in refused.value.findings}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", ["order_confirmed", "order_sent", "on_its_way", "refunded"])
def test_order_to_which_nothing_was_promised_is_told_of_all_the_same(name: str, language: str) -> None:
    """A shop that has not begun to promise still confirms its orders; no date is said."""
    made = shown(name, replace(example(language), promise=None, refund=None), language)
    assert made.stated == () and made.text and "  " not in made.text and " ." not in made.text


def test_promotional_message_without_a_way_to_stop_it_cannot_be_made() -> None:
    with pytest.raises(CannotRender) as refused:
        shown("remembered_cart", replace(example("sv"), links=Links()))
    assert {one.words for one in refused.value.findings} == {"links.unsubscribe is not known here."}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", sorted(SHIPPED.by_name))
def test_text_message_says_how_to_stop_what_was_not_asked_for_and_nothing_else(name: str, language: str) -> None:
    made = shown(name, example(language, name), language)
    assert made.sms is not None
    stop = {"sv": "\nInga fler: ", "en": "\nNo more: "}[language] + "https://fjallochfot.example/inga-fler/a1b2c3"
    assert made.sms.text.endswith(stop) == (made.class_ in ("promotional", "survey"))
    assert (made.sms.alphabet, made.sms.segments <= 2) == ("GSM-7", True)


def test_text_message_that_says_in_its_own_words_how_to_stop_it_is_left_as_it_is() -> None:
    message = SHIPPED.by_name["remembered_cart"]
    words = replace(message.words["sv"], sms="Hej! Slipp fler: {{ links.unsubscribe }} Hälsningar {{ shop.name }}")
    made = render(replace(message, words=message.words | {"sv": words}), SHIPPED.layout, "sv", example("sv"), NOW)
    assert made.sms is not None
    assert made.sms.text == "Hej! Slipp fler: https://fjallochfot.example/inga-fler/a1b2c3 Hälsningar Fjäll & Fot"


def test_only_https_is_a_link() -> None:
    with pytest.raises(Refused):
        Link("http://shop.example/r/1")
    assert Link("http://localhost:8400/r/1").url == "http://localhost:8400/r/1"


def test_what_differs_in_values_only_is_laid_out_once() -> None:
    html_of.cache_clear()
    for name in ("Maja", "Olle", "Kim"):
        shown("order_sent", replace(example("sv"), person=Person(first_name=name), shop=Shop(name=f"{name}s")))
    assert (html_of.cache_info().misses, html_of.cache_info().hits) == (1, 2)


def test_date_that_comes_together_only_when_it_is_made_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRender) as refused:
        changed(tmp_path, "<mj-text>{{ order.lines | length }}{% if cart %} december{% endif %}</mj-text>")
    assert [(one.rule, one.words) for one in refused.value.findings] == [("untracked-date", "“2 december” is neither promise nor quote.")]


def test_message_that_grows_without_end_is_stopped(tmp_path: Path) -> None:
    lines = tuple(Line(name="Sko") for _ in range(500))
    messages = read_messages(write_message(tmp_path, {"mail.sv.mjml": "{% for line in order.lines %}" + "Hej " * 200 + "{% endfor %}"}))
    with pytest.raises(CannotRender) as refused:
        render(messages.by_name["sent"], messages.layout, "sv", replace(example("sv"), order=Order(number="1", lines=lines)), NOW)
    assert refused.value.findings[0].words == "The message has more than 262,144 characters."


def test_message_that_is_not_written_in_the_language_cannot_be_made(tmp_path: Path) -> None:
    messages = read_messages(write_message(tmp_path, {"mail.en.mjml": None}))
    with pytest.raises(CannotRender) as refused:
        render(messages.by_name["sent"], messages.layout, "en", example("en"), NOW)
    assert [one.words for one in refused.value.findings] == ["There is no mail in English."]
