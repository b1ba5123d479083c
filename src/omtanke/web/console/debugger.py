"""The debugger: what comes in at the door with each key, what it became, and why it was refused; and an event by its id."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from omtanke.folder_clock import wall_clock
from omtanke.runtime.door_keys import WriteKey, open_write_keys
from omtanke.runtime.hooks import Hook, read_hooks
from omtanke.settings import read_settings
from omtanke.storage.databases import has_database
from omtanke.storage.door_record import CallSeen, DoorWindow
from omtanke.storage.lookups import EventFound, Lookups
from omtanke.storage.seen import FactSeen
from omtanke.web.accounts.access import May, may
from omtanke.web.accounts.looking import met
from omtanke.web.accounts.models import Seen
from omtanke.web.console.hooks import end_of
from omtanke.web.console.live import live
from omtanke.web.shop import Shop, sees_customers, shop, voice
from omtanke.web.words.voice import Voice

MOST_SHOWN = 50
LOOKS_EVERY, BEAT_SECONDS = 1_000, 60
UNKNOWN = "unknown"
LONGEST_ID = 200

T = TypeVar("T")
_local = threading.local()


@dataclass(frozen=True)
class FactLine:
    """A fact. what: its type, a code. note: why it was decided, or empty. address: where it is told in words, or empty."""

    what: str
    note: str
    address: str


@dataclass(frozen=True)
class EventLine:
    """An event at the door.

    number: its place in the record. when: it came. endpoint: by which call. message_id: its own id, or empty. look: colour of its state; state: in a word.
    path, value, rule: what was wrong, or is to be said of it, empty when nothing. facts: what it became. wire: as it came. address: its own page, or empty.
    """

    number: int
    when: str
    endpoint: str
    message_id: str
    look: str
    state: str
    path: str
    value: str
    rule: str
    facts: tuple[FactLine, ...]
    wire: str
    address: str


@dataclass(frozen=True)
class Tab:
    """A choice. label: its word. address: where it leads. is_here: whether it is chosen."""

    label: str
    address: str
    is_here: bool


@dataclass(frozen=True)
class DebuggerPage:
    """What comes in with a key. sentence: how it goes. key: whose, and how it ends. events: the latest first. tabs: all, or refused. kept: for how long."""

    sentence: str
    key: str
    events: tuple[EventLine, ...]
    tabs: tuple[Tab, ...]
    kept: str


@dataclass(frozen=True)
class EventPage:
    """An event by its id. sentence: what became of it. source, asked: what was asked for. sources: senders to choose among.

    terms: what is known, label and value. facts: what was decided on it. fault: path, value and rule, or empty.
    """

    sentence: str
    source: str
    asked: str
    sources: tuple[str, ...]
    terms: tuple[tuple[str, str], ...] = ()
    facts: tuple[FactLine, ...] = ()
    fault: tuple[str, str, str] = ("", "", "")


def seen_of(request: HttpRequest, key_id: str) -> object:
    """What changes the page: an event at the door, or facts that the worker has made."""
    here = shop()
    return key_id, request.GET.get("only"), record(here.data, lambda window: window.last_call()), here.pages.meta().get("consumed", 0)


@may(May.SEE_WIRE)
@require_GET
@live(seen_of, LOOKS_EVERY, BEAT_SECONDS, is_always=True)
def debugger(request: HttpRequest, key_id: str) -> HttpResponseBase:
    """What comes in, as it comes in."""
    keys = shop().data / "keys"
    known: tuple[WriteKey | Hook, ...] = (*open_write_keys(keys), *read_hooks(keys))
    key = next((one for one in known if one.id == key_id), None)
    if key is None and key_id != UNKNOWN:
        raise Http404
    return render(request, "console/debugger.html", {"page": debugger_page(shop(), voice(wall_clock()), key, request.GET.get("only") == "refused")})


def debugger_page(here: Shop, say: Voice, key: WriteKey | Hook | None, only_refused: bool) -> DebuggerPage:
    kept = key.id if key else ""
    found = record(here.data, lambda window: window.calls(kept, only_refused, MOST_SHOWN)) or []
    refused = sum(call.is_refused for call in found)
    address = reverse("debugger", args=[kept or UNKNOWN])
    return DebuggerPage(
        sentence=sentence(len(found), refused, say),
        key=whose(key),
        events=tuple(event_line(call, here.data, say) for call in found),
        tabs=(Tab(_("Everything"), address, not only_refused), Tab(_("Refused"), f"{address}?only=refused", only_refused)),
        kept=kept_words(read_settings(here.data / "omtanke.toml").debugger_hours),
    )


def whose(key: WriteKey | Hook | None) -> str:
    """With which key it came, or at which hook."""
    if key is None:
        return _("Calls with a key that nobody has")
    if isinstance(key, Hook):
        return _("%(sender)s, hook …%(end)s") % {"sender": key.sender, "end": end_of(key)}
    return _("%(sender)s, key …%(end)s") % {"sender": key.sender, "end": key.end}


def kept_words(hours: int) -> str:
    """For how long what came in can be looked at."""
    if not hours:
        return _("Nothing of what comes in is kept here: debugger_hours is 0 in omtanke.toml.")
    said = ngettext(
        "The last events are kept for %(n)s hour and then go by themselves.", "The last events are kept for %(n)s hours and then go by themselves.", hours
    )
    return said % {"n": hours}


def sentence(events: int, refused: int, say: Voice) -> str:
    """Whether what comes in can be understood."""
    if not events:
        return _("Nothing has come in of late.")
    if not refused:
        return _("Everything that came in of late was understood at the door.")
    said = ngettext("%(n)s of the last %(all)s events was refused.", "%(n)s of the last %(all)s events were refused.", refused)
    return said % {"n": say.number(refused), "all": say.number(events)}


def event_line(call: CallSeen, data: Path, say: Voice) -> EventLine:
    """A call, with what the worker has made of it."""
    found = look_up(data, lambda lookups: became(lookups, call.fact_id)) if call.fact_id and not call.is_refused else None
    event, facts, fault = found or (None, (), ("", "", ""))
    if event is not None and event.person:
        met(event.person, Seen.WIRE)
    if call.is_refused:
        look, state, fault = "broken", _("refused at the door"), (call.path, call.value, call.rule)
    elif event is not None:
        look, state, fault = "kept", _("understood"), (call.path, call.value, call.rule)
    elif fault[2]:
        look, state = "broken", _("in quarantine")
    else:
        look, state = "still", _("waiting for the worker")
    address = f"{reverse('event')}?source={call.sender}&id={call.message_id}" if call.fact_id and not call.is_refused else ""
    own = (fact_line(event),) if event is not None else ()
    return EventLine(
        call.call, say.exact(call.at), call.endpoint, call.message_id, look, state, *fault, (*own, *map(decided_line, facts)), pretty(call.wire), address
    )


def became(lookups: Lookups, fact_id: bytes) -> tuple[EventFound | None, list[FactSeen], tuple[str, str, str]]:
    """The fact of a message, what was decided on it, or what was wrong."""
    found = lookups.event(fact_id)
    if found is not None:
        return found, lookups.resting_on(found.person, fact_id, found.position), ("", "", "")
    told = lookups.refused(fact_id)
    return None, [], (told.path, told.value, told.rule) if told else ("", "", "")


def fact_line(event: EventFound) -> FactLine:
    """The fact itself, with the way to the customer's timeline."""
    shown = event.person and sees_customers()
    return FactLine(event.type, "", f"{reverse('customer', args=[event.person])}#fact-{event.position}" if shown else "")


def decided_line(fact: FactSeen) -> FactLine:
    """Something decided, with the way to its promise."""
    number = getattr(fact.body, "promise", 0) if fact.type.startswith("promise_") else 0
    return FactLine(fact.type, fact.reason, reverse("promise", args=[number]) if number else "")


def pretty(wire: str) -> str:
    """JSON in lines; what is none, or was cut, as it is."""
    try:
        return json.dumps(json.loads(wire), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return wire


@may(May.SEE_WIRE)
@require_GET
def event(request: HttpRequest) -> HttpResponseBase:
    """What became of an event, by the id that its sender gave it."""
    source, asked = request.GET.get("source", "")[:LONGEST_ID], request.GET.get("id", "").strip()[:LONGEST_ID]
    return render(request, "console/event.html", {"page": event_page(shop(), voice(wall_clock()), source, asked)})


def event_page(here: Shop, say: Voice, source: str, asked: str) -> EventPage:
    sources = tuple(one.name for one in here.pages.sources())
    if not asked or not source:
        return EventPage(_("Look an event up by its id."), source, asked, sources)
    fact_id = fact_id_of(here, source, asked)
    found, facts, fault = look_up(here.data, lambda lookups: became(lookups, fact_id))
    if found is not None:
        terms = (
            (_("Became"), found.type),
            (_("Happened"), say.exact(found.occurred_at)),
            (_("Received"), say.exact(found.received_at)),
            (_("Place in the log"), say.number(found.position)),
            (_("Its fact"), fact_id.hex()),
        )
        return EventPage(_("It came in, and was understood."), source, asked, sources, terms, (fact_line(found), *map(decided_line, facts)))
    if fault[2]:
        return EventPage(_("It came in, and could not be understood."), source, asked, sources, fault=fault)
    if look_up(here.data, lambda lookups: lookups.has_come(fact_id)):
        return EventPage(_("It is safe, and waits for the worker."), source, asked, sources)
    return EventPage(_("No event of this id has come from that sender."), source, asked, sources)


def fact_id_of(here: Shop, source: str, message_id: str) -> bytes:
    """Where a message is found."""
    return here.keys.fact_id(source, message_id)


# Windows, opened once for each thread


def look_up(data: Path, question: Callable[[Lookups], T]) -> T:
    """The answer of the log."""
    lookups: Lookups | None = getattr(_local, "lookups", None)
    if lookups is None or _local.data != data:
        lookups = _local.lookups = Lookups(data)
        _local.data = data
    return question(lookups)


def record(data: Path, question: Callable[[DoorWindow], T]) -> T | None:
    """The answer of the door's record; None before a door has opened."""
    if not has_database(data, "door"):
        return None
    window: DoorWindow | None = getattr(_local, "window", None)
    if window is None or _local.record_of != data:
        window = _local.window = DoorWindow(data)
        _local.record_of = data
    return question(window)


def close_windows() -> None:
    """Close this thread's."""
    for name in ("lookups", "window"):
        opened = getattr(_local, name, None)
        if opened is not None:
            opened.close()
            delattr(_local, name)
