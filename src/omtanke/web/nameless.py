"""The read side for those who may not see who customers are: what is personal is never handed to the page.

A page that forgets to hide something has nothing to show: it sees the log as it is after everybody has been erased,
but for the town.
"""

from __future__ import annotations

from typing import Any, cast

from msgspec import Struct
from msgspec.structs import replace

from omtanke.engine import capacity
from omtanke.storage import erasing, identities, seen
from omtanke.storage.pages import Pages
from omtanke.web.words.masked import masked

# What of each kind of row is personal, and what stands in its place. A kind that is missing here is refused.
PERSONAL: dict[type[Struct], dict[str, Any]] = {
    seen.PromiseSeen: {"name": ""},
    seen.FactSeen: {"personal": {}},
    seen.Known: {"name": "", "email": "", "phone": ""},
    seen.Waiting: {},
    seen.Owed: {},
    seen.Sender: {},
    seen.Place: {},
    seen.TaskSeen: {},
    seen.Urgent: {},
    seen.Whose: {},
    identities.LinkSeen: {},
    identities.IdentifierSeen: {"value": ""},
    identities.TellingSeen: {"traits": {}},
    identities.MetSeen: {},
    identities.SideSeen: {},
    # Its text is covered where it names or reaches somebody.
    seen.Verbatim: {"names": frozenset()},
    # A receipt says nothing of who it was.
    erasing.Erasure: {},
    # Of warehouses, stores and carriers.
    capacity.Change: {},
    # Seen only by those who may read what came in word for word; the page asks for that.
    seen.Quarantined: {},
}
# Ways to find somebody by something of theirs: whoever may not see it may not try it either.
FINDING = frozenset({"by_name", "by_identifier", "by_subject", "are_names"})


class Nameless:
    """Every answer of a `Pages`, without what is personal in it."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def by_words(self, text: str, limit: int) -> list[int]:
        """Words are found; a name is not."""
        return self._pages.by_words(text, limit, even_names=False)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._pages, name)
        if not callable(found):
            return without_names(found)
        return lambda *args, **kwargs: [] if name in FINDING else without_names(found(*args, **kwargs))


def nameless(pages: Pages) -> Pages:
    """The same windows, without names."""
    return cast(Pages, Nameless(pages))


def without_names(value: Any) -> Any:
    """The value with everything personal in it replaced, however deep it lies. Raises TypeError for a row that nobody has looked through."""
    if isinstance(value, Struct):
        if type(value) not in PERSONAL:
            raise TypeError(f"{type(value).__name__}: say in omtanke.web.nameless.PERSONAL what of it is personal")
        hidden = PERSONAL[type(value)]
        if isinstance(value, seen.Verbatim):
            hidden = {**hidden, "text": masked(value.text, value.names)}
        return replace(value, **hidden) if hidden else value
    if isinstance(value, dict):
        return {key: without_names(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(without_names(one) for one in value)
    return value
