"""Which message a name stands for: the shop's own, else the one that is brought; read anew when the shop has changed a file."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from omtanke.messages.folder import Layout, Message, Messages, shipped_messages
from omtanke.playbook import MESSAGES, own_messages, playbook_of


def message_named(data: Path, name: str) -> tuple[Message, Layout] | None:
    """The message of a data folder's shop and what stands around it; None when there is none of that name."""
    own = _own(data)
    shipped = shipped_messages()
    message = (own.by_name.get(name) if own else None) or shipped.by_name.get(name)
    return (message, own.layout if own else shipped.layout) if message else None


def _own(data: Path) -> Messages | None:
    folder = playbook_of(data)
    within = folder / MESSAGES if folder else None
    if folder is None or within is None or not within.is_dir():
        return None
    files = sorted(one for one in within.rglob("*") if one.is_file())
    return _own_once(folder, tuple((one, (stat := one.stat()).st_mtime_ns, stat.st_size) for one in files))


@lru_cache(maxsize=2)
def _own_once(folder: Path, _files: tuple[tuple[Path, int, int], ...]) -> Messages | None:
    return own_messages(folder)
