"""Messages in which everything personal carries a mark, and a search for the mark in every byte of a folder."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq  # type: ignore[import-untyped]

from fakes.files import bytes_of
from omtanke.storage.other_stores import session_text
from omtanke.vocabulary.catalogue import OBSERVED
from omtanke.vocabulary.fact import Observed, OwnAct
from omtanke.vocabulary.fields import Field, fields_of
from omtanke.vocabulary.identity import CustomerAliased, CustomerGrouped, CustomerIdentified
from omtanke.vocabulary.page import PageViewed, ScreenViewed
from omtanke.vocabulary.running import UnknownObserved
from omtanke.vocabulary.survey import SurveyAnswered

# Letters alone, so that it is also found where words are folded; each mark is somebody's.
MARK, OTHER = "Xyzzyqux", "Plughwerk"
CALLS = (CustomerAliased, CustomerGrouped, CustomerIdentified, PageViewed, ScreenViewed, UnknownObserved)
STATED = {"kind": "delivery", "until": "2031-01-10"}


class Marked:
    """One person's messages. `mark` is in every identifier, every number, every personal field and every undeclared one."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.email = f"{mark}.person@example.com"
        self.phone = f"+4670{sum(map(ord, mark)):07}"
        self.identifiers = {"userId": f"user-{mark}", "anonymousId": f"device-{mark}"}
        self.context = {"externalIds": [{"id": f"ext-{mark}", "type": "crm", "collection": "users", "encoding": "none"}], "library": f"{mark} 1.0"}

    def message(self, call: str, name: str, **about: Any) -> dict[str, Any]:
        said = {"type": call, "messageId": f"{self.mark}-{call}-{name}", "timestamp": "2030-12-01T10:00:00Z"}
        return {**said, **self.identifiers, "context": self.context, **about}

    def every(self) -> Iterator[dict[str, Any]]:
        """A message of each kind that a sender can send."""
        yield self.message("identify", "one", traits=self.traits())
        yield self.message("alias", "one", previousId=f"before-{self.mark}")
        yield self.message("group", "one", groupId=f"group-{self.mark}", traits={"name": f"{self.mark} family"})
        yield self.message("page", "one", properties=self.properties(PageViewed))
        yield self.message("screen", "one", properties=self.properties(ScreenViewed))
        yield self.message("track", "unknown", event="Something Of Our Own", properties={"text": f"{self.mark} was here"})
        for name, body in OBSERVED.items():
            if body not in CALLS and not issubclass(body, OwnAct):
                yield self.message("track", name, event=name, properties=self.properties(body))

    def traits(self) -> dict[str, Any]:
        address = {"street": f"{self.mark} street 1", "city": f"{self.mark} town", "postalCode": "12345"}
        ways = {"email": self.email, "phone": self.phone, "loyalty_number": f"club-{self.mark}", "address": address}
        return {name: f"{self.mark} {name}" for name in CustomerIdentified.personal} | ways | {"first_name": "Anna", "last_name": self.mark}

    def properties(self, body: type[Observed]) -> dict[str, Any]:
        """Every number, every personal field, and something undeclared; else only what has to be there."""
        said: dict[str, Any] = {name: f"{self.mark} said {name}" for name in body.personal}
        for _, field, _ in fields_of(body):
            is_wanted = field.required or field.form.startswith("reference")
            if is_wanted and field.names[0] not in said:
                said[field.names[0]] = self.example(field)
        if "promises" in {name for _, field, _ in fields_of(body) for name in field.names}:
            said["promises"] = [{**STATED, "promise_id": f"promise-{self.mark}-{body.type}", "words": f"{self.mark} by Friday", "place": f"{self.mark} door"}]
        if body.name == "Promise Stated":
            said |= {**STATED, "order_id": f"order-{self.mark}", "words": f"{self.mark} by Friday", "place": f"{self.mark} door"}
        if body is SurveyAnswered:
            said |= {"scale": "1-5", "score": 4, "question": "satisfaction"}
        return {**said, "undeclared": f"{self.mark} undeclared", "nested": {"deep": [f"{self.mark} deep"]}}

    def example(self, field: Field) -> Any:
        kind, *_ = field.form.split(" ")
        if field.form.startswith("reference to "):
            return f"{field.form.removeprefix('reference to ')}-{self.mark}"
        if field.form.startswith("one of "):
            return field.form.removeprefix("one of ").split(", ")[0]
        if field.form.startswith("list of"):
            return []
        moments = {"moment": "2030-12-01T09:00:00Z", "moment or date": "2031-01-10"}
        return {"code": "word", "whole": 1, "true": True, "amount": 10, "ISO": "SEK", **moments}.get(field.form, {"code": "word", "whole": 1}.get(kind, 1))


# The search


def holding(folder: Path, mark: str) -> list[str]:
    """The files of a folder in whose bytes the mark stands, in whatever letters and in UTF-8 or UTF-16; packed columns and files are unpacked."""
    wanted = re.compile(b"|".join(mark.lower().encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")))
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and any(wanted.search(data.lower()) for data in said(path)))


def said(path: Path) -> Iterator[bytes]:
    """What a file says: its bytes, and what is packed in it; its name too."""
    yield path.name.encode()
    yield bytes_of(path) if path.suffix == ".db" else path.read_bytes()
    if path.suffix == ".parquet":
        yield str(pq.read_table(path, partitioning=None).to_pylist()).encode()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if path.name == "staff.db":
        yield from (session_text(data).encode() for data in sessions(path))


def sessions(path: Path) -> list[str]:
    db = sqlite3.connect(path)
    try:
        return [data for (data,) in db.execute("SELECT session_data FROM django_session")]
    finally:
        db.close()
