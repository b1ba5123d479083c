"""How much is enough for one customer: the policy's limits, what they have chosen themselves, and how much of it was used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from omtanke.engine.contact_policy import ORDINARY_CONTACT
from omtanke.runtime.consents import policy_in_force
from omtanke.runtime.preferences import AS_USUAL, country_of, preferences_of
from omtanke.storage.pages import Pages
from omtanke.web.console.month_said import Contacts
from omtanke.web.words import common, names, play_steps
from omtanke.web.words.voice import Voice


@dataclass(frozen=True)
class Term:
    """A line of how much is enough. label: what. value: how much. note: more, or empty. is_over: whether more was used than there is room for."""

    label: str
    value: str
    note: str = ""
    is_over: bool = False


def terms_of(pages: Pages, say: Voice, person: int, contacts: Contacts, is_now: bool) -> tuple[Term, ...]:
    return tuple(_terms(pages, say, person, contacts, is_now))


def _terms(pages: Pages, say: Voice, person: int, contacts: Contacts, is_now: bool) -> Iterator[Term]:
    policy = policy_in_force(pages)
    limits = policy.contact if policy else ORDINARY_CONTACT
    chosen = preferences_of(pages, person)
    most, ended_at = contacts.fullest
    if is_now:
        used = contacts.in_week_to(say.now)
        yield Term(_("Used in the last seven days"), _("%(n)s of %(most)s") % {"n": used, "most": limits.week_limit}, is_over=used > limits.week_limit)
    if most:
        fullest = _("%(n)s of %(most)s") % {"n": most, "most": limits.week_limit}
        yield Term(_("The fullest seven days"), fullest, _("until %(when)s") % {"when": say.moment(ended_at)}, most > limits.week_limit)
    elif not is_now:
        yield Term(_("Room in seven days"), say.number(limits.week_limit))
    if chosen.frequency != AS_USUAL:
        yield Term(_("Their own limit"), common.chosen(chosen.frequency))
    begins, ends = chosen.quiet or (limits.quiet_from, limits.quiet_until)
    zone = say.zone_name(limits.zone_of(country_of(pages, person)))
    quiet = _("none") if begins == ends else f"{play_steps.minute(begins, say)}–{play_steps.minute(ends, say)}"
    yield Term(_("Quiet hours"), quiet, ", ".join(part for part in (_("their own wish") if chosen.quiet else "", zone if begins != ends else "") if part))
    if chosen.pause_until and chosen.pause_until > say.today:
        yield Term(_("Wants nothing of the kind until"), say.dated(chosen.pause_until))
    if chosen.off:
        yield Term(_("Wants nothing by"), ", ".join(map(names.channel, chosen.off)))
