"""Letters and alerts that are due become messages in the outbox: each once, whatever crashes."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Mapping
from datetime import date

from django.template.loader import render_to_string
from django.utils import translation

from omtanke.runtime.dispatch_letters import due_day
from omtanke.storage.outbox import Outbox
from omtanke.storage.outbox_choices import Alert, Choice
from omtanke.vocabulary.time import MINUTE, time_of_day_at
from omtanke.web.accounts.access import May, abilities_of
from omtanke.web.accounts.looking import on_record
from omtanke.web.accounts.models import Role, Staff
from omtanke.web.letters.alerts import KIND_NEEDS, AlertText, alert_text
from omtanke.web.letters.letter import Asked, Letter, letter
from omtanke.web.shop import shop, show_customers, voice

# Later than this is said.
LATE = 20 * MINUTE
# What those who look after the systems are told by mail as long as they have not chosen.
FOR_DEVELOPERS: Mapping[str, tuple[str, ...]] = {"receiver_off": ("mail",), "worker_behind": ("mail",), "customer_set_aside": ("mail",)}


class Writer:
    """Writes into one outbox. `base`: the address of the pages; `name`: the shop's."""

    def __init__(self, outbox: Outbox, base: str, name: str) -> None:
        self._outbox = outbox
        self._base = base.rstrip("/")
        self._name = name

    def write_due(self, now: int) -> int:
        """Every letter and alert that is due at the shop's `now`. How many could not be written; each of those is tried again by the next call."""
        staff = {one.pk: one for one in Staff.objects.filter(is_active=True, accepted_at__isnull=False)}
        failed = 0
        for choice in self._outbox.choices.all():
            day = due_day(choice, now, shop().zone)
            if day is not None:
                failed += not self._try(lambda choice=choice, day=day: self.write_letter(choice, staff.get(choice.staff), day, now))
        for alert in self._outbox.choices.unworded():
            failed += not self._try(lambda alert=alert: self.write_alert(alert, staff.values(), now))
        return failed

    def _try(self, write: object) -> bool:
        """One that cannot be written is no reason to leave out the others."""
        try:
            write()  # type: ignore[operator]
        except Exception:
            traceback.print_exc(file=sys.stderr)
            return False
        return True

    def write_letter(self, choice: Choice, staff: Staff | None, day: date, now: int) -> bool:
        """The letter of a day; whether it was put. Nothing goes to those who do not work here any more."""
        made = self.letter_of(choice, staff, now, now - time_of_day_at(day, choice.minute, shop().zone)) if staff else None
        with self._outbox.writing():
            if not self._outbox.choices.letter_put(choice.staff, day.isoformat()) or made is None or staff is None:
                return False
            self._put(f"letter/{choice.staff}/{day}", "letter", staff, choice, choice.letter, made.subject, letter_texts(made))
        return True

    def letter_of(self, choice: Choice, staff: Staff, now: int, late: int = 0) -> Letter:
        """What the letter says to them. Whom it names is on record, as on a page."""
        abilities = abilities_of(staff)
        with translation.override(choice.language), on_record(staff):
            try:
                show_customers(May.SEE_CUSTOMERS in abilities)
                return letter(shop(), voice(now), Asked(self._base, self._name, choice.parts, abilities, staff.pk, late if late > LATE else 0))
            finally:
                show_customers(True)

    def send_now(self, choice: Choice, staff: Staff, now: int, key: str) -> None:
        """A letter to see what it is like."""
        made = self.letter_of(choice, staff, now)
        with self._outbox.writing():
            self._put(f"letter/{choice.staff}/{key}", "letter", staff, choice, choice.letter, made.subject, letter_texts(made))

    def write_alert(self, alert: Alert, staff: Iterable[Staff], now: int) -> None:
        """The alert to everybody who chose its kind and may know."""
        chosen = [(one, choice, ways) for one in staff if (choice := self._choice(one)) and (ways := choice.alerts.get(alert.kind, ()))]
        texts = []
        for one, choice, ways in chosen:
            if KIND_NEEDS[alert.kind] in abilities_of(one):
                with translation.override(choice.language):
                    texts.append((one, choice, ways, alert_text(shop(), voice(now), alert, self._base)))
        with self._outbox.writing():
            for one, choice, ways, text in texts:
                self._put(f"alert/{alert.alert}/{one.pk}", "alert", one, choice, ways, text.said, alert_texts(text))
            self._outbox.choices.worded(alert.alert, now)

    def _choice(self, staff: Staff) -> Choice | None:
        found = self._outbox.choices.of(staff.pk)
        if found is None and staff.role == Role.DEVELOPER:
            return Choice(staff.pk, staff.language or "sv", alerts=FOR_DEVELOPERS)
        return found

    def _put(self, key: str, type_: str, staff: Staff, choice: Choice, ways: Iterable[str], subject: str, texts: tuple[str, str, str]) -> None:
        plain, html, chat = texts
        for way in ways:
            if way == "mail":
                self._outbox.add_mail(f"{key}/mail", type_, staff.email, subject, plain, html, choice.language)
            elif choice.chat_url:
                self._outbox.add_chat(f"{key}/chat", type_, staff.pk, choice.chat_url, chat, choice.language)


def letter_texts(made: Letter) -> tuple[str, str, str]:
    """The letter as plain text, as HTML, and as a chat message, in which nobody is named."""
    with translation.override(made.language):
        return rendered("letter/letter.txt", made), rendered("letter/letter.html", made), rendered("letter/letter_chat.txt", made)


def alert_texts(text: AlertText) -> tuple[str, str, str]:
    with translation.override(text.language):
        return rendered("letter/alert.txt", text), rendered("letter/alert.html", text), rendered("letter/alert_chat.txt", text)


def rendered(template: str, page: Letter | AlertText) -> str:
    """The template without more than one empty line in a row."""
    lines = render_to_string(template, {"page": page}).strip().splitlines()
    kept = [line.rstrip() for n, line in enumerate(lines) if line.strip() or lines[n - 1].strip()]
    return "\n".join(kept) + "\n"
