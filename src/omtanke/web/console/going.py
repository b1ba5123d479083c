"""How dispatch is doing, for Health: is it running, how far behind is it, and what waits?"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke.folder_clock import wall_clock
from omtanke.vocabulary.time import MINUTE
from omtanke.web.outgoing import outbox, written
from omtanke.web.shop import voice
from omtanke.web.words.voice import Voice

# Dispatch gives a sign every few seconds.
SILENT_SPAN = MINUTE


def going(last_position: int) -> Iterator[tuple[str, str, str]]:
    """(what, how it stands, more) of what leaves the house."""
    say, deliveries = voice(wall_clock()), outbox().deliveries
    alive_at, position = int(deliveries.meta("alive_at") or 0), int(deliveries.meta("position") or 0)
    yield _("Dispatch"), running_words(alive_at, say), _("It tells receivers, and sends mail and chat messages.")
    behind = max(0, last_position - position) if position else 0
    state = ngettext("%(n)s fact behind", "%(n)s facts behind", behind) % {"n": say.number(behind)} if behind else _("up to date")
    yield _("What receivers are told"), state, _("How far dispatch has read the log.")
    counts = deliveries.counts()
    ways = (
        ("webhook", _("Webhooks on their way")),
        ("mail", _("Mail on its way")),
        ("chat", _("Chat messages on their way")),
        ("customer_mail", _("Mail to customers on its way")),
        ("customer_sms", _("Text messages to customers on their way")),
    )
    for way, label in ways:
        waiting = [count for count in counts if count.way == way and count.state == "waiting"]
        oldest = min((count.oldest_at for count in waiting), default=0)
        failed = sum(count.count for count in counts if count.way == way and count.state == "failed")
        yield label, say.number(sum(count.count for count in waiting)), note(way, oldest, failed, say)


def running_words(alive_at: int, say: Voice) -> str:
    if not alive_at:
        return _("has not run yet")
    silent = say.now - alive_at
    return _("running") if silent < SILENT_SPAN else _("silent for %(span)s") % {"span": say.span(silent)}


def note(way: str, oldest: int, failed: int, say: Voice) -> str:
    """What keeps it, how long the oldest has waited, and what did not arrive."""
    parts = (
        _("No mail server is named in the settings yet; mail waits until there is one.") if way == "mail" and not written().mail else "",
        _("The oldest has waited %(span)s.") % {"span": say.span(say.now - oldest)} if oldest else "",
        ngettext("%(n)s did not arrive", "%(n)s did not arrive", failed) % {"n": say.number(failed)} + "." if failed else "",
    )
    return " ".join(part for part in parts if part)
