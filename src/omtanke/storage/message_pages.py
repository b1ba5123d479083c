"""What pages read of messages to customers. Moments are UTC microseconds, 0 for none.

What is personal is read through `Pages`, which hands it to nobody who may not see it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from omtanke.storage.pages import Pages
from omtanke.storage.play_rows import MessageRow
from omtanke.storage.seen import START, FactSeen, Place
from omtanke.storage.statements import listed, statements

SQL = statements("pages/messages.sql")
RETURNED, OTHERS = "returned", "-"
ENDS = ("due", "released", "deferred", "suppressed", "sent", "in_doubt", "failed", "returned")
COURSE = tuple(f"message_{one}" for one in ENDS)


class MessageSeen(MessageRow, frozen=True):
    """A message as it stands. `place`: where it stands in the list of all, for as long as a page is looked at; `person`: whom it is to."""

    place: int
    person: int


class Wanted(Struct, frozen=True):
    """Which messages. `play`: by its name, OTHERS for those of other systems; `became`: RETURNED for all that ever were; `since` is in, `until`
    is not; `persons`: None for all. Empty: everything."""

    play: str = ""
    channel: str = ""
    became: str = ""
    since: int = 0
    until: int = START.moment
    persons: tuple[int, ...] | None = None


class MessagePages:
    """Through the windows that pages have."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def latest(self, wanted: Wanted, place: Place, limit: int) -> list[Place]:
        """Places, the latest first, from one on."""
        at, number = (place.moment, place.number) if place.moment < wanted.until else (wanted.until, 0)
        is_others, is_returned = wanted.play == OTHERS, wanted.became == RETURNED
        asked: dict[str, Any] = {
            "at": at,
            "place": number,
            "since": wanted.since,
            "channel": wanted.channel,
            "play": "" if is_others else wanted.play,
            "became": "" if is_returned else wanted.became,
            "others": int(is_others),
            "returned": int(is_returned),
            "persons": listed(wanted.persons or ()),
            "limit": limit,
        }
        rows = self._pages.ask(SQL[_read_by(wanted)], **asked)
        return [Place(moment, number) for number, moment in rows]

    def messages(self, places: Sequence[Place]) -> list[MessageSeen]:
        """The messages at some places, in their order."""
        wanted = [one.number for one in places]
        known = {one.place: one for one in self._seen("messages", places=listed(wanted))}
        return [known[number] for number in wanted if number in known]

    def messages_to(self, customer: int, numbers: Iterable[int]) -> dict[int, MessageSeen]:
        """By number: the messages to the person that the customer leads to; unknown numbers are left out."""
        return {one.message: one for one in self._seen("messages_to", customer=customer, messages=listed(numbers))}

    def _seen(self, name: str, **asked: Any) -> Iterator[MessageSeen]:
        return (MessageSeen(*row) for row in self._pages.ask(SQL[name], **asked))

    def grounds(self, messages: Iterable[MessageSeen]) -> dict[int, list[FactSeen]]:
        """By number: what was last decided of it, which comes last, and before it what that rests on, as far as the log still has it."""
        numbers, positions = {one.place: one.message for one in messages}, dict[int, list[int]]()
        for place, position in self._pages.ask(SQL["message_grounds"], places=listed(numbers)):
            positions.setdefault(numbers[place], []).append(position)
        facts = self.facts({one for some in positions.values() for one in some})
        return {number: [facts[one] for one in sorted(set(some)) if one in facts] for number, some in positions.items()}

    def course(self, one: MessageSeen) -> list[FactSeen]:
        """Everything that was told and decided of a message, in log order; of another system's, what tells of it."""
        if not one.run:
            return list(self.facts([one.changed_position]).values())
        places = [row[0] for row in self._pages.ask(SQL["message_course"], place=one.place, types=listed(COURSE))]
        return [fact for fact in self.facts(places).values() if getattr(fact.body, "message", 0) == one.message]

    def facts(self, positions: Iterable[int]) -> dict[int, FactSeen]:
        """Facts by their places."""
        wanted = sorted(positions)
        return {fact.position: fact for _person, fact in self._pages.facts_at(wanted)} if wanted else {}

    # One person

    def said_to(self, person: int, types: Sequence[str], since: int, until: int, limit: int) -> list[FactSeen]:
        """Facts of some types about a person, from `since` (included) to `until` (not included), the first first."""
        asked = {"person": person, "types": listed(types), "since": since, "until": until, "limit": limit}
        places = [row[0] for row in self._pages.ask(SQL["said_to_person"], **asked)]
        facts = self.facts(places)
        return [facts[one] for one in places if one in facts]

    def ends_to(self, person: int, since: int, until: int) -> dict[str, int]:
        """What became of the messages to a person in such a span."""
        return dict(self._pages.ask(SQL["ends_to_person"], person=person, since=since, until=until))

    def promises_standing(self, person: int, since: int, until: int, limit: int) -> list[int]:
        """The promises to a person that stood in such a span, the first to be due first."""
        return [row[0] for row in self._pages.ask(SQL["promises_standing"], person=person, since=since, until=until, limit=limit)]

    # How many

    def counts(self, since: int) -> dict[str, int]:
        """How many messages became what, from a moment on."""
        return dict(self._pages.ask(SQL["messages_since"], since=since, ends=listed(ENDS)))

    def in_doubt(self) -> int:
        return int(self._pages.ask(SQL["messages_in_doubt"])[0][0])

    def last_at(self) -> int:
        """When something last became of any message."""
        return int(self._pages.ask(SQL["last_message"])[0][0])

    def plays(self) -> list[str]:
        """Every play that has ever had a message."""
        return [row[0] for row in self._pages.ask(SQL["message_plays"])]

    def channels(self) -> list[str]:
        return [row[0] for row in self._pages.ask(SQL["message_channels"])]


def _read_by(wanted: Wanted) -> str:
    """The statement whose index leaves fewest."""
    if wanted.persons is not None:
        return "messages_of_persons"
    if wanted.became == RETURNED:
        return "messages_returned"
    if wanted.became and wanted.became not in ("sent", "suppressed"):
        return "messages_that_became"
    if wanted.play and wanted.play != OTHERS:
        return "messages_of_play"
    if wanted.became:
        return "messages_that_became"
    return "messages_by_channel" if wanted.channel else "messages_of_all"
