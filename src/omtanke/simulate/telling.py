"""How a story that is written, not drawn, is told: each message with an id that depends on the story alone."""

from __future__ import annotations

from typing import Any

from omtanke.simulate.days import written
from omtanke.simulate.people import Person, traits

Message = dict[str, Any]
Scripted = tuple[int, Message]


class Story:
    """What is told about one of the cast. What lies after `until` is left out."""

    __slots__ = ("name", "until", "told", "_count")

    def __init__(self, name: str, until: int) -> None:
        self.name = name
        self.until = until
        self.told: list[Scripted] = []
        self._count = 0

    def tell(
        self,
        moment: int,
        event: str,
        properties: dict[str, Any],
        place: tuple[str, str],
        who: Person | None = None,
        device: str = "",
    ) -> None:
        """A track call. `place` is channel and touchpoint; `who` is signed in, `device` has an anonymous id."""
        self._add(moment, {"type": "track", "event": event}, place, who, device, {"properties": properties})

    def page(self, moment: int, url: str, title: str, place: tuple[str, str], who: Person | None = None, device: str = "") -> None:
        """A page call."""
        self._add(moment, {"type": "page"}, place, who, device, {"properties": {"url": url, "title": title}})

    def identify(self, moment: int, who: Person, place: tuple[str, str], device: str = "", **more: object) -> None:
        """An identify call with all traits and `more`."""
        self._add(moment, {"type": "identify"}, place, who, device, {"traits": {**traits(who), **more}})

    def _add(self, moment: int, call: Message, place: tuple[str, str], who: Person | None, device: str, says: Message) -> None:
        self._count += 1
        if moment > self.until:
            return
        message: Message = {**call, "messageId": f"{self.name}-{self._count}", "timestamp": written(moment)}
        if who is not None:
            message["userId"] = who.user_id
        if device:
            message["anonymousId"] = device
        message["context"] = {"channel": place[0], "touchpoint": place[1]}
        message.update(says)
        self.told.append((moment, message))
