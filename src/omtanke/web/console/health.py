"""Health: does everything that comes in become facts, and is there room?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke import __version__
from omtanke.engine import ENGINE_VERSION
from omtanke.runtime.disk import MEGABYTE, Disk
from omtanke.runtime.working import wall_clock
from omtanke.storage import databases
from omtanke.storage.seen import Sender
from omtanke.storage.sqlite import MIGRATIONS
from omtanke.vocabulary.time import MINUTE
from omtanke.web.accounts.access import May, is_allowed, may
from omtanke.web.clock import is_long_ago
from omtanke.web.console.going import going
from omtanke.web.console.set_aside import AsidePart, aside_part, try_again
from omtanke.web.outgoing import written
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.voice import Voice

MOST_QUARANTINED = 25
LONG_LAG = 2 * MINUTE
LITTLE_ROOM = 5_000_000_000
LARGEST_NUMBER = 2**63 - 1


@dataclass(frozen=True)
class Line:
    """A line of the state of things. label: what. value: how it stands. note: more, or empty."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class SourceLine:
    """A sender. name: as it calls itself. mode: live or the past. state: what it does now. zone: of its dates."""

    name: str
    mode: str
    state: str
    zone: str


@dataclass(frozen=True)
class QuarantineLine:
    """A message that could not be understood.

    when: it came. source: from whom. path, rule: where and why. value: what stood there, empty when not to be seen.
    """

    when: str
    source: str
    path: str
    value: str
    rule: str


@dataclass(frozen=True)
class HealthPage:
    """Health.

    sentence: whether something needs care. as_of: the moment. aside: customers at whom we have failed. flow: inbox, clock, wakes. going:
    webhooks, mail and chat. disk: what takes room. versions: what runs.
    sources: who sends. quarantine: what could not be understood; quarantined: how much of it. sees_values: whether values may be seen.
    earlier: the address of more, or empty.
    """

    sentence: str
    as_of: str
    aside: AsidePart
    flow: tuple[Line, ...]
    going: tuple[Line, ...]
    disk: tuple[Line, ...]
    versions: tuple[Line, ...]
    sources: tuple[SourceLine, ...]
    quarantine: tuple[QuarantineLine, ...]
    quarantined: str
    sees_values: bool
    earlier: str


@may(May.SEE_HEALTH)
def health(request: HttpRequest) -> HttpResponseBase:
    """How the store itself is; and customers at whom we have failed are tried again."""
    before = request.GET.get("before", "")
    here, sees, fault = shop(), is_allowed(request, May.SEE_WIRE), ""
    if request.method == "POST":
        fault = try_again(request, here)
        if not fault:
            return redirect(reverse("health") + "#aside")
    page = health_page(here, voice(), sees, int(before) if before.isdecimal() and len(before) < 19 else LARGEST_NUMBER, fault)
    return render(request, "console/health.html", {"page": page}, status=503 if fault else 200)


def health_page(here: Shop, say: Voice, sees_values: bool, before: int, fault: str = "") -> HealthPage:
    pages = here.pages
    meta, sources = pages.meta(), pages.sources()
    last_entry, last_at = pages.last_entry()
    consumed = meta.get("consumed", 0)
    lag = max(0, last_entry - consumed)
    oldest = pages.oldest_unread(consumed) if lag else 0
    count = pages.quarantine_count()
    found = pages.quarantine(before, MOST_QUARANTINED + 1)
    named = {source.source: source.name for source in sources}
    aside = aside_part(here, say, fault)
    return HealthPage(
        sentence=sentence(lag, oldest, sources, count, here.board.failure, disk_sentence(here.data), aside.sentence, say),
        aside=aside,
        as_of=f"{say.full_day(say.today, with_year=is_long_ago(say.now))}, {say.clock(say.now)}",
        flow=tuple(flow(here, say, lag, oldest, last_at)),
        going=tuple(Line(label, value, note) for label, value, note in going(pages.last_fact()[0])),
        disk=(*disk(here.data, say), retained(here, say)),
        versions=tuple(versions(here, say)),
        sources=tuple(source_line(source, say) for source in sources),
        quarantine=tuple(
            QuarantineLine(say.exact(q.received_at), named.get(q.source, _("unknown sender")), q.path, q.value if sees_values else "", q.rule)
            for q in found[:MOST_QUARANTINED]
        ),
        quarantined=ngettext(
            "%(n)s message could not be understood. It is kept whole and touches no figure.",
            "%(n)s messages could not be understood. They are kept whole and touch no figure.",
            count,
        )
        % {"n": say.number(count)},
        sees_values=sees_values,
        earlier=f"?before={found[MOST_QUARANTINED - 1].entry}#quarantine" if len(found) > MOST_QUARANTINED else "",
    )


def sentence(lag: int, oldest: int, sources: tuple[Sender, ...], quarantined: int, failure: Exception | None, disk: str, aside: str, say: Voice) -> str:
    """Whether all is well, in one sentence that is true; the worst first."""
    if disk:
        return disk
    if lag and oldest and wall_clock() - oldest > LONG_LAG and not any(source.is_telling for source in sources):
        said = ngettext("We are behind: %(n)s message waits to be read.", "We are behind: %(n)s messages wait to be read.", lag)
        return said % {"n": say.number(lag)}
    if aside:
        return aside
    if failure:
        return _("The figures could not be renewed; those you see are older.")
    if any(source.is_telling for source in sources):
        return _("An import is under way; the figures grow as it reads.")
    if quarantined:
        said = ngettext("All is well, but %(n)s message could not be understood.", "All is well, but %(n)s messages could not be understood.", quarantined)
        return said % {"n": say.number(quarantined)}
    return _("All is well.")


def flow(here: Shop, say: Voice, lag: int, oldest: int, last_at: int) -> Iterator[Line]:
    """From inbox to log, and what time will bring."""
    waited = _("The oldest has waited %(span)s.") % {"span": say.span(wall_clock() - oldest)} if lag and oldest else ""
    yield Line(_("Messages waiting to be read"), say.number(lag), waited or _("Received and safe, not yet in the log. Should be close to none."))
    if last_at:
        yield Line(_("Last message received"), say.exact(last_at), _("When a sender last told us something."))
    position, occurred_at, _received_at = here.pages.last_fact()
    last = _("The last one happened %(moment)s.") % {"moment": say.exact(occurred_at)} if position else ""
    yield Line(_("Facts in the log"), say.number(position), " ".join(one for one in (_("All that has happened and all we have decided."), last) if one))
    if position:
        yield Line(_("The log's clock"), say.exact(say.now), _("So far has time come; promises are held against it."))
    behind = max(0, position - here.board.position)
    failure = here.board.failure
    note = _("Could not be renewed: %(why)s") % {"why": failure} if failure else _("They are counted anew a few seconds after something happens.")
    state = ngettext("%(n)s fact behind", "%(n)s facts behind", behind) % {"n": say.number(behind)} if behind else _("up to date")
    yield Line(_("The figures on the pages"), state, note)
    due, soonest = here.pages.wakes(say.now)
    next_one = _("The next look is due %(moment)s.") % {"moment": say.exact(soonest)} if soonest else _("Nothing is waited for.")
    yield Line(_("Promises to look at now"), say.number(due), next_one)


def retained(here: Shop, say: Voice) -> Line:
    """What has left by the shop's own rule."""
    meta, label = here.pages.meta(), _("What is old")
    if not meta.get("retained_at"):
        return Line(label, _("is kept"), _("How long history is kept is for you to say, in the policy."))
    facts, texts, customers, kept_back = (meta.get(f"retained_{name}", 0) for name in ("facts", "texts", "customers", "kept_back"))
    left = ngettext("%(n)s fact has left", "%(n)s facts have left", facts) % {"n": say.number(facts)}
    notes = [
        ngettext("%(n)s text too.", "%(n)s texts too.", texts) % {"n": say.number(texts)},
        ngettext("%(n)s customer not heard of was erased.", "%(n)s customers not heard of were erased.", customers) % {"n": say.number(customers)},
        ngettext("%(n)s history was kept back.", "%(n)s histories were kept back.", kept_back) % {"n": say.number(kept_back)},
    ]
    said = [note for note, count in zip(notes, (texts, customers, kept_back), strict=True) if count]
    return Line(label, left, " ".join([*said, _("Looked at last %(moment)s.") % {"moment": say.exact(meta["retained_at"])}]))


def disk(data: Path, say: Voice) -> Iterator[Line]:
    """What takes room, by part."""
    parts = (
        (_("Log"), "log", _("Everything that has happened. Keep a copy of it.")),
        (_("Inbox"), "inbox", _("What has come in; its room is given back when it stands in the log.")),
        (_("Outbox"), "outbox", _("What leaves the house, for thirty days after it has arrived.")),
        (_("Staff"), "staff", _("Accounts of those who work here.")),
    )
    for label, name, note in parts:
        yield Line(label, say.size(databases.size_of(data, name)), note)
    yield Line(_("Lake"), say.size(folder_size(data / "lake")), _("The log once more, in the form that figures are counted from."))
    kept = say.size(written().keep_free_mb * MEGABYTE)
    note = _("We warn when less than a twentieth is left, and turn away what is sent to us when less than %(size)s is.") % {"size": kept}
    yield Line(_("Free on the disk"), say.size(disk_usage(data).free), note)


def disk_sentence(data: Path) -> str:
    """What there is to say of the room on the disk: less than is kept free, or less than a twentieth of it and less than 5 GB; else nothing."""
    usage = disk_usage(data)
    if not Disk(data, written().keep_free_mb).may_take:
        return _("The disk is full: what is sent to us is turned away until there is room.")
    return _("The disk is almost full.") if usage.free < usage.total / 20 and usage.free < LITTLE_ROOM else ""


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def folder_size(folder: Path) -> int:
    """Of every file below; what goes while we look counts nothing."""
    total = 0
    for where, _folders, names in os.walk(folder):
        total += sum(size_of(Path(where) / name) for name in names)
    return total


def versions(here: Shop, say: Voice) -> Iterator[Line]:
    version, _digest, activated_at = here.pages.policy()
    yield Line("Omtanke", __version__, _("The version of the program."))
    since = _("What you have decided about promises; counts since %(moment)s.") % {"moment": say.exact(activated_at)} if version else ""
    yield Line(_("Policy"), str(version), since)
    yield Line(_("Engine"), str(ENGINE_VERSION), _("The rules by which promises are held, kept and broken."))
    yield Line(_("Format of the log"), str(MIGRATIONS["log"][-1][0]), _("Later versions read it too."))


def source_line(source: Sender, say: Voice) -> SourceLine:
    mode = _("live") if source.mode == "live" else _("history")
    if source.is_telling:
        state = _("being read since %(moment)s") % {"moment": say.exact(source.began_at)}
    elif source.has_ended:
        state = _("read to the end")
    else:
        state = _("listening") if source.mode == "live" else _("may tell more")
    return SourceLine(source.name, mode, state, _("dates in %(zone)s time") % {"zone": say.zone_name(source.zone)})
