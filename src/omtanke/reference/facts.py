"""Every type of fact: fields, units, form, personal part."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any, get_type_hints

import msgspec
from msgspec import NODEFAULT, Struct

from omtanke.reference.markdown import code, page, said, table
from omtanke.reference.meanings import FIELDS
from omtanke.storage.lake_columns import MOMENTS_BY_NAME
from omtanke.vocabulary.catalogue import BODIES, MODULES
from omtanke.vocabulary.channel import CHANNELS
from omtanke.vocabulary.fact import Body, Decided, Observed, OwnAct, StaffAct
from omtanke.vocabulary.fields import LONGEST_CODE, LONGEST_NUMBER, Field, fields_of
from omtanke.vocabulary.identity import NOBODYS, STRONG, WEAK, CustomerIdentified
from omtanke.vocabulary.product import Line
from omtanke.vocabulary.promise import PromiseStated, Stated
from omtanke.vocabulary.reading import CALLS, LONGEST_IDENTIFIER, LONGEST_MESSAGE_ID
from omtanke.vocabulary.survey import Answered

HEAD = ("in the log", "sent as", "form", "unit in the log", "meaning")
ENVELOPE = (
    ("type", f"one of {', '.join(CALLS)}; `track` when it is left out"),
    ("event", "the name of what happened, for `track`"),
    ("messageId", f"the sender's own id of the message, 1 to {LONGEST_MESSAGE_ID} characters. The same id from the same sender is one fact"),
    ("userId, anonymousId", "who it was; at the door at least one of them"),
    ("timestamp", "when it happened, RFC 3339; without an offset it is local in the sender's zone. Without any it is the moment of receipt"),
    ("sentAt", "when it was sent, by the same clock, which is corrected by it when it is wrong by more than five seconds"),
    ("originalTimestamp", "instead of `timestamp`: always corrected, as receipt less (sentAt less originalTimestamp)"),
    ("properties, traits", "the fields below; traits for `identify`, properties for the others"),
    ("context.channel, context.touchpoint", "where it happened: a channel of the list below, and a place as the shop names it"),
    ("context.timezone", "where the customer's clock stands: dates of promises are meant there"),
    ("context.traits, context.externalIds", "further identifiers"),
    ("context.consent, context.consentManagement", "what a consent banner says; what it says anew becomes a fact of its own ([consent](../how-to/consent.md))"),
)
FORMS = (
    (
        "reference to …",
        f"text or integer of 1 to {LONGEST_NUMBER} characters that names a thing",
        "a number of the store's own; 0 is none. As written it is kept in the personal part",
    ),
    ("code", f"1 to {LONGEST_CODE} letters, figures, spaces or -_./: – never about a person, never prose", "as written"),
    ("one of …", "a code of the list", "as written"),
    ("amount", "a number, or text with a decimal point, in major units: 149.50", "minor units (öre, cents) of the fact's currency"),
    ("ISO 4217", "three letters; the source's own currency when none is sent", "three capitals"),
    ("moment", "RFC 3339; without an offset local in the customer's zone", "UTC microseconds since 1970; 0 is none"),
    (
        "moment or date",
        "a moment, or a date: a window begins at 00.00 of it and ends at 24.00 of it, in the customer's zone",
        "UTC microseconds since 1970; 0 is none",
    ),
    ("whole number a–b", "a whole number from a to b, also as text", "the number"),
    ("own number", "a number that the log has given: only Omtanke's own pages may send it", "the number; 0 is none"),
    ("true or false", "a JSON boolean", "true or false"),
    ("list of …", "a list of at most 500 objects", "a list"),
)


# Fields that hold numbers of the log's own, in facts that no sender writes.
OWN_NUMBERS = (
    *("promise", "subject", "order", "cart", "line", "follows", "given", "incident", "other", "case", "store", "survey", "task", "assignee"),
    *("staff", "asked", "banner", "one", "two"),
)


def facts_page() -> str:
    """The page."""
    return page("Facts", opening(), envelope(), forms(), identifiers(), channels(), *observed_parts(), parts_of_facts(), *own_parts())


def opening() -> Iterator[str]:
    yield "Every type of fact that this version knows. A fact has a **body**, which engine, policy, lake and questions read, and a"
    yield "**personal part**, which can be erased: names, addresses, identifiers, numbers as written, words shown, free text, and every"
    yield "field that is not declared below. A known event with a wrong field is refused with path, value and rule; an event of an"
    yield "unknown name is kept whole in the personal part, unless its name is a slip of a known one."
    yield ""
    yield "What every fact carries beside its body (`position`, `occurred_at`, `reason` …) stands in [reading the log](../how-to/read-the-log.md)."


def envelope() -> Iterator[str]:
    yield "## How an event is sent"
    yield ""
    yield "In the form of Segment's tracking calls ([sending events](../how-to/send-events.md))."
    yield ""
    yield from table(("field", "meaning"), ((", ".join(code(one) for one in name.split(", ")), text) for name, text in ENVELOPE))


def forms() -> Iterator[str]:
    yield "## Forms and units"
    yield ""
    yield "Null and empty text count as not sent. Where a field has several names, the first that holds something is taken."
    yield ""
    yield from table(("form", "as a sender writes it", "as it stands in the log"), FORMS)


def identifiers() -> Iterator[str]:
    yield "## Identifiers"
    yield ""
    yield f"Strong, one person's for good: {', '.join(map(code, STRONG))} (`external` are `context.externalIds`). Weaker, they find a"
    yield f"customer and link nobody: {', '.join(map(code, WEAK))}. At most {LONGEST_IDENTIFIER} characters. Empty values identify nobody, nor"
    yield "do placeholders, whatever the kind; capitals, quotation marks, brackets, percent-encoding, and underscores or hyphens between words make"
    yield f"no difference: {', '.join(code(one) for one in sorted(NOBODYS) if one)}. Nor do noughts alone, a UUID of nothing but `0` or `f`, and what a"
    yield "template has left unfilled, as `{{user_id}}`, `${user.id}`, `<%= id %>` and `[object Object]`. What else your own systems write for nobody you"
    yield "list as `blocked_values` in [the settings](settings.md); what happened is kept all the same, without a name."


def channels() -> Iterator[str]:
    yield "## Channels"
    yield ""
    yield "A channel of another name counts as `none`."
    yield ""
    yield from table(("channel", "meaning"), ((code(name), text) for name, text in CHANNELS.items()))


def declared_in(module: ModuleType) -> list[type[Body]]:
    return [body for body in BODIES.values() if body.__module__ == module.__name__]


def observed_parts() -> Iterator[Iterator[str]]:
    for module in MODULES:
        bodies = [body for body in declared_in(module) if issubclass(body, Observed)]
        if bodies:
            yield heading(module)
            yield from map(observed_part, bodies)


def heading(module: ModuleType) -> Iterator[str]:
    yield f"## {said(module).split(':')[0].split('.')[0]}"
    yield ""
    yield f"`{module.__name__}`"


def observed_part(body: type[Observed]) -> Iterator[str]:
    yield f"### {body.name or 'An event of an unknown name'}"
    yield ""
    yield f"`{body.type}`, version {body.version}. {said(body)}"
    yield ""
    if issubclass(body, StaffAct):
        yield "Said in the console by somebody who works here; no sender may."
        yield ""
    elif issubclass(body, OwnAct):
        yield "Told by Omtanke itself; no sender may."
        yield ""
    rows = list(rows_of(body))
    yield from table(HEAD, rows) if rows else ("No fields of its own.",)
    if body is PromiseStated:
        yield "The properties are those of [a stated promise](#stated)."
    if body.personal:
        yield ""
        yield "Personal part: " + "; ".join(f"{code(name)} {text}" for name, text in body.personal.items()) + "."
    if body is CustomerIdentified:
        yield "Region and country are also read from Segment's nested `address`."


def parts_of_facts() -> Iterator[str]:
    yield "## Parts of facts"
    for name, struct, undeclared in (
        ("Line", Line, {"line": ("line_id", "the line; named by its product when it has no id of its own")}),
        ("Stated", Stated, STATED),
        ("Answered", Answered, None),
    ):
        yield ""
        yield f"### {name}"
        yield ""
        yield said(struct)
        yield ""
        yield from table(HEAD, rows_of(struct, undeclared))


STATED = {
    "subject_kind": (
        "subject.kind, or by `order_id`, `line_id`, `parcel_id` …",
        "what it is about; of the fact's own order, case or appointment when it is left out",
    ),
    "subject": ("subject.id, or `order_id`, `line_id`, `parcel_id` …", "the thing it is about"),
    "zone": ("", FIELDS["zone"]),
}


def own_parts() -> Iterator[Iterator[str]]:
    inputs = [body for body in BODIES.values() if not issubclass(body, Observed | Decided)]
    yield own_heading("What the runtime brings", "Inputs like others, in the log in their place, so that a replay needs no clock.")
    yield from map(own_part, inputs)
    yield own_heading(
        "What the engine decides", "Each with its reason ([reasons](reasons.md)), the facts that it rests on, and the versions of policy and engine."
    )
    yield from map(own_part, (body for body in BODIES.values() if issubclass(body, Decided)))


def own_heading(title: str, text: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield text


def own_part(body: type[Body]) -> Iterator[str]:
    yield f"### {body.type}"
    yield ""
    yield f"Version {body.version}. {said(body)}"
    yield ""
    yield from table(("field", "type", "unit", "meaning"), own_rows(body))


def own_rows(body: type[Body]) -> Iterator[tuple[str, ...]]:
    for field in msgspec.structs.fields(body):
        yield code(field.name), type_name(field.type), unit(field.name, "", field.type), FIELDS[field.name]


def rows_of(struct: type[Struct], undeclared: dict[str, tuple[str, str]] | None = None) -> Iterator[tuple[str, ...]]:
    """The fields of what a sender writes, in the order of the log."""
    declared = {name: field for name, field, _ in fields_of(struct)}
    hints = get_type_hints(struct)
    for described in msgspec.structs.fields(struct):
        name, field = described.name, declared.get(described.name)
        if name == "timestamp":
            continue
        if field is None:
            sent, meaning = (undeclared or {}).get(name, ("", FIELDS.get(name, "")))
            yield code(name), sent if "`" in sent or not sent else code(sent), type_name(hints[name]), unit(name, "", hints[name]), meaning
            continue
        must = " **(required)**" if field.required else default_of(described.default, field)
        yield code(name), ", ".join(map(code, field.names)), form_of(field), unit(name, field.form, hints[name]), field.what + must


def form_of(field: Field) -> str:
    links = {
        "list of lines": "list of [lines](#line)",
        "list of promises": "list of [stated promises](#stated)",
        "list of answers": "list of [answers](#answered)",
    }
    return links.get(field.form, field.form.replace("–9007199254740992", " or more"))


def default_of(default: Any, field: Field) -> str:
    is_said = default not in (NODEFAULT, None, 0, "", (), False)
    return f"; {default} when it is left out" if is_said and field.form != "ISO 4217" else ""


def unit(name: str, form: str, type_: object) -> str:
    if form.startswith("reference") or form == "own number" or name in OWN_NUMBERS and type_ is int:
        return "own number"
    if form == "amount" or name == "worth":
        return "minor units"
    if form.startswith("moment") or name.endswith("_at") or name in MOMENTS_BY_NAME:
        return "UTC µs"
    if form == "true or false" or type_ is bool:
        return "true or false"
    if form.startswith("whole") or name in ("pieces", "met", "lines", "statement", "policy") and type_ is int:
        return "count" if name != "score" else "points"
    return "list" if form.startswith("list") or type_ not in (int, str, bool) else "text"


def type_name(type_: object) -> str:
    return {int: "integer", str: "text", bool: "true or false"}.get(type_, "list")  # type: ignore[call-overload, no-any-return]
