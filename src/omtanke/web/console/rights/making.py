"""An export is made: the data for machines and a page to read, in one archive, and on record that it was."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.runtime.clock import is_live
from omtanke.runtime.export import About, Look, write_person
from omtanke.runtime.exports import Exports
from omtanke.runtime.own_sources import CONSOLE, OwnSource
from omtanke.storage.whole_person import WholePerson
from omtanke.vocabulary.rights import DataExported
from omtanke.vocabulary.time import moment_of
from omtanke.web.accounts import looking
from omtanke.web.accounts.models import Seen, Staff
from omtanke.web.console.rights.readable import write_readable
from omtanke.web.words.stated import language_of
from omtanke.web.words.voice import Voice


def make_export(folder: Folder, person: int, who: Staff | None) -> Path:
    """Everything about the person as it stands now, in the folder `exports`; that it was made is on record, and a fact of theirs."""
    now, whole = wall_clock(), WholePerson(folder.path)
    try:
        customers = [one.customer for one in whole.customers(person)]
        looks = looks_of(customers)
        with Exports(folder.path).making(person, now) as (archive, path):
            write_archive(archive, folder, whole, About(folder.settings.name, person, now), looks)
    finally:
        whole.close()
    note_export(folder, person, who, path.stem)
    return path


def write_archive(archive: ZipFile, folder: Folder, whole: WholePerson, about: About, looks: Sequence[Look]) -> None:
    """data.json, then readable.html."""
    with archive.open("data.json", "w", force_zip64=True) as file:
        facts = write_person(file.write, whole, folder.keys, about, looks)
    with archive.open("readable.html", "w", force_zip64=True) as file, io.TextIOWrapper(file, "utf-8") as text:
        write_readable(text.write, whole, about, facts, looks, voice_of(folder, whole, about))


def voice_of(folder: Folder, whole: WholePerson, about: About) -> Voice:
    """In the person's language where it is one of ours, else the shop's; those who work here have no names."""
    known = [language_of(one.locale)[:2] for one in whole.customers(about.person) if one.locale]
    language = next((one for one in known if one in ("sv", "en")), folder.settings.locale)
    return Voice(language, ZoneInfo(folder.settings.zone), about.made_at, folder.settings.currency, folder.settings.country)


def looks_of(customers: Sequence[int]) -> list[Look]:
    """Who has looked, by role and without a name, the latest first."""
    return [Look(one.who.role if one.who else "", moment_of(one.at), one.what) for one in looking.looks_at(customers)]


def note_export(folder: Folder, person: int, who: Staff | None, key: str) -> None:
    """On record twice: that somebody has seen it, and as a fact of theirs. Data that have ended take no more facts."""
    looking.note_looks(who, {person: {Seen.EXPORT}})
    inbox = folder.inbox()
    try:
        if not is_live(inbox.sources().values()):
            return
        source = OwnSource(inbox, CONSOLE, folder.settings.zone, folder.settings.currency, folder.clock)
        source.put(DataExported, key, person, {"staff": who.pk} if who else {}, touchpoint="console" if who else "command")
    finally:
        inbox.close()
