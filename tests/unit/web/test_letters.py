"""My letters: what is chosen, and what the letter then says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.utils import translation

from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_choices import PARTS, Choice
from omtanke.vocabulary.time import DAY, HOUR, moment_of
from omtanke.web.outgoing import close_outbox, outbox
from omtanke.web.shop import Shop

if TYPE_CHECKING:
    from django.test import Client

NOW = moment_of(datetime.fromisoformat("2026-11-21T16:30+01:00"))
CHOSEN = {"letter": ["mail"], "minute": "420", "parts": list(PARTS), "language": "en", "chat_url": ""}


@pytest.fixture
def box(here: Shop) -> Iterator[Outbox]:
    """The outbox of the shop, empty again afterwards."""
    yield outbox()
    for table in ("message", "delivery", "destination", "choice", "alert", "happening"):
        outbox().connection.execute(f"DELETE FROM {table}")
    close_outbox()
    from omtanke.web.accounts.models import Look, Staff

    Look.objects.filter(who__email__endswith="@letters.example").delete()
    Staff.objects.filter(email__endswith="@letters.example").delete()


def test_choice_is_kept_and_said(lead: Client, box: Outbox) -> None:
    html = lead.post("/letters/", CHOSEN | {"promise_broken": ["mail"]}, follow=True).content.decode()
    (mine,) = box.choices.all()
    assert (mine.letter, mine.minute, mine.language, mine.alerts["promise_broken"]) == (("mail",), 420, "en", ("mail",))
    assert "A letter comes to you every morning at 07:00." in html


def test_first_letter_after_its_hour_has_passed_is_tomorrows(lead: Client, box: Outbox) -> None:
    """It is 16.30 here."""
    lead.post("/letters/", CHOSEN)
    assert box.choices.all()[0].letter_day == "2026-11-21"


def test_chat_needs_an_address_outside(lead: Client, box: Outbox) -> None:
    missing = lead.post("/letters/", CHOSEN | {"letter": ["chat"]}).content.decode()
    inside = lead.post("/letters/", CHOSEN | {"letter": ["chat"], "chat_url": "https://10.0.0.7/services/x"}).content.decode()
    assert ("Where is the chat?" in missing, "inside a network" in inside, box.choices.all()) == (True, True, [])


def test_letter_sent_to_see_it_is_in_the_outbox(lead: Client, box: Outbox) -> None:
    lead.post("/letters/", CHOSEN)
    assert "A letter is on its way to you." in lead.post("/letters/", {"do": "try"}, follow=True).content.decode()
    (sent,) = box.deliveries.listed(2**62, 9)
    message = box.deliveries.message(sent.delivery)
    assert message is not None
    assert ("Maja Lindqvist" in message.text, "http://127.0.0.1/promises/" in message.html) == (True, True)


def writer(box: Outbox):  # type: ignore[no-untyped-def]
    from omtanke.web.letters.writing import Writer

    return Writer(box, "https://omtanke.example", "Butiken")


def staff_with(role: str):  # type: ignore[no-untyped-def]
    from omtanke.web.accounts.models import Role, Staff

    return Staff.objects.create_staff(f"{role}@letters.example", role.title(), Role(role))


def test_analyst_gets_no_names(lead: Client, box: Outbox) -> None:
    analyst = staff_with("analyst")
    made = writer(box).letter_of(Choice(analyst.pk, language="en"), analyst, NOW)
    lines = [line for part in made.parts for line in part.lines]
    assert lines
    assert [line.title for line in lines if "Lindqvist" in line.title + line.text] == []


def test_developer_gets_no_parts_on_figures(lead: Client, box: Outbox) -> None:
    developer = staff_with("developer")
    made = writer(box).letter_of(Choice(developer.pk, language="en"), developer, NOW)
    assert [part.heading for part in made.parts] == ["Who needs a person now", "What we owe before evening"]


def test_letter_is_in_the_readers_language(lead: Client, box: Outbox) -> None:
    someone = staff_with("lead")
    with translation.override("en"):
        made = writer(box).letter_of(Choice(someone.pk, language="sv"), someone, NOW)
    assert [part.heading for part in made.parts][:2] == ["Vem som behöver en människa nu", "Vad vi är skyldiga före kvällen"]
    assert made.day == "Lördag 21 november"


def test_letter_is_put_once_whatever_is_repeated(lead: Client, box: Outbox) -> None:
    someone = staff_with("lead")
    box.choices.put(Choice(someone.pk, language="en", letter=("mail",), minute=7 * 60))
    morning = NOW - 9 * HOUR
    assert [writer(box).write_due(morning), writer(box).write_due(morning), writer(box).write_due(morning + HOUR)] == [0, 0, 0]
    assert [one.key for one in box.deliveries.listed(2**62, 9)] == [f"letter/{someone.pk}/2026-11-21/mail"]
    writer(box).write_due(morning + DAY)
    assert [one.key for one in box.deliveries.listed(2**62, 9)] == [f"letter/{someone.pk}/2026-11-{day}/mail" for day in (22, 21)]


def test_nobody_who_has_left_gets_a_letter(lead: Client, box: Outbox) -> None:
    box.choices.put(Choice(987_654, letter=("mail",), minute=7 * 60))
    writer(box).write_due(NOW - 9 * HOUR)
    assert (box.deliveries.listed(2**62, 9), box.choices.all()[0].letter_day) == ([], "2026-11-21")


def test_alert_goes_to_those_who_chose_it_and_may_know(lead: Client, box: Outbox) -> None:
    someone, store = staff_with("lead"), staff_with("store")
    box.choices.put(Choice(someone.pk, language="en", alerts={"promise_broken": ("mail",)}))
    box.choices.put(Choice(store.pk, language="en", alerts={"worker_behind": ("mail",)}))
    with box.writing():
        box.choices.happened("promise_broken", NOW - HOUR, 1)
        box.choices.happened("promise_broken", NOW, 2)
        box.choices.happened("worker_behind", NOW)
    assert box.choices.make_alerts(NOW, NOW) == 2
    writer(box).write_due(NOW)
    messages = {one.key: box.deliveries.message(one.delivery) for one in box.deliveries.listed(2**62, 9)}
    mine = next(message for key, message in messages.items() if key.endswith(f"/{someone.pk}/mail"))
    assert mine is not None
    assert (mine.subject, mine.text.splitlines()[0]) == ("We broke 2 promises to customers.", "We broke 2 promises to customers. Since today 15:30.")
    assert [key for key in messages if f"/{store.pk}/" in key] == []
    assert box.choices.unworded() == []


def test_alert_that_we_keep_fewer_than_we_said_says_how_many(lead: Client, box: Outbox) -> None:
    someone = staff_with("lead")
    box.choices.put(Choice(someone.pk, language="sv", alerts={"promises_drift": ("mail",)}))
    with box.writing():
        box.choices.happened("promises_drift", NOW, detail="0.9510 274 310")
    box.choices.make_alerts(NOW, NOW)
    writer(box).write_due(NOW)
    (message,) = [box.deliveries.message(one.delivery) for one in box.deliveries.listed(2**62, 9)]
    assert message is not None
    assert message.subject == "Av de senaste 310 löftena, som vi var 95,1\u00a0% säkra på, höll vi 88,4\u00a0%."
    assert "/promises/?by=month#sure" in message.text


def test_developer_who_has_not_chosen_hears_that_a_receiver_is_gone(lead: Client, box: Outbox) -> None:
    developer = staff_with("developer")
    with box.writing():
        box.choices.happened("receiver_off", NOW, detail="The warehouse")
    box.choices.make_alerts(NOW, NOW)
    writer(box).write_due(NOW)
    messages = [box.deliveries.message(sent.delivery) for sent in box.deliveries.listed(2**62, 9)]
    (message,) = [one for one in messages if one is not None and one.recipient == developer.email]
    assert ("/receivers/" in message.text, "Warehouse" in message.text.title()) == (True, True)
