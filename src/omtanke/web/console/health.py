"""Health: does everything that comes in become facts, and is there room?"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omtanke import __version__
from omtanke.engine import ENGINE_VERSION
from omtanke.storage.pages import Sender
from omtanke.storage.sqlite import MIGRATIONS
from omtanke.vocabulary.time import MINUTE
from omtanke.web.access import may_see_quarantined_values, signed_in, staff_of
from omtanke.web.clock import is_long_ago, wall_clock
from omtanke.web.shop import Shop, shop, voice
from omtanke.web.words.voice import Voice

MOST_QUARANTINED = 25
LONG_LAG = 2 * MINUTE
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

    sentence: whether something needs care. as_of: the moment. flow: inbox, clock, wakes. disk: what takes room. versions: what runs.
    sources: who sends. quarantine: what could not be understood; quarantined: how much of it. sees_values: whether values may be seen.
    earlier: the address of more, or empty.
    """

    sentence: str
    as_of: str
    flow: tuple[Line, ...]
    disk: tuple[Line, ...]
    versions: tuple[Line, ...]
    sources: tuple[SourceLine, ...]
    quarantine: tuple[QuarantineLine, ...]
    quarantined: str
    sees_values: bool
    earlier: str


@signed_in
def health(request: HttpRequest) -> HttpResponseBase:
    """How the store itself is."""
    before = request.GET.get("before", "")
    sees = may_see_quarantined_values(staff_of(request))
    page = health_page(shop(), voice(), sees, int(before) if before.isdecimal() and len(before) < 19 else LARGEST_NUMBER)
    return render(request, "console/health.html", {"page": page})


def health_page(here: Shop, say: Voice, sees_values: bool, before: int) -> HealthPage:
    pages = here.pages
    meta, sources = pages.meta(), pages.sources()
    last_entry, last_at = pages.last_entry()
    consumed = meta.get("consumed", 0)
    lag = max(0, last_entry - consumed)
    oldest = pages.oldest_unread(consumed) if lag else 0
    count = pages.quarantine_count()
    found = pages.quarantine(before, MOST_QUARANTINED + 1)
    named = {source.source: source.name for source in sources}
    return HealthPage(
        sentence=sentence(lag, oldest, sources, count, say),
        as_of=f"{say.full_day(say.today, with_year=is_long_ago(say.now))}, {say.clock(say.now)}",
        flow=tuple(flow(here, say, lag, oldest, last_at)),
        disk=tuple(disk(here.data, say)),
        versions=tuple(versions(here, say)),
        sources=tuple(source_line(source, say) for source in sources),
        quarantine=tuple(
            QuarantineLine(say.exact(q.received_at), named.get(q.source, str(q.source)), q.path, q.value if sees_values else "", q.rule)
            for q in found[:MOST_QUARANTINED]
        ),
        quarantined=ngettext("%(n)s message could not be understood; it is kept whole.", "%(n)s messages could not be understood; they are kept whole.", count)
        % {"n": say.number(count)},
        sees_values=sees_values,
        earlier=f"?before={found[MOST_QUARANTINED - 1].entry}#quarantine" if len(found) > MOST_QUARANTINED else "",
    )


def sentence(lag: int, oldest: int, sources: tuple[Sender, ...], quarantined: int, say: Voice) -> str:
    """The first line, true."""
    if any(source.is_telling for source in sources):
        return _("An import is under way.")
    if lag and oldest and wall_clock() - oldest > LONG_LAG:
        said = ngettext("We are behind: %(n)s message waits to become a fact.", "We are behind: %(n)s messages wait to become facts.", lag)
        return said % {"n": say.number(lag)}
    if quarantined:
        return _("Everything flows; some messages need a reader.")
    return _("Everything flows.")


def flow(here: Shop, say: Voice, lag: int, oldest: int, last_at: int) -> Iterator[Line]:
    """From inbox to facts, and what time will bring."""
    note = _("the oldest has waited %(span)s") % {"span": Voice(say.language, say.zone, wall_clock()).span(wall_clock() - oldest)} if lag and oldest else ""
    yield Line(_("Messages that wait in the inbox"), say.number(lag), note)
    if last_at:
        yield Line(_("Last message received"), say.exact(last_at))
    position, occurred_at, _received_at = here.pages.last_fact()
    yield Line(_("Facts in the log"), say.number(position), _("the last one happened %(moment)s") % {"moment": say.exact(occurred_at)} if position else "")
    yield Line(_("The store's clock"), say.exact(say.now))
    failure = here.board.failure
    yield Line(_("The figures have seen"), say.number(here.board.position), _("they could not be renewed: %(why)s") % {"why": failure} if failure else "")
    due, soonest = here.pages.wakes(say.now)
    yield Line(_("Wakes that are due"), say.number(due), _("the next one %(moment)s") % {"moment": say.exact(soonest)} if soonest else "")


def disk(data: Path, say: Voice) -> Iterator[Line]:
    """What takes room, by part."""
    parts = (
        (_("Log"), ("log.db", "log.db-wal", "log.db-shm")),
        (_("Inbox"), ("inbox.db", "inbox.db-wal", "inbox.db-shm")),
        (_("Staff"), ("staff.db", "staff.db-wal", "staff.db-shm")),
    )
    for label, names in parts:
        yield Line(label, say.size(sum(size_of(data / name) for name in names)))
    yield Line(_("Lake"), say.size(folder_size(data / "lake")))
    yield Line(_("Free on the disk"), say.size(disk_usage(data).free))


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
    version, digest, activated_at = here.pages.policy()
    yield Line("Omtanke", __version__)
    yield Line(_("Engine"), str(ENGINE_VERSION))
    yield Line(_("Policy"), str(version), _("%(digest)s, since %(moment)s") % {"digest": digest, "moment": say.exact(activated_at)} if version else "")
    yield Line(_("Format of the log"), str(MIGRATIONS["log"][-1][0]))


def source_line(source: Sender, say: Voice) -> SourceLine:
    mode = _("live") if source.mode == "live" else _("the past")
    if source.is_telling:
        state = _("an import is under way since %(moment)s") % {"moment": say.exact(source.began_at)}
    elif source.has_ended:
        state = _("has told everything")
    else:
        state = _("listening") if source.mode == "live" else _("at rest")
    return SourceLine(source.name, mode, state, source.zone)


def healthz(request: HttpRequest) -> HttpResponse:
    """For those who watch the process: 200 when the log can be read."""
    try:
        shop().pages.meta()
    except Exception:
        return HttpResponse("log cannot be read\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
