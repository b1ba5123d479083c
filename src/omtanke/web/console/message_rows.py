"""Messages to customers as rows in a list, and why each was said, waits or was not sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from omtanke.runtime.own_sources import OWN_SOURCES
from omtanke.storage.message_pages import MessagePages, MessageSeen
from omtanke.storage.pages import Pages
from omtanke.storage.seen import FactSeen, Known
from omtanke.web.console.rows import who
from omtanke.web.console.timeline import Why, why
from omtanke.web.shop import sees_customers
from omtanke.web.words import names, spoken
from omtanke.web.words.tellers.told import written
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class MessageRow:
    """A message in a list.

    key: its number. address: its own page. title: what it is called. name: to whom; person_address: their page, or empty.
    state, look: what became of it, in a word, and how the word is coloured. became: in a sentence. heading: its heading, quoted, or empty.
    about: its play, class, channel, and who sent it when that was another system. when, exact, machine: the moment. again: that it was once not
    handed over in time, or empty. why: the reason, or None where nothing was decided.
    """

    key: str
    address: str
    title: str
    name: str
    person_address: str
    state: str
    look: str
    became: str
    heading: str
    about: str
    when: str
    exact: str
    machine: str
    again: str
    why: Why | None


def message_rows(pages: Pages, say: Voice, found: Sequence[MessageSeen]) -> tuple[MessageRow, ...]:
    """By a handful of statements however many they are."""
    if not found:
        return ()
    read = MessagePages(pages)
    known = {one.person: one for one in pages.known(list({one.person for one in found}))}
    grounds, told = read.grounds(found), read.facts({one.changed_position for one in found if one.became == "sent"})
    senders = {one.source: one.name for one in pages.sources()}
    return tuple(message_row(one, known.get(one.person), grounds.get(one.message, ()), told.get(one.changed_position), senders, say) for one in found)


def message_row(
    one: MessageSeen, known: Known | None, grounds: Sequence[FactSeen], told: FactSeen | None, senders: Mapping[int, str], say: Voice
) -> MessageRow:
    return MessageRow(
        key=str(one.message),
        address=address_of(one),
        title=spoken.title(one),
        name=who(known.name, known.city, one.person) if known else "",
        person_address=reverse("customer", args=[one.person]) if sees_customers() else "",
        state=spoken.became(one.became),
        look=spoken.LOOKS.get(one.became, ""),
        became=spoken.outcome(one, say),
        heading=written(told, "subject") if told else "",
        about=about_words(one, told, senders),
        when=say.moment(one.at),
        exact=say.exact(one.at),
        machine=say.machine(one.at),
        again=_("was once not handed over in time") if one.returned_at and one.became != "returned" else "",
        why=why_of(grounds, say),
    )


def address_of(one: MessageSeen) -> str:
    """Its own page, for as long as the log tells of it."""
    return reverse("message", args=[one.customer, one.message])


def about_words(one: MessageSeen, told: FactSeen | None, senders: Mapping[int, str]) -> str:
    """the play “the remembered cart” · offer · e-mail; of another system: told by crm · offer."""
    play = _("the play “%(play)s”") % {"play": names.play(one.play)} if one.play else ""
    sender = senders.get(told.source, "") if told else ""
    other = _("told by %(sender)s") % {"sender": sender} if sender and sender not in OWN_SOURCES else ""
    return " · ".join(part for part in (play, other, spoken.class_(one.message_class), names.channel(one.channel)) if part)


def why_of(grounds: Sequence[FactSeen], say: Voice) -> Why | None:
    """The reason of what was last decided, which comes last, with what it rests on."""
    if not grounds or not grounds[-1].is_decided:
        return None
    return why(grounds[-1], {one.fact_id: one for one in grounds}, say)
