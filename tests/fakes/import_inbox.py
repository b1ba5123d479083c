"""An inbox for importers, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from omtanke.intake.importers.ports import Waiting
from omtanke.storage.ports import Accepted, Incoming


class MemoryImportInbox:
    """Keeps everything by source. `messages` are those that were new, in the order in which they came.

    `stops_after` lets it fail once so many messages are in: an import that is interrupted.
    """

    def __init__(self, stops_after: int | None = None) -> None:
        self.messages: list[Incoming] = []
        self.stops_after = stops_after
        self.seen: set[tuple[int, str]] = set()
        self.values: dict[tuple[int, str], str] = {}
        self.rows: dict[tuple[int, str, str], Waiting] = {}

    def append(self, source: int, messages: Sequence[Incoming], received_at: int) -> Accepted:
        if self.stops_after is not None and len(self.messages) >= self.stops_after:
            raise KeyboardInterrupt
        accepted = self.preview(source, messages)
        for message in messages:
            if (source, message.message_id) not in self.seen:
                self.seen.add((source, message.message_id))
                self.messages.append(message)
        return accepted

    def preview(self, source: int, messages: Sequence[Incoming]) -> Accepted:
        new = {message.message_id for message in messages if (source, message.message_id) not in self.seen}
        return Accepted(len(new), len(messages) - len(new))

    def learn(self, source: int, known: Mapping[str, str]) -> None:
        for key, value in known.items():
            self.values.setdefault((source, key), value)

    def known(self, source: int, keys: Sequence[str]) -> dict[str, str]:
        return {key: self.values[source, key] for key in keys if (source, key) in self.values}

    def wait(self, source: int, rows: Sequence[Waiting]) -> None:
        self.rows.update({(source, row.family, row.row): row for row in rows})

    def waiting(self, source: int) -> Iterable[Waiting]:
        return [row for (owner, _, _), row in self.rows.items() if owner == source]

    def release(self, source: int, rows: Sequence[tuple[str, str]]) -> None:
        for family, row in rows:
            self.rows.pop((source, family, row), None)
