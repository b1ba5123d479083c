"""Keys to the door, in the data folder's `keys/`: write keys, with which senders tell, and read keys of the API.

A write key may stand in a web page for all to see: it can only write, and is kept as it is. A read key is a secret
of a server's: only its digest is kept, so nobody can read it here. One that names a sender may also write as it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from omtanke.runtime.hooks import HOOKS, Hook, read_hooks
from omtanke.runtime.key_files import changing, digest, new_secret, read_tables, today, write_tables
from omtanke.runtime.own_sources import require_sender
from omtanke.vocabulary.fact import Mode
from omtanke.vocabulary.money import read_currency
from omtanke.vocabulary.refusal import CannotDo, Refused
from omtanke.vocabulary.time import zone_named

TITLE = "Keys to the door: write keys, with which senders tell, and read keys of the API."
READ_KEY_PREFIX = "read_"
FIRST_SENDER = "shop"
WRITE_KEYS, READ_KEYS = "write_keys.toml", "read_keys.toml"
ID_LENGTH = 12
SHOWN_END = 4

K = TypeVar("K", bound="WriteKey | ReadKey")


class WriteKey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key with which a sender writes. Empty zone and currency are those of the shop."""

    sender: str
    key: str
    mode: str = Mode.LIVE.value
    zone: str = ""
    currency: str = ""
    made_at: str = ""

    @property
    def id(self) -> str:
        """Names the key without telling it."""
        return digest(self.key)[:ID_LENGTH]

    @property
    def end(self) -> str:
        """By which a person knows it again."""
        return self.key[-SHOWN_END:]


class ReadKey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A key with which the API is read. `sender`: it may also write as that sender; empty for none."""

    name: str
    digest: str
    end: str = ""
    sender: str = ""
    made_at: str = ""

    @property
    def id(self) -> str:
        """Names the key without telling it."""
        return self.digest[:ID_LENGTH]


def open_write_keys(folder: Path) -> tuple[WriteKey, ...]:
    """Every write key; one for the sender `shop` is made at first use. Raises CannotDo for a file that breaks a rule."""
    if not (folder / WRITE_KEYS).exists():
        with changing(folder):
            if not (folder / WRITE_KEYS).exists():
                _write(folder / WRITE_KEYS, [WriteKey(sender=FIRST_SENDER, key=new_secret(), made_at=today())])
    return read_write_keys(folder)


def read_write_keys(folder: Path) -> tuple[WriteKey, ...]:
    """The keys as they stand in the file: a line `sender = "key"`, or a table [[key]], for each."""
    written = read_tables(folder / WRITE_KEYS)
    tables = written.pop("key", [])
    lines = [{"sender": sender, "key": key} for sender, key in written.items()]
    return tuple(_checked(folder / WRITE_KEYS, table, WriteKey) for table in (*lines, *(tables if isinstance(tables, list) else [tables])))


def read_read_keys(folder: Path) -> tuple[ReadKey, ...]:
    """The read keys; none before one is made."""
    tables = read_tables(folder / READ_KEYS).get("key", [])
    return tuple(_checked(folder / READ_KEYS, table, ReadKey) for table in (tables if isinstance(tables, list) else [tables]))


def make_write_key(folder: Path, sender: str, mode: str = Mode.LIVE.value, zone: str = "", currency: str = "") -> WriteKey:
    """A further key; one for a sender that has keys is like those. Raises Refused, or CannotDo."""
    require_sender(sender)
    if zone:
        zone_named(zone)
    if currency:
        read_currency(currency, "currency")
    with changing(folder):
        keys = read_write_keys(folder)
        like = next((key for key in keys if key.sender == sender), None)
        habits = {"mode": like.mode, "zone": like.zone, "currency": like.currency} if like else {"mode": mode, "zone": zone, "currency": currency}
        made = WriteKey(sender=sender, key=new_secret(), made_at=today(), **habits)
        _write(folder / WRITE_KEYS, [*keys, made])
    return made


def make_read_key(folder: Path, name: str, sender: str = "") -> tuple[ReadKey, str]:
    """A read key, and the key itself, which is told this once."""
    require_sender(name, "name")
    if sender:
        require_sender(sender)
    key = READ_KEY_PREFIX + new_secret()
    with changing(folder):
        made = ReadKey(name=name, digest=digest(key), end=key[-SHOWN_END:], sender=sender, made_at=today())
        _write(folder / READ_KEYS, [*read_read_keys(folder), made])
    return made, key


def revoke(folder: Path, key_id: str) -> WriteKey | ReadKey | None:
    """The key of that id counts no longer. The last write key stays: without one nobody could tell anything."""
    with changing(folder):
        kinds: tuple[tuple[str, Sequence[WriteKey | ReadKey]], ...] = ((WRITE_KEYS, read_write_keys(folder)), (READ_KEYS, read_read_keys(folder)))
        for name, keys in kinds:
            gone = next((key for key in keys if key.id == key_id), None)
            if gone is not None:
                if name == WRITE_KEYS and len(keys) == 1:
                    raise CannotDo("This is the last write key, and without one nothing can come in. Make another one first.")
                _write(folder / name, [key for key in keys if key is not gone])
                return gone
    return None


# The files


def _write(path: Path, keys: Sequence[WriteKey | ReadKey]) -> None:
    write_tables(path, "key", keys, TITLE)


def _checked(path: Path, table: Any, kind: type[K]) -> K:
    try:
        key = msgspec.convert(table, kind)
        if isinstance(key, WriteKey):
            require_sender(key.sender)
            _require_habits(key)
    except (msgspec.ValidationError, Refused) as error:
        raise CannotDo(f"{path}: a key of {_named(table)}: {error}") from error
    return key


def _require_habits(key: WriteKey) -> None:
    if key.mode not in [*Mode]:
        raise Refused("mode", key.mode, f"is not one of {', '.join(Mode)}")
    if key.zone:
        zone_named(key.zone)
    if key.currency:
        read_currency(key.currency, "currency")
    if not key.key:
        raise Refused("key", key.key, "is empty")


def _named(table: Any) -> str:
    return repr((table.get("sender") or table.get("name")) if isinstance(table, dict) else table)


class KeyRing:
    """The keys that count now. Files that have changed are read again; a fault in them leaves those that counted."""

    LOOKS_EVERY = 1_000_000

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._folder = folder
        self._clock = clock
        self._looked_at = clock()
        self._seen = self._stamps()
        self._take(open_write_keys(folder), read_read_keys(folder), read_hooks(folder))

    def _take(self, writing: Sequence[WriteKey], reading: Sequence[ReadKey], hooks: Sequence[Hook]) -> None:
        self._writing = {key.key: key for key in writing}
        self._reading = {key.digest: key for key in reading}
        self._hooks = {hook.token: hook for hook in hooks}

    def _stamps(self) -> tuple[tuple[int, int], ...]:
        found = []
        for name in (WRITE_KEYS, READ_KEYS, HOOKS):
            try:
                stat = (self._folder / name).stat()
                found.append((stat.st_mtime_ns, stat.st_ino))
            except FileNotFoundError:
                found.append((0, 0))
        return tuple(found)

    def _look(self) -> None:
        now = self._clock()
        if now - self._looked_at < self.LOOKS_EVERY:
            return
        self._looked_at = now
        stamps = self._stamps()
        if stamps != self._seen:
            self._seen = stamps
            try:
                self._take(read_write_keys(self._folder), read_read_keys(self._folder), read_hooks(self._folder))
            except (CannotDo, OSError):
                return

    def writing(self, key: str) -> WriteKey | None:
        """The write key that this is."""
        self._look()
        return self._writing.get(key)

    def reading(self, key: str) -> ReadKey | None:
        """The read key that this is."""
        self._look()
        return self._reading.get(digest(key)) if key.startswith(READ_KEY_PREFIX) else None

    def as_sender(self, sender: str) -> WriteKey | None:
        """Any write key of that sender: how its messages are read."""
        self._look()
        return next((key for key in self._writing.values() if key.sender == sender), None)

    def hook(self, token: str) -> Hook | None:
        """The hook under that address."""
        self._look()
        return self._hooks.get(token)
