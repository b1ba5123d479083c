"""Webhooks: the shape of what each type says."""

from __future__ import annotations

from collections.abc import Iterator

from omtanke.channels.webhook.payload import LEFT_OUT, PING, REFERENCES, SHAPE_VERSION, is_moment, webhook_type, wire_fields
from omtanke.reference.markdown import code, page, said, table
from omtanke.reference.meanings import FIELDS
from omtanke.runtime.dispatch_ladder import RUNGS
from omtanke.vocabulary.catalogue import BODIES
from omtanke.vocabulary.fact import Body, Decided, Observed
from omtanke.vocabulary.fields import fields_of
from omtanke.vocabulary.time import HOUR, MINUTE, SECOND

COMMON = (
    ("version", "whole number", f"the version of the shape, now {SHAPE_VERSION}; fields may be added within a version, none is taken away or changed"),
    ("fact_id", "text", "the fact's own id, 32 hexadecimal signs"),
    ("occurred_at", "moment", "when it happened"),
    ("channel", "text", "where: a [channel](facts.md#channels)"),
    ("touchpoint", "text", "where, as the shop names it"),
    ("customer.number", "whole number", "the person's number here; it leads to `/customers/NUMBER/`"),
    ("customer.user_id, customer.loyalty_number, customer.anonymous_id", "text", "the customer as the shop itself knows them"),
    ("customer.email, customer.name, customer.locale", "text", "as far as the customer has told, and has not been erased"),
    ("reason", "text", "why it was decided ([reasons](reasons.md)); decided facts only"),
)
OF_A_PROMISE = (
    ("kind, status, owner", "text", "what is promised, how it stands when the webhook is sent, and who answers for it"),
    ("from_at, until_at", "moment", "the window that counts"),
    ("first_until_at", "moment", "the end of the window that was said first"),
    ("words, place", "text", "as shown to the customer"),
    ("promise", "whole number", "the promise's number here; it leads to `/promises/NUMBER/`"),
    ("promise_id, order_id, line_id, parcel_id, case_id …", "text", "what it is about, in the shop's own numbers as the shop wrote them"),
)
OWN_NUMBERS = frozenset({"promise", "follows", "incident", "task", "assignee", "staff", "asked", "other", "banner", "one", "two"})


def webhooks_page() -> str:
    """The page."""
    return page("Webhooks", opening(), common(), of_a_promise(), ladder(), *map(type_part, told()))


def told() -> list[type[Body]]:
    """What receivers can be told of."""
    return [body for name, body in BODIES.items() if issubclass(body, Observed | Decided) and name not in ("unknown_observed", "input_set_aside")]


def opening() -> Iterator[str]:
    yield "What a receiver gets ([how to receive webhooks](../how-to/receive-webhooks.md)): `{type, timestamp, data}`, signed as"
    yield "[Standard Webhooks](https://www.standardwebhooks.com) says. A field without a value is left out. Moments are RFC 3339 in UTC,"
    yield "amounts in major units of the fact's `currency`, numbers of orders and the like as the shop wrote them."
    yield ""
    yield f"The type `{PING}` is sent by *Send a try* on a receiver's page; it has only `version` and `text`."


def common() -> Iterator[str]:
    yield "## In every `data`"
    yield ""
    yield from rows(COMMON)


def of_a_promise() -> Iterator[str]:
    yield "## In every decided fact about a promise"
    yield ""
    yield from rows(OF_A_PROMISE)


def rows(listed: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    yield from table(("field", "form", "meaning"), ((", ".join(map(code, name.split(", "))), form, text) for name, form, text in listed))


def ladder() -> Iterator[str]:
    yield "## When it is tried again"
    yield ""
    spans = ", ".join(span(one) for one in RUNGS)
    yield f"Tries come after {spans}, each up to a fifth later. `Retry-After` is honoured up to a day."


def span(length: int) -> str:
    for unit, name in ((HOUR, "h"), (MINUTE, "min")):
        if length >= unit:
            return f"{length // unit} {name}"
    return f"{length // SECOND} s"


def type_part(body: type[Body]) -> Iterator[str]:
    yield f"## {webhook_type(body.type)}"
    yield ""
    yield f"`{body.type}`. {said(body)}"
    found = list(fields_of_type(body))
    if found:
        yield ""
        yield from table(("field", "form", "meaning"), found)


def fields_of_type(body: type[Body]) -> Iterator[tuple[str, str, str]]:
    """(name on the wire, form, meaning) of what a type says beside the common fields."""
    declared = {name: field for name, field, _ in fields_of(body)}
    forms = wire_fields(body)
    for name in body.__struct_fields__:
        if name in LEFT_OUT:
            continue
        form, wire = forms.get(name, ("", name))
        meaning = declared[name].what if name in declared else FIELDS.get(name, "")
        if form.startswith("reference to ") or (not form and name in REFERENCES):
            yield code(f"{form.removeprefix('reference to ') or name}_id"), "text", meaning
        else:
            yield code(wire), form_on_wire(name, form), meaning
    for name, meaning in getattr(body, "personal", {}).items():
        if "." not in name and "[" not in name:
            yield code(name), "text", f"{meaning}; until it is erased"
    if body.type == "survey_asked":
        yield code("link"), "address", "the page on which the customer answers with one click; send it to nobody else"


def form_on_wire(name: str, form: str) -> str:
    if is_moment(name):
        return "moment"
    if form == "amount":
        return "number"
    if name in OWN_NUMBERS or form == "own number":
        return "whole number"
    return form.replace("–9007199254740992", " or more") or "as in [the log](facts.md)"
